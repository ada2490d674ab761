from __future__ import annotations

import numpy as np
import pytest

from facewire.landmarks.points import MIRROR_POINTS


def test_twice_is_nothing() -> None:
    assert sorted(MIRROR_POINTS) == list(range(478))
    assert (MIRROR_POINTS[MIRROR_POINTS] == np.arange(478)).all()


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
