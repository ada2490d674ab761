"""Names of movements, regions, sides and muscles in words, and how words are joined."""

from __future__ import annotations

from facewire.face import Movement, Region, Side
from facewire.words.languages import mark, translate

MOVEMENT_NAMES = {
    Movement.BROW_RAISE: mark("brow raise"),
    Movement.EYE_CLOSE_GENTLE: mark("gentle eye closure"),
    Movement.EYE_CLOSE_TIGHT: mark("tight eye closure"),
    Movement.SMILE_CLOSED: mark("closed smile"),
    Movement.SMILE_OPEN: mark("open smile"),
    Movement.SNARL: mark("snarl"),
    Movement.LIP_PUCKER: mark("lip pucker"),
    Movement.LOWER_TEETH_SHOW: mark("showing the lower teeth"),
}

WHEN_YOU = {
    Movement.BROW_RAISE: mark("raise your brows"),
    Movement.EYE_CLOSE_GENTLE: mark("close your eyes gently"),
    Movement.EYE_CLOSE_TIGHT: mark("close your eyes tightly"),
    Movement.SMILE_CLOSED: mark("smile with closed lips"),
    Movement.SMILE_OPEN: mark("smile showing your teeth"),
    Movement.SNARL: mark("wrinkle your nose"),
    Movement.LIP_PUCKER: mark("pucker your lips"),
    Movement.LOWER_TEETH_SHOW: mark("show your lower teeth"),
}

REGION_NAMES = {
    Region.EYE: mark("eye"),
    Region.BROW: mark("brow"),
    Region.COMMISSURE: mark("mouth corner"),
    Region.UPPER_LIP: mark("upper lip"),
    Region.LOWER_LIP: mark("lower lip"),
    Region.ALA: mark("nostril"),
    Region.CHIN: mark("chin"),
}

REGION_TERMS = {
    Region.EYE: mark("eye (palpebral fissure)"),
    Region.BROW: mark("brow"),
    Region.COMMISSURE: mark("oral commissure"),
    Region.UPPER_LIP: mark("upper lip"),
    Region.LOWER_LIP: mark("lower lip"),
    Region.ALA: mark("ala nasi"),
    Region.CHIN: mark("chin"),
}

SIDE_REGIONS = {
    Region.EYE: mark("{side} eye"),
    Region.BROW: mark("{side} brow"),
    Region.COMMISSURE: mark("{side} corner of the mouth"),
    Region.UPPER_LIP: mark("{side} half of the upper lip"),
    Region.LOWER_LIP: mark("{side} half of the lower lip"),
    Region.ALA: mark("{side} nostril"),
    Region.CHIN: mark("chin"),
}

YOUR_REGIONS = {
    Region.EYE: mark("your {side} eye"),
    Region.BROW: mark("your {side} brow"),
    Region.COMMISSURE: mark("the {side} corner of your mouth"),
    Region.UPPER_LIP: mark("the {side} half of your upper lip"),
    Region.LOWER_LIP: mark("the {side} half of your lower lip"),
    Region.ALA: mark("your {side} nostril"),
    Region.CHIN: mark("your chin"),
}

SIDE_WORDS = {Side.LEFT: mark("left"), Side.RIGHT: mark("right")}

COMPONENT_NAMES = {
    "height": mark("height"),
    "across": mark("across (outward)"),
    "up": mark("up"),
}

STATUS_TEXTS = {
    "stated": mark("stated by the user"),
    "inferred": mark("inferred from the video"),
    "none": mark("no affected side found"),
    "undecided": mark("the affected side could not be decided"),
    "both": mark("both sides; each is compared with the other: what they do alike is not seen"),
}

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
"""Single muscles, as treatments and courses name them; groups have their own names."""

CANNOT_TELL = mark("cannot tell")


def movement_name(movement: Movement) -> str:
    """Name of a movement for a professional, such as ``open smile``."""
    return translate(MOVEMENT_NAMES[movement])


def when_you(movement: Movement) -> str:
    """Words that follow "when you", such as ``smile showing your teeth``."""
    return translate(WHEN_YOU[movement])


def region_name(region: Region) -> str:
    """Short name of a region for anyone, such as ``mouth corner``."""
    return translate(REGION_NAMES[region])


def region_term(region: Region) -> str:
    """Clinical name of a region, such as ``oral commissure``."""
    return translate(REGION_TERMS[region])


def side_word(side: Side) -> str:
    """``left`` or ``right``, the patient's own."""
    return translate(SIDE_WORDS[side])


def side_region(region: Region, side: Side) -> str:
    """Region with its side in plain words, such as ``right corner of the mouth``."""
    return translate(SIDE_REGIONS[region]).format(side=side_word(side))


def your_region(region: Region, side: Side) -> str:
    """Region as told to the patient, such as ``the right corner of your mouth``."""
    return translate(YOUR_REGIONS[region]).format(side=side_word(side))


def cannot_tell() -> str:
    """Words shown where a number could not be measured."""
    return translate(CANNOT_TELL)


def join(parts: list[str]) -> str:
    """Join words to ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return translate("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def either(parts: list[str]) -> str:
    """Join words to ``a, b or c``."""
    if len(parts) < 2:
        return "".join(parts)
    return translate("{first} or {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def sentence(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def muscle_words(name: str) -> str:
    """Write a muscle's name as people do, such as ``depressor anguli oris``.

    Parameters
    ----------
    name : str
        As in files, or in words; one that is not known is shown in plain letters.
    """
    known = MUSCLES.get(name.replace(" ", "_"))
    return name.replace("_", " ") if known is None else translate(known)
