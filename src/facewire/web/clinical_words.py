"""Words of the clinical tables: causes, findings, complaints, procedures, muscles, states."""

from __future__ import annotations

from collections.abc import Iterable

from facewire.report.texts import mark, sentence, translate

CAUSES = {
    "bell": mark("Bell's palsy"),
    "zoster": mark("Ramsay Hunt syndrome (zoster)"),
    "trauma": mark("Injury"),
    "surgery": mark("Surgery"),
    "tumour": mark("Tumour"),
    "birth": mark("Since birth"),
    "other": mark("Another cause"),
}
SIDES = {"R": mark("Right"), "L": mark("Left"), "both": mark("Both sides"), "mid": mark("Middle")}
PRECISIONS = {
    "day": mark("to the day"),
    "month": mark("to the month"),
    "year": mark("to the year"),
}
VISIT_KINDS = {
    "in_person": mark("In person"),
    "virtual": mark("Virtual"),
    "home": mark("At home"),
}
FINDINGS = {
    "platysma": mark("Platysma bands"),
    "chin_skin": mark("Dimpled chin"),
    "nasolabial_fold": mark("Nasolabial fold"),
    "cheek_tightness": mark("Tightness of the cheek"),
    "stapedial_noise": mark("Noise in the ear with movement"),
    "tearing": mark("Tearing"),
}
DEGREES = {
    "0": mark("none"),
    "1": mark("slight"),
    "2": mark("clear"),
    "3": mark("strong"),
}
COMPLAINTS = {"tightness": mark("Tightness"), "pain": mark("Pain"), "bother": mark("Bother")}
PROCEDURES = {
    "botulinum_toxin": mark("Botulinum toxin"),
    "neuromuscular_retraining": mark("Neuromuscular retraining"),
    "selective_neurolysis": mark("Selective neurolysis"),
    "myectomy": mark("Myectomy"),
    "selective_denervation": mark("Selective denervation"),
    "upper_lid_weight": mark("Lid weight"),
    "lid_weight_removed": mark("Lid weight removed"),
    "tarsorrhaphy": mark("Tarsorrhaphy"),
    "canthoplasty": mark("Canthoplasty"),
    "cross_face_nerve_graft": mark("Cross-face nerve graft"),
    "gracilis_transfer": mark("Gracilis transfer"),
    "brow_lift": mark("Brow lift"),
    "facelift": mark("Facelift"),
    "test_block": mark("Test block with local anaesthetic"),
    "other": mark("Another treatment"),
}
STATES = {
    "recording": mark("being recorded"),
    "uploading": mark("being uploaded"),
    "uploaded": mark("uploaded"),
    "waiting": mark("waits to be measured"),
    "measuring": mark("is being measured"),
    "measured": mark("measured"),
    "failed": mark("could not be measured"),
    "interrupted": mark("interrupted"),
}

MUSCLES = {
    "frontalis": mark("Frontalis"),
    "corrugator": mark("Corrugator"),
    "orbicularis_oculi_palpebral": mark("Orbicularis oculi palpebral"),
    "orbicularis_oculi_orbital": mark("Orbicularis oculi orbital"),
    "zygomaticus_major": mark("Zygomaticus major"),
    "levator_labii_superioris": mark("Levator labii superioris"),
    "levator_labii_superioris_alaeque_nasi": mark("Levator labii superioris alaeque nasi"),
    "nasalis": mark("Nasalis"),
    "risorius": mark("Risorius"),
    "orbicularis_oris": mark("Orbicularis oris"),
    "depressor_anguli_oris": mark("Depressor anguli oris"),
    "depressor_labii_inferioris": mark("Depressor labii inferioris"),
    "mentalis": mark("Mentalis"),
    "platysma": mark("Platysma"),
    "orbicularis_oculi": mark("Orbicularis oculi"),
    "orbicularis_oculi_pretarsal": mark("Orbicularis oculi pretarsal"),
    "orbicularis_oculi_preseptal": mark("Orbicularis oculi preseptal"),
    "corrugator_supercilii": mark("Corrugator supercilii"),
    "procerus": mark("Procerus"),
    "zygomaticus_minor": mark("Zygomaticus minor"),
    "levator_anguli_oris": mark("Levator anguli oris"),
    "buccinator": mark("Buccinator"),
    "lacrimal_gland": mark("Lacrimal gland"),
}


def words(table: dict[str, str], key: str | None) -> str:
    """Return the words of a key; a key without words is shown as it stands, in plain letters."""
    if not key:
        return ""
    return translate(table[key]) if key in table else _plain(key)


def options(table: dict[str, str], empty: str = "") -> tuple[tuple[str, str], ...]:
    """Return the choices of a form field; ``empty`` are the words of the choice of none."""
    made = tuple((key, translate(text)) for key, text in table.items())
    return ((("", empty), *made)) if empty else made


def muscle_words(name: str) -> str:
    """Write a muscle's name as people do, such as ``Depressor anguli oris``."""
    return translate(MUSCLES[name]) if name in MUSCLES else _plain(name)


def _plain(key: str) -> str:
    return sentence(key.replace("_", " "))


def muscle_options(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return muscles as the choices of a form field, by their names."""
    return tuple((name, muscle_words(name)) for name in names)
