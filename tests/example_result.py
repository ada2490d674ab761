"""A result written by hand in its published form: for tests of what reads results."""

from __future__ import annotations

import json
from typing import Any

from facewire.face import MOVEMENTS, REGIONS, SIDES
from facewire.findings import complete
from facewire.results.measurement import Measurement

SHA = "0123456789abcdef" * 4


def _cells() -> list[dict[str, Any]]:
    return [
        {"movement": str(m), "region": str(r), "side": str(s)}
        for m in MOVEMENTS
        for r in REGIONS
        for s in SIDES
    ]


def _involuntary(cell: dict[str, Any]) -> dict[str, Any]:
    quiet = {
        "change_mm": 0.1,
        "change_sd_mm": 0.153,
        "ci_low": -0.2,
        "ci_high": 0.4,
        "percent": 1.0,
        "percent_of": "resting fissure",
        "gain": 0.01,
        "gain_ci_low": -0.02,
        "gain_ci_high": 0.04,
        "voluntary_mm": 8.0,
        "present": False,
        "detected": False,
        "beyond_healthy": False,
        "q_value": 0.8,
        "score": 0.1,
        "latency_s": None,
        "coupling": None,
        "repetitions": 3,
        "reason": None,
    }
    found = {
        "change_mm": -2.4,
        "change_sd_mm": 0.255,
        "ci_low": -2.9,
        "ci_high": -1.9,
        "percent": 24.0,
        "present": True,
        "detected": True,
        "beyond_healthy": True,
        "q_value": 0.001,
        "score": 9.6,
        "latency_s": 0.045,
    }
    is_found = (cell["movement"], cell["region"], cell["side"]) == ("smile_open", "eye", "R")
    return cell | quiet | (found if is_found else {})


def _voluntary(cell: dict[str, Any]) -> dict[str, Any]:
    numbers = {
        "excursion_mm": 1.0,
        "excursion_sd_mm": 0.102,
        "ci_low": 0.8,
        "ci_high": 1.2,
        "symmetry": 0.9,
    }
    return cell | numbers | {"repetitions": 3, "reason": None}


def example_result() -> dict[str, Any]:
    """Return a result with one finding: an open smile that narrows the right eye."""
    return {
        "schema": "facewire.measurement/1",
        "subject": "P017",
        "synthetic": False,
        "files": {
            "track": {"path": "track.parquet", "sha256": SHA},
            "signals": None,
            "frames": None,
        },
        "provenance": {
            "facewire": "0.1.0",
            "source": {"name": "clip.mp4", "sha256": SHA, "width_px": 640, "height_px": 720},
            "cues": None,
            "networks": [{"name": "iris_landmark.tflite", "sha256": SHA, "licence": "Apache-2.0"}],
            "settings": {"fitted": True},
            "steps": [{"step": "track", "seconds": 12.3}],
            "machine": {},
        },
        "scale": {
            "source": "iris",
            "reference_mm": 11.7,
            "relative_sd": 0.043,
            "mm_per_px": 0.21,
        },
        "side_affected": "R",
        "side_status": "inferred",
        "side_confirmed": False,
        "side_confidence": 0.98,
        "rest": [],
        "eye_closure": [],
        "blink": [],
        "synkinesis": [_involuntary(cell) for cell in _cells()],
        "voluntary": [_voluntary(cell) for cell in _cells()],
        "repetitions": [
            {
                "movement": "smile_open",
                "repetition": 1,
                "start_s": 4.0,
                "onset_s": 4.2,
                "apex_start_s": 4.6,
                "apex_end_s": 5.6,
                "end_s": 6.0,
                "rest_start_s": 3.0,
                "rest_end_s": 3.9,
                "rest_kind": "before",
                "kept": True,
                "reason": None,
            }
        ],
        "grades": {},
        "quality": {
            "frames": 1200,
            "frames_measured": 1190,
            "frames_lost": 10,
            "messages": [
                {"level": "warning", "code": "mirrored", "text": "Mirroring is not confirmed."}
            ],
        },
        "patterns": [],
        "limits": ["Not assessed from video: platysma, chin skin."],
    }


def first_version_result() -> dict[str, Any]:
    """Return the same result as the first version wrote it: intervals without deviations."""
    result = example_result()
    for name in ("synkinesis", "voluntary"):
        result[name] = [{k: v for k, v in row.items() if "_sd" not in k} for row in result[name]]
    return result


def example() -> Measurement:
    """Return the same result as it is read and judged."""
    return complete(Measurement.from_json(json.dumps(example_result()).encode()))
