"""Reasons for doubt, frame by frame: gaze off the lens, speech, something over the face.

A mark deletes nothing. It is kept with the signals, counted in the quality of the result, and a
repetition whose hold is mostly marked as lost, turned or occluded is dropped with that reason.
The limits are ours, set where eight rendered recordings without any of these stay unmarked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

GAZE_POINTS = (0, 8, 12, 4, 71)
"""Outer and inner corner, middle of the upper and of the lower lid, centre of the iris."""

RIGHT, LEFT = 0, 1

GAZE_ACROSS_MM = 3.0
GAZE_UP_MM = 2.5
"""An iris that moves this far turns the eye by about 12 to 15 degrees (radius of the eye 12 mm);
40 degrees down alone lower the fissure by 3.3 mm (Read 2006)."""

OPEN_SHARE = 0.5
"""A narrower eye says nothing about where it looks."""

SPEECH_BAND_HZ = (3.0, 8.0)
"""Syllables; asked movements rise in half a second and hold."""

SPEECH_RMS_MM = 0.6
SPEECH_WINDOW_S = 1.0
EVEN_HZ = 50.0

OCCLUDED_MISMATCH = 14.0
OCCLUDED_TIMES = 3.0
"""Brightness difference to the rest picture: at least this, and this many times the median."""


def gaze_off(eyes_px: NDArray[np.floating], mm_per_px: float, rest: BoolArray) -> BoolArray:
    """Mark frames in which both eyes look away from where they looked at rest.

    Parameters
    ----------
    eyes_px : ndarray, shape (n_frames, 2, 76, 2)
        Points of the eye network, right eye first.
    mm_per_px : float
        Their scale.
    rest : ndarray of bool, shape (n_frames,)
        Frames of the reference rest.
    """
    shifts, opens = [], []
    for row in (RIGHT, LEFT):
        points = eyes_px[:, row, GAZE_POINTS].astype(np.float64) * mm_per_px
        place, height = _iris_place(points, mirrored=row == LEFT)
        shifts.append(place - np.median(place[rest], axis=0))
        opens.append(height >= OPEN_SHARE * np.median(height[rest]))
    limits = np.array([GAZE_ACROSS_MM, GAZE_UP_MM])
    first, second = shifts
    together = np.sign(first) == np.sign(second)
    far = np.minimum(np.abs(first), np.abs(second)) > limits
    away: BoolArray = (far & together).any(axis=1) & opens[0] & opens[1]
    return away


def _iris_place(points: FloatArray, *, mirrored: bool) -> tuple[FloatArray, FloatArray]:
    """Iris centre (to the picture's right, up) from the middle of the eye, and lid distance."""
    outer, inner, upper, lower, iris = points.transpose(1, 0, 2)
    axis = inner - outer
    axis = (-axis if mirrored else axis) / np.linalg.norm(axis, axis=1)[:, None]
    up = np.stack([axis[:, 1], -axis[:, 0]], axis=1)
    offset = iris - (inner + outer) / 2
    place = np.stack([(offset * axis).sum(axis=1), (offset * up).sum(axis=1)], axis=1)
    height = np.linalg.norm(upper - lower, axis=1)
    return place, height


def speech(times_s: FloatArray, mouth_gap_mm: FloatArray) -> BoolArray:
    """Mark frames in which the mouth opens and closes at the pace of syllables.

    Parameters
    ----------
    times_s : ndarray, shape (n_frames,)
        Times, at any rate.
    mouth_gap_mm : ndarray, shape (n_frames,)
        Height of the upper lip over the lower one, without NaN.
    """
    even = np.arange(times_s[0], times_s[-1], 1.0 / EVEN_HZ)
    if len(even) < 2 * EVEN_HZ:
        return np.zeros(len(times_s), dtype=bool)
    band = butter(2, SPEECH_BAND_HZ, btype="bandpass", fs=EVEN_HZ, output="sos")
    quick = sosfiltfilt(band, np.interp(even, times_s, mouth_gap_mm))
    power = uniform_filter1d(quick**2, round(SPEECH_WINDOW_S * EVEN_HZ), mode="nearest")
    rms = np.sqrt(np.maximum(power, 0.0))
    talking: BoolArray = np.interp(times_s, even, rms) > SPEECH_RMS_MM
    return talking


def occluded(mismatch: FloatArray) -> BoolArray:
    """Mark frames whose picture, warped back to rest, looks like something else.

    Parameters
    ----------
    mismatch : ndarray, shape (n_frames,)
        Mean brightness difference to the rest picture, 0 to 255.
    """
    limit = max(OCCLUDED_MISMATCH, OCCLUDED_TIMES * float(np.median(mismatch)))
    hidden: BoolArray = mismatch > limit
    return hidden
