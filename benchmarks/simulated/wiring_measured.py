"""A simulated face as a measurement: changes with noise, and deviations that say how much.

The standard deviations are the median ones of measured rendered patients (`facewire measure`).
"""

from __future__ import annotations

from collections.abc import Iterator
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
from facewire.results.cells import RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement, Quality, Scale, StoredFiles
from facewire.results.provenance import Provenance, Source

FloatArray = NDArray[np.float64]

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
"""Of a position, as a part of it; besides, what the head's own frame leaves."""
POSITION_SD_MM = 0.255

NOT_ASKED = "this movement moves the region on purpose"
NO_SIDE = "no side is affected, or it could not be told which"


def channel_sds(table: dict[Movement, tuple[float, ...]]) -> FloatArray:
    """Return standard deviations per movement and channel, shape (8, 10), mm."""
    return np.array(
        [[table[m][REGIONS.index(region)] for region, _ in SIDE_CHANNELS] for m in MOVEMENTS]
    )


def simulated_measurement(
    total_mm: FloatArray,
    involuntary_mm: FloatArray,
    rest_mm: FloatArray,
    affected: Side | None,
    movements: tuple[Movement, ...] = MOVEMENTS,
) -> Measurement:
    """Return changes as a measurement.

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
    return Measurement(
        subject=None,
        synthetic=True,
        files=StoredFiles(),
        provenance=Provenance(
            facewire="simulated", source=Source(name="simulated", sha256="0" * 64)
        ),
        scale=Scale(source="simulated", reference_mm=11.7, relative_sd=0.043, mm_per_px=0.2),
        side_affected=affected,
        side_status="none" if affected is None else "stated",
        side_confirmed=True,
        side_confidence=None,
        rest=tuple(_rest_cells(rest_mm)),
        eye_closure=(),
        blink=(),
        synkinesis=tuple(_synkinesis_cells(involuntary_mm, affected, movements)),
        voluntary=tuple(_voluntary_cells(total_mm, movements)),
        repetitions=(),
        quality=Quality(frames=0, frames_measured=0, frames_lost=0),
        limits=("Simulated: no video stands behind these numbers.",),
    )


def _voluntary_cells(
    total_mm: FloatArray, movements: tuple[Movement, ...]
) -> Iterator[VoluntaryCell]:
    for m, movement in enumerate(MOVEMENTS):
        for r, region in enumerate(REGIONS):
            for s, side in enumerate(SIDES):
                place: dict[str, Any] = {"movement": movement, "region": region, "side": side}
                if movement not in movements:
                    yield VoluntaryCell(**place, reason="not recorded")
                    continue
                number, parts = _numbers(total_mm[s, m], region, TOTAL_SD_MM[movement][r])
                columns = VoluntaryCell.columns("excursion_mm", number)
                yield VoluntaryCell(**place, **columns, **parts, repetitions=3)


def _synkinesis_cells(
    involuntary_mm: FloatArray, affected: Side | None, movements: tuple[Movement, ...]
) -> Iterator[SynkinesisCell]:
    for m, movement in enumerate(MOVEMENTS):
        for r, region in enumerate(REGIONS):
            for side in SIDES:
                place: dict[str, Any] = {"movement": movement, "region": region, "side": side}
                asked = movement in movements and not moves_on_purpose(movement, region)
                if affected is not side or not asked:
                    reason = NO_SIDE if affected is None else NOT_ASKED
                    yield SynkinesisCell(**place, reason=reason)
                    continue
                number, parts = _numbers(involuntary_mm[m], region, INVOLUNTARY_SD_MM[movement][r])
                columns = SynkinesisCell.columns("change_mm", number)
                yield SynkinesisCell(**place, **columns, **parts, repetitions=3)


def _numbers(
    changes: FloatArray, region: Region, sd: float
) -> tuple[Estimate | None, dict[str, Any]]:
    if region not in VECTOR_REGIONS:
        height = float(changes[SIDE_CHANNEL_INDEX[region, "height"]])
        return Estimate.of(height, sd, "mm"), {}
    across = float(changes[SIDE_CHANNEL_INDEX[region, "across"]])
    up = float(changes[SIDE_CHANNEL_INDEX[region, "up"]])
    parts = {"across_mm": across, "up_mm": up, "across_sd_mm": sd, "up_sd_mm": sd}
    return Estimate.of(float(np.hypot(across, up)), sd, "mm"), parts


def _rest_cells(rest_mm: FloatArray) -> Iterator[RestCell]:
    for k, (region, component) in enumerate(SIDE_CHANNELS):
        for s, side in enumerate(SIDES):
            chin = region is Region.CHIN
            if chin and s:
                continue
            here, other = float(rest_mm[s, k]), float(rest_mm[1 - s, k])
            sd = POSITION_SD * abs(here) + POSITION_SD_MM
            apart = REST_SD_MM.get(region, OTHER_REST_SD_MM)
            gap = None if chin else Estimate.of(here - other, apart, "mm")
            yield RestCell(
                region=region,
                component=component,
                side=None if chin else side,
                **RestCell.columns("position_mm", Estimate.of(here, sd, "mm")),
                **RestCell.columns("difference_mm", gap),
            )
