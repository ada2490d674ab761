from __future__ import annotations

from itertools import combinations

import pytest

from facewire.figures.axes import PLOT
from facewire.report.trade_chart import GLYPH, LINE, TradePoint, trade_charts
from facewire.results.plan import Candidate, Objective, ObjectiveChange


def candidate(number: int, gain: float, loss: float) -> Candidate:
    """A candidate with what the chart reads of it."""
    sizes = {
        Objective.SYNKINESIS: gain,
        Objective.VOLUNTARY_LOSS: loss,
        Objective.CLOSURE_LOSS: loss,
    }
    predicted = tuple(
        ObjectiveChange.model_construct(
            objective=name, change_mm=value, ci_low=value - 0.5, ci_high=value + 0.5
        )
        for name, value in sizes.items()
    )
    return Candidate.model_construct(id=f"C{number}", answer="not_cleared", predicted=predicted)


def box(point: TradePoint) -> tuple[float, float, float, float]:
    x, y = point.label
    return x, y - 0.8 * LINE, x + GLYPH * len(point.id), y + 0.2 * LINE


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


# two columns of four and two far away, as a plan of a mild synkinesis has them
CROWDED = [
    candidate(i + 1, gain, loss)
    for i, (gain, loss) in enumerate(
        [(-1.9 - 0.4 * row, loss) for row in range(4) for loss in (0.02, 0.16)]
        + [(-1.9, 0.85), (-1.9, 1.4)]
    )
]


def test_names_cover_neither_rings_nor_one_another() -> None:
    points = trade_charts(CROWDED)[0].points
    boxes = [box(point) for point in points if point.id]
    assert not any(overlap(a, b) for a, b in combinations(boxes, 2))
    for left, top, right, bottom in boxes:
        assert left >= PLOT.left
        assert right <= PLOT.right
        assert top >= PLOT.top
        assert bottom <= PLOT.bottom
        covered = [p for p in points if left < p.x < right and top < p.y < bottom]
        assert covered == []


def test_rings_that_stand_together_share_a_name() -> None:
    points = trade_charts([candidate(i, -1.0, 0.1) for i in (1, 2, 3, 5)])[0].points
    assert [p.id for p in points if p.id] == ["C1\N{EN DASH}C3, C5"]


def test_a_name_far_from_its_ring_has_a_line_to_it() -> None:
    points = trade_charts(CROWDED)[0].points
    for point in points:
        away = abs(point.label[0] - point.x) + abs(point.label[1] - point.y)
        if point.id and away > 60:
            assert point.leader.startswith("M")
    assert all(not p.leader for p in points if not p.id)


@pytest.mark.parametrize("rows", [[], CROWDED[:1]])
def test_a_chart_for_each_loss_and_none_without_candidates(rows: list[Candidate]) -> None:
    assert len(trade_charts(rows)) == (2 if rows else 0)
