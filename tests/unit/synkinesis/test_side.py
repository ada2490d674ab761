"""The affected side, from simulated patients."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, Channel, Movement, Region, Side
from facewire.synkinesis.changes import measure_changes
from facewire.synkinesis.parts import Evidence
from facewire.synkinesis.side import infer_side, side_evidence
from facewire.synthetic.wiring_spec import SignalPatient, WrongEdge
from unit.synkinesis.made_evidence import REST_MM, located, simulate, with_channel

GROUPS = ("brow", "eye_close", "smile", "snarl", "pucker", "lower_teeth")
FLACCID = SignalPatient(affected_side=Side.RIGHT, voluntary_gain=dict.fromkeys(GROUPS, 0.15))
WIRED = SignalPatient(
    affected_side=Side.LEFT,
    miswiring=tuple(WrongEdge(c, Region.EYE, (-2.5,)) for c in ("smile", "pucker", "snarl")),
)


def evidence_of(recording, **usable):
    changes = measure_changes(recording.signals, located(recording))
    return replace(Evidence.of(changes, REST_MM, fitted=True), **usable)


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
    found = infer_side(evidence_of(recording, other_side_usable=False, norms_usable=False))
    assert np.isfinite(found.confidence)
    assert found.status == "none"


def test_evidence_on_both_sides_is_undecided():
    """Smiles close the left eye, the pucker and the snarl the right one."""
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
