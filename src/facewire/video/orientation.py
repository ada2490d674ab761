"""How a file says its picture is to be turned, and the turning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facewire.video.frames import Plane


@dataclass(frozen=True)
class Orientation:
    """A left-right flip, then a clockwise turn; multiples of 90 degrees can be applied."""

    rotation_deg: int = 0
    flipped: bool = False

    @classmethod
    def from_matrix(cls, matrix: Sequence[int]) -> Orientation:
        """Read a display matrix: nine numbers, row by row (ISO/IEC 14496-12, 6.2.2).

        The picture's point (x, y), y down, is shown at (a x + c y, b x + d y), where a, b are the
        first two numbers and c, d the fourth and fifth. A matrix of zeros turns nothing.
        """
        a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
        flipped = a * d - b * c < 0
        if flipped:
            a, b = -a, -b
        return cls(round(math.degrees(math.atan2(b, a))) % 360, flipped)

    @property
    def swaps_sides(self) -> bool:
        """True when width and height change places."""
        return self.rotation_deg in (90, 270)

    def write(self, plane: Plane, out: Plane) -> None:
        """Write the upright plane into ``out``, which has the upright shape."""
        if self == Orientation():
            np.copyto(out, plane)
            return
        # Loaded for turned recordings alone: it would double the start of the others.
        import cv2

        if self.flipped:
            plane = cv2.flip(plane, 1)
        turns = {
            90: cv2.ROTATE_90_CLOCKWISE,
            180: cv2.ROTATE_180,
            270: cv2.ROTATE_90_COUNTERCLOCKWISE,
        }
        if self.rotation_deg == 0:
            np.copyto(out, plane)
        else:
            cv2.rotate(plane, turns[self.rotation_deg], dst=out)
