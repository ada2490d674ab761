"""What a change is worth: its variance, part by part, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import MOVEMENTS, Movement, Region, Side
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.wiring.action import PersonAction
from facewire.wiring.likelihood import FLOOR_MM, OTHER_SIDE_SHARE, changes_of
from facewire.wiring.observe import Observations

RAISE = list(MOVEMENTS).index(Movement.BROW_RAISE)
BROW = SIDE_CHANNEL_INDEX[Region.BROW, "height"]


def nobody(scale: float = 1.0) -> PersonAction:
    """A person of whom no muscle explains anything."""
    return PersonAction(
        scale,
        np.zeros((1, 8, 14)),
        np.zeros((1, 14, 10)),
        np.zeros((1, 10, 14, 14)),
        np.zeros((1, 10, 14)),
    )


@pytest.mark.parametrize(("here_mm", "ratio"), [(4.0, 0.5), (8.0, 1.0), (-1.0, 0.0)])
def test_what_is_taken_from_the_other_side_is_not_surer_than_a_part_of_itself(
    here_mm: float, ratio: float
) -> None:
    """The other brow goes 8 mm that no muscle explains: this one's way holds its share of them."""
    total, sd = np.zeros((2, 8, 10)), np.full((2, 8, 10), 0.3)
    total[0, RAISE, BROW], total[1, RAISE, BROW] = here_mm, 8.0
    rest = np.zeros((2, 10))
    seen = Observations(Side.LEFT, total, sd, total, sd, rest, rest, rest, rest)
    found, _ = changes_of(seen, nobody(), 0)
    carried = ratio * 8.0
    assert found.value[0, RAISE, BROW] == pytest.approx(here_mm - carried)
    own = FLOOR_MM**2 + (0.12 * (here_mm - carried)) ** 2
    assert found.misfit[0, RAISE, BROW] == pytest.approx(own + (OTHER_SIDE_SHARE * carried) ** 2)
    assert found.measured[0, RAISE, BROW] == pytest.approx(0.3**2 + (ratio * 0.3 / 2) ** 2)
