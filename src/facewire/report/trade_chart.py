"""The trades of a plan as charts: less synkinesis against what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from facewire.report.numbers import plain
from facewire.report.plots import BOTTOM, LEFT, RIGHT, TOP, Axes, Mark, around
from facewire.report.texts import mark, translate

Document = Mapping[str, Any]

OBJECTIVE_NAMES = {
    "synkinesis": mark("Synkinesis"),
    "voluntary_loss": mark("Voluntary movement lost"),
    "smile_asymmetry": mark("Asymmetry of the smile"),
    "closure_loss": mark("Closure of the eye lost"),
}


@dataclass(frozen=True)
class TradePoint:
    """One candidate in the chart, picture units; ``across`` and ``along`` are 95 % intervals.

    ``id`` names every candidate that stands at nearly this place, and is empty on all but one.
    """

    id: str
    answer: str
    x: float
    y: float
    across: tuple[float, float]
    along: tuple[float, float]
    label: tuple[float, float]


@dataclass(frozen=True)
class TradeChart:
    """Less synkinesis against what is lost; doing nothing stands at ``nothing``."""

    x_words: str
    points: tuple[TradePoint, ...]
    nothing: tuple[float, float]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    text: str


def _by_objective(row: Document) -> dict[str, Document]:
    return {one["objective"]: one for one in row["predicted"]}


_COSTS = ("voluntary_loss", "closure_loss")


def trade_charts(rows: list[Document]) -> tuple[TradeChart, ...]:
    """Draw every candidate of a plan: one chart for each kind of loss, none without candidates."""
    return tuple(_chart(rows, one) for one in _COSTS if rows)


def _chart(rows: list[Document], cost: str) -> TradeChart:
    """Put every candidate where its change of synkinesis and of what is lost is."""
    gains = [_by_objective(row)["synkinesis"] for row in rows]
    losses = [_by_objective(row)[cost] for row in rows]
    across = around([0.0, *_ends(losses)])
    along = around([0.0, *_ends(gains)])
    axes = Axes(*across, *along)
    points = _named_once(
        [
            _trade_point(row, axes, gain, loss)
            for row, gain, loss in zip(rows, gains, losses, strict=True)
        ]
    )
    words = [
        f"{row['id']}: {_signed(gain)}, {_signed(loss)}"
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


def _signed(row: Document) -> str:
    return f"{plain(row['change_mm'], signed=True)} mm"


def _ends(rows: Iterable[Document]) -> list[float]:
    return [row[name] for row in rows for name in ("change_mm", "ci_low", "ci_high")]


def _trade_point(row: Document, axes: Axes, gain: Document, loss: Document) -> TradePoint:
    x, y = axes.x(loss["change_mm"]), axes.y(gain["change_mm"])
    return TradePoint(
        id=row["id"],
        answer=row["answer"],
        x=x,
        y=y,
        across=(axes.x(loss["ci_low"]), axes.x(loss["ci_high"])),
        along=(axes.y(gain["ci_low"]), axes.y(gain["ci_high"])),
        label=(min(max(x + 9, LEFT), RIGHT - 40), min(max(y - 9, TOP + 8), BOTTOM - 4)),
    )


LINE, GLYPH = 14.0, 7.6
"""Height of a name and width of a letter, picture units."""

Group = list[TradePoint]


def _named_once(points: list[TradePoint]) -> tuple[TradePoint, ...]:
    """Write names that would stand over one another as one, at the first of their candidates."""
    groups: list[Group] = [[point] for point in points]
    while (pair := _overlapping(groups)) is not None:
        first, second = pair
        groups[first] += groups.pop(second)
    return tuple(
        replace(one, id=_joined([p.id for p in group]) if one is group[0] else "")
        for group in groups
        for one in group
    )


def _overlapping(groups: list[Group]) -> tuple[int, int] | None:
    for second in range(len(groups)):
        for first in range(second):
            if _touch(groups[first], groups[second]):
                return first, second
    return None


def _touch(a: Group, b: Group) -> bool:
    (ax, ay), (bx, by) = a[0].label, b[0].label
    left, right = (a, b) if ax <= bx else (b, a)
    reach = GLYPH * len(_joined([point.id for point in left]))
    return abs(ay - by) < LINE and right[0].label[0] - left[0].label[0] < reach


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
