"""What landmarks hand on, and what they are told, is checked when it is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewire.errors import TrackError, UsageError
from facewire.landmarks import StoredTrack
from facewire.landmarks.flow import FlowSettings

N = 3
TRACK = StoredTrack(
    path=Path("t.parquet"),
    times_s=np.arange(N) / 30,
    found=np.ones(N, dtype=bool),
    eyes_px=np.zeros((N, 2, 76, 2), np.float32),
    corrected_px=np.zeros((N, 468, 2), np.float32),
    mismatch=np.zeros(N, np.float32),
    mirror_width_px=640.0,
)


@pytest.mark.parametrize(
    "change",
    [
        {"found": np.ones(N + 1, dtype=bool)},
        {"eyes_px": np.zeros((N, 2, 71, 2), np.float32)},
        {"corrected_px": np.zeros((N, 478, 2), np.float32)},
        {"mismatch": np.zeros(N - 1, np.float32)},
        {"times_s": np.array([0.0, 0.1, 0.1])},
        {"times_s": np.array([0.0, np.inf, np.inf])},
        {"mirror_width_px": 0.0},
        {"mirror_width_px": np.nan},
    ],
)
def test_a_stored_track_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    assert replace(TRACK, eyes_px=None, corrected_px=None, mismatch=None).eyes_px is None
    with pytest.raises(TrackError):
        replace(TRACK, **change)


@pytest.mark.parametrize("change", [{"size_px": 255}, {"patch_stride_px": 0}, {"descent_steps": 0}])
def test_settings_of_the_flow_are_above_zero_and_even(change: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="flow"):
        FlowSettings(**change)
