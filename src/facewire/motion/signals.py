"""Motion signals: how far each region stands from where the head alone would put it, in mm.

On disk they are one Parquet file with units in its metadata.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Region, Side, region_channels
from facewire.files import whole_path
from facewire.landmarks.track import check_shapes, check_times
from facewire.results.measurement import Scale

if TYPE_CHECKING:
    import polars as pl


FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


SCHEMA = "facewire.signals/1"
MARKS = ("lost", "turned", "gaze", "speech", "occluded", "changed")


@dataclass(frozen=True)
class MotionSignals:
    """Regions of the face over time, head-fixed, in millimetres.

    Parameters
    ----------
    times_s : ndarray of float, shape (n_frames,)
        Increasing.
    position_mm : ndarray of float, shape (n_frames, n_channels)
        Columns in the order of `facewire.face.CHANNELS`: fissure height (``eye``), height of the
        brow over the line of the eye corners, and, for the others, the place in the head-fixed
        frame (origin between the eyes' inner corners; up and outward positive). NaN where the
        face was not measured, or the channel's region is covered.
    sd_mm : ndarray of float, same shape
        Standard deviation of the tracking noise of each sample, mm; NaN where the position is NaN.
    pose_deg : ndarray of float, shape (n_frames, 3)
        Yaw (towards the patient's left positive), pitch (up positive), roll (towards the patient's
        left shoulder positive).
    blink : ndarray of bool, shape (n_frames,)
        True where a spontaneous blink hides the height of the fissure.
    marks : dict of str to ndarray of bool, shape (n_frames,)
        Reasons for doubt by name: ``lost``, ``turned``, ``gaze``, ``speech``, ``occluded``,
        ``changed``.
    scale : Scale
        How pixels became millimetres.
    rest_seen : bool
        Whether the face was seen at rest, still and with open eyes; else the zero is where it moved
        least.
    lid_spread_mm : ndarray of float, shape (n_frames, 2), optional
        How unsure the lid network is of the distance between the right and the left eye's lids in
        each frame, as it says itself; NaN where the face was not measured.
    pupil_margins_mm : ndarray of float, shape (2, 2), optional
        At rest, for the right and the left eye: the upper lid above the pupil's middle, the lower
        one under it. NaN for an eye that is covered.
    """

    times_s: FloatArray
    position_mm: FloatArray
    sd_mm: FloatArray
    pose_deg: FloatArray
    blink: BoolArray
    marks: dict[str, BoolArray]
    scale: Scale
    rest_seen: bool = True
    lid_spread_mm: FloatArray | None = None
    pupil_margins_mm: FloatArray | None = None

    def __post_init__(self) -> None:
        n = len(self.times_s)
        shapes = {
            "position_mm": (n, len(CHANNELS)),
            "sd_mm": (n, len(CHANNELS)),
            "pose_deg": (n, 3),
            "blink": (n,),
        }
        if self.lid_spread_mm is not None:
            shapes["lid_spread_mm"] = (n, 2)
        if self.pupil_margins_mm is not None:
            shapes["pupil_margins_mm"] = (2, 2)
        check_shapes("motion signals", self, shapes)
        wrong = [f"{k} {m.shape}" for k, m in self.marks.items() if k not in MARKS or len(m) != n]
        if wrong or (self.sd_mm < 0).any():
            raise TrackError(
                "Motion signals contradict themselves",
                expected=f"marks of {n} frames among {', '.join(MARKS)}; noise of 0 mm or more",
                found="; ".join(wrong) or f"noise of {np.nanmin(self.sd_mm):g} mm",
            )
        check_times("motion signals", self.times_s)

    def channel(self, channel: Channel) -> FloatArray:
        """Return one signal, shape (n_frames,), mm."""
        column: FloatArray = self.position_mm[:, CHANNEL_INDEX[channel]]
        return column

    def seen_share(self, region: Region, side: Side) -> float:
        """Return the share of the measured frames in which a region is not covered, 0 to 1."""
        known = np.isfinite(self.position_mm)
        columns = [CHANNEL_INDEX[channel] for channel in region_channels(region, side)]
        measured = int(known.any(axis=1).sum())
        return float(known[:, columns].all(axis=1).sum() / measured) if measured else 0.0


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
