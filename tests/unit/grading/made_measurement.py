"""Measurements of simulated patients, and measurements written by hand, for the grading tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from facewire.face import CHANNELS, MOVEMENTS, REGIONS, SIDES, Movement, Region, Side
from facewire.pipeline.measurement import measurement_of
from facewire.results.cells import ClosureCell, RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.measurement import Measurement, Quality
from facewire.results.provenance import Provenance, Source
from facewire.synthetic.patient_spec import Protocol
from simulated.wiring_spec import SignalPatient, WrongEdge
from unit.findings.made_map import measurement
from unit.synkinesis.made_evidence import estimate, located, simulate

SD = 0.2 / 1.959964
"""Of every number by hand: its interval reaches 0.2 mm to either side."""
WEAK = {"brow": 0.8, "smile": 0.8, "snarl": 0.8, "pucker": 0.8}
SHORT = Protocol(repetitions=2)
SYNKINETIC = (
    WrongEdge("smile", Region.EYE, (-3.0,)),
    WrongEdge("pucker", Region.EYE, (-3.0,)),
    WrongEdge("snarl", Region.EYE, (-2.0,)),
    WrongEdge("eye_close", Region.COMMISSURE, (1.5, 2.5)),
)


def patient(kind: str, side: Side = Side.RIGHT) -> SignalPatient:
    """A healthy, a synkinetic or a flaccid face."""
    if kind == "healthy":
        return SignalPatient(protocol=SHORT)
    if kind == "synkinetic":
        return SignalPatient(side, WEAK, miswiring=SYNKINETIC, protocol=SHORT)
    return SignalPatient(side, dict.fromkeys(WEAK, 0.1), protocol=SHORT)


@cache
def measured(kind: str, seed: int = 1, side: Side = Side.RIGHT) -> Measurement:
    """A measurement of a simulated patient; shared between tests."""
    recording = simulate(patient(kind, side), seed)
    source = Source(name="made", synthetic=True, mirrored=False)
    made = Provenance(facewire="0", source=source)
    quality = Quality(frames=1, frames_measured=1, frames_lost=0)
    return measurement_of(estimate(recording), located(recording), quality, source, made)


def by_hand(affected: Side | None = Side.RIGHT, status: str = "stated") -> Measurement:
    """A symmetric face that moves 8 mm everywhere on both sides, each number known to 0.2 mm."""
    cells = [
        {"movement": m, "region": r, "side": s} for m in MOVEMENTS for r in REGIONS for s in SIDES
    ]
    moved = {"excursion_mm": 8.0, "excursion_sd_mm": SD, "ci_low": 7.8, "ci_high": 8.2}
    quiet = {"change_mm": 0.0, "change_sd_mm": SD, "ci_low": -0.2, "ci_high": 0.2}
    places = {
        Region.EYE: 10.0,
        Region.BROW: 25.0,
        Region.COMMISSURE: -33.0,
        Region.LOWER_LIP: -40.0,
    }
    return measurement(
        subject="P1",
        side_affected=affected,
        side_status=status,
        side_confidence=None,
        voluntary=tuple(VoluntaryCell(**cell, **moved) for cell in cells),
        synkinesis=tuple(SynkinesisCell(**cell, **quiet) for cell in cells),
        eye_closure=tuple(
            ClosureCell(movement=m, side=s, gap_mm=0.0, gap_sd_mm=0.2041, ci_low=0.0, ci_high=0.4)
            for m in (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)
            for s in SIDES
        ),
        rest=tuple(
            RestCell(
                region=c.region,
                component=c.component,
                side=c.side,
                position_mm=places[c.region],
                position_sd_mm=0.5,
                ci_low=places[c.region] - 1.0,
                ci_high=places[c.region] + 1.0,
                difference_mm=0.0,
                difference_sd_mm=SD,
                difference_ci_low=-0.2,
                difference_ci_high=0.2,
            )
            for c in CHANNELS
            if c.region in places
        ),
    )


def changed(
    result: Measurement, part: str, where: tuple[str, str, str], **numbers: Any
) -> Measurement:
    """The measurement with numbers of one cell replaced; intervals keep their width of 0.4."""
    for value in [v for k, v in numbers.items() if k in ("change_mm", "excursion_mm") and v]:
        numbers |= {"ci_low": value - 0.2, "ci_high": value + 0.2}
    cells = getattr(result, part)
    assert where in [cell.key for cell in cells]
    return result.replaced(
        **{part: tuple(c.replaced(**numbers) if c.key == where else c for c in cells)}
    )
