"""The section on the forecast: simulated courses with bands, treatment dates and intervals.

In: ``facewire.forecast/1``. Nothing here is measured, and every part of the section says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from facewire.face import Movement, Region, Side
from facewire.report.forecast_courses import Course, courses, numbered, told_rows
from facewire.report.forecast_terms import (
    direction_name,
    kind_name,
    remark,
    setting_name,
    setting_value,
)
from facewire.report.forecast_words import day_label
from facewire.words import (
    join,
    number,
    plain,
    sentence,
    side_region,
    side_word,
    translate,
    when_you,
    with_interval,
    your_region,
)

Document = Mapping[str, Any]

FORWARD_POINTS = 3.0
LOSS_POINTS = 10.0
"""Fall of a movement against the other side, percent points, that the patient is told of."""

LESS_SHARE = 0.85
"""The patient is told of less only when the whole interval lies under this share of day 0."""


@dataclass(frozen=True)
class TreatmentRow:
    """One treatment of the plan in words."""

    number: int
    when: str
    what: str
    settings: str
    doses: tuple[str, ...]
    sources: tuple[str, ...]
    risks: tuple[str, ...]


@dataclass(frozen=True)
class NumbersRow:
    """Numbers of one day, each with its interval."""

    head: str
    values: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class ForecastView:
    """Everything the section on the forecast shows.

    Parameters
    ----------
    tried : str
        What was simulated, in plain words.
    patient, patient_less : tuple of str
        Plain sentences: what stays or gets calmer, what works less for a time; shown to a patient
        only when the forecast is released.
    treatments : tuple of TreatmentRow
    courses : tuple of Course
    columns, rows : tuple
        Numbers on the shown days.
    directions, warnings : tuple of str
        Effects without a published size; what a reader must know.
    statement : str
        That this is simulated.
    draws : int
        How many faces stand for what is not known.
    """

    tried: str
    patient: tuple[str, ...]
    patient_less: tuple[str, ...]
    treatments: tuple[TreatmentRow, ...]
    courses: tuple[Course, ...]
    columns: tuple[str, ...]
    rows: tuple[NumbersRow, ...]
    directions: tuple[str, ...]
    warnings: tuple[str, ...]
    statement: str
    draws: int


def forecast_view(document: Document) -> ForecastView:
    """Put a forecast into words and courses.

    Parameters
    ----------
    document : mapping
        ``facewire.forecast/1``.
    """
    told = told_rows(document)
    columns, rows = _table(document)
    said = {document["statement"]}
    return ForecastView(
        tried=_tried(document),
        patient=_patient(document, told),
        patient_less=_patient_less(document),
        treatments=tuple(_treatment(i, row, document) for i, row in numbered(document)),
        courses=courses(document, told),
        columns=columns,
        rows=rows,
        directions=tuple(_direction(row, document) for row in document["directions"]),
        warnings=tuple(remark(text) for text in document["warnings"] if text not in said),
        statement=translate(document["statement"]),
        draws=document["draws"],
    )


_NOT_SETTINGS = ("kind", "day", "side", "uses", "risks", "sources", "printed_doses")


def _treatment(i: int, row: Document, document: Document) -> TreatmentRow:
    settings = {k: v for k, v in row.items() if k not in _NOT_SETTINGS and v not in (None, [])}
    return TreatmentRow(
        number=i,
        when=sentence(day_label(document, row["day"])),
        what=f"{kind_name(row['kind'])}, {side_word(Side(row['side']))}",
        settings="; ".join(f"{setting_name(k)}: {setting_value(v)}" for k, v in settings.items()),
        doses=tuple(_dose(dose) for dose in row.get("printed_doses", ())),
        sources=tuple(_fact(one) for one in row["sources"]),
        risks=tuple(translate(one["citation"]) for one in row["risks"]),
    )


def _dose(dose: Document) -> str:
    text = translate("{product}: {low} to {high} per {basis}, {target} ({source}; {note})")
    return text.format(
        product=dose["product"],
        low=f"{dose['low']:g}",
        high=f"{dose['high']:g}",
        basis=translate(dose["basis"]),
        target=translate(dose["target"]),
        source=translate(dose["citation"]),
        note=translate(dose["note"]),
    )


def _fact(one: Document) -> str:
    value = "" if "value" not in one else f" {one['value']:g}"
    ends = ""
    if "low" in one and "high" in one:
        span = translate("{low} to {high}").format(low=f"{one['low']:g}", high=f"{one['high']:g}")
        ends = f" [{span}]"
    unit = f" {translate(one['unit'])}" if one["unit"] else ""
    words = f"{translate(one['id'].replace('_', ' '))}:{value}{ends}{unit}"
    return f"{words}; {translate(one['status'])}; {translate(one['citation'])}"


def _direction(row: Document, document: Document) -> str:
    name = side_region(Region(row["region"]), Side(row["side"]))
    text = translate("From {day}: {name}: {direction}; how much is not published ({reason})")
    return text.format(
        day=day_label(document, row["from_day"]),
        name=name,
        direction=direction_name(row["direction"]),
        reason=remark(row["reason"]),
    )


def _table(document: Document) -> tuple[tuple[str, ...], tuple[NumbersRow, ...]]:
    summary = document["summary"]
    smile = summary["movement_symmetry"][str(Movement.SMILE_OPEN)]
    columns = {
        translate("Open smile, % of the other side"): (smile, "percent", 0),
        translate("Eye at rest, affected minus other, mm"): (
            summary["rest_difference"]["eye"],
            "difference_mm",
            1,
        ),
        translate("Sunnybrook composite, {label}").format(
            label=translate(summary["sunnybrook"]["label"])
        ): (
            summary["sunnybrook"]["composite"],
            "points",
            0,
        ),
    }
    rows = tuple(
        NumbersRow(
            sentence(day_label(document, day)),
            tuple(_cell(course, name, day, digits) for course, name, digits in columns.values()),
        )
        for day in document["shown_days"]
    )
    return tuple(columns), rows


def _cell(course: Document, name: str, day: int, digits: int) -> str:
    at = {key: course[key][day] for key in (name, "ci_low", "ci_high")}
    value = number(at, name)
    if value is None:
        return translate("size not known")
    return with_interval(plain(value, digits), at["ci_low"], at["ci_high"], digits)


def _patient(document: Document, told: Iterable[Document]) -> tuple[str, ...]:
    """Plain sentences: what keeps working first, then what the model expects to go along less."""
    symmetry = document["summary"]["movement_symmetry"][str(Movement.SMILE_OPEN)]
    lines = []
    if _kept(symmetry):
        lines.append(translate("In the simulation your smile keeps what it has."))
    less = [row for row in told if _less(row)]
    text = translate("When you {movement}, {region} is expected to move along less for a time.")
    lines += [
        text.format(
            movement=when_you(Movement(row["movement"])),
            region=your_region(Region(row["region"]), Side(row["side"])),
        )
        for row in less
    ]
    if not less:
        lines.append(translate("The simulation cannot tell whether less will go along."))
    return tuple(lines)


def _patient_less(document: Document) -> tuple[str, ...]:
    """Say which movements the model expects to work less for a time: a gain has its price."""
    text = translate("When you {movement}, your {side} side may do less for a time.")
    if document["affected_side"] is None:
        return ()
    side = side_word(Side(document["affected_side"]))
    lines = []
    for name, course in document["summary"]["movement_symmetry"].items():
        values = [value for value in course["percent"] if value is not None]
        if values and min(values) < values[0] - LOSS_POINTS:
            lines.append(text.format(movement=when_you(Movement(name)), side=side))
    return tuple(lines)


def _tried(document: Document) -> str:
    kinds = list(dict.fromkeys(kind_name(row["kind"]).lower() for row in document["treatments"]))
    if not kinds:
        return translate("The face without any treatment.")
    return translate("What was tried out: {kinds}.").format(kinds=join(kinds))


def _kept(course: Document) -> bool:
    """Whether the middle never falls by more than a few points under day 0."""
    values = [value for value in course["percent"] if value is not None]
    return bool(values) and min(values) >= values[0] - FORWARD_POINTS


def _less(row: Document) -> bool:
    """Whether on some day the whole interval lies clearly under day 0's middle."""
    first = abs(row["change_mm"][0])
    ends = zip(row["ci_low"], row["ci_high"], strict=True)
    most = [max(abs(a), abs(b)) for a, b in ends if a is not None and b is not None]
    return bool(most) and min(most) < LESS_SHARE * first


__all__ = [
    "Course",
    "ForecastView",
    "TreatmentRow",
    "forecast_view",
    "kind_name",
]
