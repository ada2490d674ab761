"""Tracks in, signals out: a made head whose movement and millimetres are known."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from facewire.errors import NoFaceError, TrackError
from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Region, Side
from facewire.landmarks import LandmarkTrack
from facewire.motion import MotionSettings, compute_motion, signals_table, write_signals
from facewire.motion.regions import REGION_POINTS
from unit.motion.made_face import eyes, filmed, head, turn

N = 240
TIMES_S = np.arange(N) / 30.0
PLAIN_MM = MotionSettings(fitted=False)
HOLD = (TIMES_S > 4) & (TIMES_S < 5)


def made_track(right_px=10.0, left_px=10.0, yaw_deg=0.0, moved=None):
    """An iris is 12 px wide: without another entry 11.7 mm are 12 px."""
    n_eyes = [np.broadcast_to(np.asarray(h, dtype=float), N) for h in (right_px, left_px)]
    points = np.zeros((N, 478, 3))
    rotation = turn(yaw_deg, 0, 0, N)
    points[:, :468] = np.einsum("nij,kj->nki", rotation, head())
    corrected = filmed(head(), rotation, shift=(320.0, 240.0))
    points[:, :, :2] += [320.0, 240.0]
    for region_points, frames, step in moved or ():
        corrected[np.ix_(np.flatnonzero(frames), list(region_points))] += step
    return LandmarkTrack(
        TIMES_S,
        points,
        np.ones(N),
        eyes(*n_eyes),
        np.zeros((N, 2)),
        corrected,
        np.zeros(N),
    )


def channel(signals, region, side, part):
    return signals.position_mm[:, CHANNEL_INDEX[Channel(region, side, part)]]


@pytest.mark.slow
def test_a_head_that_only_turns_moves_no_region():
    signals = compute_motion(made_track(yaw_deg=5 * np.sin(TIMES_S)), PLAIN_MM)
    spans = np.ptp(signals.position_mm, axis=0)
    np.testing.assert_allclose(spans, 0.0, atol=0.02)
    np.testing.assert_allclose(signals.pose_deg[:, 0], 5 * np.sin(TIMES_S), atol=0.1)
    assert not signals.marks["lost"].any()


@pytest.mark.parametrize(
    ("ratio", "more"), [(0.75, 0.25), (4 / 3, 1 / 3), (1.02, 0.0), (None, 0.0)]
)
def test_in_a_squashed_picture_no_millimetre_is_surer_than_the_squash(monkeypatch, ratio, more):
    track = made_track()
    monkeypatch.setattr("facewire.motion.compute.width_to_height", lambda *_: 1.0)
    usual = compute_motion(track, PLAIN_MM).scale
    monkeypatch.setattr("facewire.motion.compute.width_to_height", lambda *_: ratio)
    found = compute_motion(track, PLAIN_MM).scale
    assert found.width_to_height == ratio
    assert found.relative_sd == pytest.approx((usual.relative_sd**2 + more**2) ** 0.5)


@pytest.mark.slow
def test_a_raised_corner_in_millimetres():
    corner = REGION_POINTS[Region.COMMISSURE, Side.LEFT]
    signals = compute_motion(made_track(moved=[(corner, HOLD, (4.0, -6.0))]), PLAIN_MM)
    mm = 11.7 / 12.0
    for part, size in (("across", 4.0), ("up", 6.0)):
        course = channel(signals, Region.COMMISSURE, Side.LEFT, part)
        assert course[HOLD].mean() - course[0] == pytest.approx(size * mm, abs=0.02)
    still = channel(signals, Region.COMMISSURE, Side.RIGHT, "up")
    assert np.ptp(still) == pytest.approx(0.0, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("fitted", [True, False])
def test_an_eye_reads_what_its_lids_show_whatever_closed_before(fitted):
    """A gap of 2.5 px stays one: no closure is taken for a full one."""
    height = np.where(HOLD, 2.5, 10.0)
    signals = compute_motion(made_track(left_px=height), MotionSettings(fitted=fitted))
    left, right = (channel(signals, Region.EYE, s, "height") for s in Side)
    assert left[HOLD] == pytest.approx(2.5 * 11.7 / 12.0)
    assert right == pytest.approx(10.0 * 11.7 / 12.0)


@pytest.mark.slow
def test_lids_that_touch_and_are_read_a_little_apart_are_closed():
    """A held gap of 1 px is 0.98 mm: what shut lids are read apart, taken off slits alone."""
    signals = compute_motion(made_track(left_px=np.where(HOLD, 1.0, 10.0)), PLAIN_MM)
    left, right = (channel(signals, Region.EYE, s, "height") for s in Side)
    assert left[HOLD] == pytest.approx(0.0, abs=1e-6)
    assert left[~HOLD] == pytest.approx(10.0 * 11.7 / 12.0)
    assert right == pytest.approx(10.0 * 11.7 / 12.0)


@pytest.mark.slow
def test_how_unsure_the_lids_are_is_told_in_millimetres():
    """Two pixels, where 12 are 11.7 mm."""
    track = replace(made_track(), eyes_spread_px=np.full((N, 2), 2.0))
    spread_mm = compute_motion(track, PLAIN_MM).lid_spread_mm
    np.testing.assert_allclose(spread_mm, 2.0 * 11.7 / 12.0)


@pytest.mark.slow
def test_where_the_lids_stand_about_the_pupils_is_measured_at_rest():
    """Lids 8 px over the iris and 2 px under it at rest, nearly shut in the hold."""
    track = made_track(left_px=np.where(HOLD, 2.5, 10.0))
    found = compute_motion(track, PLAIN_MM).pupil_margins_mm
    mm = 11.7 / 12.0
    np.testing.assert_allclose(found, np.array([[8 - 0.384, 2.384]] * 2) * mm, atol=1e-6)


@pytest.mark.slow
def test_an_entered_iris_scales_everything():
    usual, larger = (
        compute_motion(made_track(), replace(PLAIN_MM, iris_mm=mm)) for mm in (None, 12.87)
    )
    np.testing.assert_allclose(larger.position_mm, 1.1 * usual.position_mm)
    assert (usual.scale.source, larger.scale.source) == ("iris", "entered")
    assert larger.scale.relative_sd < usual.scale.relative_sd


@pytest.mark.slow
def test_lost_frames_stay_on_the_time_axis():
    track = made_track()
    points = track.points_px.copy()
    points[50:60] = np.nan
    signals = compute_motion(replace(track, points_px=points), PLAIN_MM)
    assert np.isnan(signals.position_mm[50:60]).all()
    assert np.isfinite(np.delete(signals.position_mm, np.arange(50, 60), axis=0)).all()
    assert signals.marks["lost"].sum() == 10


@pytest.mark.slow
def test_a_head_turned_away_is_marked():
    yaw = np.where(HOLD, 30.0, 0.0)
    assert compute_motion(made_track(yaw_deg=yaw), PLAIN_MM).marks["turned"][HOLD].all()


def test_a_plain_track_cannot_be_measured():
    with pytest.raises(TrackError, match="--plain"):
        compute_motion(replace(made_track(), corrected_px=None))


def test_too_few_frames():
    track = made_track()
    points = track.points_px.copy()
    points[20:] = np.nan
    with pytest.raises(NoFaceError, match="Too few frames"):
        compute_motion(replace(track, points_px=points))


@pytest.mark.slow
def test_a_face_too_small_to_measure():
    track = made_track()
    with pytest.raises(NoFaceError, match="too small"):
        compute_motion(replace(track, eyes_px=track.eyes_px * 0.5))


@pytest.mark.slow
def test_signals_are_stored_with_their_units(tmp_path):
    signals = compute_motion(made_track(), PLAIN_MM)
    path = tmp_path / "signals.parquet"
    write_signals(signals, path)
    stored = pl.read_parquet(path)
    assert stored.equals(signals_table(signals))
    assert [c.name for c in CHANNELS] == [
        n for n in stored.columns if n in {c.name for c in CHANNELS}
    ]
    assert "mm" in pl.read_parquet_metadata(path)["facewire.units"]
    assert [p.name for p in tmp_path.iterdir()] == ["signals.parquet"]
