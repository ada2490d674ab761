"""Cover any region of any patient: no number for it, and never the other side as the affected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNELS, REGIONS, SIDES, Movement, Region, Side
from facewire.findings import cover, judged
from facewire.results.findings import Verdict
from facewire.synkinesis import estimate_map
from facewire.words.coverage import cover_sentences
from simulated.signals import SimulatedRecording
from simulated.wiring_spec import SignalPatient, WrongEdge
from unit.synkinesis.made_evidence import located, simulate

MOUTH = (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA, Region.CHIN)
ORAL_OCULAR = SignalPatient(
    affected_side=Side.RIGHT,
    miswiring=tuple(WrongEdge(c, Region.EYE, (-3.0,)) for c in ("smile", "pucker", "snarl")),
)
OCULAR_ORAL = SignalPatient(
    affected_side=Side.RIGHT,
    miswiring=(WrongEdge("eye_close", Region.COMMISSURE, (2.0, 2.0)),),
)
COVERS = [((region,), (side,)) for region in (Region.EYE, Region.COMMISSURE) for side in SIDES]
COVERS += [(MOUTH, SIDES), (MOUTH, (Side.RIGHT,)), ((Region.BROW,), (Side.LEFT,))]


def hidden(
    recording: SimulatedRecording, regions: tuple[Region, ...], sides: tuple[Side, ...]
) -> SimulatedRecording:
    taken = [c.region in regions and (c.side in sides or c.side is None) for c in CHANNELS]
    signals = recording.signals
    position, sd = (np.where(taken, np.nan, a) for a in (signals.position_mm, signals.sd_mm))
    return replace(recording, signals=replace(signals, position_mm=position, sd_mm=sd))


@pytest.fixture(scope="module")
def patients() -> list[SimulatedRecording]:
    return [simulate(spec) for spec in (SignalPatient(), ORAL_OCULAR, OCULAR_ORAL)]


@pytest.mark.slow
@pytest.mark.parametrize(("regions", "sides"), COVERS)
def test_no_number_for_what_is_covered_and_the_side_is_never_turned_round(
    patients: list[SimulatedRecording], regions: tuple[Region, ...], sides: tuple[Side, ...]
) -> None:
    for patient in patients:
        recording = hidden(patient, regions, sides)
        found = estimate_map(recording.signals, located(recording))
        cells = judged(found.synkinesis, found.affected.side)
        for row in (*cells, *found.voluntary):
            if row.region in regions and row.side in sides:
                number = getattr(row, row.NUMBERS[0].value)
                assert number is None, row
                assert row.reason
        for rest in found.rest:
            if rest.region in regions and (rest.side in sides or rest.side is None):
                assert rest.position_mm is None
                assert "covers" in (rest.reason or "")
        for gap in found.eye_closure:
            if Region.EYE in regions and gap.side in sides:
                assert gap.gap_mm is None
        truth = patient.truth.affected_side
        assert found.affected.side in (None, truth)
        if set(regions) & {Region.EYE, Region.COMMISSURE}:
            assert found.affected.status != "none"


@pytest.mark.slow
def test_a_patch_over_the_affected_eye_leaves_the_side_open() -> None:
    recording = hidden(simulate(ORAL_OCULAR), (Region.EYE,), (Side.RIGHT,))
    found = estimate_map(recording.signals, located(recording))
    assert (found.affected.side, found.affected.status) == (None, "undecided")
    cells = judged(found.synkinesis, None)
    assert not [c for c in cells if c.verdict is Verdict.SYNKINESIS]
    smile = next(c for c in cells if c.key == (Movement.SMILE_OPEN, Region.EYE, Side.RIGHT))
    assert smile.reason == "something covers the region: it is not assessed"


def test_the_cover_is_told_first_and_by_name() -> None:
    shares = {(region, side): 1.0 for region in REGIONS for side in SIDES}
    shares[Region.EYE, Side.RIGHT] = 0.0
    shares[Region.CHIN, Side.LEFT] = shares[Region.CHIN, Side.RIGHT] = 0.25
    told = cover_sentences(cover((), (), seen_share=shares))
    assert told == (
        "Covered, and therefore not assessed: right eye.",
        "Covered for a time, and not assessed then: chin.",
    )
    assert cover_sentences(cover((), ())) == ()
