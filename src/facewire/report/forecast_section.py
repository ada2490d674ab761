"""The section on the forecast: simulated courses with bands, treatment dates and intervals.

Nothing here is measured, and every part of the section says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facewire.face import Movement
from facewire.report.forecast_courses import CourseDrawing, courses, numbered, told_rows
from facewire.report.harm_rows import HarmsView, harms_view, told
from facewire.report.plan_section import MEANS_NAMES, SafetyGroup, answer_name, safety_groups
from facewire.report.predicted_change import day_label
from facewire.results.estimate import Estimate
from facewire.results.forecast import (
    CitedFact,
    Course,
    DirectionRow,
    Forecast,
    GivenTreatment,
    InvoluntaryCourse,
    PrintedDose,
    SymmetryCourse,
)
from facewire.results.harm import Harm
from facewire.results.safety import TreatmentCheck
from facewire.words import (
    join,
    mark,
    plain,
    sentence,
    side_region,
    side_word,
    translate,
    when_you,
    with_interval,
    your_region,
)
from facewire.words.treatments import (
    direction_name,
    kind_name,
    remark,
    setting_name,
    setting_value,
)

FORWARD_POINTS = 3.0
LOSS_POINTS = 10.0
"""Fall of a movement against the other side, percent points, that the patient is told of."""

SPREAD_KINDS = {
    "sd": mark("standard deviation"),
    "se": mark("standard error"),
    "range": mark("range"),
    "ci95": mark("95 % interval"),
    "not stated": mark("kind of spread not stated"),
}
"""What the spread beside a published figure is."""

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
    harms : HarmsView or None
        What may go wrong, told first; None for a file of an earlier version.
    tried : str
        What was simulated, in plain words.
    patient, patient_less : tuple of str
        Plain sentences: what stays or gets calmer, what works less for a time; shown to a patient
        only when the forecast is released.
    treatments : tuple of TreatmentRow
    barred : bool
        Whether something was simulated although a rule bars it.
    safety : tuple
        What the rules say of each treatment: its name, and their answers.
    courses : tuple of CourseDrawing
    columns, rows : tuple
        Numbers on the shown days.
    directions, warnings : tuple of str
        Effects without a published size; what a reader must know.
    statement : str
        That this is simulated.
    draws : int
        How many faces stand for what is not known.
    """

    harms: HarmsView | None
    tried: str
    patient: tuple[str, ...]
    patient_less: tuple[str, ...]
    treatments: tuple[TreatmentRow, ...]
    barred: bool
    safety: tuple[tuple[str, tuple[SafetyGroup, ...]], ...]
    courses: tuple[CourseDrawing, ...]
    columns: tuple[str, ...]
    rows: tuple[NumbersRow, ...]
    directions: tuple[str, ...]
    warnings: tuple[str, ...]
    statement: str
    draws: int


def forecast_view(forecast: Forecast) -> ForecastView:
    """Put a forecast into words and courses.

    Parameters
    ----------
    forecast : Forecast
    """
    largest = told_rows(forecast)
    columns, rows = _table(forecast)
    said = {forecast.statement}
    return ForecastView(
        harms=harms_view(forecast.harms),
        tried=_tried(forecast),
        patient=_patient(forecast, largest),
        patient_less=() if forecast.barred else _patient_less(forecast),
        treatments=tuple(_treatment(i, row, forecast) for i, row in numbered(forecast)),
        barred=bool(forecast.barred),
        safety=tuple(_check(one, forecast) for one in forecast.safety),
        courses=courses(forecast, largest),
        columns=columns,
        rows=rows,
        directions=tuple(_direction(row, forecast) for row in forecast.directions),
        warnings=tuple(remark(text) for text in forecast.warnings if text not in said),
        statement=translate(forecast.statement),
        draws=forecast.draws,
    )


def _check(one: TreatmentCheck, forecast: Forecast) -> tuple[str, tuple[SafetyGroup, ...]]:
    when = sentence(day_label(forecast, one.day))
    means = translate(MEANS_NAMES[one.means])
    title = f"{when}: {means}, {side_word(one.side)}: {answer_name(one.answer)}"
    return title, safety_groups(one.safety)


def _treatment(i: int, row: GivenTreatment, forecast: Forecast) -> TreatmentRow:
    settings = {name: getattr(row, name) for name in row.SETTINGS}
    words = [
        f"{setting_name(name)}: {setting_value(value)}"
        for name, value in settings.items()
        if value not in (None, ())
    ]
    return TreatmentRow(
        number=i,
        when=sentence(day_label(forecast, row.day)),
        what=f"{kind_name(row.kind)}, {side_word(row.side)}",
        settings="; ".join(words),
        doses=tuple(_dose(dose) for dose in row.printed_doses or ()),
        sources=tuple(_fact(one) for one in row.sources),
        risks=tuple(_fact(one) for one in row.risks),
    )


def _dose(dose: PrintedDose) -> str:
    text = translate("{product}: {low} to {high} per {basis}, {target} ({source}; {note})")
    return text.format(
        product=dose.product,
        low=f"{dose.low:g}",
        high=f"{dose.high:g}",
        basis=translate(dose.basis),
        target=translate(dose.target),
        source=translate(dose.citation),
        note=translate(dose.note),
    )


