"""From the lids to the change of the fissures: zero at rest, gain, fitted map.

The zero is apart from the change, so that a recording as a whole and a live camera, which knows
the opening rest only, go through the same lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.motion.eyes import EYE_ROW, EyeShape, closure_gain
from facewire.motion.maps import FittedMaps, eye_features

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class EyeZero:
    """Where the lids stand at rest; rows are the sides by `EYE_ROW`.

    Parameters
    ----------
    upper_mm, lower_mm : ndarray, shape (2,)
        Height of each lid over the line of the eye's corners.
    flow_mm : ndarray, shape (2, 2)
        Displacement of the upper and lower lid's skin.
    height_mm : ndarray, shape (2,)
        Height of the fissure as the eye network gives it.
    gain : float
        What makes the fullest closure a full one; see `closure_gain`.
    """

    upper_mm: FloatArray
    lower_mm: FloatArray
    flow_mm: FloatArray
    height_mm: FloatArray
    gain: float


def eye_zero(shape: EyeShape, rest: BoolArray, seen: BoolArray) -> EyeZero:
    """Return the zero of some frames.

    Parameters
    ----------
    shape : EyeShape
    rest, seen : ndarray of bool, shape (n_frames,)
        The reference rest; the frames in which the eyes are not covered.
    """
    flows = _flows(shape)
    return EyeZero(
        np.median(shape.upper_mm[:, rest], axis=1),
        np.median(shape.lower_mm[:, rest], axis=1),
        np.asarray(np.median(flows[:, rest], axis=1)),
        np.median(shape.height_mm[:, rest], axis=1),
        closure_gain(shape.height_mm[:, seen | rest], rest[seen | rest]),
    )


def eye_changes(shape: EyeShape, zero: EyeZero, maps: FittedMaps) -> FloatArray:
    """Return the change of both fissures from rest, shape (n_frames, 2), mm, right first."""
    upper = zero.gain * (shape.upper_mm - zero.upper_mm[:, None])
    lower = zero.gain * (shape.lower_mm - zero.lower_mm[:, None])
    flows = _flows(shape) - zero.flow_mm[:, None]
    changes = np.empty((upper.shape[1], 2))
    for row in EYE_ROW.values():
        other = upper[1 - row] - lower[1 - row]
        features = eye_features(upper[row], lower[row], other, flows[row])
        changes[:, row] = features[:, 0] + features @ maps.eye
    return changes


def _flows(shape: EyeShape) -> FloatArray:
    return np.stack([shape.upper_flow_mm, shape.lower_flow_mm], axis=-1)
