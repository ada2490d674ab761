"""Motion signals of a live camera, picture by picture, by the same lines as a recording's.

A recording is measured as a whole: its head template and the smoothing of the scale use pictures
that come later. A live picture has the past only. Template, scale and zero come from the opening
rest; the scale from the last second. The values guide the person and are shown only: what is kept
is the track, measured as a whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewire.landmarks import LandmarkTrack
from facewire.motion.compute import (
    MIN_FRAMES,
    MotionSettings,
    displacements,
    fix_head,
)
from facewire.motion.eyes import EYE_COLUMNS, SHUT_S, closed_reading, without_reading
from facewire.motion.maps import FittedMaps, load_maps, no_maps
from facewire.motion.pose import SCALE_WINDOW_S, HeadPose, fit_pose

FloatArray = NDArray[np.float64]

OPENING_S = 2.0
"""Length of the opening rest, after the rest picture was taken."""


@dataclass(frozen=True)
class LiveValues:
    """What one picture says.

    Parameters
    ----------
    change_mm : ndarray, shape (n_channels,)
        Change from the opening rest; columns as `facewire.face.CHANNELS`.
    eye_mm : ndarray, shape (2,)
        Height of the fissures, the patient's right eye first.
    pose_deg : ndarray, shape (3,)
        Yaw, pitch, roll as in `MotionSignals`.
    """

    change_mm: FloatArray
    eye_mm: FloatArray
    pose_deg: FloatArray


class LiveMotion:
    """Turns the points of one picture after the other into millimetres.

    Parameters
    ----------
    track : LandmarkTrack
        The opening rest: at least two seconds after the rest picture was taken.
    settings : MotionSettings, optional
        As for a recording.

    Raises
    ------
    TrackError, NoFaceError
        As `compute_motion`: too few frames, or the face is too small.
    """

    def __init__(self, track: LandmarkTrack, settings: MotionSettings | None = None) -> None:
        settings = settings or MotionSettings()
        self._maps: FittedMaps = load_maps() if settings.fitted else no_maps()
        head = fix_head(track, settings)
        self._template = head.pose.template
        self._mm_per_unit = head.mm_per_unit
        self._scales: deque[tuple[float, float]] = deque(
            zip(track.times_s[head.usable].tolist(), head.pose.scale.tolist(), strict=True)
        )
        opening = displacements(head.points_px, head.eyes_px, head.pose, head.mm_per_unit)
        self._zero_mm = np.median(opening[head.rest], axis=0)
        self._closed_mm = 0.0
        self._last: deque[tuple[float, FloatArray]] = deque()

    def read(self, time_s: float, points_px: FloatArray, eyes_px: FloatArray) -> LiveValues:
        """Return the values of one picture.

        Parameters
        ----------
        time_s : float
            Its time; not earlier than the one before.
        points_px : ndarray, shape (468, 2)
            Flow-corrected points.
        eyes_px : ndarray, shape (2, 76, 2)
            Points of the eyes.
        """
        pose = self._steadied(time_s, fit_pose(self._template, points_px[None]))
        found = displacements(points_px[None], eyes_px[None], pose, self._mm_per_unit)
        heights = found[:, EYE_COLUMNS]
        self._learn_closed(time_s, heights)
        found[:, EYE_COLUMNS] = without_reading(heights, self._closed_mm)
        change = self._maps.apply(found - self._zero_mm)[0]
        at_rest = self._zero_mm[EYE_COLUMNS]
        eye = np.maximum(at_rest + change[EYE_COLUMNS], 0.0)
        change[EYE_COLUMNS] = eye - at_rest
        return LiveValues(change, eye, pose.angles_deg()[0])

    def _steadied(self, time_s: float, pose: HeadPose) -> HeadPose:
        """Replace the scale by its mean over the last second."""
        self._scales.append((time_s, float(pose.scale[0])))
        while self._scales[0][0] < time_s - SCALE_WINDOW_S:
            self._scales.popleft()
        return replace(pose, scale=np.array([np.mean([scale for _, scale in self._scales])]))

    def _learn_closed(self, time_s: float, heights_mm: FloatArray) -> None:
        """Take the least height that an eye has kept so far for what shut lids are read apart."""
        self._last.append((time_s, heights_mm[0]))
        while len(self._last) > 2 and self._last[1][0] <= time_s - SHUT_S:
            self._last.popleft()
        span_s = time_s - self._last[0][0]
        if span_s < SHUT_S:
            return
        held = closed_reading(np.array([h for _, h in self._last]), span_s / (len(self._last) - 1))
        if held and not 0 < self._closed_mm < held:
            self._closed_mm = held


def enough_for_live(times_s: Sequence[float]) -> bool:
    """Return whether the opening rest is long enough; times of frames with corrected points."""
    return len(times_s) >= MIN_FRAMES and times_s[-1] - times_s[0] >= OPENING_S
