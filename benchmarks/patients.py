"""Rendered patients of known truth: their files, their tracks, their truth as signals.

The folder is ``../shared/patients`` beside the checkout, or ``FACEWIRE_PATIENTS``. Recordings of
one identity count as one patient: they are left out together.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNELS, Channel, Region, Side
from facewire.landmarks import LandmarkTrack
from facewire.motion import MotionSignals
from facewire.movements import load_cues, locate_movements
from facewire.pipeline import TrackOptions, track_video
from facewire.pipeline.measurement import measurement_of
from facewire.results.measurement import Measurement, Quality
from facewire.results.provenance import Provenance, Source
from facewire.synkinesis import MapSettings, estimate_map
from facewire.version import facewire_version
from whole_tracks import load_track

ROOT = Path(__file__).resolve().parents[1]
TRACKS = ROOT / "out" / "bench" / "tracks"

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Patient:
    """One rendered recording: its video, its cue sheet, and who it shows."""

    case: str
    video: Path
    cues: Path
    identity: str


def patients_folder() -> Path | None:
    """Return the folder of rendered patients, or None."""
    named = os.environ.get("FACEWIRE_PATIENTS")
    folder = Path(named) if named else ROOT.parent / "shared" / "patients"
    return folder if folder.is_dir() else None


def patients() -> list[Patient]:
    """Return every rendered recording, in the order of names."""
    folder = patients_folder()
    if folder is None:
        return []
    found = []
    for video in sorted(folder.glob("*.mp4")):
        spec = json.loads(video.with_suffix(".truth.json").read_text())["spec"]
        cues = video.with_suffix(".protocol.json")
        found.append(Patient(video.stem, video, cues, str(spec.get("identity", video.stem))))
    return found


def measurement_from(
    patient: Patient, signals: MotionSignals, settings: MapSettings
) -> Measurement:
    """Return what was measured in a recording, from its signals and its cue sheet."""
    movements = locate_movements(signals, load_cues(patient.cues))
    source = Source(name=f"{patient.case}.mp4", synthetic=True, mirrored=False)
    pictures = len(signals.times_s)
    found = measurement_of(
        estimate_map(signals, movements, settings),
        movements,
        Quality(frames=pictures, frames_measured=pictures, frames_lost=0),
        source,
        Provenance(facewire=facewire_version(), source=source),
    )
    return found.replaced(scale=signals.scale)


def track_of(patient: Patient) -> LandmarkTrack:
    """Return the recording's track, made once and kept under ``out/bench``."""
    path = TRACKS / f"{patient.case}.parquet"
    if not path.exists():
        TRACKS.mkdir(parents=True, exist_ok=True)
        track_video(patient.video, path, TrackOptions(mirrored=False))
    return load_track(path)


def truth_signals(patient: Patient) -> tuple[FloatArray, FloatArray]:
    """Return the truth's times, seconds, and every channel in mm, shape (n_frames, n_channels)."""
    arrays = np.load(patient.video.with_suffix(".truth.npz"))
    return arrays["t"], np.column_stack([_truth(arrays, channel) for channel in CHANNELS])


def _truth(arrays: dict[str, FloatArray], channel: Channel) -> FloatArray:
    if channel.region is Region.EYE:
        return arrays[f"fissure_{channel.side}"]
    if channel.component == "height":
        return arrays[f"{channel.region}_{channel.side}"]
    column = 0 if channel.component == "across" else 1
    if channel.side is None:
        return arrays["chin"][:, column]
    inward = channel.side is Side.RIGHT and column == 0
    return arrays[f"{channel.region}_{channel.side}"][:, column] * (-1.0 if inward else 1.0)


def hold_changes(times_s: FloatArray, signals: FloatArray, cues: Path) -> FloatArray:
    """Return hold minus rest of every cue, shape (n_cues, n_signals)."""
    rows = []
    for cue in json.loads(cues.read_text()):
        hold = (times_s >= cue["onset_end_s"]) & (times_s <= cue["offset_start_s"])
        rest = (times_s >= cue["start_s"] - 0.6) & (times_s < cue["start_s"] - 0.03)
        rows.append(np.median(signals[hold], axis=0) - np.median(signals[rest], axis=0))
    return np.array(rows)


def cue_movements(cues: Path) -> list[str]:
    """Return the movement of every cue."""
    return [str(cue["movement"]) for cue in json.loads(cues.read_text())]
