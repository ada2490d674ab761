"""Whole tracks in memory: to look at all of one, and to hold the careful reading against."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from facewire.landmarks import LandmarkTrack, track_source
from facewire.landmarks.points import MIRROR_POINTS
from facewire.landmarks.track_file import SHAPES


def load_track(path: Path) -> LandmarkTrack:
    """Read a stored track as it was filmed."""
    source = track_source(path)
    table = pl.read_parquet(path)
    names = [
        name for name in LandmarkTrack.__dataclass_fields__ if name not in ("times_s", "source")
    ]
    arrays = {
        name: table[name].to_numpy().reshape(len(table), *SHAPES.get(name, ()))
        if name in table.columns
        else None
        for name in names
    }
    if arrays["eyes_px"] is None:
        arrays["mismatch"] = None
    return LandmarkTrack(table["time_s"].to_numpy(), source=source, **arrays)


def mirrored(track: LandmarkTrack, width_px: float) -> LandmarkTrack:
    """Return the points of the left-right mirrored picture."""

    def flip(points: NDArray[np.float32]) -> NDArray[np.float32]:
        turned = points.copy()
        turned[..., 0] = np.float32(width_px) - turned[..., 0]
        return turned

    eyes, corrected = track.eyes_px, track.corrected_px
    return replace(
        track,
        points_px=flip(track.points_px[:, MIRROR_POINTS]),
        eyes_px=None if eyes is None else flip(eyes[:, ::-1]),
        corrected_px=None if corrected is None else flip(corrected[:, MIRROR_POINTS[:468]]),
        seen=None if track.seen is None else track.seen[:, ::-1],
        match=None if track.match is None else track.match[:, ::-1],
    )
