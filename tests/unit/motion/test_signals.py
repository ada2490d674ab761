"""Motion signals on disk: every number under its own name, in mm and degrees."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from facewire.face import CHANNELS
from facewire.motion import MotionSignals, write_signals
from facewire.results.measurement import Scale

N = 4
MARKED = ("lost", "turned", "gaze", "speech", "occluded", "changed")


@pytest.fixture
def signals() -> MotionSignals:
    """Every number differs: its column's own hundreds, its frame's own units."""
    frames = np.arange(N)[:, None]
    columns = 100.0 * np.arange(len(CHANNELS))
    return MotionSignals(
        times_s=np.arange(N) / 30,
        position_mm=columns + frames,
        sd_mm=0.001 * (columns + frames),
        pose_deg=np.array([10.0, 20.0, 30.0]) + frames,
        blink=np.arange(N) == 0,
        marks={name: np.arange(N) == i % N for i, name in enumerate(MARKED)},
        scale=Scale(source="entered", reference_mm=12.1, relative_sd=0.01, mm_per_px=0.2),
    )


def test_every_number_stands_under_its_name(signals: MotionSignals, tmp_path: Path) -> None:
    path = tmp_path / "signals.parquet"
    write_signals(signals, path)
    table = pl.read_parquet(path)
    assert table["time_s"].to_list() == pytest.approx([0.0, 1 / 30, 2 / 30, 3 / 30])
    for i, channel in enumerate(CHANNELS):
        assert table[channel.name].to_list() == [100 * i, 100 * i + 1, 100 * i + 2, 100 * i + 3]
        sd_mm = table[f"{channel.name}_sd"].to_list()
        assert sd_mm == pytest.approx([0.1 * i, 0.1 * i + 0.001, 0.1 * i + 0.002, 0.1 * i + 0.003])
    for first, name in ((10, "yaw_deg"), (20, "pitch_deg"), (30, "roll_deg")):
        assert table[name].to_list() == [first, first + 1, first + 2, first + 3]
    assert table["blink"].to_list() == [True, False, False, False]
    for i, name in enumerate(MARKED):
        assert table[name].arg_true().to_list() == [i % N]


def test_the_file_says_its_kind_units_and_scale(signals: MotionSignals, tmp_path: Path) -> None:
    path = tmp_path / "signals.parquet"
    write_signals(signals, path)
    said = pl.read_parquet_metadata(path)
    assert said["facewire.schema"] == "facewire.signals/1"
    assert said["facewire.units"] == "time s; channels and their _sd mm; angles deg"
    assert json.loads(said["facewire.scale"]) == {"source": "entered", "reference_mm": 12.1}
