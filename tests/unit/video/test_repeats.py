"""Stretches that were shown before are counted, coded anew too; noise, stalls, doubles are none."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

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
def test_pictures_without_a_course_that_comes_again_were_not_shown_before(
    numbers: list[int],
) -> None:
    """As where single frames of one film are put in another order and filmed again."""
    assert repeated_s(numbers, noise=True) == 0.0


LONG = 5 * RATE_HZ
SIDE_PX = 160


def film(seed: int) -> list[NDArray[np.uint8]]:
    """Five seconds of a head that sways, with the same smile twice."""
    rng = np.random.default_rng(seed)
    face = cv2.GaussianBlur(rng.uniform(0, 255, (SIDE_PX, SIDE_PX)), (0, 0), 8)
    face = (face - face.mean()) * 40 / face.std() + 120
    sway = gaussian_filter1d(np.cumsum(rng.normal(0, 0.6, (LONG, 2)), axis=0), 5, axis=0)
    smile = np.clip(np.sin(np.arange(LONG) / RATE_HZ * 2 * np.pi / 2.5), 0, 1)
    shown = []
    for (x, y), up in zip(sway, smile, strict=True):
        mouth = face.copy()
        mouth[100:130, 50:110] += 30 * up
        moved = cv2.warpAffine(
            mouth, np.array([[1, 0, x], [0, 1, y]]), (SIDE_PX, SIDE_PX), borderMode=1
        )
        shown.append(np.clip(moved, 0, 255).astype(np.uint8))
    return shown


def coded_anew(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """New noise, and a coarse coding of it."""
    noisy = np.clip(picture + rng.normal(0, 1, picture.shape), 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 50])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def shown_again_s(pictures: list[NDArray[np.uint8]], times_s: list[float] | None = None) -> float:
    rng, repeats = np.random.default_rng(5), Repeats()
    for i, picture in enumerate(pictures):
        y, time_s = coded_anew(picture, rng), times_s[i] if times_s else i / RATE_HZ
        repeats.add(Frame(i, time_s, y, COLOUR, COLOUR, full_range=False))
    return repeats.seconds


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(st.integers(0, 50), st.integers(0, LONG // 2), st.integers(2 * RATE_HZ, 3 * RATE_HZ))
@pytest.mark.parametrize("way", [1, -1], ids=["forwards", "backwards"])
def test_any_stretch_of_two_seconds_is_known_again(way: int, seed: int, at: int, n: int) -> None:
    """To a second at either end; between, something else is shown."""
    once = film(seed)
    found_s = shown_again_s(once + film(seed + 1000)[: RATE_HZ // 2] + once[at : at + n][::way])
    assert n / RATE_HZ - 1.1 <= found_s <= n / RATE_HZ + 0.6


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(st.integers(0, 200))
def test_the_same_smile_on_a_head_that_sways_is_no_copy(seed: int) -> None:
    assert shown_again_s(film(seed)) == 0.0


@pytest.mark.slow
def test_a_loop_at_another_rate_is_known() -> None:
    """Every third picture is left out of the second round."""
    once = film(3)
    again = [i for i in range(LONG) if i % 3]
    times_s = [i / RATE_HZ for i in [*range(LONG), *(LONG + i for i in again)]]
    found_s = shown_again_s(once + [once[i] for i in again], times_s)
    assert found_s == pytest.approx(LONG / RATE_HZ, abs=1.1)
