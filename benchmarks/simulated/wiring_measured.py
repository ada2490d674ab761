"""A simulated face as a measurement file: changes with noise, and intervals that say how much.

The standard deviations are the median ones of measured rendered patients (`facewire measure`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    MOVEMENTS,
    REGIONS,
    SIDES,
    VECTOR_REGIONS,
    Movement,
    Region,
    Side,
    moves_on_purpose,
)
from facewire.face.muscles import SIDE_CHANNEL_INDEX, SIDE_CHANNELS

FloatArray = NDArray[np.float64]

Z95 = 1.959964

TOTAL_SD_MM: dict[Movement, tuple[float, ...]] = {
    Movement.BROW_RAISE: (0.32, 0.33, 0.18, 0.19, 0.23, 0.18, 0.43),
    Movement.EYE_CLOSE_GENTLE: (0.82, 0.13, 0.21, 0.15, 0.22, 0.10, 0.25),
    Movement.EYE_CLOSE_TIGHT: (0.66, 0.15, 0.22, 0.20, 0.24, 0.16, 0.35),
    Movement.SMILE_CLOSED: (0.35, 0.11, 0.24, 0.16, 0.23, 0.13, 0.24),
    Movement.SMILE_OPEN: (0.58, 0.20, 0.35, 0.30, 0.28, 0.28, 0.25),
    Movement.SNARL: (0.34, 0.21, 0.34, 0.33, 0.25, 0.31, 0.17),
    Movement.LIP_PUCKER: (0.29, 0.13, 0.46, 0.31, 0.20, 0.13, 0.19),
    Movement.LOWER_TEETH_SHOW: (0.22, 0.12, 0.38, 0.15, 0.33, 0.11, 0.26),
}
"""Total change: standard deviation for each region, in the order of ``REGIONS``."""

INVOLUNTARY_SD_MM: dict[Movement, tuple[float, ...]] = {
    Movement.BROW_RAISE: (0.20, 0.20, 0.17, 0.13, 0.16, 0.10, 0.44),
    Movement.EYE_CLOSE_GENTLE: (0.30, 0.13, 0.22, 0.11, 0.16, 0.11, 0.25),
    Movement.EYE_CLOSE_TIGHT: (0.30, 0.15, 0.35, 0.18, 0.19, 0.19, 0.34),
    Movement.SMILE_CLOSED: (0.29, 0.12, 0.24, 0.16, 0.23, 0.13, 0.24),
    Movement.SMILE_OPEN: (0.34, 0.19, 0.35, 0.30, 0.28, 0.28, 0.25),
    Movement.SNARL: (0.29, 0.17, 0.34, 0.33, 0.25, 0.31, 0.17),
    Movement.LIP_PUCKER: (0.28, 0.14, 0.46, 0.31, 0.20, 0.13, 0.19),
    Movement.LOWER_TEETH_SHOW: (0.19, 0.13, 0.38, 0.15, 0.33, 0.11, 0.26),
}
"""Involuntary part; used where a movement does not move the region on purpose."""

REST_SD_MM = {Region.EYE: 0.45}
OTHER_REST_SD_MM = 1.0
POSITION_SD = 0.045

NOT_ASKED = "this movement moves the region on purpose"
NO_SIDE = "no side is affected, or it could not be told which"


def channel_sds(table: dict[Movement, tuple[float, ...]]) -> FloatArray:
    """Return standard deviations per movement and channel, shape (8, 10), mm."""
    return np.array(
        [[table[m][REGIONS.index(region)] for region, _ in SIDE_CHANNELS] for m in MOVEMENTS]
    )


def measured_document(
    total_mm: FloatArray,
    involuntary_mm: FloatArray,
    rest_mm: FloatArray,
    affected: Side | None,
    movements: tuple[Movement, ...] = MOVEMENTS,
) -> dict[str, Any]:
    """Return changes as a measurement file, ``facewire.measurement/1``.

    Parameters
    ----------
    total_mm : ndarray, shape (2, 8, 10)
        Total changes, their noise already in them; the chin the same on both sides.
    involuntary_mm : ndarray, shape (8, 10)
        Involuntary part on the affected side, likewise.
    rest_mm : ndarray, shape (2, 10)
        Positions at rest.
    affected : Side or None
    movements : tuple of Movement, optional
        Those that were recorded.
    """
    return {
        "schema": "facewire.measurement/1",
        "subject": None,
        "synthetic": True,
        "files": {"track": None, "signals": None, "frames": None},
        "provenance": _provenance(),
        "scale": {"source": "simulated", "reference_mm": 11.7, "relative_sd": 0.043},
        "side_affected": None if affected is None else str(affected),
        "side_status": "none" if affected is None else "stated",
        "side_confirmed": True,
        "side_confidence": 1.0,
        "rest": _rest_rows(rest_mm),
        "eye_closure": [],
        "blink": [],
        "synkinesis": _synkinesis_rows(involuntary_mm, affected, movements),
        "voluntary": _voluntary_rows(total_mm, movements),
        "repetitions": [],
        "patterns": [],
        "grades": {},
        "quality": {"frames": 0, "frames_measured": 0, "frames_lost": 0, "messages": []},
        "limits": ["Simulated: no video stands behind these numbers."],
    }


def _provenance() -> dict[str, Any]:
    return {
        "facewire": "simulated",
        "source": {"name": "simulated", "sha256": "0" * 64},
        "cues": None,
        "networks": [],
        "settings": {},
        "steps": [],
    }


def _voluntary_rows(total_mm: FloatArray, movements: tuple[Movement, ...]) -> list[dict[str, Any]]:
    rows = []
    for m, movement in enumerate(MOVEMENTS):
        for r, region in enumerate(REGIONS):
            for s, side in enumerate(SIDES):
                base = {"movement": str(movement), "region": str(region), "side": str(side)}
                if movement not in movements:
                    rows.append(base | _nothing("excursion_mm", "not recorded"))
                    continue
                numbers = _numbers(total_mm[s, m], region, TOTAL_SD_MM[movement][r])
                numbers["excursion_mm"] = numbers.pop("change")
                rows.append(base | numbers | {"symmetry": None, "repetitions": 3, "reason": ""})
    return rows


def _synkinesis_rows(
    involuntary_mm: FloatArray, affected: Side | None, movements: tuple[Movement, ...]
) -> list[dict[str, Any]]:
    rows = []
    for m, movement in enumerate(MOVEMENTS):
        for r, region in enumerate(REGIONS):
            for side in SIDES:
                base = {"movement": str(movement), "region": str(region), "side": str(side)}
                asked = movement in movements and not moves_on_purpose(movement, region)
                if affected is not side or not asked:
                    reason = NO_SIDE if affected is None else NOT_ASKED
                    rows.append(base | _nothing("change_mm", reason) | _unasked())
                    continue
                numbers = _numbers(involuntary_mm[m], region, INVOLUNTARY_SD_MM[movement][r])
                numbers["change_mm"] = numbers.pop("change")
                rows.append(base | numbers | _unasked() | {"repetitions": 3, "reason": ""})
    return rows


def _nothing(key: str, reason: str) -> dict[str, Any]:
    empty = dict.fromkeys((key, "ci_low", "ci_high", "across_mm", "up_mm"))
    rest: dict[str, Any] = {"repetitions": 0, "reason": reason}
    if key == "excursion_mm":
        rest["symmetry"] = None
    return empty | rest


def _unasked() -> dict[str, Any]:
    return dict.fromkeys(
        (
            "percent",
            "percent_of",
            "gain",
            "gain_ci_low",
            "gain_ci_high",
            "voluntary_mm",
            "beyond_healthy",
            "q_value",
            "score",
            "vs_other_side_mm",
            "vs_healthy_norm_mm",
            "latency_s",
            "latency_ci_low_s",
            "latency_ci_high_s",
            "coupling",
        )
    )


def _numbers(changes: FloatArray, region: Region, sd: float) -> dict[str, Any]:
    if region in VECTOR_REGIONS:
        across = float(changes[SIDE_CHANNEL_INDEX[region, "across"]])
        up = float(changes[SIDE_CHANNEL_INDEX[region, "up"]])
        value: float = float(np.hypot(across, up))
        parts: dict[str, Any] = {"across_mm": across, "up_mm": up}
    else:
        value = float(changes[SIDE_CHANNEL_INDEX[region, "height"]])
        parts = {"across_mm": None, "up_mm": value}
    return {"change": value, "ci_low": value - Z95 * sd, "ci_high": value + Z95 * sd} | parts


def _rest_rows(rest_mm: FloatArray) -> list[dict[str, Any]]:
    rows = []
    for k, (region, component) in enumerate(SIDE_CHANNELS):
        for s, side in enumerate(SIDES):
            chin = region is Region.CHIN
            if chin and s:
                continue
            here, other = float(rest_mm[s, k]), float(rest_mm[1 - s, k])
            sd, gap = REST_SD_MM.get(region, OTHER_REST_SD_MM), here - other
            rows.append(
                {
                    "region": str(region),
                    "component": component,
                    "side": None if chin else str(side),
                    "position_mm": here,
                    "ci_low": here - Z95 * POSITION_SD * abs(here) - 0.5,
                    "ci_high": here + Z95 * POSITION_SD * abs(here) + 0.5,
                    "difference_mm": None if chin else gap,
                    "difference_ci_low": None if chin else gap - Z95 * sd,
                    "difference_ci_high": None if chin else gap + Z95 * sd,
                }
            )
    return rows
