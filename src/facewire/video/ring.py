"""A fixed ring of picture slots in memory that two processes share.

The memory has no name in any folder: it is reached by an inherited descriptor only, so nothing is
left behind however the processes end, and the pictures live as long as somebody looks at them.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from dataclasses import dataclass

import numpy as np

from facewire.errors import VideoError
from facewire.video.frames import Plane

Planes = tuple[Plane, Plane, Plane]


@dataclass(frozen=True)
class Ring:
    """Where the planes of each slot lie.

    Parameters
    ----------
    width_px, height_px : int
        Size of the picture.
    slots : int
        Number of pictures held at once.
    """

    width_px: int
    height_px: int
    slots: int

    def __post_init__(self) -> None:
        if min(self.width_px, self.height_px, self.slots) < 1:
            raise VideoError(
                "There is no room for the pictures of the video",
                expected="a width, a height and slots above 0",
                found=f"{self.width_px} x {self.height_px} pixels, {self.slots} slots",
            )

    @property
    def plane_shapes(self) -> tuple[tuple[int, int], ...]:
        """(height, width) of the Y, U and V planes."""
        color = ((self.height_px + 1) // 2, (self.width_px + 1) // 2)
        return ((self.height_px, self.width_px), color, color)

    @property
    def slot_bytes(self) -> int:
        """Bytes of one picture."""
        return sum(height * width for height, width in self.plane_shapes)

    def planes(self, memory: mmap.mmap, number: int) -> Planes:
        """Return views of the planes of picture ``number``, which lies in slot number % slots."""
        start = number % self.slots * self.slot_bytes
        views: list[Plane] = []
        for height, width in self.plane_shapes:
            flat = np.frombuffer(memory, np.uint8, height * width, start)
            views.append(flat.reshape(height, width))
            start += height * width
        return views[0], views[1], views[2]

    def map_for_writing(self, descriptor: int) -> mmap.mmap:
        """Give the memory its size and map it; called once, by the process that decodes."""
        os.ftruncate(descriptor, self.slots * self.slot_bytes)
        return mmap.mmap(descriptor, self.slots * self.slot_bytes)

    def map_for_reading(self, descriptor: int) -> mmap.mmap:
        """Map the memory read-only; it is freed when the last view of it is gone."""
        return mmap.mmap(descriptor, self.slots * self.slot_bytes, access=mmap.ACCESS_READ)


def create_memory() -> int:
    """Return the descriptor of empty memory without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("facewire-frames")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
