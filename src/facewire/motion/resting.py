"""The reference rest: every stretch of a recording in which the face is quiet with open eyes.

A recording that was trimmed tightly, or that opens with a blink, closed eyes or a smile, has no
rest in its first seconds. So the whole of it is looked through: which frames have open eyes, which
are quiet, and which of the quiet postures is the resting one. A posture that opens the recording
counts for more, because a movement may be held for longer than the rests beside it.

The limits are ours, set on rendered recordings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.landmarks.points import EYE_INNER, EYE_LOWER_MID, EYE_OUTER, EYE_UPPER_MID

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LOOKS = 300
"""About so many short looks at the face, spread evenly, decide which posture is the resting one."""
LOOK_S = 0.2

OPEN_QUANTILE = 0.9
OPEN_BAND = (0.85, 1.15)
"""Heights of both eyes together that count as open, in parts of the usual open height."""
NEARLY_OPEN = 0.75
LEAST_OPENING = 0.2
"""Height over width of the eye that opens further; on rendered faces closed lids read as up to
lids as up to 0.18, open ones as 0.40."""

STILL_MM = (0.4, 1.0)
"""A face that moves less than this within a look is quiet: the limit follows the noise between the
two."""
QUIETEST = 0.3
NOISY = 1.5
SAME_MM = 1.0
"""Postures whose regions lie within this of each other are one; or twice the limit of quiet."""
OPENING_S = 2.0
OPENING_COUNTS = 2.0
LEAST_REST_S = 0.3


def open_eyes(eyes_px: NDArray[np.floating]) -> BoolArray:
    """Tell in which frames both eyes together are as open as they usually are when open.

    Parameters
    ----------
    eyes_px : ndarray, shape (n_frames, 2, 76, 2)
        Points of the eye network.

    Returns
    -------
    ndarray of bool, shape (n_frames,)

    Raises
    ------
    TrackError
        The eyes are open nowhere.
    """
    few = eyes_px[:, :, [EYE_UPPER_MID, EYE_LOWER_MID, EYE_OUTER, EYE_INNER]].astype(np.float64)
    heights = np.linalg.norm(few[:, :, 0] - few[:, :, 1], axis=-1)
    widths = np.linalg.norm(few[:, :, 2] - few[:, :, 3], axis=-1)
    opening = heights / widths
    widest = float(np.quantile(opening, OPEN_QUANTILE, axis=0).max())
    if widest < LEAST_OPENING:
        raise TrackError(
            "The eyes are open nowhere in the recording: nothing can be measured against rest",
            expected="a second or more of the resting face with open eyes",
            found=f"eyes {widest:.2f} of their width open at most",
            do="film again, with a quiet face and open eyes before the first movement",
        )
    both = opening.sum(axis=1)
    nearly = both >= NEARLY_OPEN * np.quantile(both, OPEN_QUANTILE)
    usual = float(np.median(both[nearly]))
    opened: BoolArray = (both >= OPEN_BAND[0] * usual) & (both <= OPEN_BAND[1] * usual)
    return opened


def looks_at(times_s: FloatArray) -> NDArray[np.int_]:
    """Return the first, the middle and the last frame of each look, shape (n_looks, 3).

    Parameters
    ----------
    times_s : ndarray, shape (n_frames,)
        Of the usable frames.
    """
    half = max(1, round(LOOK_S / 2 / float(np.median(np.diff(times_s)))))
    first = np.arange(0, len(times_s) - 2 * half, max(1, len(times_s) // LOOKS))
    return np.column_stack([first, first + half, first + 2 * half])


def reference_rest(
    times_s: FloatArray, opened: BoolArray, looks: NDArray[np.int_], places_mm: FloatArray
) -> tuple[BoolArray, bool]:
    """Find the frames of the reference rest.

    Parameters
    ----------
    times_s : ndarray, shape (n_frames,)
    opened : ndarray of bool, shape (n_frames,)
        From `open_eyes`.
    looks : ndarray of int, shape (n_looks, 3)
        From `looks_at`.
    places_mm : ndarray, shape (n_looks, 3, n_channels)
        Head-fixed places of the regions, without the eyes, in the frames of the looks.

    Returns
    -------
    tuple of ndarray of bool, shape (n_frames,), and bool
        The frames, at least one; and whether the face was at rest in them. Where it never was for
        0.3 s, they are those in which it moves least with open eyes.
    """
    moved = np.ptp(places_mm, axis=1).max(axis=1)
    together = np.ptp(times_s[looks], axis=1) <= 2 * LOOK_S
    seen = opened[looks].all(axis=1) & together & np.isfinite(moved)
    if not seen.any():
        return opened, False
    limit = float(np.clip(NOISY * np.quantile(moved[seen], QUIETEST), *STILL_MM))
    quiet = np.flatnonzero(seen & (moved <= limit))
    at_rest = _resting(times_s[looks[:, 0]], places_mm[:, 1], quiet, max(SAME_MM, 2 * limit))
    rest = _frames(looks, at_rest, opened)
    if float(rest.sum()) * float(np.median(np.diff(times_s))) >= LEAST_REST_S:
        return rest, True
    least = np.flatnonzero(seen & (moved <= np.quantile(moved[seen], QUIETEST)))
    return _frames(looks, least, opened), False


def _resting(
    starts_s: FloatArray, places_mm: FloatArray, quiet: NDArray[np.int_], same_mm: float
) -> NDArray[np.int_]:
    """Return the quiet looks that show the resting posture."""
    if not len(quiet):
        return quiet
    places = places_mm[quiet]
    apart = np.abs(places[:, None] - places[None]).max(axis=-1)
    alike = apart <= same_mm
    support = alike.sum(axis=1)
    opening = alike[0] & (starts_s[quiet[0]] <= starts_s[0] + OPENING_S)
    worth = np.where(opening, OPENING_COUNTS, 1.0) * support
    chosen: NDArray[np.int_] = quiet[alike[int(np.argmax(worth))]]
    return chosen


def _frames(looks: NDArray[np.int_], chosen: NDArray[np.int_], opened: BoolArray) -> BoolArray:
    inside = np.zeros(len(opened) + 1, dtype=np.int_)
    np.add.at(inside, looks[chosen, 0], 1)
    np.add.at(inside, looks[chosen, 2] + 1, -1)
    frames: BoolArray = (np.cumsum(inside[:-1]) > 0) & opened
    return frames
