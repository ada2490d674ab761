"""Words of the clinical tables: causes, findings, complaints, procedures, states, purposes."""

from __future__ import annotations

from collections.abc import Iterable

from facewire.words import mark, sentence, translate
from facewire.words import muscle_words as plain_muscle
from facewire.words.treatments import KIND_NAMES

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
    **KIND_NAMES,
    "lid_weight_removed": mark("Lid weight removed"),
    "test_block": mark("Test block with local anaesthetic"),
    "other": mark("Another treatment"),
}
PURPOSES = {
    "care": mark("care"),
    "outcomes_gallery": mark("outcomes gallery"),
    "research": mark("research"),
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

ALIKE = {
    "number": mark("same number in the clinic"),
    "names": mark("same names"),
    "names_exchanged": mark("same names, exchanged"),
    "one_name": mark("one name the same"),
    "birth_date": mark("same birth date"),
    "day_and_month_exchanged": mark("birth date with day and month exchanged"),
    "birth_date_near": mark("birth date with one part different"),
    "birth_date_unknown": mark("birth date not known of both"),
}
"""Why two patients may be one person: `facewire.record.alike.Reason`."""


def words(table: dict[str, str], key: str | None) -> str:
    """Return the words of a key; a key without words is shown as it stands, in plain letters."""
    if not key:
        return ""
    return translate(table[key]) if key in table else _spaced(key)


def options(table: dict[str, str], empty: str = "") -> tuple[tuple[str, str], ...]:
    """Return the choices of a form field; ``empty`` are the words of the choice of none."""
    made = tuple((key, translate(text)) for key, text in table.items())
    return ((("", empty), *made)) if empty else made


def muscle_words(name: str) -> str:
    """Write a muscle's name as people do, such as ``Depressor anguli oris``."""
    return sentence(plain_muscle(name))


def _spaced(key: str) -> str:
    return sentence(key.replace("_", " "))


def muscle_options(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return muscles as the choices of a form field, by their names."""
    return tuple((name, muscle_words(name)) for name in names)
