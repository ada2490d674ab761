"""Motion signals: how far each region stands from where the head alone would put it, in mm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import CHANNEL_INDEX, CHANNELS, Channel
from facewire.results.measurement import Scale

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class MotionSignals:
    """Regions of the face over time, head-fixed, in millimetres.

    Parameters
    ----------
    times_s : ndarray of float, shape (n_frames,)
        Increasing.
    position_mm : ndarray of float, shape (n_frames, n_channels)
        Columns in the order of `facewire.face.CHANNELS`: fissure height (``eye``), height of the
        brow over the line of the eye corners, and, for the others, the place in the head-fixed
        frame (origin between the eyes' inner corners; up and outward positive). NaN where the
        face was not measured.
    sd_mm : ndarray of float, same shape
        Standard deviation of the tracking noise of each sample, mm; NaN where the position is NaN.
    pose_deg : ndarray of float, shape (n_frames, 3)
        Yaw (towards the patient's left positive), pitch (up positive), roll (towards the patient's
        left shoulder positive).
    blink : ndarray of bool, shape (n_frames,)
        True where a spontaneous blink hides the height of the fissure.
    marks : dict of str to ndarray of bool, shape (n_frames,)
        Reasons for doubt by name: ``lost``, ``turned``, ``gaze``, ``speech``, ``occluded``.
    scale : Scale
        How pixels became millimetres.
    """

    times_s: FloatArray
    position_mm: FloatArray
    sd_mm: FloatArray
    pose_deg: FloatArray
    blink: BoolArray
    marks: dict[str, BoolArray]
    scale: Scale

    def __post_init__(self) -> None:
        n = len(self.times_s)
        wanted = {
            "position_mm": (n, len(CHANNELS)),
            "sd_mm": (n, len(CHANNELS)),
            "pose_deg": (n, 3),
            "blink": (n,),
        }
        wrong = [
            f"{name} {getattr(self, name).shape} instead of {shape}"
            for name, shape in wanted.items()
            if getattr(self, name).shape != shape
        ]
        wrong += [f"mark {k} {m.shape}" for k, m in self.marks.items() if m.shape != (n,)]
        if wrong:
            raise TrackError("Motion signals have the wrong shape", found="; ".join(wrong))
        if n > 1 and not bool(np.all(np.diff(self.times_s) > 0)):
            raise TrackError("Times of motion signals do not increase")

    def channel(self, channel: Channel) -> FloatArray:
        """Return one signal, shape (n_frames,), mm."""
        column: FloatArray = self.position_mm[:, CHANNEL_INDEX[channel]]
        return column
