"""How noisy each sample is, from the samples themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LEAST_SD_MM = 0.02


def noise_sd(values_mm: FloatArray, residual: FloatArray) -> FloatArray:
    """Return the standard deviation of the tracking noise of every sample, mm.

    The spread of second differences, which slow movement hardly touches (for white noise their
    variance is six times that of the samples), by its median absolute value; frames in which the
    rigid points disagree more than usual count as noisier in proportion.

    Parameters
    ----------
    values_mm : ndarray, shape (n_frames, n_channels)
        Signals without NaN.
    residual : ndarray, shape (n_frames,)
        Disagreement of the rigid points in each frame.
    """
    second = np.abs(np.diff(values_mm, n=2, axis=0))
    sd = 1.4826 * np.median(second, axis=0) / np.sqrt(6.0)
    usual = max(float(np.median(residual)), np.finfo(float).tiny)
    worse = np.maximum(residual / usual, 1.0)
    noise: FloatArray = np.maximum(sd, LEAST_SD_MM)[None] * worse[:, None]
    return noise
