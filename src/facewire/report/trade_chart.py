"""The trades of a plan as charts: less synkinesis against what is lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from facewire.figures.axes import PLOT, Axes, Mark, around
from facewire.results.plan import Candidate, Objective, ObjectiveChange
from facewire.results.safety import Answer
from facewire.words import mark, mm, translate

OBJECTIVE_NAMES = {
    Objective.SYNKINESIS: mark("Synkinesis"),
    Objective.VOLUNTARY_LOSS: mark("Voluntary movement lost"),
    Objective.SMILE_ASYMMETRY: mark("Asymmetry of the smile"),
    Objective.CLOSURE_LOSS: mark("Closure of the eye lost"),
    Objective.BROW_ASYMMETRY: mark("Asymmetry of the brows"),
    Objective.REST_ASYMMETRY: mark("Asymmetry at rest"),
}


@dataclass(frozen=True)
class TradePoint:
    """One candidate in the chart, picture units; ``across`` and ``along`` are 95 % intervals.

    ``id`` names every candidate that stands at nearly this place, and is empty on all but one;
    ``label`` is where that name begins.
    """

    id: str
    answer: Answer
    x: float
    y: float
    across: tuple[float, float]
    along: tuple[float, float]
    label: tuple[float, float]

    @property
    def leader(self) -> str:
        """Path from the ring to its name; empty where the name stands beside it."""
        left, top, right, bottom = _box(self.label, GLYPH * len(self.id))
        x, y = min(max(self.x, left), right), min(max(self.y, top), bottom)
        reach = math.hypot(x - self.x, y - self.y)
        if not self.id or reach < LINE:
            return ""
        part = RING / reach
        start = (self.x + part * (x - self.x), self.y + part * (y - self.y))
        return f"M{start[0]:.1f} {start[1]:.1f}L{x:.1f} {y:.1f}"


@dataclass(frozen=True)
class TradeChart:
    """Less synkinesis against what is lost; doing nothing stands at ``nothing``."""

    x_words: str
    points: tuple[TradePoint, ...]
    nothing: tuple[float, float]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    text: str


_COSTS = (Objective.VOLUNTARY_LOSS, Objective.CLOSURE_LOSS)


def trade_charts(rows: Sequence[Candidate]) -> tuple[TradeChart, ...]:
    """Draw every candidate of a plan: one chart for each kind of loss that something tells."""
    return tuple(chart for one in _COSTS if rows and (chart := _chart(rows, one)))


def _chart(rows: Sequence[Candidate], cost: Objective) -> TradeChart | None:
    """Put every candidate where its change of synkinesis and of what is lost is."""
    told = [(row.objective(Objective.SYNKINESIS), row.objective(cost)) for row in rows]
    known = [(gain, loss) for gain, loss in told if gain is not None and loss is not None]
    if len(known) < len(rows):
        return None
    gains, losses = ([pair[i] for pair in known] for i in (0, 1))
    low, high = around([0.0, *_ends(losses)])
    across = (low - NAMES_ROOM * (high - low), high)
    along = around([0.0, *_ends(gains)])
    axes = Axes(*across, *along)
    points = _named(
        [
            _trade_point(row, axes, gain, loss)
            for row, gain, loss in zip(rows, gains, losses, strict=True)
        ]
    )
    words = [
        f"{row.id}: {mm(gain.change_mm, signed=True)}, {mm(loss.change_mm, signed=True)}"
        for row, gain, loss in zip(rows, gains, losses, strict=True)
    ]
    text = translate("Simulated change of synkinesis, then: {cost}. {words}")
    name = translate(OBJECTIVE_NAMES[cost])
    return TradeChart(
        name,
        points,
        (axes.x(0.0), axes.y(0.0)),
        axes.x_marks(),
        axes.y_marks(),
        text.format(cost=name, words="; ".join(words)),
    )


def _ends(rows: Iterable[ObjectiveChange]) -> list[float]:
    return [value for row in rows for value in (row.change_mm, row.ci_low, row.ci_high)]


def _trade_point(
    row: Candidate, axes: Axes, gain: ObjectiveChange, loss: ObjectiveChange
) -> TradePoint:
    x, y = axes.x(loss.change_mm), axes.y(gain.change_mm)
    return TradePoint(
        id=row.id,
        answer=row.answer,
        x=x,
        y=y,
        across=(axes.x(loss.ci_low), axes.x(loss.ci_high)),
        along=(axes.y(gain.ci_low), axes.y(gain.ci_high)),
        label=(x, y),
    )


NAMES_ROOM = 0.07
"""Room for names to the left of doing nothing, as a part of the width."""
LINE, GLYPH, RING = 14.0, 7.4, 7.0
"""Height of a name, width of a letter, radius of a ring; picture units."""
TOGETHER = 9.0
"""Rings nearer than this carry one name."""
AWAY = (12.0, 22.0, 34.0, 48.0, 64.0, 82.0)
ROUND = tuple(math.radians(turn) for turn in (-35, 35, 0, 145, -145, 180, -90, 90, -60, 60))
"""Where a name is tried, nearest first: distances from its ring, and directions."""

Box = tuple[float, float, float, float]


def _named(points: list[TradePoint]) -> tuple[TradePoint, ...]:
    """Write one name for rings that stand together, where no ring and no other name is."""
    taken = [_ring(point) for point in points]
    found: list[TradePoint] = []
    for group in _together(points):
        name = _joined([point.id for point in group])
        label = _free_place(group[0], GLYPH * len(name), taken)
        taken.append(_box(label, GLYPH * len(name)))
        found.append(replace(group[0], id=name, label=label))
        found += [replace(other, id="") for other in group[1:]]
    return tuple(found)


def _together(points: list[TradePoint]) -> list[list[TradePoint]]:
    groups: list[list[TradePoint]] = []
    for point in points:
        near = (g for g in groups if math.hypot(g[0].x - point.x, g[0].y - point.y) < TOGETHER)
        group = next(near, None)
        if group is None:
            groups.append([point])
        else:
            group.append(point)
    return groups


def _free_place(point: TradePoint, width: float, taken: list[Box]) -> tuple[float, float]:
    """Return where a name begins: the nearest place that covers nothing, else the emptiest."""
    tried = [_label(point, away, turn, width) for away in AWAY for turn in ROUND]
    inside = [one for one in tried if _fits(one, width)] or tried
    return min(inside, key=lambda one: sum(_cover(_box(one, width), box) for box in taken))


def _label(point: TradePoint, away: float, turn: float, width: float) -> tuple[float, float]:
    x, y = point.x + away * math.cos(turn), point.y + away * math.sin(turn)
    start = x - width if math.cos(turn) < -0.1 else x - width / 2 * (abs(math.cos(turn)) <= 0.1)
    return start, y + LINE / 3


def _fits(label: tuple[float, float], width: float) -> bool:
    left, top, right, bottom = _box(label, width)
    return left >= PLOT.left and right <= PLOT.right and top >= PLOT.top and bottom <= PLOT.bottom


def _box(label: tuple[float, float], width: float) -> Box:
    return label[0], label[1] - LINE * 0.8, label[0] + width, label[1] + LINE * 0.2


def _ring(point: TradePoint) -> Box:
    return point.x - RING, point.y - RING, point.x + RING, point.y + RING


def _cover(a: Box, b: Box) -> float:
    across = min(a[2], b[2]) - max(a[0], b[0])
    along = min(a[3], b[3]) - max(a[1], b[1])
    return max(across, 0.0) * max(along, 0.0)


def _joined(ids: list[str]) -> str:
    """Join names like ``C1, C4-C6``: three or more in a row are written as a range."""
    runs: list[list[int]] = []
    for value in sorted(int(one[1:]) for one in ids):
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    parts = [
        f"C{run[0]}\N{EN DASH}C{run[-1]}" if len(run) > 2 else ", ".join(f"C{v}" for v in run)
        for run in runs
    ]
    return ", ".join(parts)
