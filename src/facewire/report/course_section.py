"""The course of each outcome over the visits, drawn and in words.

In: the entry ``course`` of ``facewire.comparison/1``. Measured visits are marks with intervals; a
trend joins only visits at one toxin phase; what is simulated lies under them, dashed and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from facewire.face import Side
from facewire.figures.axes import Axes, Mark, around
from facewire.report.change_section import KINDS, answer_words, change_title
from facewire.report.relevance import matters
from facewire.words import (
    interval,
    mark,
    muscle_words,
    number,
    plain,
    sentence,
    side_word,
    translate,
    with_interval,
)

Document = Mapping[str, Any]

DAYS_PER_MONTH = 30.4375
MOST_PLOTS = 12
PHASES = {
    "no_toxin": mark("no toxin before"),
    "onset": mark("toxin setting in"),
    "peak": mark("toxin at its peak"),
    "wearing_off": mark("toxin wearing off"),
    "worn_off": mark("toxin worn off"),
}
SHAPES = {"no_toxin": "free", "worn_off": "free", "peak": "peak"}
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
class VisitMark:
    """A measured visit: x, y, top and bottom of its interval, picture units; shape of its phase."""

    x: float
    y: float
    top: float
    bottom: float
    shape: str


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


def course_view(document: Document) -> CourseView | None:
    """Put a course into words and plots; None where the comparison holds no course.

    Parameters
    ----------
    document : mapping
        ``facewire.comparison/1``.
    """
    course = document.get("course")
    if course is None:
        return None
    floors = {row["region"]: row["sdc_mm"] for row in document["smallest_detectable_change"]}
    outcomes = sorted(course["outcomes"], key=_importance)
    told = [one for one in outcomes if _is_told(one, document)]
    others = [one for one in outcomes if not _is_told(one, document)]
    shown = told[:MOST_PLOTS]
    return CourseView(
        visits=tuple(_visit(one) for one in course["visits"]),
        treatments=tuple(_treatment(i, one) for i, one in enumerate(course["treatments"], 1)),
        named=any(one["name"] != one["date"] for one in course["visits"]),
        plots=tuple(_plot(one, course, floors[one["region"]]) for one in shown),
        trends=tuple(_trend(one, trend) for one in told for trend in one["trends"]),
        other_trends=tuple(_trend(one, trend) for one in others for trend in one["trends"]),
        left_out=len(told) - len(shown),
        simulated=course["forecast"] is not None,
    )


def _is_told(one: Document, document: Document) -> bool:
    """Say whether an outcome changed, was named, or matters at any visit."""
    if any(trend["named"] or trend["beyond_sdc"] for trend in one["trends"]):
        return True
    place = _place(one)
    rows = (*document["changes"], *document.get("voluntary_changes", ()))
    if any((row["named"] or row["beyond_sdc"]) and _place(row) == place for row in rows):
        return True
    sizes = [point["value_mm"] for point in one["points"]]
    return matters(one, sizes, document.get("side_affected"))


def _place(row: Document) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("kind", "movement", "region", "side"))


def _importance(one: Document) -> tuple[bool, bool, bool, float]:
    sizes = [abs(p["value_mm"]) for p in one["points"] if p["value_mm"] is not None]
    return (
        not any(trend["named"] for trend in one["trends"]),
        not any(trend["beyond_sdc"] for trend in one["trends"]),
        one["kind"] != "involuntary",
        -max(sizes, default=0.0),
    )


def _visit(one: Document) -> tuple[str, str, str]:
    words = translate(PHASES[one["toxin_phase"]])
    weeks = number(one, "weeks_since_toxin")
    if weeks is not None:
        words = translate("{phase}, {weeks} weeks after it").format(
            phase=words, weeks=plain(weeks, 0)
        )
    return str(one["name"]), str(one["date"]), words


def _treatment(i: int, one: Document) -> tuple[str, str, str]:
    kind = str(one["kind"])
    parts = [translate(TREATMENTS.get(kind, kind.replace("_", " ")))]
    parts += [side_word(Side(one["side"]))] if one["side"] else []
    parts += [muscle_words(str(one["muscle"]))] if one["muscle"] else []
    parts += [str(one[name]) for name in ("product", "note") if one[name]]
    return str(i), str(one["date"]), sentence(", ".join(parts))


def _trend(one: Document, trend: Document) -> TrendRow:
    difference = f"{plain(trend['change_mm'], signed=True)} mm"
    title = change_title(one)
    if trend["named"]:
        title = translate("{title} (named in advance)").format(title=title)
    return TrendRow(
        title=title,
        kind=translate(KINDS[one["kind"]]),
        joins=translate("{count} visits {joins}").format(
            count=len(trend["visits"]), joins=translate(JOINS[trend["joins"]])
        ),
        start=str(trend["start"]),
        end=str(trend["end"]),
        change=with_interval(difference, trend["ci_low"], trend["ci_high"]),
        difference=difference,
        interval=interval(trend["ci_low"], trend["ci_high"]),
        smallest=f"{plain(trend['sdc_mm'])} mm",
        answer=answer_words(trend),
    )


def _plot(one: Document, course: Document, sdc_mm: float) -> CoursePlot:
    first = date.fromisoformat(course["visits"][0]["date"])
    known = [p for p in one["points"] if p["value_mm"] is not None]
    reference = known[0]["value_mm"]
    axes = _axes(one, course, known, (reference - sdc_mm, reference + sdc_mm))
    return CoursePlot(
        title=change_title(one),
        kind=translate(KINDS[one["kind"]]),
        text=_words(one, known),
        visits=tuple(_visit_mark(axes, p, first) for p in known),
        trends=tuple(_line(axes, trend, first) for trend in one["trends"]),
        treatments=tuple(_dated(axes, course["treatments"], first)),
        still=(axes.y(reference + sdc_mm), axes.y(reference - sdc_mm)),
        under=_under(axes, one["forecast"], first),
        under_band=_under_band(axes, one["forecast"], first),
        x_marks=axes.x_marks(),
        y_marks=axes.y_marks(),
        zero=axes.y(0.0) if axes.y_low < 0 < axes.y_high else None,
    )


def _months(day: str, first: date) -> float:
    return (date.fromisoformat(day) - first).days / DAYS_PER_MONTH


def _axes(
    one: Document, course: Document, known: list[Document], still: tuple[float, float]
) -> Axes:
    """Hold every visit and the range that is no change, so that noise looks like noise."""
    first = date.fromisoformat(course["visits"][0]["date"])
    last = max(_months(visit["date"], first) for visit in course["visits"])
    times = [0.0, last, *(m for m, *_ in _simulated(one["forecast"], first) if m <= 1.3 * last)]
    heights = [0.0, *still, *(p[name] for p in known for name in ("ci_low", "ci_high", "value_mm"))]
    heights += [v for _, *values in _simulated(one["forecast"], first) for v in values]
    return Axes(*around(times, 0.04), *around(heights))


def _simulated(row: Document | None, first: date) -> Iterable[tuple[float, float, float, float]]:
    if row is None:
        return
    columns = (row["dates"], row["value_mm"], row["ci_low"], row["ci_high"])
    for day, value, low, high in zip(*columns, strict=True):
        if None not in (value, low, high):
            yield _months(day, first), value, low, high


def _inside(axes: Axes, row: Document | None, first: date) -> list[tuple[float, ...]]:
    return [r for r in _simulated(row, first) if axes.x_low <= r[0] <= axes.x_high]


def _under(axes: Axes, row: Document | None, first: date) -> str:
    return axes.path([(m, value) for m, value, _, _ in _inside(axes, row, first)])


def _under_band(axes: Axes, row: Document | None, first: date) -> str:
    found = _inside(axes, row, first)
    edge = [(m, high) for m, _, _, high in found]
    edge += [(m, low) for m, _, low, _ in reversed(found)]
    return axes.path(edge) + "Z" if edge else ""


def _visit_mark(axes: Axes, point: Document, first: date) -> VisitMark:
    return VisitMark(
        axes.x(_months(point["date"], first)),
        axes.y(point["value_mm"]),
        axes.y(point["ci_high"]),
        axes.y(point["ci_low"]),
        SHAPES.get(point["toxin_phase"], "changing"),
    )


def _line(axes: Axes, trend: Document, first: date) -> TrendLine:
    ends = [(_months(trend[e], first), trend[f"{e}_mm"]) for e in ("start", "end")]
    return TrendLine(axes.path(ends), bool(trend["beyond_sdc"]))


def _dated(axes: Axes, treatments: Iterable[Document], first: date) -> Iterable[Mark]:
    for i, one in enumerate(treatments, 1):
        months = _months(one["date"], first)
        if axes.x_low <= months <= axes.x_high:
            yield Mark(axes.x(months), str(i))


def _words(one: Document, known: list[Document]) -> str:
    """Say what the picture shows."""
    values = [
        translate("{date}: {value} ({phase})").format(
            date=p["date"],
            value=with_interval(f"{plain(p['value_mm'])} mm", p["ci_low"], p["ci_high"]),
            phase=translate(PHASES[p["toxin_phase"]]),
        )
        for p in known
    ]
    text = f"{change_title(one)}, {translate(KINDS[one['kind']])}. {'; '.join(values)}."
    if one["forecast"] is not None:
        text += " " + translate("A simulated course lies under it.")
    return text
