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
from facewire.results.provenance import Source

# The patient's right, then left, point of each pair of the 478; points named in neither are on
# the midline. A fact of the published canonical face model: found there as the pairs whose places
# mirror each other.
RIGHT_POINTS = (
    3, 7, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,
    42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65,
    66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89,
    90, 91, 92, 93, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111,
    112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130,
    131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149,
    150, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 165, 166, 167, 169, 170, 171, 172,
    173, 174, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192,
    193, 194, 196, 198, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215,
    216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234,
    235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 468, 469, 470, 471, 472,
)  # fmt: skip
LEFT_POINTS = (
    248, 249, 250, 251, 252, 253, 254, 255, 256, 257, 258, 259, 260, 261, 262, 263, 264, 265, 266,
    267, 268, 269, 270, 271, 272, 273, 274, 275, 276, 277, 278, 279, 280, 281, 282, 283, 284, 285,
    286, 287, 288, 289, 290, 291, 292, 293, 294, 295, 296, 297, 298, 299, 300, 301, 302, 303, 304,
    305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 322, 323,
    324, 325, 326, 327, 328, 329, 330, 331, 332, 333, 334, 335, 336, 337, 338, 339, 340, 341, 342,
    343, 344, 345, 346, 347, 348, 349, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 360, 361,
    362, 363, 364, 365, 366, 367, 368, 369, 370, 371, 372, 373, 374, 375, 376, 377, 378, 379, 380,
    381, 382, 383, 384, 385, 386, 387, 388, 389, 390, 391, 392, 393, 394, 395, 396, 397, 398, 399,
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418,
    419, 420, 421, 422, 423, 424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 435, 436, 437,
    438, 439, 440, 441, 442, 443, 444, 445, 446, 447, 448, 449, 450, 451, 452, 453, 454, 455, 456,
    457, 458, 459, 460, 461, 462, 463, 464, 465, 466, 467, 473, 476, 475, 474, 477,
)  # fmt: skip


MIRROR_POINTS = np.arange(478)
MIRROR_POINTS[list(RIGHT_POINTS)] = LEFT_POINTS
MIRROR_POINTS[list(LEFT_POINTS)] = RIGHT_POINTS


FloatArray = NDArray[np.float32]

N_POINTS = 478
N_MESH = 468
N_EYE_POINTS = 76
N_EXPRESSIONS = 52

UNKNOWN_SOURCE = Source(name="")
"""Of points that came from no file."""

RIGHT, LEFT = 0, 1
"""Places of the two eyes in the arrays of eye points."""


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
        shapes = {
            "points_px": (n, N_POINTS, 3),
            "presence": (n,),
            "expressions": (n, N_EXPRESSIONS),
            "eyes_px": (n, 2, N_EYE_POINTS, 2),
            "eyes_spread_px": (n, 2),
            "corrected_px": (n, N_MESH, 2),
            "mismatch": (n,),
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
