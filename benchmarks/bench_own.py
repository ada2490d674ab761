"""The package's own synthetic patients, measured as a user measures a recording.

Truth and pictures come from one program, which the lid network and the fitted maps have partly
seen: a self-check of the whole way, not evidence. Rendered once, kept in ``out/bench/own``.
"""

from __future__ import annotations

import json

import facewire
from facewire.landmarks.models import FACE_BUNDLE, find_network
from facewire.pipeline import TrackOptions, track_video
from facewire.synthetic.agreement import Agreement, compare_with_truth
from facewire.synthetic.face3d import render_patient
from facewire.synthetic.patient import DEMO_PATIENT, load_patient
from patients import ROOT
from rows import Row

LONG = True

FOLDER = ROOT / "out" / "bench" / "own"
PATIENTS = ("demo", "flaccid", "healthy")


def rows(minutes: float = 0.0) -> list[Row]:
    """Measure every patient; ``minutes`` is not used."""
    del minutes
    return [row for name in PATIENTS for row in _rows(name, _measured(name))]


def _measured(name: str) -> Agreement:
    video, track = FOLDER / f"{name}.mp4", FOLDER / f"{name}.parquet"
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not video.exists():
        spec = load_patient(DEMO_PATIENT.with_name(f"{name}.toml"))
        render_patient(spec, find_network(FACE_BUNDLE), video)
    if not track.exists():
        track_video(video, track, TrackOptions(mirrored=False))
    truth = json.loads(video.with_suffix(".truth.json").read_text("utf-8"))
    cues = video.with_suffix(".protocol.json")
    return compare_with_truth(facewire.measure(track, cues=cues, mirrored=False).measurement, truth)


def _rows(name: str, found: Agreement) -> list[Row]:
    table = [Row("own", f"{name}: affected side right", float(found.side_correct), "", 1.0)]
    if found.covered is not None:
        held = 100 * found.covered
        table.append(Row("own", f"{name}: intervals that hold", held, "%", 90.0, 99.0))
    if found.present:
        share, told = found.found / found.present, f"{found.found} of {found.present}"
        table.append(Row("own", f"{name}: involuntary movements found", share, "", remark=told))
    for region, error_mm in found.median_error_mm.items():
        table.append(Row("own", f"{name}: {region}, median error", error_mm, "mm"))
    small_mm = ", ".join(map(str, found.false_alarms_mm)) or "-"
    truly = f"of {found.absent}; truly {small_mm} mm"
    name = f"{name}: too small, called present"
    table.append(Row("own", name, found.false_alarms, "", remark=truly))
    return table
