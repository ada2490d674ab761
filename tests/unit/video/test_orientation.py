from __future__ import annotations

import numpy as np
import pytest

from facewire.video.media import Orientation

ONE = 1 << 16
# a, b, c, d of ISO/IEC 14496-12 for each way a camera can be held, and what a viewer shows of
# the two rows "1 2 3" and "4 5 6", turned on paper.
CASES = {
    (1, 0, 0, 1): [[1, 2, 3], [4, 5, 6]],
    (0, 1, -1, 0): [[4, 1], [5, 2], [6, 3]],
    (-1, 0, 0, -1): [[6, 5, 4], [3, 2, 1]],
    (0, -1, 1, 0): [[3, 6], [2, 5], [1, 4]],
    (-1, 0, 0, 1): [[3, 2, 1], [6, 5, 4]],
    (1, 0, 0, -1): [[4, 5, 6], [1, 2, 3]],
    (0, 1, 1, 0): [[1, 4], [2, 5], [3, 6]],
    (0, -1, -1, 0): [[6, 3], [5, 2], [4, 1]],
}


def matrix(a: int, b: int, c: int, d: int) -> list[int]:
    return [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30]


@pytest.mark.parametrize(("numbers", "shown"), CASES.items())
def test_matrix_turns_the_picture_as_a_viewer_would(
    numbers: tuple[int, int, int, int], shown: list[list[int]]
) -> None:
    turn = Orientation.from_matrix(matrix(*numbers))
    out = np.zeros(np.shape(shown), np.uint8)
    turn.write(np.array([[1, 2, 3], [4, 5, 6]], np.uint8), out)
    assert out.tolist() == shown
    assert turn.swaps_sides == (len(shown) == 3)


def test_matrix_of_zeros_turns_nothing() -> None:
    assert Orientation.from_matrix([0] * 9) == Orientation()


def test_phone_held_upright_is_a_quarter_turn_clockwise() -> None:
    assert Orientation.from_matrix(matrix(0, 1, -1, 0)) == Orientation(90)


def test_mirrored_matrix_is_told() -> None:
    assert Orientation.from_matrix(matrix(-1, 0, 0, 1)) == Orientation(0, flipped=True)
