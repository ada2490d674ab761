"""Reasons for doubt, frame by frame: gaze off the lens, speech, something over the face.

A mark deletes nothing. It is kept with the signals, counted in the quality of the result, and a
repetition whose hold is mostly marked as lost, turned or occluded is dropped with that reason.
The limits are ours, set where eight rendered recordings without any of these stay unmarked.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from facewire.landmarks import Track
from facewire.landmarks.points import (
    EYE_INNER,
    EYE_IRIS,
    EYE_LOWER_MID,
    EYE_OUTER,
    EYE_UPPER_MID,
    MIRROR_POINTS,
    OUTER_CORNERS,
)
from facewire.motion.pose import blocks

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

GAZE_POINTS = (EYE_OUTER, EYE_INNER, EYE_UPPER_MID, EYE_LOWER_MID, EYE_IRIS)

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

CHANGED_STEP, CHANGED_TIMES = 6.0, 2.0
"""A picture is another from one moment to the next where its difference to the rest picture rises
by at least this within six frames, and 95 % of what comes after stands at so many times what 95 %
of what came before stayed under. In 13 pairs of people, one after the other, it rose by 8 or more
and stood at 3 times or more; in 55 recordings of one person no such rise stood above 1."""
CHANGED_LEAST = 10
"""Frames before and after that this needs."""
_BESIDE = 3

BROW = (70, 63, 105, 66, 107, 46, 53, 52, 65, 55, 225, 224, 223, 222, 221, 113)
UNDER = (226, 31, 228, 229, 230, 231, 232, 233, 110, 24, 23, 22, 26, 112, 25, 35)
"""Skin over and under the patient's right eye, without the edges of the lids."""

COVERED_SCATTER = 0.015
"""Scatter from which on skin counts as covered, in distances between the outer eye corners."""

SHORTEST_COVER_S = 0.25
"""What lasts half as long is smoothed away."""


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


def changed(mismatch: FloatArray) -> BoolArray:
    """Mark frames from which on the picture is another: person, recording, light, a lasting cover.

    Parameters
    ----------
    mismatch : ndarray, shape (n_frames,)
        Mean brightness difference to the rest picture, 0 to 255, which is of the beginning.
    """
    marked = np.zeros(len(mismatch), dtype=bool)
    if len(mismatch) < 2 * CHANGED_LEAST:
        return marked
    level = np.median(sliding_window_view(mismatch, _BESIDE), axis=1)
    begins = np.flatnonzero(level[_BESIDE:] - level[:-_BESIDE] >= CHANGED_STEP) + _BESIDE
    # A step is seen for as long as the two medians lie on its two sides: its middle is meant.
    rise = {int(i): float(level[i] - level[i - _BESIDE]) for i in begins}
    for i in sorted(rise, key=lambda i: rise[i], reverse=True):
        if not CHANGED_LEAST <= i <= len(mismatch) - CHANGED_LEAST:
            continue
        usual, then = np.quantile(mismatch[: i - 1], 0.95), np.quantile(mismatch[i + 1 :], 0.05)
        if then >= CHANGED_TIMES * usual:
            marked[i - 1 :] = True
            break
    return marked


def covered_eyes(
    track: Track,
    usable: BoolArray,
    points_px: NDArray[np.floating],
    rest: BoolArray,
    known: BoolArray,
) -> BoolArray:
    """Mark the frames in which a hand, a hat or hair covers an eye; else it would read as closed.

    The face network guesses a hidden eye from the rest of the face; the optical flow compares the
    picture there with the rest picture. On skin that is seen, the flow's corrections of
    neighbouring points are alike, also in movement; where something else lies over it, they
    scatter. The eye counts as covered where they scatter over the brow and under the eye at once: a
    movement or a shadow disturbs one of the two. On eight rendered recordings without anything over
    the face the scatter stayed under 1.3 % of the distance between the outer corners of the eyes; a
    rectangle over one eye, skin-coloured or dark, gave 1.7 % and more.

    Parameters
    ----------
    track : Track
        Gives times and the face network's own points.
    usable : ndarray of bool, shape (n_frames,)
        Frames that are measured.
    points_px : ndarray, shape (n_usable, 468, 2)
        Flow-corrected points of those frames.
    rest : ndarray of bool, shape (n_usable,)
        The reference rest.
    known : ndarray of bool, shape (2,)
        Eyes that are known to be covered throughout, right first: they are not looked at.

    Returns
    -------
    ndarray of bool, shape (n_usable,)
    """
    chosen = [*BROW, *UNDER]
    both = np.array([chosen, MIRROR_POINTS[chosen]])
    frames = np.flatnonzero(usable)
    slips = np.empty((len(frames), *both.shape, 2), dtype=np.float32)
    for part in blocks(len(frames)):
        mesh = track.mesh_at(frames[part])
        slips[part] = points_px[part][:, both] - mesh[:, both, :2]
    corners = points_px[rest][:, list(OUTER_CORNERS)].astype(np.float64)
    width_px = float(np.median(np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1)))
    scatter = _scatter(slips - np.median(slips[rest], axis=0)) / width_px
    step_s = float(np.median(np.diff(track.times_s[usable])))
    steady = median_filter(scatter, (round(SHORTEST_COVER_S / step_s) | 1, 1), mode="nearest")
    covered: BoolArray = (steady > COVERED_SCATTER)[:, ~known].any(axis=1)
    return covered


def _scatter(slips: NDArray[np.float32]) -> FloatArray:
    """Return the lesser of the scatter over and under each eye, shape (n_frames, 2), pixels."""
    parts = (slips[:, :, : len(BROW)], slips[:, :, len(BROW) :])
    spreads = [np.sqrt(part.var(axis=2, dtype=np.float64).sum(axis=-1)) for part in parts]
    lesser: FloatArray = np.minimum(*spreads)
    return lesser
