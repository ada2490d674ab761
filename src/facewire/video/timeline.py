"""From a file's time stamps to seconds since its first frame.

The rule, so that no time is invented:

- a frame's time is its presentation stamp; a variable rate stays variable;
- a file without presentation stamps (old AVI) is read by its decoding stamps, and one without any
  stamps by its announced rate, evenly; without that either it is refused;
- frames without a stamp before the first that has one, in a file that has stamps, come before a
  player's zero, as where a cut left half a group of pictures: they are left out and counted;
- a frame without a stamp among frames that have one, or with a stamp that is not later than the
  frame's before it, is left out and counted; ten of them in a row and the file is refused.
"""

from __future__ import annotations

from fractions import Fraction

from facewire.errors import VideoError

MAX_LEFT_OUT_IN_A_ROW = 10


class Timeline:
    """Places frames in time, one after the other.

    Parameters
    ----------
    time_base : Fraction
        Seconds per unit of the stamps.
    rate_hz : float
        Announced frame rate; NaN when unknown.
    stamped : bool
        Whether the file announces a stamp for its first frame.
    """

    def __init__(self, time_base: Fraction, rate_hz: float, *, stamped: bool = False) -> None:
        self._unit_s, self._stamped = time_base, stamped
        self._rate_hz = rate_hz
        self._source = ""
        self._seen = 0
        self._first = 0
        self._left_out_in_a_row = 0
        self.last_s = -1.0
        self.left_out = 0

    def place(self, pts: int | None, dts: int | None) -> float | None:
        """Return a frame's time in seconds; None when the frame is to be left out.

        Raises
        ------
        VideoError
            The stamps cannot be used.
        """
        if not self._seen:
            if self._stamped and pts is None and dts is None:
                self.left_out += 1
                return None
            self._choose_source(pts, dts)
        time_s = self._time_of(pts, dts)
        self._seen += 1
        if time_s is None or time_s <= self.last_s:
            self._leave_out()
            return None
        self._left_out_in_a_row = 0
        self.last_s = time_s
        return time_s

    def _choose_source(self, pts: int | None, dts: int | None) -> None:
        if pts is not None:
            self._source, self._first = "pts", pts
        elif dts is not None:
            self._source, self._first = "dts", dts
        elif not self._rate_hz > 0:
            raise VideoError(
                "The video has no time stamps and announces no frame rate",
                expected="a time for every frame",
                do="export it again as mp4",
            )

    def _time_of(self, pts: int | None, dts: int | None) -> float | None:
        if not self._source:
            return self._seen / self._rate_hz
        stamp = pts if self._source == "pts" else dts
        return None if stamp is None else float((stamp - self._first) * self._unit_s)

    def _leave_out(self) -> None:
        self.left_out += 1
        self._left_out_in_a_row += 1
        if self._left_out_in_a_row >= MAX_LEFT_OUT_IN_A_ROW:
            raise VideoError(
                "The time stamps of the video cannot be used",
                expected="stamps that grow from frame to frame",
                found=f"{MAX_LEFT_OUT_IN_A_ROW} frames in a row without a later stamp, "
                f"after {max(self.last_s, 0.0):.2f} s",
                do="export it again as mp4, or cut it into its parts",
            )
