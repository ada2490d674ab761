"""Made-up results, signals and drawn pictures: what a report is made from, without a recording."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import polars as pl

from facewire.face import CHANNELS, MOVEMENTS, REGIONS, SIDES
from facewire.pipeline.measurement import LIMITS
from facewire.results.measurement import Measurement

Result = dict[str, Any]
"""A measurement in its published form, as an earlier version wrote it: without judgements."""

FIRST_ONSET_S, STEP_S, HOLD_S = 2.0, 4.0, 1.0


def measured(result: Result | Measurement) -> Measurement:
    """Read a made-up result as every reader does."""
    return (
        result
        if isinstance(result, Measurement)
        else Measurement.from_json(json.dumps(result).encode())
    )


def changed(row: Result, **fields: Any) -> Result:
    """Change fields of a row of the map; the interval and the answers go with the number."""
    if "change_mm" in fields:
        size = fields["change_mm"]
        row |= {"ci_low": size and size - 0.4, "ci_high": size and size + 0.4}
    if fields.get("change_mm", 0.0) is None:
        row |= dict.fromkeys(("gain", "present", "detected", "beyond_healthy"))
        row |= {"reason": "the region was not measured"}
    return row | fields


def synkinesis_row(movement: str, region: str, side: str, **change: Any) -> Result:
    """A quiet row of the map; ``change`` replaces fields."""
    row: Result = {
        "movement": movement,
        "region": region,
        "side": side,
        "change_mm": 0.04,
        "change_sd_mm": 0.128,
        "ci_low": -0.2,
        "ci_high": 0.3,
        "across_mm": None,
        "up_mm": None,
        "percent": 0.4,
        "percent_of": "resting fissure of the same eye",
        "gain": 0.01,
        "gain_ci_low": -0.02,
        "gain_ci_high": 0.04,
        "voluntary_mm": 6.0,
        "present": False,
        "detected": False,
        "beyond_healthy": False,
        "q_value": 0.7,
        "score": 0.3,
        "vs_other_side_mm": 0.05,
        "vs_healthy_norm_mm": 0.03,
        "latency_s": None,
        "latency_ci_low_s": None,
        "latency_ci_high_s": None,
        "coupling": 0.1,
        "repetitions": 3,
        "reason": None,
    }
    return row | change


def voluntary_row(movement: str, region: str, side: str) -> Result:
    return {
        "movement": movement,
        "region": region,
        "side": side,
        "excursion_mm": 6.4,
        "excursion_sd_mm": 0.153,
        "ci_low": 6.1,
        "ci_high": 6.7,
        "across_mm": 4.0,
        "up_mm": 5.0,
        "symmetry": 1.0,
        "repetitions": 3,
        "reason": None,
    }


def repetition_rows() -> list[Result]:
    rows = []
    for i, movement in enumerate(m for m in MOVEMENTS for _ in range(3)):
        onset = FIRST_ONSET_S + i * STEP_S
        rows.append(
            {
                "movement": str(movement),
                "repetition": i % 3 + 1,
                "start_s": onset - 0.2,
                "onset_s": onset,
                "apex_start_s": onset + 0.5,
                "apex_end_s": onset + 0.5 + HOLD_S,
                "end_s": onset + 2.0,
                "rest_start_s": onset - 1.2,
                "rest_end_s": onset - 0.2,
                "rest_kind": "before",
                "kept": True,
                "reason": None,
            }
        )
    return rows


def healthy_result() -> Result:
    """A face in which nothing goes along and both sides move alike."""
    cells = [
        (m, r, s) for m in map(str, MOVEMENTS) for r in map(str, REGIONS) for s in map(str, SIDES)
    ]
    return {
        "schema": "facewire.measurement/1",
        "subject": None,
        "synthetic": False,
        "files": {"track": None, "signals": None, "frames": None},
        "provenance": {
            "facewire": "0.1.0",
            "source": {
                "name": "clip.mp4",
                "sha256": "a" * 64,
                "width_px": 640,
                "frame_rate_hz": 30.0,
            },
            "cues": None,
            "networks": [{"name": "face", "sha256": "b" * 64, "licence": "Apache-2.0"}],
            "settings": {"fast": False, "fitted": True},
            "steps": [{"step": "track", "seconds": 12.3}],
            "machine": {"system": "Linux"},
        },
        "scale": {"source": "iris", "reference_mm": 11.7, "relative_sd": 0.043, "mm_per_px": 0.21},
        "side_affected": None,
        "side_status": "none",
        "side_confirmed": True,
        "side_confidence": 0.97,
        "rest": [
            {
                "region": "eye",
                "component": "height",
                "side": s,
                "position_mm": 10.0,
                "position_sd_mm": 0.102,
                "ci_low": 9.8,
                "ci_high": 10.2,
                "difference_mm": 0.1,
                "difference_sd_mm": 0.153,
                "difference_ci_low": -0.2,
                "difference_ci_high": 0.4,
            }
            for s in "LR"
        ],
        "eye_closure": [
            {
                "movement": m,
                "side": s,
                "gap_mm": 0.2,
                "gap_sd_mm": 0.2,
                "ci_low": 0.0,
                "ci_high": 0.6,
                "repetitions": 3,
                "reason": None,
            }
            for m in ("eye_close_gentle", "eye_close_tight")
            for s in "LR"
        ],
        "blink": [
            {
                "region": "commissure",
                "side": s,
                "change_mm": 0.1,
                "across_mm": 0.0,
                "up_mm": 0.1,
                "ci_low": 0.0,
                "ci_high": 0.2,
                "count": 9,
                "detected": False,
                "present": False,
                "reason": None,
            }
            for s in "LR"
        ],
        "synkinesis": [synkinesis_row(*cell) for cell in cells],
        "voluntary": [voluntary_row(*cell) for cell in cells],
        "repetitions": repetition_rows(),
        "grades": {},
        "quality": {
            "frames": 3000,
            "frames_measured": 2980,
            "frames_lost": 5,
            "frames_turned": 15,
            "frames_blink": 90,
            "sharpness": 0.8,
            "light": 0.6,
            "noise_mm": {"eye": 0.1, "brow": 0.15},
            "messages": [
                {
                    "level": "info",
                    "code": "no_cues",
                    "text": "There was no cue sheet: the movements were found and named from "
                    "the signals.",
                }
            ],
        },
        "patterns": [],
        "limits": list(LIMITS[:1]),
    }


FINDINGS = {
    ("smile_open", "eye", "R"): {
        "change_mm": -2.43,
        "ci_low": -2.9,
        "ci_high": -2.0,
        "percent": 24.0,
        "gain": 0.31,
        "gain_ci_low": 0.2,
        "gain_ci_high": 0.4,
        "present": True,
        "detected": True,
        "beyond_healthy": True,
        "latency_s": 0.045,
        "latency_ci_low_s": 0.02,
        "latency_ci_high_s": 0.07,
    },
    ("lip_pucker", "eye", "R"): {
        "change_mm": -1.71,
        "ci_low": -2.1,
        "ci_high": -1.3,
        "present": True,
        "detected": True,
        "beyond_healthy": True,
    },
    ("eye_close_tight", "commissure", "R"): {
        "change_mm": 1.94,
        "ci_low": 1.5,
        "ci_high": 2.4,
        "across_mm": 0.9,
        "up_mm": 1.7,
        "present": True,
        "detected": True,
        "beyond_healthy": True,
    },
    ("snarl", "brow", "R"): {
        "change_mm": -0.88,
        "ci_low": -1.1,
        "ci_high": -0.7,
        "present": True,
        "detected": True,
        "beyond_healthy": False,
    },
    ("brow_raise", "ala", "R"): {
        "change_mm": None,
        "change_sd_mm": None,
        "ci_low": None,
        "ci_high": None,
        "percent": None,
        "gain": None,
        "present": None,
        "detected": None,
        "beyond_healthy": None,
        "reason": "the region was not measured, or has no usable reference",
    },
}


def synkinetic_result() -> Result:
    """A right-sided case with three synkineses, a small finding and an unmeasured cell."""
    result = healthy_result()
    result["synkinesis"] = [
        row | FINDINGS.get((row["movement"], row["region"], row["side"]), {})
        for row in result["synkinesis"]
    ]
    for row in result["voluntary"]:
        if row["movement"] == "smile_open" and row["side"] == "R":
            row |= {"excursion_mm": 3.2, "ci_low": 2.9, "ci_high": 3.5, "symmetry": 0.5}
    result |= {"side_affected": "R", "side_status": "inferred", "side_confidence": 0.98}
    result["blink"][1] |= {
        "change_mm": 1.83,
        "ci_low": 1.6,
        "ci_high": 2.0,
        "present": True,
        "detected": True,
    }
    result["repetitions"][4] |= {"kept": False, "reason": "a blink covers the hold"}
    result["patterns"] = [
        {
            "name": "oral-ocular",
            "movement": "smile_open",
            "region": "eye",
            "side": "R",
            "change_mm": -2.43,
            "text": "",
        }
    ]
    return result


def signals_table() -> pl.DataFrame:
    """Every channel rests, then moves 5 mm (right: 3 mm) in each repetition; at 50 Hz."""
    times = np.arange(0, FIRST_ONSET_S + 25 * STEP_S, 0.02)
    level = np.zeros_like(times)
    for row in repetition_rows():
        rise = np.clip((times - row["onset_s"]) / 0.5, 0, 1)
        level += rise - np.clip((times - row["apex_end_s"]) / 0.5, 0, 1)
    columns = {"time_s": times}
    for channel in CHANNELS:
        size = 3.0 if channel.name.endswith("_R") else 5.0
        columns[channel.name] = 20.0 + size * level
    marks = {name: np.zeros(len(times), dtype=bool) for name in ("blink", "lost", "turned")}
    return pl.DataFrame(columns | marks)


def write_frames(folder: Path) -> None:
    """Draw an oval per key frame; no face."""
    folder.mkdir()
    entries = []
    for movement in ("rest", *map(str, MOVEMENTS)):
        name = f"{movement}_1.jpg"
        picture = np.full((44, 36, 3), 90, np.uint8)
        cv2.ellipse(picture, (18, 22), (12, 17), 0, 0, 360, (200, 200, 200), -1)
        cv2.imwrite(str(folder / name), picture)
        entries.append(
            {
                "file": name,
                "movement": movement,
                "repetition": 1,
                "time_s": 2.0,
                "width_px": 36,
                "height_px": 44,
                "phase": "rest" if movement == "rest" else "apex",
                "points_px": {"commissure_L": [24, 30], "commissure_R": [12, 30], "chin": [18, 38]},
                "eye_contour_L": [[22, 16], [25, 15], [27, 16]],
                "eye_contour_R": [[9, 16], [11, 15], [14, 16]],
            }
        )
    (folder / "frames.json").write_text(json.dumps({"mm_per_px": 2.5, "frames": entries}))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
