"""A forecast in words: what was tried, what the model expects, what it rests on.

Nothing here is measured, and every part of the section says so.
"""

from __future__ import annotations

from facewire.face import Movement
from facewire.findings.beyond_measured import goes_along_less, is_kept, is_lost
from facewire.report.forecast_courses import told_rows
from facewire.report.harm_words import told
from facewire.report.plan_words import MEANS_NAMES, answer_name
from facewire.report.predicted_change import day_label
from facewire.results.estimate import Estimate
from facewire.results.forecast import (
    Applied,
    CitedFact,
    Course,
    DirectionRow,
    Forecast,
    GivenTreatment,
    PrintedDose,
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
    natural_frequency,
    remark,
    setting_name,
    setting_value,
)

SPREAD_KINDS = {
    "sd": mark("standard deviation"),
    "se": mark("standard error"),
    "range": mark("range"),
    "ci95": mark("95 % interval"),
    "not stated": mark("kind of spread not stated"),
}
"""What the spread beside a published figure is."""


def check_title(one: TreatmentCheck, forecast: Forecast) -> str:
    """Name a treatment whose safety was asked about, and the answer."""
    when = sentence(day_label(forecast, one.day))
    means = translate(MEANS_NAMES[one.means])
    return f"{when}: {means}, {side_word(one.side)}: {answer_name(one.answer)}"


def settings(row: GivenTreatment) -> str:
    """Say how a treatment is given; empty where nothing is said."""
    given = {name: getattr(row, name) for name in row.SETTINGS}
    return "; ".join(
        f"{setting_name(name)}: {setting_value(value)}"
        for name, value in given.items()
        if value not in (None, ())
    )


def applied(found: Applied) -> str:
    """Say whose effect and duration are simulated, with how many stand behind it."""
    if found.source == "literature":
        text = translate("Effect and duration: literature")
        return f"{text} ({translate(found.reason)})" if found.reason else text
    if found.source == "clinic":
        whose = translate("this clinic ({n} people)").format(n=found.people)
    else:
        whose = translate("this person ({n} courses)").format(n=found.courses)
    parts = [translate("Effect and duration: {whose}").format(whose=whose)]
    if found.effect is not None:
        text = translate("{times} times what the literature expects of the next course")
        times = with_interval(plain(found.effect.value, 2), found.effect.low, found.effect.high, 2)
        parts.append(text.format(times=times))
    if found.duration_days is None:
        parts.append(translate("duration as in the literature"))
    else:
        lasts = found.duration_days
        days = with_interval(plain(lasts.value, 0), lasts.low, lasts.high, 0)
        parts.append(translate("gone after {days} days").format(days=days))
    text = translate("the literature weighs {percent} % in the middle effect")
    parts.append(text.format(percent=plain(found.literature_percent, 0)))
    parts += [translate(found.reason)] if found.reason else []
    return "; ".join(parts)


def dose(row: PrintedDose) -> str:
    """Say a dose as it stands in print."""
    text = translate("{product}: {low} to {high} per {basis}, {target} ({source}; {note})")
    return text.format(
        product=row.product,
        low=f"{row.low:g}",
        high=f"{row.high:g}",
        basis=translate(row.basis),
        target=translate(row.target),
        source=translate(row.citation),
        note=translate(row.note),
    )


def fact(one: CitedFact) -> str:
    """Say a number that the simulation rests on, with its source."""
    ends = ""
    if one.low is not None and one.high is not None:
        span = translate("{low} to {high}").format(low=f"{one.low:g}", high=f"{one.high:g}")
        ends = f" [{span}]"
    unit = f" {translate(one.unit)}" if one.unit else ""
    words = f"{translate(one.id.replace('_', ' '))}: {one.value:g}{ends}{unit}{_spread(one)}"
    more = [_people(one), translate(one.condition or ""), translate(one.citation)]
    return "; ".join([words, translate(one.status), *(text for text in more if text)])


def risk(one: CitedFact) -> str:
    """Say a published risk as a natural frequency, with its people and its source."""
    name = sentence(translate(one.id.replace("_", " ")))
    rate = f"{name}: {natural_frequency(100.0 * one.value)}"
    more = [_people(one), translate(one.condition or ""), translate(one.citation)]
    return "; ".join([rate, *(text for text in more if text)])


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


def direction(row: DirectionRow, forecast: Forecast) -> str:
    """Say where something goes of which no size is published."""
    text = translate("From {day}: {name}: {direction}; how much is not published ({reason})")
    return text.format(
        day=day_label(forecast, row.from_day),
        name=side_region(row.region, row.side),
        direction=direction_name(row.direction),
        reason=remark(row.reason),
    )


def number_columns(forecast: Forecast) -> dict[str, tuple[Course, int]]:
    """Return the courses whose numbers are shown day by day, by title, with their decimals."""
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
    return columns


def number(found: Estimate | None, digits: int) -> str:
    """Write a simulated number with its 95 % interval."""
    if found is None:
        return translate("size not known")
    return with_interval(plain(found.value, digits), found.low, found.high, digits)


def patient(forecast: Forecast) -> list[str]:
    """Plain sentences: what keeps working first, then what the model expects to go along less."""
    if forecast.barred:
        return [translate("This is not something to be done: a rule of safety speaks against it.")]
    lines = []
    if is_kept(forecast.summary.movement_symmetry[Movement.SMILE_OPEN]):
        lines.append(translate("In the simulation your smile keeps what it has."))
    less = [row for row in told_rows(forecast) if goes_along_less(row)]
    text = translate("When you {movement}, {region} is expected to move along less for a time.")
    lines += [
        text.format(movement=when_you(row.movement), region=your_region(row.region, row.side))
        for row in less
    ]
    if not less:
        lines.append(translate("The simulation cannot tell whether less will go along."))
    return lines


def patient_less(forecast: Forecast) -> list[str]:
    """Say which movements the model expects to work less for a time: a gain has its price."""
    text = translate("When you {movement}, your {side} side may do less for a time.")
    if forecast.affected_side is None or forecast.barred:
        return []
    side = side_word(forecast.affected_side)
    lines = _eye_at_risk(forecast)
    for movement, course in forecast.summary.movement_symmetry.items():
        if is_lost(course):
            lines.append(text.format(movement=when_you(movement), side=side))
    return lines


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


def tried(forecast: Forecast) -> str:
    """Say what was simulated, in plain words."""
    kinds = list(dict.fromkeys(kind_name(row.kind).lower() for row in forecast.treatments))
    if not kinds:
        return translate("The face without any treatment.")
    return translate("What was tried out: {kinds}.").format(kinds=join(kinds))
