"""Noise of samples: recovered where it is known."""

import numpy as np
import pytest

from facewire.face import CHANNELS
from facewire.motion.compute import LEAST_SD_MM, noise_sd


def samples(sd_mm, n=4000):
    """White noise of known standard deviation on a slow wave of 5 mm."""
    white = np.random.default_rng(4).normal(0.0, sd_mm, (n, len(CHANNELS)))
    return white + 5.0 * np.sin(2 * np.pi * np.arange(n) / 90.0)[:, None]


@pytest.mark.parametrize("sd_mm", [0.05, 0.2])
def test_white_noise_is_recovered(sd_mm):
    found = noise_sd(samples(sd_mm), np.ones(4000))
    np.testing.assert_allclose(found[0], sd_mm, rtol=0.1)


def test_frames_that_fit_badly_are_noisier():
    residual = np.ones(4000)
    residual[10] = 3.0
    found = noise_sd(samples(0.2), residual)
    np.testing.assert_allclose(found[10], 3.0 * found[0])


@pytest.mark.parametrize("residual", [0.0, 1.0])
def test_noise_is_never_none(residual):
    still = np.zeros((50, len(CHANNELS)))
    np.testing.assert_array_equal(noise_sd(still, np.full(50, residual)), LEAST_SD_MM)
