"""Even signals know their own noise: what decides whether a movement was seen rests on it."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import CHANNELS, MOVEMENTS, SIDES, Movement
from facewire.motion import MotionSignals
from facewire.movements.even import EvenSignals, drive_sd, drives, even_signals
from facewire.results.measurement import Scale

SD_MM = 0.3


def still_face(rate_hz: int) -> EvenSignals:
    """20 s of nothing but white noise; fissures of 20 mm, so that no blink is found in it."""
    n = 20 * rate_hz
    shape = (n, len(CHANNELS))
    signals = MotionSignals(
        times_s=np.arange(n) / rate_hz,
        position_mm=20.0 + SD_MM * np.random.default_rng(1).standard_normal(shape),
        sd_mm=np.full(shape, SD_MM),
        pose_deg=np.zeros((n, 3)),
        blink=np.zeros(n, dtype=bool),
        marks={},
        scale=Scale(source="iris", reference_mm=11.7, relative_sd=0.04, mm_per_px=0.2),
    )
    return even_signals(signals)


@pytest.mark.parametrize("rate_hz", [30, 60, 120])
def test_the_noise_that_smoothing_leaves_is_known(rate_hz: int) -> None:
    even = still_face(rate_hz)
    assert even.position_mm.std(axis=0).mean() == pytest.approx(even.sd_mm.mean(), rel=0.1)


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_the_noise_of_a_main_target_is_known(movement: Movement) -> None:
    even = still_face(60)
    for side, along in zip(SIDES, drives(even.position_mm, movement), strict=True):
        assert along.std() == pytest.approx(drive_sd(even, movement, side), rel=0.15)