def _fact(one: CitedFact) -> str:
    ends = ""
    if one.low is not None and one.high is not None:
        span = translate("{low} to {high}").format(low=f"{one.low:g}", high=f"{one.high:g}")
        ends = f" [{span}]"
    unit = f" {translate(one.unit)}" if one.unit else ""
    words = f"{translate(one.id.replace('_', ' '))}: {one.value:g}{ends}{unit}{_spread(one)}"
    more = [_people(one), translate(one.condition or ""), translate(one.citation)]
    return "; ".join([words, translate(one.status), *(text for text in more if text)])


def _spread(one: CitedFact) -> str:
    if one.spread_kind is None:
        return ""
    kind = translate(SPREAD_KINDS[one.spread_kind])
    return f" ({kind})" if one.sd is None else f" ({kind} {one.sd:g})"


def _people(one: CitedFact) -> str:
    if one.n is not None and one.n_study is not None:
        return translate("{n} of {study} people").format(n=one.n, study=one.n_study)
    known = one.n or one.n_study
    return "" if known is None else translate("{n} people").format(n=known)


def _direction(row: DirectionRow, forecast: Forecast) -> str:
    text = translate("From {day}: {name}: {direction}; how much is not published ({reason})")
    return text.format(
        day=day_label(forecast, row.from_day),
        name=side_region(row.region, row.side),
        direction=direction_name(row.direction),
        reason=remark(row.reason),
    )


def _table(forecast: Forecast) -> tuple[tuple[str, ...], tuple[NumbersRow, ...]]:
    summary = forecast.summary
    score = translate("Sunnybrook composite, {label}").format(
        label=translate(summary.sunnybrook.label)
    )
    columns: dict[str, tuple[Course, int]] = {
        translate("Open smile, % of the other side"): (
            summary.movement_symmetry[Movement.SMILE_OPEN],
            0,
        ),
        translate("Eye at rest, affected minus other, mm"): (summary.rest_difference.eye, 1),
        score: (summary.sunnybrook.composite, 0),
    }
    if summary.sunnybrook.against_day_0 is not None:
        own = translate("The same against the other side as on day 0")
        columns[own] = (summary.sunnybrook.against_day_0, 0)
    rows = tuple(
        NumbersRow(
            sentence(day_label(forecast, day)),
            tuple(_cell(course.at(day), digits) for course, digits in columns.values()),
        )
        for day in forecast.shown_days
    )
    return tuple(columns), rows


def _cell(number: Estimate | None, digits: int) -> str:
    if number is None:
        return translate("size not known")
    return with_interval(plain(number.value, digits), number.low, number.high, digits)


def _patient(forecast: Forecast, told: Iterable[InvoluntaryCourse]) -> tuple[str, ...]:
    """Plain sentences: what keeps working first, then what the model expects to go along less."""
    if forecast.barred:
        return (translate("This is not something to be done: a rule of safety speaks against it."),)
    lines = []
    if _kept(forecast.summary.movement_symmetry[Movement.SMILE_OPEN]):
        lines.append(translate("In the simulation your smile keeps what it has."))
    less = [row for row in told if _less(row)]
    text = translate("When you {movement}, {region} is expected to move along less for a time.")
    lines += [
        text.format(movement=when_you(row.movement), region=your_region(row.region, row.side))
        for row in less
    ]
    if not less:
        lines.append(translate("The simulation cannot tell whether less will go along."))
    return tuple(lines)


def _patient_less(forecast: Forecast) -> tuple[str, ...]:
    """Say which movements the model expects to work less for a time: a gain has its price."""
    text = translate("When you {movement}, your {side} side may do less for a time.")
    if forecast.affected_side is None:
        return ()
    side = side_word(forecast.affected_side)
    lines = _eye_at_risk(forecast)
    for movement, course in forecast.summary.movement_symmetry.items():
        values = [value for value in course.percent if value is not None]
        if values and min(values) < values[0] - LOSS_POINTS:
            lines.append(text.format(movement=when_you(movement), side=side))
    return tuple(lines)


def _eye_at_risk(forecast: Forecast) -> list[str]:
    """Say which eye may close less well, wherever the simulation does not rule it out."""
    if forecast.harms is None:
        return []
    text = translate("Your {side} eye may close less well for a time.")
    sides = [
        row.side
        for row in told(forecast.harms)
        if row.harm is Harm.LAGOPHTHALMOS_2 and row.side is not None
    ]
    return [text.format(side=side_word(side)) for side in sides]


def _tried(forecast: Forecast) -> str:
    kinds = list(dict.fromkeys(kind_name(row.kind).lower() for row in forecast.treatments))
    if not kinds:
        return translate("The face without any treatment.")
    return translate("What was tried out: {kinds}.").format(kinds=join(kinds))


def _kept(course: SymmetryCourse) -> bool:
    """Whether the middle never falls by more than a few points under day 0."""
    values = [value for value in course.percent if value is not None]
    return bool(values) and min(values) >= values[0] - FORWARD_POINTS


def _less(row: InvoluntaryCourse) -> bool:
    """Whether on some day the whole interval lies clearly under day 0's middle."""
    numbers = [row.at(place) for place in range(len(row.change_mm))]
    if numbers[0] is None:
        return False
    most = [max(abs(one.low), abs(one.high)) for one in numbers if one is not None]
    return min(most) < LESS_SHARE * abs(numbers[0].value)
