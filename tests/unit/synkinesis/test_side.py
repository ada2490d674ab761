"""The affected side, from simulated patients."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, Channel, Movement, Region, Side
from facewire.results.measurement import References
from facewire.synkinesis.changes import measure_changes
from facewire.synkinesis.parts import Evidence
from facewire.synkinesis.side import infer_side, side_evidence
from facewire.synthetic.patient_spec import Protocol
from simulated.wiring_spec import SignalPatient, WrongEdge
from unit.synkinesis.made_evidence import REST_MM, estimate, located, simulate, with_channel

GROUPS = ("brow", "eye_close", "smile", "snarl", "pucker", "lower_teeth")
FLACCID = SignalPatient(affected_side=Side.RIGHT, voluntary_gain=dict.fromkeys(GROUPS, 0.15))
WIRED = SignalPatient(
    affected_side=Side.LEFT,
    miswiring=tuple(WrongEdge(c, Region.EYE, (-2.5,)) for c in ("smile", "pucker", "snarl")),
)


def evidence_of(recording, references=None):
    changes = measure_changes(recording.signals, located(recording))
    evidence = Evidence.of(changes, REST_MM, fitted=True)
    return evidence if references is None else replace(evidence, references=references)


@pytest.mark.parametrize("side", Side)
def test_the_weak_side_of_a_flaccid_face(side):
    found = infer_side(evidence_of(simulate(replace(FLACCID, affected_side=side))))
    assert (found.side, found.status) == (side, "inferred")
    assert found.confidence > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_face_has_none(seed):
    found = infer_side(evidence_of(simulate(SignalPatient(), seed)))
    assert (found.side, found.status) == (None, "none")


@pytest.mark.parametrize("side", Side)
def test_synkinesis_without_weakness(side):
    found = infer_side(evidence_of(simulate(replace(WIRED, affected_side=side))))
    assert (found.side, found.status) == (side, "inferred")


def test_weakness_and_synkinesis_are_told_apart():
    weak = side_evidence(evidence_of(simulate(FLACCID)), Side.RIGHT)
    wired = side_evidence(evidence_of(simulate(WIRED)), Side.LEFT)
    assert weak.weakness > 4 * weak.involuntary
    assert wired.involuntary > 4 * wired.weakness


def test_without_references_and_measured_regions_no_side_is_made_up():
    recording = simulate(WIRED)
    for side in Side:
        recording = with_channel(recording, Channel(Region.COMMISSURE, side, "up"), np.nan)
    none = References(
        other_side=False,
        other_side_reason="treated",
        healthy_norms=False,
        healthy_norms_reason="a child",
    )
    found = infer_side(evidence_of(recording, none))
    assert (found.side, found.status) == (None, "undecided")
    assert np.isnan(found.confidence)


@pytest.mark.parametrize(
    "missing",
    [
        (Movement.SMILE_CLOSED, Movement.SMILE_OPEN),
        (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT),
        (Movement.LIP_PUCKER,),
    ],
)
def test_without_smile_pucker_or_closure_nobody_is_called_unaffected(missing):
    asked = tuple(m for m in Movement if m not in missing)
    spec = SignalPatient(protocol=Protocol(movements=asked, repetitions=3))
    found = infer_side(evidence_of(simulate(spec)))
    assert (found.side, found.status) == (None, "undecided")


def test_repetitions_that_differ_too_much_leave_it_undecided():
    """A healthy face, but holds that differ by 5 mm from one repetition to the next."""
    evidence = evidence_of(simulate(SignalPatient()))
    spread = replace(evidence.spread, sd_mm=np.full_like(evidence.spread.sd_mm, 5.0))
    wide = replace(evidence, spread=spread)
    assert infer_side(evidence).status == "none"
    assert infer_side(wide).status == "undecided"


BOTH = SignalPatient(
    affected_side=Side.LEFT,
    miswiring=tuple(WrongEdge(c, Region.EYE, (-2.5,)) for c in ("smile", "pucker")),
    other_miswiring=(
        WrongEdge("brow", Region.COMMISSURE, (1.5, 2.0)),
        WrongEdge("eye_close", Region.COMMISSURE, (1.5, 2.0)),
    ),
)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("seed", range(3))
def test_both_sides_with_findings_of_their_own(side, seed):
    found = infer_side(evidence_of(simulate(replace(BOTH, affected_side=side), seed)))
    assert (found.side, found.status, found.sides) == (None, "both", tuple(Side))
    assert np.isnan(found.confidence)


def test_of_two_affected_sides_the_one_that_moves_more_is_told():
    found = estimate(simulate(BOTH))
    present = {(c.movement, c.region, c.side) for c in found.synkinesis if c.present}
    left = {(m, Region.EYE, Side.LEFT) for m in (Movement.SMILE_OPEN, Movement.LIP_PUCKER)}
    right = {
        (m, Region.COMMISSURE, Side.RIGHT)
        for m in (Movement.BROW_RAISE, Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)
    }
    assert left | right <= present
    other = next(
        c
        for c in found.synkinesis
        if (c.movement, c.region, c.side) == (Movement.LIP_PUCKER, Region.EYE, Side.RIGHT)
    )
    assert other.change_mm is None
    assert other.present is None
    assert other.reason == "both sides are affected, and the other one moves more here"


def test_sides_affected_alike_stay_hidden():
    """Nothing tells them from a healthy face but norms, which vary too much."""
    alike = replace(BOTH, other_miswiring=BOTH.miswiring)
    assert infer_side(evidence_of(simulate(alike))).status != "both"


def test_a_single_finding_on_the_stronger_side_is_no_second_side():
    """A weak smile narrows its eye less: the other eye then seems to narrow too much."""
    weak = replace(WIRED, voluntary_gain={"smile": 0.6}, smile_eye_narrowing=0.35)
    for seed in range(5):
        assert infer_side(evidence_of(simulate(weak, seed))).status == "inferred"


def test_scattered_evidence_on_both_sides_is_undecided(monkeypatch):
    """Smiles close the left eye, the pucker and the snarl the right one."""
    monkeypatch.setattr("facewire.synkinesis.side.CREDIBLE_Z", 100.0)
    recording = simulate(WIRED)
    t, position = recording.signals.times_s, recording.signals.position_mm.copy()
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, s, "height")] for s in Side]
    for cue in recording.cues:
        if cue.movement in (Movement.LIP_PUCKER, Movement.SNARL):
            inside = np.flatnonzero((t > cue.start_s - 0.3) & (t < cue.end_s + 0.3))
            position[np.ix_(inside, eyes)] = position[np.ix_(inside, eyes[::-1])]
    both = replace(recording, signals=replace(recording.signals, position_mm=position))
    found = infer_side(evidence_of(both))
    assert (found.side, found.status) == (None, "undecided")
    assert 0.5 <= found.confidence < 0.7
