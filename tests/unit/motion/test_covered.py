"""Something over one eye: the flow's corrections scatter there, over and under the eye at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from facewire.landmarks.points import MIRROR_POINTS
from facewire.motion import MotionSettings, compute_motion, pose
from facewire.motion.marks import BROW, UNDER, covered_eyes
from unit.motion.test_compute import HOLD, TIMES_S, N, made_track

ALL = np.ones(N, dtype=bool)
REST = TIMES_S < 2
FLICKER_PX = 6.0


def _disturbed(points: tuple[int, ...], frames: Any, *, left: bool = False) -> Any:
    """The track, and what covers an eye: every point is off by its own few pixels."""
    track = made_track()
    chosen = MIRROR_POINTS[list(points)] if left else list(points)
    rng = np.random.default_rng(3)
    step = rng.normal(0, FLICKER_PX, (int(frames.sum()), len(chosen), 2))
    assert track.corrected_px is not None
    track.corrected_px[np.ix_(np.flatnonzero(frames), chosen)] += step
    return track


def _covered(track: Any) -> Any:
    return covered_eyes(track, ALL, track.corrected_px, REST, np.zeros(2, dtype=bool))


@pytest.mark.parametrize("left", [False, True])
def test_one_covered_eye_is_marked(left: bool) -> None:
    found = _covered(_disturbed((*BROW, *UNDER), HOLD, left=left))
    assert found[HOLD].mean() > 0.9
    assert not found[~HOLD].any()


@pytest.mark.parametrize("points", [BROW, UNDER])
def test_a_disturbance_on_one_side_of_the_eye_alone_is_not(points: tuple[int, ...]) -> None:
    assert not _covered(_disturbed(points, HOLD)).any()


def test_skin_that_moves_together_is_not() -> None:
    moved = [((*BROW,), HOLD, (0.0, -9.0)), ((*UNDER,), HOLD, (0.0, -6.0))]
    assert not _covered(made_track(moved=moved)).any()


def test_a_flash_is_not() -> None:
    flash = (TIMES_S > 4) & (TIMES_S < 4.08)
    assert not _covered(_disturbed((*BROW, *UNDER), flash)).any()


def test_the_mark_is_among_the_signals() -> None:
    signals = compute_motion(_disturbed((*BROW, *UNDER), HOLD), MotionSettings(fitted=False))
    assert signals.marks["occluded"][HOLD].mean() > 0.9


@pytest.mark.slow
def test_stretches_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    track = _disturbed((*BROW, *UNDER), HOLD)
    whole = compute_motion(track)
    monkeypatch.setattr(pose, "BLOCK_FRAMES", 50)
    parts = compute_motion(track)
    np.testing.assert_allclose(parts.position_mm, whole.position_mm, rtol=0, atol=1e-9)
    np.testing.assert_allclose(parts.sd_mm, whole.sd_mm, rtol=0, atol=1e-9)
    for name, mark in whole.marks.items():
        np.testing.assert_array_equal(parts.marks[name], mark)
