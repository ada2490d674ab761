"""Landmark tracks: where the points of a face are in every frame, in pixels.

A track is what the later steps start from; it holds no picture. Points are picture coordinates
with x to the right and y down, the first pixel reaching from 0 to 1. Left and right are the
patient's: a mirrored recording is turned over here, once, and nowhere later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.landmarks.mirror import MIRROR_EXPRESSIONS, MIRROR_POINTS
from facewire.results.provenance import Source

FloatArray = NDArray[np.float32]

N_POINTS = 478
N_MESH = 468
N_EYE_POINTS = 76
N_EXPRESSIONS = 52

UNKNOWN_SOURCE = Source(name="")
"""Of points that came from no file."""

RIGHT, LEFT = 0, 1
"""Places of the two eyes in the arrays of eye points."""


def check_times(times_s: NDArray[np.float64]) -> None:
    """Refuse times that do not increase."""
    if len(times_s) > 1 and not bool(np.all(np.diff(times_s) > 0)):
        raise TrackError("The times of a landmark track do not increase")


class Track(Protocol):
    """What is measured of a track, wherever it lies: a `LandmarkTrack` or a `StoredTrack`."""

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Presentation times, increasing, shape (n_frames,)."""

    @property
    def found(self) -> NDArray[np.bool_]:
        """True where a face was found, shape (n_frames,)."""

    @property
    def eyes_px(self) -> FloatArray | None:
        """Points of the eye network, shape (n_frames, 2, 76, 2)."""

    @property
    def corrected_px(self) -> FloatArray | None:
        """Corrected mesh, shape (n_frames, 468, 2)."""

    @property
    def mismatch(self) -> FloatArray | None:
        """Brightness difference to the rest picture, shape (n_frames,)."""

    @property
    def source(self) -> Source:
        """What the track was made from."""

    def mesh_at(self, frames: Sequence[int] | NDArray[np.int_]) -> FloatArray:
        """Return the face network's points of some frames, shape (n_chosen, 478, 3)."""


@dataclass(frozen=True)
class LandmarkTrack:
    """The points of one face over a recording.

    Parameters
    ----------
    times_s : ndarray of float64, shape (n_frames,)
        Presentation times, increasing.
    points_px : ndarray, shape (n_frames, 478, 3)
        The face network's points; z as the network gives it. NaN where no face was found.
    presence : ndarray, shape (n_frames,)
        The network's own confidence that a face is there, 0 to 1; NaN where none was looked at.
    expressions : ndarray, shape (n_frames, 52)
        Expression scores of the bundle, 0 to 1.
    eyes_px : ndarray, shape (n_frames, 2, 76, 2), or None
        The eye network's points, the patient's right eye first, mean over its crops.
    eyes_spread_px : ndarray, shape (n_frames, 2), or None
        Standard deviation of the fissure's height between the crops.
    corrected_px : ndarray, shape (n_frames, 468, 2), or None
        The face network's points corrected by optical flow against the rest picture. NaN before
        the rest picture was taken.
    mismatch : ndarray, shape (n_frames,), or None
        Brightness difference between the warped picture and the rest picture, 0 to 255, mean.
    source : Source
        What the track was made from: file, hash, size, rates, networks, settings.
    """

    times_s: NDArray[np.float64]
    points_px: FloatArray
    presence: FloatArray
    expressions: FloatArray
    eyes_px: FloatArray | None
    eyes_spread_px: FloatArray | None
    corrected_px: FloatArray | None
    mismatch: FloatArray | None
    source: Source = UNKNOWN_SOURCE

    def __post_init__(self) -> None:
        n = len(self.times_s)
        wanted: dict[str, tuple[int, ...]] = {
            "points_px": (n, N_POINTS, 3),
            "presence": (n,),
            "expressions": (n, N_EXPRESSIONS),
            "eyes_px": (n, 2, N_EYE_POINTS, 2),
            "eyes_spread_px": (n, 2),
            "corrected_px": (n, N_MESH, 2),
            "mismatch": (n,),
        }
        wrong = []
        for name, shape in wanted.items():
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                wrong.append(f"{name} {array.shape} instead of {shape}")
        if wrong:
            raise TrackError("A landmark track has the wrong shape", found="; ".join(wrong))
        check_times(self.times_s)

    @property
    def is_plain(self) -> bool:
        """True when only the face network was run: enough to look at, too little to measure."""
        return self.eyes_px is None or self.corrected_px is None

    @property
    def found(self) -> NDArray[np.bool_]:
        """True where a face was found, shape (n_frames,)."""
        seen: NDArray[np.bool_] = np.isfinite(self.points_px[:, 0, 0])
        return seen

    def mesh_at(self, frames: Sequence[int] | NDArray[np.int_]) -> FloatArray:
        """Return the face network's points of some frames, shape (n_chosen, 478, 3)."""
        return self.points_px[np.asarray(frames, dtype=np.int_)]

    def mirrored(self, width_px: float) -> LandmarkTrack:
        """Return the track of the left-right mirrored picture of the given width, pixels.

        The eye network numbers its points from the outer corner inwards on both sides, so its
        two eyes only change place.
        """

        def flip(points: FloatArray) -> FloatArray:
            turned = points.copy()
            turned[..., 0] = np.float32(width_px) - turned[..., 0]
            return turned

        eyes, spread, corrected = self.eyes_px, self.eyes_spread_px, self.corrected_px
        return replace(
            self,
            points_px=flip(self.points_px[:, MIRROR_POINTS]),
            expressions=self.expressions[:, MIRROR_EXPRESSIONS],
            eyes_px=None if eyes is None else flip(eyes[:, ::-1]),
            eyes_spread_px=None if spread is None else spread[:, ::-1],
            corrected_px=None if corrected is None else flip(corrected[:, MIRROR_POINTS[:N_MESH]]),
        )
