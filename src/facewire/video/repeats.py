"""Pictures that were shown before: a loop, or a recording that was joined from copies.

Where a stretch comes again, forwards or backwards, its movements are no second evidence. Two
signs: no two pictures of a camera are the same to the bit; and nobody moves for a second, head and
all, exactly as before, which is still seen after the copies were encoded anew.
"""

from __future__ import annotations

import zlib
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.video.frames import Frame

SHORTEST_S = 0.5
EVERY_ROW = 4
"""So many rows lie between those that are compared: noise differs in every one."""

SMALL_PX = 12
SMALL_EVERY_S = 0.03
"""A picture of so many pixels is kept so often: noise and coding hardly reach it."""
STEPS, STEP_S = 8, 0.125
"""What is compared is the course of a second."""
LOOK_EVERY_S = 0.5
LEAST_MOVED = 0.25
"""Root mean square of what changes within the second, grey levels: less is a still picture."""
ALIKE, APART = 0.97, 0.5
"""Least correlation of what changes, and largest difference of the means in parts of what changes:
who drifts on moves alike from second to second, but elsewhere. On seven recordings of real people
the most alike seconds reached 0.86; loops of them with new noise, coded anew, 0.993 to 1."""
_STRETCH = 1024

Float32 = NDArray[np.float32]
FloatArray = NDArray[np.float64]


class Repeats:
    """How much of a recording was shown before; grows as its pictures come.

    A picture that stands still (a stall, doubled pictures) counts once.
    """

    def __init__(self) -> None:
        self._marks: list[int] = []
        self._times_s: list[float] = []
        self._small: list[NDArray[np.float16]] = []
        self._small_s: list[float] = []

    def add(self, frame: Frame) -> None:
        """Take the next picture."""
        rows = np.ascontiguousarray(frame.y[::EVERY_ROW])
        mark = zlib.crc32(rows.tobytes())
        if not self._marks or mark != self._marks[-1]:
            self._marks.append(mark)
            self._times_s.append(frame.time_s)
        if not self._small_s or frame.time_s >= self._small_s[-1] + SMALL_EVERY_S:
            exact = rows.astype(np.float32)
            small = cv2.resize(exact, (SMALL_PX, SMALL_PX), interpolation=cv2.INTER_AREA)
            self._small.append(small.ravel().astype(np.float16))
            self._small_s.append(frame.time_s)

    @property
    def seconds(self) -> float:
        """Length of all stretches that were shown before.

        Half a second or more of the same pictures, or a second or more of the same course.
        """
        return max(self._same_s(), self._alike_s())

    def _same_s(self) -> float:
        first: dict[int, int] = {}
        places = [first.setdefault(mark, i) for i, mark in enumerate(self._marks)]
        total_s = run_s = 0.0
        for i, (before, place) in enumerate(pairwise(places), start=1):
            again = place < i and before < i - 1 and abs(place - before) == 1
            if again:
                run_s += self._times_s[i] - self._times_s[i - 1]
            if not again or i == len(places) - 1:
                total_s += run_s if run_s >= SHORTEST_S else 0.0
                run_s = 0.0
        return total_s

    def _alike_s(self) -> float:
        times_s = np.array(self._small_s)
        length_s = STEPS * STEP_S
        if not len(times_s) or times_s[-1] - times_s[0] < 2 * length_s:
            return 0.0
        pictures = np.array(self._small, dtype=np.float32)
        begins_s = np.arange(times_s[0], times_s[-1] - length_s + STEP_S, LOOK_EVERY_S)
        moved, level = _courses(times_s, pictures, begins_s)
        alike = np.zeros(len(begins_s), dtype=bool)
        earlier_s = times_s[times_s <= times_s[-1] - length_s + STEP_S]
        for start in range(0, len(earlier_s), _STRETCH):
            these_s = earlier_s[start : start + _STRETCH]
            moved_then, level_then = _courses(times_s, pictures, these_s)
            before = these_s[None] <= begins_s[:, None] - length_s
            for then in (moved_then, moved_then[:, ::-1]):
                alike |= (_are_alike(moved, then, level, level_then) & before).any(axis=1)
        covered = np.zeros(len(times_s), dtype=bool)
        for begin_s in begins_s[alike]:
            covered |= (times_s >= begin_s) & (times_s <= begin_s + length_s)
        return float(np.diff(times_s)[covered[1:]].sum())


def _courses(
    times_s: FloatArray, pictures: Float32, begins_s: FloatArray
) -> tuple[Float32, Float32]:
    """Return what changes in the second from each time on, and its mean picture.

    Shapes (n, STEPS, pixels) and (n, pixels); between two pictures the course is straight.
    """
    wanted_s = begins_s[:, None] + STEP_S * np.arange(STEPS)
    after = np.clip(np.searchsorted(times_s, wanted_s), 1, len(times_s) - 1)
    span_s = times_s[after] - times_s[after - 1]
    share = np.clip((wanted_s - times_s[after - 1]) / span_s, 0, 1).astype(np.float32)[..., None]
    course = (1 - share) * pictures[after - 1] + share * pictures[after]
    level = course.mean(axis=1)
    return course - level[:, None], level


def _are_alike(
    moved: Float32, then: Float32, level: Float32, level_then: Float32
) -> NDArray[np.bool_]:
    """Tell which seconds run as which others did, shape (n, n_then)."""
    now, past = moved.reshape(len(moved), -1), then.reshape(len(then), -1)
    size, size_then = (np.linalg.norm(a, axis=1) for a in (now, past))
    least = LEAST_MOVED * np.sqrt(now.shape[1])
    moves = (size >= least)[:, None] & (size_then >= least)
    same = now @ past.T >= ALIKE * size[:, None] * size_then
    squared = (
        (level**2).sum(axis=1)[:, None] + (level_then**2).sum(axis=1) - 2 * level @ level_then.T
    )
    near = squared * STEPS <= (APART * size[:, None]) ** 2
    return np.asarray(moves & same & near)
