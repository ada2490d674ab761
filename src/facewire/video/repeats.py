"""Pictures that were shown before: a loop, or a recording that was joined from copies.

No two pictures of a camera are the same to the bit. Where a stretch of them comes again, forwards
or backwards, its movements are no second evidence.
"""

from __future__ import annotations

import zlib
from itertools import pairwise

from facewire.video.frames import Frame

SHORTEST_S = 0.5
EVERY_ROW = 4
"""So many rows lie between those that are compared: noise differs in every one."""


class Repeats:
    """How much of a recording was shown before; grows as its pictures come.

    A picture that stands still (a stall, doubled pictures) counts once.
    """

    def __init__(self) -> None:
        self._marks: list[int] = []
        self._times_s: list[float] = []

    def add(self, frame: Frame) -> None:
        """Take the next picture."""
        mark = zlib.crc32(frame.y[::EVERY_ROW].tobytes())
        if not self._marks or mark != self._marks[-1]:
            self._marks.append(mark)
            self._times_s.append(frame.time_s)

    @property
    def seconds(self) -> float:
        """Length of all stretches of half a second or more that were shown before."""
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
