"""Stretches that were shown before are counted; noise, stalls and doubled pictures are none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewire.video import Frame
from facewire.video.repeats import Repeats

RATE_HZ = 25
COLOUR = np.zeros((4, 4), np.uint8)


def repeated_s(numbers: Sequence[int], *, noise: bool = False) -> float:
    """Pictures by their number, 25 a second; with noise, no two are the same."""
    repeats = Repeats()
    for i, number in enumerate(numbers):
        y = np.random.default_rng(number).integers(0, 255, (8, 8)).astype(np.uint8)
        if noise:
            y[4, 3] = i % 251
        repeats.add(Frame(i, i / RATE_HZ, y, COLOUR, COLOUR, full_range=False))
    return repeats.seconds


ONCE = list(range(50))


@pytest.mark.parametrize(
    ("numbers", "seconds"),
    [
        (ONCE, 0.0),
        (ONCE * 2, 2.0),
        (ONCE * 3, 4.0),
        (ONCE + ONCE[::-1], 2.0),
        (ONCE + list(range(50, 80)) + ONCE[10:30], 0.8),
        (ONCE + ONCE[:10], 0.0),
        ([7] * 100 + ONCE[8:], 0.0),
        ([n for n in ONCE for _ in range(2)], 0.0),
        ([n for n in ONCE * 2 for _ in range(2)], 4.0),
    ],
    ids=["once", "twice", "thrice", "back", "later", "short", "still", "doubled", "doubled twice"],
)
def test_what_was_shown_before_is_counted(numbers: list[int], seconds: float) -> None:
    """To two pictures for each time that it begins."""
    assert repeated_s(numbers) == pytest.approx(seconds, abs=0.17)
    assert (repeated_s(numbers) > 0) is (seconds > 0)


@given(st.lists(st.integers(0, 20), max_size=80))
def test_with_new_noise_nothing_was_shown_before(numbers: list[int]) -> None:
    """As where frames of one film are put in another order and filmed again."""
    assert repeated_s(numbers, noise=True) == 0.0
