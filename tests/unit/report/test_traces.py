"""Traces and key frames: aligned, in mm, and only when the files belong to the result."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from facewire.face import Movement, Region, Side
from facewire.figures.axes import Axes, steps
from facewire.figures.traces import PANEL, build_panel, draw_panel
from facewire.report.stored import (
    frame_title,
    frames_view,
    image_address,
    load_frames,
    load_signals,
)
from facewire.report.traces import traces_view
from facewire.results.measurement import Repetition, StoredFile, StoredFiles
from unit.report.made_result import healthy_result, measured, sha256, signals_table
from unit.report.page_reading import build_report, part


def rows(movement: str) -> list[Repetition]:
    whole = measured(healthy_result())
    return [row for row in whole.repetitions if row.movement == movement]


def held(panel, side: Side) -> float:
    inside = (panel.times_s > 0.6) & (panel.times_s < 1.4)
    return float(np.median([t.change_mm[inside] for t in panel.traces if t.side is side]))


def test_panel_shows_the_change_from_rest():
    panel = build_panel(signals_table(), Movement.SMILE_OPEN, Region.EYE, rows("smile_open"))
    assert held(panel, Side.LEFT) == pytest.approx(5.0, abs=0.01)
    assert held(panel, Side.RIGHT) == pytest.approx(3.0, abs=0.01)


def test_vector_region_shows_the_length():
    panel = build_panel(signals_table(), Movement.SMILE_OPEN, Region.COMMISSURE, rows("smile_open"))
    assert held(panel, Side.RIGHT) == pytest.approx(3 * 2**0.5, abs=0.01)


def test_repetitions_are_aligned_at_their_onset():
    panel = build_panel(signals_table(), Movement.SMILE_OPEN, Region.EYE, rows("smile_open"))
    before = panel.times_s < 0
    assert len(panel.traces) == 6
    assert all(np.abs(t.change_mm[before]).max() < 0.01 for t in panel.traces)
    assert panel.hold_s == pytest.approx((0.5, 1.5))


def test_lost_samples_are_not_bridged():
    table = signals_table()
    onset = rows("smile_open")[0].onset_s
    lost = (pl.col("time_s") > onset + 0.6) & (pl.col("time_s") < onset + 1.2)
    panel = build_panel(
        table.with_columns(lost=lost), Movement.SMILE_OPEN, Region.EYE, rows("smile_open")
    )
    inside = (panel.times_s > 0.7) & (panel.times_s < 1.1)
    assert np.isnan(panel.traces[0].change_mm[inside]).all()
    assert np.isfinite(panel.traces[1].change_mm[inside]).all()


def test_blink_is_cut_out_and_marked():
    onset = rows("smile_open")[0].onset_s
    blink = (pl.col("time_s") > onset + 0.9) & (pl.col("time_s") < onset + 1.1)
    table = signals_table().with_columns(blink=blink)
    panel = build_panel(table, Movement.SMILE_OPEN, Region.EYE, rows("smile_open"))
    assert panel.blinks_s == pytest.approx((0.92,), abs=0.03)
    assert np.isnan(panel.traces[0].change_mm[np.abs(panel.times_s - 1.0) < 0.02]).all()


def test_chin_is_one_point():
    panel = build_panel(signals_table(), Movement.SMILE_OPEN, Region.CHIN, rows("smile_open"))
    assert len(panel.traces) == 3


@pytest.mark.slow
def test_every_movement_is_drawn_with_eye_corner_and_brow(stored):
    result, folder = stored
    view = traces_view(result, load_signals(result, folder))
    assert len(view.movements) == 8
    for movement in view.movements:
        assert {Region.EYE, Region.COMMISSURE, Region.BROW} <= {
            one.panel.region for one in movement.panels
        }


@pytest.mark.slow
def test_dropped_repetition_is_counted(stored):
    result, folder = stored
    view = traces_view(result, load_signals(result, folder))
    assert (view.movements[1].kept, view.movements[1].all) == (2, 3)
    assert "2 of 3 repetitions shown" in part(build_report(result, folder), "traces")


def test_panel_has_words_beside_the_picture(stored):
    result, folder = stored
    panel = traces_view(result, load_signals(result, folder)).movements[4].panels[1]
    assert panel.description == (
        "Eye in open smile: median change in the hold right +3.0 mm, left +5.0 mm."
    )


def test_lines_pause_where_nothing_was_measured():
    axes = Axes(0.0, 4.0, 0.0, 10.0, PANEL)
    path = axes.path(zip(range(5), [0.0, 10.0, np.nan, 0.0, 10.0], strict=True))
    assert path == "M34 154L107 18M253 154L326 18"


def test_repetitions_are_thin_and_their_median_bold():
    panel = build_panel(signals_table(), Movement.SMILE_OPEN, Region.EYE, rows("smile_open"))
    lines = [(line.style, line.bold) for line in draw_panel(panel, Side.RIGHT).lines]
    assert lines == [
        *[("other", False)] * 3,
        ("other", True),
        *[("main", False)] * 3,
        ("main", True),
    ]


def test_onset_and_hold_are_marked_in_time():
    panel = build_panel(signals_table(), Movement.SMILE_OPEN, Region.EYE, rows("smile_open"))
    figure = draw_panel(panel, Side.RIGHT)
    second = (PANEL.right - PANEL.left) / (panel.times_s[-1] - panel.times_s[0])
    assert figure.onset == pytest.approx(PANEL.left + 0.7 * second, abs=0.1)
    assert figure.hold[0] - figure.onset == pytest.approx(0.5 * second, abs=0.2)
    assert figure.hold[1] == pytest.approx(second, abs=0.2)
    assert [tick.text for tick in figure.columns] == ["0 s", "1 s", "2 s"]


def test_quiet_region_is_not_blown_up():
    panel = build_panel(signals_table(), Movement.SMILE_OPEN, Region.EYE, rows("smile_open"))
    quiet = dataclasses.replace(
        panel, traces=tuple(dataclasses.replace(t, change_mm=t.change_mm * 0) for t in panel.traces)
    )
    assert [tick.text for tick in draw_panel(quiet, Side.RIGHT).rows] == [
        "\N{MINUS SIGN}1",
        "0",
        "1",
    ]


@pytest.mark.parametrize(("span", "step"), [(3.5, 1), (4.1, 2), (8, 2), (12, 5), (0.9, 0.5)])
def test_steps_are_round(span, step):
    first, second, *_ = steps(0.0, span, most=4)
    assert second - first == pytest.approx(step)


def test_missing_signals_are_told(stored, tmp_path):
    page = build_report(measured(stored[0]), tmp_path)
    assert "left out: the file signals.parquet is not beside the result" in part(page, "traces")


def test_signals_of_another_result_are_not_used(stored, tmp_path):
    (tmp_path / "signals.parquet").write_bytes(b"other")
    assert "is not the one of this result" in load_signals(measured(stored[0]), tmp_path).missing


def test_broken_signals_are_told(healthy, tmp_path):
    (tmp_path / "signals.parquet").write_bytes(b"no parquet")
    digest = sha256(tmp_path / "signals.parquet")
    files = {"signals": {"path": "signals.parquet", "sha256": digest}, "frames": None}
    missing = load_signals(measured(healthy | {"files": files}), tmp_path).missing
    assert missing == "the signals table cannot be read"


def test_files_that_the_result_does_not_list_are_not_used(stored):
    """What lies in the folder may be of another recording."""
    result, folder = stored
    bare = result.replaced(files=StoredFiles())
    assert load_signals(measured(bare), folder).missing == "none was kept with this result"
    assert load_frames(measured(bare), folder).missing == "none was kept with this result"


def test_files_outside_the_folder_are_not_read(stored, tmp_path):
    result, folder = stored
    outside = StoredFile(path="../x.parquet", sha256="a" * 64)
    result = result.replaced(files=StoredFiles(signals=outside))
    assert "outside its folder" in load_signals(measured(result), folder).missing


def test_photo_sheet_is_rest_and_each_apex(stored):
    result, folder = stored
    view = frames_view(result, load_frames(result, folder))
    assert [frame_title(frame.entry) for frame in view.frames[:2]] == ["Rest", "Brow raise"]
    assert len(view.frames) == 9
    assert view.bar_px == pytest.approx(8.0)


def test_landmarks_know_their_side(stored):
    result, folder = stored
    frame = frames_view(result, load_frames(result, folder)).frames[0]
    roles = {(point.x, point.role) for point in frame.points}
    assert roles == {(24, "other"), (12, "affected"), (18, "middle")}


def test_each_picture_is_stored_once(stored_page):
    assert stored_page.count("data:image/jpeg") == 9


def test_broken_list_of_frames_is_told(healthy, tmp_path):
    (tmp_path / "frames").mkdir()
    listed = tmp_path / "frames" / "frames.json"
    listed.write_text("{")
    files = {"signals": None, "frames": {"path": "frames/frames.json", "sha256": sha256(listed)}}
    assert "cannot be read" in load_frames(measured(healthy | {"files": files}), tmp_path).missing


@pytest.mark.parametrize("name", ["../secret.jpg", "missing.jpg", "text.jpg"])
def test_only_jpeg_files_of_the_folder_are_embedded(tmp_path, name):
    (tmp_path / "text.jpg").write_text("no picture")
    assert image_address(tmp_path, name) is None
