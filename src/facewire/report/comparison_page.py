"""The page of a comparison: changes in plain and technical words, and the course over visits.

In: ``facewire.comparison/1``. Out: one self-contained HTML file without script. Measured visits are
marks with intervals; a trend joins only visits at one toxin phase; what is simulated lies under
them, dashed and named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facewire.figures.axes import Axes, Mark, around
from facewire.figures.course import VisitMark, day_marks, months, visit_mark
from facewire.report.change_words import kind, matters, title
from facewire.report.environment import environment
from facewire.results.comparison import Change, Comparison
from facewire.results.course import (
    Course,
    CourseVisit,
    OutcomeCourse,
    OutcomePoint,
    SimulatedOutcome,
    ToxinPhase,
    TreatmentGiven,
    Trend,
)
from facewire.results.estimate import Estimate
from facewire.words import (
    day_words,
    mark,
    muscle_words,
    plain,
    sentence,
    side_word,
    translate,
    with_interval,
)

MOST_PLOTS = 12
PHASES = {
    ToxinPhase.NONE: mark("no toxin before"),
    ToxinPhase.ONSET: mark("toxin setting in"),
    ToxinPhase.PEAK: mark("toxin at its peak"),
    ToxinPhase.WEARING_OFF: mark("toxin wearing off"),
    ToxinPhase.WORN_OFF: mark("toxin worn off"),
}
SHAPES = {ToxinPhase.NONE: "free", ToxinPhase.WORN_OFF: "free", ToxinPhase.PEAK: "peak"}
JOINS = {
    "toxin_free": mark("without a toxin's effect"),
    "peak": mark("at the peak of a toxin"),
}
TREATMENTS = {
    "botulinum_toxin": mark("botulinum toxin"),
    "selective_neurolysis": mark("selective neurolysis"),
    "neuromuscular_retraining": mark("neuromuscular retraining"),
    "myectomy": mark("myectomy"),
    "selective_denervation": mark("selective denervation"),
    "upper_lid_weight": mark("upper lid weight"),
    "tarsorrhaphy": mark("tarsorrhaphy"),
    "canthoplasty": mark("canthoplasty"),
    "cross_face_nerve_graft": mark("cross-face nerve graft"),
    "gracilis_transfer": mark("gracilis transfer"),
    "nerve_transfer": mark("nerve transfer"),
    "brow_lift": mark("brow lift"),
    "facelift": mark("facelift"),
}


def comparison_page(comparison: Comparison) -> str:
    """Return the page of a comparison as HTML.

    Parameters
    ----------
    comparison : Comparison
    """
    course = comparison.course
    told, others = told_outcomes(comparison)
    return (
        environment()
        .get_template("comparison.html")
        .render(
            comparison=comparison,
            course=course,
            named=any(one.name != one.date.isoformat() for one in course.visits)
            if course
            else False,
            told=told,
            others=others,
            plots=_plots(told[:MOST_PLOTS], comparison),
            visit_words=visit_words,
            treatment_words=treatment_words,
            joined_words=joined_words,
        )
    )


@dataclass(frozen=True)
class TrendLine:
    """A trend: path of the line, outline of its interval, and whether it is change."""

    path: str
    beyond: bool


@dataclass(frozen=True)
class CoursePlot:
    """One outcome over time, picture units and words.

    Parameters
    ----------
    outcome : OutcomeCourse
    text : str
        What the picture shows, in words.
    visits : tuple of VisitMark
    trends : tuple of TrendLine
    treatments : tuple of Mark
        Days of treatments with their numbers.
    still : tuple of float
        Top and bottom of the range around the first visit within which nothing is change.
    under, under_band : str
        The simulated course and its interval; empty without a forecast.
    x_marks, y_marks : tuple of Mark
    zero : float or None
        Where 0 mm lies.
    """

    outcome: OutcomeCourse
    text: str
    visits: tuple[VisitMark, ...]
    trends: tuple[TrendLine, ...]
    treatments: tuple[Mark, ...]
    still: tuple[float, float] | None
    under: str
    under_band: str
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    zero: float | None


def told_outcomes(
    comparison: Comparison,
) -> tuple[list[OutcomeCourse], list[OutcomeCourse]]:
    """Return the outcomes of a course that changed, were named or matter, then the others.

    Those that were named or changed come first, then involuntary parts, the largest first.
    """
    course = comparison.course
    outcomes = sorted(course.outcomes if course else (), key=_importance)
    told = [one for one in outcomes if _is_told(one, comparison)]
    return told, [one for one in outcomes if one not in told]


def _is_told(one: OutcomeCourse, comparison: Comparison) -> bool:
    """Say whether an outcome changed, was named, or matters at any visit."""
    rows: Iterable[Change] = (*comparison.changes, *comparison.voluntary_changes)
    own = [row for row in rows if _place(row) == _place(one)]
    if any(row.named or row.beyond_sdc for row in own):
        return True
    if any(trend.named or trend.beyond_sdc for trend in one.trends):
        return True
    return matters(one, [point.value_mm for point in one.points], comparison.side_affected)


def _place(row: Change | OutcomeCourse) -> tuple[str, ...]:
    return row.kind, row.movement, row.region, row.side


def _importance(one: OutcomeCourse) -> tuple[bool, bool, bool, float]:
    sizes = [abs(p.value_mm) for p in one.points if p.value_mm is not None]
    return (
        not any(trend.named for trend in one.trends),
        not any(trend.beyond_sdc for trend in one.trends),
        one.kind != "involuntary",
        -max(sizes, default=0.0),
    )


def visit_words(one: CourseVisit) -> str:
    """Say at which phase of a toxin a visit was."""
    words = translate(PHASES[one.toxin_phase])
    if one.weeks_since_toxin is not None:
        words = translate("{phase}, {weeks} weeks after it").format(
            phase=words, weeks=plain(one.weeks_since_toxin, 0)
        )
    return words


def treatment_words(one: TreatmentGiven) -> str:
    """Say what a treatment was, where, and with what."""
    parts = [translate(TREATMENTS.get(one.kind, one.kind.replace("_", " ")))]
    parts += [side_word(one.side)] if one.side else []
    parts += [muscle_words(one.muscle)] if one.muscle else []
    parts += [text for text in (one.product, one.note) if text]
    return sentence(", ".join(parts))


def joined_words(trend: Trend) -> str:
    """Say how many visits a trend joins, and what they have in common."""
    text = translate("{count} visits {joins}")
    return text.format(count=len(trend.visits), joins=translate(JOINS[trend.joins]))


def _plots(outcomes: Iterable[OutcomeCourse], comparison: Comparison) -> list[CoursePlot]:
    course = comparison.course
    floors = {row.region: row.sdc_mm for row in comparison.smallest_detectable_change}
    return [_plot(one, course, floors[one.region]) for one in outcomes if course is not None]


def _plot(one: OutcomeCourse, course: Course, sdc_mm: float) -> CoursePlot:
    first = course.visits[0].date
    known = [(p, number) for p in one.points if (number := p.number_mm) is not None]
    reference = known[0][1].value
    still = (reference - sdc_mm, reference + sdc_mm)
    axes = _axes(one, course, [number for _, number in known], still)
    beside = [row for row in _simulated(one.forecast, first) if axes.x_low <= row[0] <= axes.x_high]
    edge = [(m, high) for m, _, _, high in beside]
    edge += [(m, low) for m, _, low, _ in reversed(beside)]
    return CoursePlot(
        outcome=one,
        text=_words(one, known),
        visits=tuple(
            visit_mark(
                axes,
                months(point.date, first),
                number,
                SHAPES.get(point.toxin_phase, "changing"),
            )
            for point, number in known
        ),
        trends=tuple(_line(axes, trend, first) for trend in one.trends),
        treatments=day_marks(
            axes, first, ((t.date, str(i)) for i, t in enumerate(course.treatments, 1))
        ),
        still=(axes.y(still[1]), axes.y(still[0])),
        under=axes.path([(m, value) for m, value, _, _ in beside]),
        under_band=axes.path(edge) + "Z" if edge else "",
        x_marks=axes.x_marks(),
        y_marks=axes.y_marks(),
        zero=axes.y(0.0) if axes.y_low < 0 < axes.y_high else None,
    )


def _axes(
    one: OutcomeCourse, course: Course, known: Sequence[Estimate], still: tuple[float, float]
) -> Axes:
    """Hold every visit and the range that is no change, so that noise looks like noise."""
    first = course.visits[0].date
    last = max(months(visit.date, first) for visit in course.visits)
    times = [0.0, last, *(m for m, *_ in _simulated(one.forecast, first) if m <= 1.3 * last)]
    heights = [0.0, *still, *(end for n in known for end in (n.low, n.high, n.value))]
    heights += [v for _, *values in _simulated(one.forecast, first) for v in values]
    return Axes(*around(times, 0.04), *around(heights))


def _simulated(
    row: SimulatedOutcome | None, first: dt.date
) -> Iterable[tuple[float, float, float, float]]:
    """Yield months, middle and ends of the days whose numbers are known."""
    if row is None:
        return
    columns = (row.dates, row.value_mm, row.ci_low, row.ci_high)
    for day, value, low, high in zip(*columns, strict=True):
        if value is not None and low is not None and high is not None:
            yield months(day, first), value, low, high


def _line(axes: Axes, trend: Trend, first: dt.date) -> TrendLine:
    ends = ((trend.start, trend.start_mm), (trend.end, trend.end_mm))
    return TrendLine(axes.path([(months(day, first), y) for day, y in ends]), trend.beyond_sdc)


def _words(one: OutcomeCourse, known: Sequence[tuple[OutcomePoint, Estimate]]) -> str:
    """Say what the picture shows."""
    values = [
        translate("{date}: {value} ({phase})").format(
            date=day_words(point.date),
            value=with_interval(f"{plain(number.value)} mm", number.low, number.high),
            phase=translate(PHASES[point.toxin_phase]),
        )
        for point, number in known
    ]
    text = f"{title(one)}, {kind(one)}. {'; '.join(values)}."
    if one.forecast is not None:
        text += " " + translate("A simulated course lies under it.")
    return text
