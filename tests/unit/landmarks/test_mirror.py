from __future__ import annotations

import numpy as np
import pytest

from facewire.landmarks.mirror import MIRROR_EXPRESSIONS, MIRROR_POINTS


@pytest.mark.parametrize(("order", "n"), [(MIRROR_POINTS, 478), (MIRROR_EXPRESSIONS, 52)])
def test_twice_is_nothing(order: np.ndarray, n: int) -> None:
    assert sorted(order) == list(range(n))
    assert (order[order] == np.arange(n)).all()


@pytest.mark.parametrize(
    ("right", "left"),
    # Published numbers of the mesh: outer and inner corners of the eyes, mouth corners, alae,
    # upper and lower lids, irises.
    [(33, 263), (133, 362), (61, 291), (129, 358), (159, 386), (145, 374), (468, 473)],
)
def test_named_pairs(right: int, left: int) -> None:
    assert MIRROR_POINTS[right] == left


@pytest.mark.parametrize("midline", [1, 4, 10, 13, 14, 152, 168])
def test_points_of_the_midline_stay(midline: int) -> None:
    assert MIRROR_POINTS[midline] == midline


def test_expressions_left_and_right() -> None:
    """Order of the bundle: 9 and 10 eyeBlink, 44 and 45 mouthSmile, 0 neutral, 25 jawOpen."""
    assert (MIRROR_EXPRESSIONS[9], MIRROR_EXPRESSIONS[44]) == (10, 45)
    assert (MIRROR_EXPRESSIONS[0], MIRROR_EXPRESSIONS[25]) == (0, 25)
