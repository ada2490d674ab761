"""The course of each outcome over the visits, drawn and in words.

In: the entry ``course`` of ``facewire.comparison/1``. Measured visits are marks with intervals; a
trend joins only visits at one toxin phase; what is simulated lies under them, dashed and named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facewire.figures.axes import Axes, Mark, around
from facewire.figures.course import VisitMark, day_marks, months, visit_mark
from facewire.report.change_section import KINDS, answer_words, change_title, matters
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
    interval,
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
    "brow_lift": mark("brow lift"),
    "facelift": mark("facelift"),
}


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
    title, kind, text : str
        Heading, kind of outcome, and what the picture shows in words.
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

    title: str
    kind: str
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


@dataclass(frozen=True)
class TrendRow:
    """One trend in words; brackets hold 95 % intervals."""

    title: str
    kind: str
    joins: str
    start: str
    end: str
    change: str
    difference: str
    interval: str
    smallest: str
    answer: str


@dataclass(frozen=True)
class CourseView:
    """Everything that is shown of a course.

    Parameters
    ----------
    visits : tuple of (str, str, str)
        Name, date and toxin phase of each visit.
    treatments : tuple of (str, str, str)
        Number, date and words of each treatment.
    named : bool
        Whether any visit has a name of its own.
    plots : tuple of CoursePlot
        The outcomes that were named or changed, then those that matter, the largest first.
    trends, other_trends : tuple of TrendRow
        Trends of outcomes that matter, and of the others.
    left_out : int
        Outcomes that matter, are in the file and are not drawn.
    simulated : bool
        Whether a simulated course lies under the measured one.
    """

    visits: tuple[tuple[str, str, str], ...]
    treatments: tuple[tuple[str, str, str], ...]
    named: bool
    plots: tuple[CoursePlot, ...]
    trends: tuple[TrendRow, ...]
    other_trends: tuple[TrendRow, ...]
    left_out: int
    simulated: bool


def course_view(comparison: Comparison) -> CourseView | None:
    """Put a course into words and plots; None where the comparison holds no course.

    Parameters
    ----------
    comparison : Comparison
    """
    course = comparison.course
    if course is None:
        return None
    floors = {row.region: row.sdc_mm for row in comparison.smallest_detectable_change}
    outcomes = sorted(course.outcomes, key=_importance)
    told = [one for one in outcomes if _is_told(one, comparison)]
    others = [one for one in outcomes if not _is_told(one, comparison)]
    shown = told[:MOST_PLOTS]
    return CourseView(
        visits=tuple(_visit(one) for one in course.visits),
        treatments=tuple(_treatment(i, one) for i, one in enumerate(course.treatments, 1)),
        named=any(one.name != one.date.isoformat() for one in course.visits),
        plots=tuple(_plot(one, course, floors[one.region]) for one in shown),
        trends=tuple(_trend(one, trend) for one in told for trend in one.trends),
        other_trends=tuple(_trend(one, trend) for one in others for trend in one.trends),
        left_out=len(told) - len(shown),
        simulated=course.forecast is not None,
    )


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


def _visit(one: CourseVisit) -> tuple[str, str, str]:
    words = translate(PHASES[one.toxin_phase])
    if one.weeks_since_toxin is not None:
        words = translate("{phase}, {weeks} weeks after it").format(
            phase=words, weeks=plain(one.weeks_since_toxin, 0)
        )
    return one.name, one.date.isoformat(), words


def _treatment(i: int, one: TreatmentGiven) -> tuple[str, str, str]:
    parts = [translate(TREATMENTS.get(one.kind, one.kind.replace("_", " ")))]
    parts += [side_word(one.side)] if one.side else []
    parts += [muscle_words(one.muscle)] if one.muscle else []
    parts += [text for text in (one.product, one.note) if text]
    return str(i), one.date.isoformat(), sentence(", ".join(parts))


def _trend(one: OutcomeCourse, trend: Trend) -> TrendRow:
    difference = f"{plain(trend.change_mm, signed=True)} mm"
    title = change_title(one)
    if trend.named:
        title = translate("{title} (named in advance)").format(title=title)
    return TrendRow(
        title=title,
        kind=translate(KINDS[one.kind]),
        joins=translate("{count} visits {joins}").format(
            count=len(trend.visits), joins=translate(JOINS[trend.joins])
        ),
        start=trend.start.isoformat(),
        end=trend.end.isoformat(),
        change=with_interval(difference, trend.ci_low, trend.ci_high),
        difference=difference,
        interval=interval(trend.ci_low, trend.ci_high),
        smallest=f"{plain(trend.sdc_mm)} mm",
        answer=answer_words(trend),
    )


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
        title=change_title(one),
        kind=translate(KINDS[one.kind]),
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
            date=point.date.isoformat(),
            value=with_interval(f"{plain(number.value)} mm", number.low, number.high),
            phase=translate(PHASES[point.toxin_phase]),
        )
        for point, number in known
    ]
    text = f"{change_title(one)}, {translate(KINDS[one.kind])}. {'; '.join(values)}."
    if one.forecast is not None:
        text += " " + translate("A simulated course lies under it.")
    return text
