"""Shapes of the page of a simulated regrowth: courses over months, wiring, the nerve in the face.

Picture units throughout. What changes with the month is marked with ``data-`` names that the
page's own script reads; without it the pictures show the last month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facewire.face.anatomy import BRANCHES, Branch, group_names
from facewire.face.muscles import GROUPS
from facewire.figures import nerve_shape as shape
from facewire.figures.axes import Axes, Frame
from facewire.results.regrowth import Band, CitedNumber, Event, Regrowth
from facewire.words import translate

FRAME = Frame(left=44.0, right=700.0, top=12.0, bottom=196.0)
"""Months across, the same in every picture of them; percentages up."""
ROW = 46.0
WIRE_LEFT, WIRE_RIGHT = 322.0, 578.0
WIDEST = {"right": 13.0, "wrong": 52.0}
"""Width of a connection of 100 %; wrong ones are spread over many muscles, so drawn wider."""


def axes_to(month: int) -> Axes:
    """Return axes of percentages over the months up to one."""
    return Axes(0.0, month, 0.0, 100.0, FRAME)


def month_ticks(axes: Axes) -> list[tuple[float, int]]:
    """Return every third month (every sixth on a long axis) and where it stands."""
    step = 3 if axes.x_high <= 36 else 6
    return [(axes.x(month), month) for month in range(0, int(axes.x_high) + 1, step)]


@dataclass(frozen=True)
class CourseFigure:
    """A course with its bands: outlines of 95 % and 50 % of the runs, and the median."""

    id: str
    title: str
    style: str
    outer: str
    inner: str
    median: str
    end: str


@dataclass(frozen=True)
class Wire:
    """A connection of the wiring picture."""

    command: int
    muscle: int
    path: str
    style: str
    width: float


@dataclass(frozen=True)
class EventRow:
    """When something happens: bands in picture units, and in words."""

    words: str
    value: str
    y: float
    outer: tuple[float, float] | None
    inner: tuple[float, float] | None
    middle: float
    published: tuple[float, float] | None
    source: str


@dataclass(frozen=True)
class NervePart:
    """A stretch of the drawn nerve: from and to which place along it, mm."""

    path: str
    style: str
    start_mm: float
    end_mm: float


def course_figure(words: tuple[str, str, str], band: Band, axes: Axes) -> CourseFigure:
    """Draw a course.

    Parameters
    ----------
    words : tuple of str
        Its id, title and style.
    band : Band
        Of percentages.
    axes : Axes
    """
    ident, title, style = words
    last = (band.median[-1], band.ci_low[-1], band.ci_high[-1])
    return CourseFigure(
        ident,
        title,
        style,
        _outline(band.ci_low, band.ci_high, axes),
        _outline(band.ci50_low, band.ci50_high, axes),
        axes.path((month, _percent(value)) for month, value in enumerate(band.median)),
        translate("{middle} % ({low} to {high})").format(
            middle=f"{last[0]:.0f}", low=f"{last[1]:.0f}", high=f"{last[2]:.0f}"
        ),
    )


def _outline(low: Sequence[float], high: Sequence[float], axes: Axes) -> str:
    edge = [*enumerate(high), *reversed(list(enumerate(low)))]
    return axes.path((month, _percent(value)) for month, value in edge) + "Z"


def _percent(value: float) -> float:
    """Keep a percentage inside of the picture."""
    return min(max(value, 0.0), 100.0)


def wires(drive_percent: Sequence[Sequence[float]]) -> list[Wire]:
    """Return every connection; the right ones last, on top."""
    found = []
    for i in range(len(GROUPS)):
        for j in range(len(GROUPS)):
            style = "right" if i == j else "wrong"
            width = wire_width(drive_percent[i][j], style)
            found.append(Wire(i, j, _wire_path(i, j), style, width))
    return sorted(found, key=lambda wire: wire.style != "wrong")


def wire_width(percent: float, style: str) -> float:
    """Return how wide a connection is drawn; less than 1 % is not drawn."""
    return 0.0 if percent < 1 else round(WIDEST[style] * percent / 100, 2)


def wire_y(row: int) -> float:
    """Return the height of a row of the wiring picture."""
    return 56.0 + ROW * row


def _wire_path(i: int, j: int) -> str:
    middle = (WIRE_LEFT + WIRE_RIGHT) / 2
    return (
        f"M{WIRE_LEFT} {wire_y(i)}C{middle} {wire_y(i)} {middle} {wire_y(j)} {WIRE_RIGHT} "
        f"{wire_y(j)}"
    )


def group_labels() -> list[tuple[float, str, str]]:
    """Return the height, the name and the plain words of every muscle group."""
    names = [group_names(group) for group in GROUPS]
    return [(wire_y(i), translate(one.name), translate(one.plain)) for i, one in enumerate(names)]


def event_rows(document: Regrowth, axes: Axes) -> list[EventRow]:
    """Return one row an event, with the published range where there is one."""
    seen = [row for row in document.published if row.status == "seen"]
    known = {row.id: row for row in seen if row.unit == "months"}
    alike = is_comparable(document)
    rows = []
    for i, event in enumerate(document.events):
        published = known.get(event.id) if alike else None
        rows.append(_event_row(event, published, (34.0 + 46.0 * i, axes)))
    return rows


def is_comparable(document: Regrowth) -> bool:
    """Whether published figures of severe palsies are about an injury like this one."""
    injury = document.injury
    whole = injury.degenerated_percent == 100 and injury.tubes_kept is None
    return bool(whole and injury.severity == "crush" and injury.place == "geniculate")


def _event_row(event: Event, published: CitedNumber | None, place: tuple[float, Axes]) -> EventRow:
    y, axes = place
    month = event.month
    return EventRow(
        words=translate(event.words),
        value=_event_words(event),
        y=y,
        outer=_span(month.ci_low, month.ci_high, axes),
        inner=_span(month.ci50_low, month.ci50_high, axes),
        middle=0.0 if month.median is None else axes.x(min(month.median, axes.x_high)),
        published=None if published is None else _span(published.low, published.high, axes),
        source="" if published is None else translate(published.citation),
    )


def _event_words(event: Event) -> str:
    month, share = event.month, event.happens_percent_of_runs
    if month.median is None:
        return translate("in none of the courses")
    if month.ci_high == 0:
        return translate("from the start")
    text = translate("month {median:.1f} ({ci_low:.1f} to {ci_high:.1f})").format(
        median=month.median, ci_low=month.ci_low, ci_high=month.ci_high
    )
    if share == 100:
        return text
    return translate("{when}, in {share:.0f} % of the courses").format(when=text, share=share)


def _span(low: float | None, high: float | None, axes: Axes) -> tuple[float, float] | None:
    if low is None or high is None:
        return None
    left = axes.x(min(low, axes.x_high))
    return left, round(max(axes.x(min(high, axes.x_high)) - left, 1.5), 1)


def nerve_parts(document: Regrowth) -> list[NervePart]:
    """Return the drawn nerve, each stretch with the way along the nerve that it stands for."""
    growth = document.growth
    foramen, division = growth.stylomastoid_mm, growth.division_mm
    muscles = growth.muscles_mm
    split = division + 0.7 * (muscles - division)
    parts = [NervePart(shape.curve_path(c), "trunk", foramen, division) for c in shape.TRUNK]
    for branch in _injured(document):
        course = shape.curve_path(shape.BRANCH_COURSES[branch])
        parts.append(NervePart(course, "branch", division, split))
        parts += [
            NervePart(shape.curve_path(c), "twig", split, muscles) for c in shape.TWIGS[branch]
        ]
    return parts


def whole_parts(document: Regrowth) -> list[str]:
    """Return the branches that were not injured."""
    whole = [branch for branch in BRANCHES if branch not in _injured(document)]
    curves = [shape.BRANCH_COURSES[b] for b in whole]
    curves += [c for b in whole for c in shape.TWIGS[b]]
    return [shape.curve_path(curve) for curve in curves]


def _injured(document: Regrowth) -> list[Branch]:
    branch = document.injury.branch
    return list(BRANCHES) if branch is None else [branch]


def muscle_areas() -> list[tuple[int, list[tuple[str, str]]]]:
    """Return every muscle group with its outlines and fibres."""
    return [
        (GROUPS.index(group), [shape.muscle_paths(part) for part in parts])
        for group, parts in shape.MUSCLES.items()
    ]


def covered(part: NervePart, document: Regrowth, month: int) -> float:
    """Return how much of a stretch a typical axon has grown through, 0 to 1."""
    growth = document.growth
    tip = growth.injury_mm + growth.front_mm.median[month]
    share = float((tip - part.start_mm) / (part.end_mm - part.start_mm))
    return round(min(max(share, 0.0), 1.0), 3)
