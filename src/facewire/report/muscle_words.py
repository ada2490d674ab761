"""Names of single muscles, as treatments and courses name them; groups have their own names."""

from __future__ import annotations

from facewire.report.texts import translate
from facewire.words import mark

MUSCLES = {
    "frontalis": mark("frontalis"),
    "corrugator": mark("corrugator"),
    "orbicularis_oculi_palpebral": mark("orbicularis oculi palpebral"),
    "orbicularis_oculi_orbital": mark("orbicularis oculi orbital"),
    "zygomaticus_major": mark("zygomaticus major"),
    "levator_labii_superioris": mark("levator labii superioris"),
    "levator_labii_superioris_alaeque_nasi": mark("levator labii superioris alaeque nasi"),
    "nasalis": mark("nasalis"),
    "risorius": mark("risorius"),
    "orbicularis_oris": mark("orbicularis oris"),
    "depressor_anguli_oris": mark("depressor anguli oris"),
    "depressor_labii_inferioris": mark("depressor labii inferioris"),
    "mentalis": mark("mentalis"),
    "platysma": mark("platysma"),
    "orbicularis_oculi": mark("orbicularis oculi"),
    "orbicularis_oculi_pretarsal": mark("orbicularis oculi pretarsal"),
    "orbicularis_oculi_preseptal": mark("orbicularis oculi preseptal"),
    "corrugator_supercilii": mark("corrugator supercilii"),
    "procerus": mark("procerus"),
    "zygomaticus_minor": mark("zygomaticus minor"),
    "levator_anguli_oris": mark("levator anguli oris"),
    "buccinator": mark("buccinator"),
    "lacrimal_gland": mark("lacrimal gland"),
}


def muscle_words(name: str) -> str:
    """Write a muscle's name as people do, such as ``depressor anguli oris``.

    Parameters
    ----------
    name : str
        As in files, or in words; one that is not known is shown in plain letters.
    """
    known = MUSCLES.get(name.replace(" ", "_"))
    return name.replace("_", " ") if known is None else translate(known)
