"""Draws from many normal distributions at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def draw_normal(
    precision: FloatArray, information: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw from normal distributions given by precision matrix and information vector.

    Parameters
    ----------
    precision : ndarray, shape (..., k, k)
    information : ndarray, shape (..., k)
        Precision times mean.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (..., k)
        ``L^-T (L^-1 information + z)`` with ``precision = L L^T``.
    """
    factor = np.linalg.cholesky(precision)
    noise = rng.standard_normal(information.shape)[..., None]
    half = np.linalg.solve(factor, information[..., None]) + noise
    return np.asarray(np.linalg.solve(factor.swapaxes(-1, -2), half)[..., 0])
