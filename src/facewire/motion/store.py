"""Motion signals as a table on disk: one Parquet file with units in its metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from facewire.face import CHANNELS
from facewire.files import whole_path
from facewire.motion.signals import MotionSignals

if TYPE_CHECKING:
    import polars as pl

SCHEMA = "facewire.signals/1"
MARKS = ("lost", "turned", "gaze", "speech", "occluded")


def signals_table(signals: MotionSignals) -> pl.DataFrame:
    """Return the signals as a table: time, every channel in mm, its SD, pose, blink, marks."""
    import polars as pl

    columns: dict[str, object] = {"time_s": signals.times_s}
    for i, channel in enumerate(CHANNELS):
        columns[channel.name] = signals.position_mm[:, i]
        columns[f"{channel.name}_sd"] = signals.sd_mm[:, i]
    for i, name in enumerate(("yaw_deg", "pitch_deg", "roll_deg")):
        columns[name] = signals.pose_deg[:, i]
    columns["blink"] = signals.blink
    columns.update({name: signals.marks[name] for name in MARKS if name in signals.marks})
    return pl.DataFrame(columns)


def write_signals(signals: MotionSignals, path: Path) -> None:
    """Write the table; millimetres, head-fixed, up and outward positive."""
    scale = signals.scale
    metadata = {
        "facewire.schema": SCHEMA,
        "facewire.units": "time s; channels and their _sd mm; angles deg",
        "facewire.scale": json.dumps({"source": scale.source, "reference_mm": scale.reference_mm}),
    }
    with whole_path(path) as passing:
        signals_table(signals).write_parquet(passing, metadata=metadata)
