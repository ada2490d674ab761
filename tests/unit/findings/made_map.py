"""A measurement written by hand: an open smile narrows the right eye, the rest is quiet."""

from __future__ import annotations

from typing import Any

from facewire.face import CHANNELS, MOVEMENTS, REGIONS, SIDES, Movement, Region, Side
from facewire.results.cells import ClosureCell, RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.measurement import Measurement, Quality, Scale, StoredFiles
from facewire.results.provenance import Provenance, Source

R = Side.RIGHT
QUIET = {"change_mm": 0.1, "change_sd_mm": 0.15, "ci_low": -0.2, "ci_high": 0.4}
NARROWS = {"change_mm": -3.5, "change_sd_mm": 0.2, "ci_low": -3.9, "ci_high": -3.1}


def synkinesis_cell(
    movement: Movement, region: Region, side: Side, **values: Any
) -> SynkinesisCell:
    """A quiet cell; ``values`` replaces fields."""
    quiet = {**QUIET, "present": False, "detected": False, "beyond_healthy": False}
    return SynkinesisCell(
        movement=movement, region=region, side=side, **{**quiet, "repetitions": 3, **values}
    )


def untold(movement: Movement, region: Region, side: Side, **values: Any) -> SynkinesisCell:
    return SynkinesisCell(
        movement=movement,
        region=region,
        side=side,
        **{"repetitions": 3, "reason": "the region was not measured", **values},
    )


def voluntary_cell(movement: Movement, region: Region, side: Side, **values: Any) -> VoluntaryCell:
    told = {"excursion_mm": 6.0, "excursion_sd_mm": 0.2, "ci_low": 5.6, "ci_high": 6.4}
    return VoluntaryCell(
        movement=movement,
        region=region,
        side=side,
        **{**told, "symmetry": 1.0, "repetitions": 3, **values},
    )


def closure_cell(movement: Movement, side: Side, gap: tuple[float, float, float]) -> ClosureCell:
    """A gap with its interval, mm: value, low, high."""
    return ClosureCell(
        movement=movement,
        side=side,
        gap_mm=gap[0],
        gap_sd_mm=0.3,
        ci_low=gap[1],
        ci_high=gap[2],
        repetitions=3,
    )


def synkinesis_cells() -> tuple[SynkinesisCell, ...]:
    found = []
    for movement in MOVEMENTS:
        for region in REGIONS:
            for side in SIDES:
                key = (movement, region, side)
                if side is Side.LEFT:
                    found.append(untold(*key, reason="the other side serves as the reference"))
                elif key == (Movement.SMILE_OPEN, Region.EYE, R):
                    told = {"present": True, "detected": True, "beyond_healthy": True, "score": 9.0}
                    found.append(synkinesis_cell(*key, **NARROWS, **told))
                elif key == (Movement.SNARL, Region.EYE, R):
                    found.append(untold(*key))
                else:
                    found.append(synkinesis_cell(*key))
    return tuple(found)


def measurement(**values: Any) -> Measurement:
    """The measurement as its parts say; ``values`` replaces fields."""
    given: dict[str, Any] = {
        "subject": "P017",
        "synthetic": False,
        "files": StoredFiles(),
        "provenance": Provenance(facewire="0.1.0", source=Source(name="clip.mp4")),
        "scale": Scale(source="iris", reference_mm=11.7, relative_sd=0.043, mm_per_px=0.2),
        "side_confirmed": True,
        "side_affected": R,
        "side_status": "inferred",
        "side_confidence": 0.98,
        "rest": tuple(
            RestCell(
                region=c.region,
                component=c.component,
                side=c.side,
                position_mm=10.0,
                position_sd_mm=0.8,
                ci_low=8.4,
                ci_high=11.6,
            )
            for c in CHANNELS
        ),
        "eye_closure": tuple(
            closure_cell(m, s, (0.3, 0.0, 0.9))
            for m in (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)
            for s in SIDES
        ),
        "blink": (),
        "synkinesis": synkinesis_cells(),
        "voluntary": tuple(
            voluntary_cell(m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES
        ),
        "repetitions": (),
        "quality": Quality(frames=1200, frames_measured=1190, frames_lost=10),
    }
    return Measurement(**{**given, **values})
