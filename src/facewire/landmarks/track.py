"""Landmark tracks: where the points of a face are in every frame, in pixels.

A track is what the later steps start from; it holds no picture. Points are picture coordinates
with x to the right and y down, the first pixel reaching from 0 to 1. Left and right are the
patient's: a mirrored recording is turned over here, once, and nowhere later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.landmarks.flow import PLACES
from facewire.landmarks.points import MIRROR_POINTS, N_EYE_POINTS, N_MESH, N_POINTS
from facewire.landmarks.seen import PARTS
from facewire.results.provenance import Source

FloatArray = NDArray[np.float32]

UNKNOWN_SOURCE = Source(name="")
"""Of points that came from no file."""


def mirrored_mesh(points_px: FloatArray, width_px: float) -> FloatArray:
    """Return the mesh of the left-right mirrored picture.

    Parameters
    ----------
    points_px : ndarray, shape (n_frames, 478 or 468, 2 or 3)
        Points of the face network, or the corrected ones.
    width_px : float
        Width of the picture.
    """
    return mirrored_x(points_px[:, MIRROR_POINTS[: points_px.shape[1]]], width_px)


def mirrored_x(points_px: FloatArray, width_px: float) -> FloatArray:
    """Return points where they lie in the mirrored picture; their order stays."""
    turned = points_px.copy()
    turned[..., 0] = np.float32(width_px) - turned[..., 0]
    return turned


def check_times(what: str, times_s: NDArray[np.float64]) -> None:
    """Refuse times that are no times or do not increase; ``what`` names whose."""
    if not bool(np.isfinite(times_s).all() and np.all(np.diff(times_s) > 0)):
        raise TrackError(f"The times of {what} do not increase")


def check_shapes(what: str, owner: object, wanted: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse arrays of wrong shapes; what is None is not looked at.

    Parameters
    ----------
    what : str
        What they are parts of, for the message.
    owner : object
        Holds them by name.
    wanted : mapping of str to tuple of int
        Their shapes.

    Raises
    ------
    TrackError
        It names every wrong one.
    """
    wrong = []
    for name, shape in wanted.items():
        array = getattr(owner, name)
        if array is not None and array.shape != shape:
            wrong.append(f"{name} {array.shape} instead of {shape}")
    if wrong:
        raise TrackError(f"The arrays of {what} have the wrong shape", found="; ".join(wrong))


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
        """Points of both eyes, shape (n_frames, 2, 76, 2)."""

    @property
    def eyes_spread_px(self) -> FloatArray | None:
        """Standard deviation of each fissure's height, shape (n_frames, 2)."""

    @property
    def corrected_px(self) -> FloatArray | None:
        """Corrected mesh, shape (n_frames, 468, 2)."""

    @property
    def mismatch(self) -> FloatArray | None:
        """Brightness difference to the rest picture, shape (n_frames,)."""

    @property
    def seen(self) -> FloatArray | None:
        """How much each part looks like itself, shape (n_frames, 2, 3); None: unknown."""

    @property
    def match(self) -> FloatArray | None:
        """How well places match the rest picture, shape (n_frames, 2, 6); None: unknown."""

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
    eyes_px : ndarray, shape (n_frames, 2, 76, 2), or None
        The eye network's points, the patient's right eye first, with the lids' edges where the lid
        network found them.
    eyes_spread_px : ndarray, shape (n_frames, 2), or None
        Standard deviation of the fissure's height as the lid network's own doubt gives it.
    corrected_px : ndarray, shape (n_frames, 468, 2), or None
        The face network's points corrected by optical flow against the rest picture. NaN before
        the rest picture was taken.
    mismatch : ndarray, shape (n_frames,), or None
        Brightness difference between the warped picture and the rest picture, 0 to 255, mean.
    seen : ndarray, shape (n_frames, 2, 3), or None
        How much each of `PARTS` looks like itself, as a logit; the patient's right side first. None
        where it is not known.
    match : ndarray, shape (n_frames, 2, 6), or None
        Correlation of what the flow brings to each of `PLACES` with the rest picture; right side
        first. None where it is not known, NaN where there is no rest picture.
    source : Source
        What the track was made from: file, hash, size, rates, networks, settings.
    """

    times_s: NDArray[np.float64]
    points_px: FloatArray
    presence: FloatArray
    eyes_px: FloatArray | None
    eyes_spread_px: FloatArray | None
    corrected_px: FloatArray | None
    mismatch: FloatArray | None
    seen: FloatArray | None = None
    match: FloatArray | None = None
    source: Source = UNKNOWN_SOURCE

    def __post_init__(self) -> None:
        n = len(self.times_s)
        shapes = {
            "points_px": (n, N_POINTS, 3),
            "presence": (n,),
            "eyes_px": (n, 2, N_EYE_POINTS, 2),
            "eyes_spread_px": (n, 2),
            "corrected_px": (n, N_MESH, 2),
            "mismatch": (n,),
            "seen": (n, 2, len(PARTS)),
            "match": (n, 2, len(PLACES)),
        }
        check_shapes("a landmark track", self, shapes)
        check_times("a landmark track", self.times_s)

    @property
    def found(self) -> NDArray[np.bool_]:
        """True where a face was found, shape (n_frames,)."""
        seen: NDArray[np.bool_] = np.isfinite(self.points_px[:, 0, 0])
        return seen

    def mesh_at(self, frames: Sequence[int] | NDArray[np.int_]) -> FloatArray:
        """Return the face network's points of some frames, shape (n_chosen, 478, 3)."""
        return self.points_px[np.asarray(frames, dtype=np.int_)]
