"""The affected side, from simulated patients."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from facewire.face import Channel, Movement, Region, Side
from facewire.results.measurement import References
from facewire.synkinesis.changes import measure_changes
from facewire.synkinesis.parts import Evidence
from facewire.synkinesis.side import (
    NAMED,
    PRIOR,
    Difference,
    differences,
    face_probabilities,
    infer_side,
)
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


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_face_has_none(seed):
    found = infer_side(evidence_of(simulate(SignalPatient(), seed)))
    assert (found.side, found.status) == (None, "none")


@pytest.mark.slow
@pytest.mark.parametrize("side", Side)
def test_synkinesis_without_weakness(side):
    found = infer_side(evidence_of(simulate(replace(WIRED, affected_side=side))))
    assert (found.side, found.status) == (side, "inferred")


@pytest.mark.slow
def test_one_finding_names_no_side_and_is_no_all_clear():
    """Two millimetres in the pucker alone: undecided, whatever the other movements say."""
    one = replace(WIRED, miswiring=(WrongEdge("pucker", Region.EYE, (-2.0,)),))
    found = infer_side(evidence_of(simulate(one)))
    assert (found.side, found.status) == (None, "undecided")


@pytest.mark.slow
def test_none_is_not_said_beside_a_finding(monkeypatch):
    """Even where the four faces make none almost certain: a finding stands in the map."""
    sure = {"none": 0.99, "R": 0.005, "L": 0.004, "both": 0.001}
    monkeypatch.setattr("facewire.synkinesis.side.face_probabilities", lambda _: sure)
    one = replace(WIRED, miswiring=(WrongEdge("pucker", Region.EYE, (-2.0,)),))
    assert infer_side(evidence_of(simulate(SignalPatient()))).status == "none"
    assert infer_side(evidence_of(simulate(one))).status == "undecided"


@pytest.mark.slow
def test_a_movement_done_once_names_no_side():
    """The same findings, one repetition of each: none of the differences counts."""
    once = evidence_of(simulate(replace(WIRED, protocol=Protocol(repetitions=1))))
    assert differences(once) == ()
    assert len(differences(evidence_of(simulate(WIRED)))) > 10


def difference(value, *, trait="eye", sd=0.3, healthy=0.3, weak=False):
    return Difference(trait, value, sd, healthy, weak)


def test_four_faces_share_one_probability_and_sides_are_alike():
    found = tuple(difference(v) for v in (2.0, 1.5, 0.1))
    likely = face_probabilities(found)
    turned = face_probabilities(tuple(replace(d, value=-d.value) for d in found))
    assert sum(likely.values()) == pytest.approx(1.0)
    assert likely["R"] > 0.9
    assert turned["L"] == pytest.approx(likely["R"])
    assert turned["none"] == pytest.approx(likely["none"])


def test_nothing_seen_leaves_what_was_thought_before():
    assert face_probabilities(()) == pytest.approx(PRIOR)


@pytest.mark.parametrize("value", [3.0, 6.0, 12.0, 40.0])
def test_a_single_finding_says_no_more_than_its_bound(value):
    """However large: something else moved that region once in fifty."""
    odds = face_probabilities((difference(value),))
    assert odds["R"] / odds["none"] * PRIOR["none"] / PRIOR["R"] < 70
    assert odds["R"] < NAMED


def test_a_persons_own_difference_says_little_more_in_many_movements():
    """Healthy sides differ by 1 mm here, each to 0.1 mm: six movements of one person are one."""
    own = tuple(difference(1.0, sd=0.1, healthy=1.0) for _ in range(6))
    other = tuple(difference(1.0, sd=0.1, healthy=0.1) for _ in range(6))
    assert face_probabilities(other)["R"] > 0.95
    assert face_probabilities(own)["none"] > face_probabilities(own)["R"]


def test_a_density_by_hand():
    """No healthy difference to speak of, all movements concerned, 2 mm on average."""
    one = difference(1.4, sd=0.5, healthy=1e-9)
    seen = np.exp(one.log_likelihood("R"))[-1, 3, 7]
    stray = 0.02 * norm.pdf(1.4, 0, np.hypot(0.5, 3.0))
    still, moved = norm.pdf(1.4, 0, 0.5), norm.pdf(1.4, 2.0, np.hypot(0.5, 1.0))
    assert seen == pytest.approx(stray + 0.98 * (0.1 * still + 0.9 * moved), rel=1e-6)


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


@pytest.mark.slow
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("seed", range(3))
def test_both_sides_with_findings_of_their_own(side, seed):
    found = infer_side(evidence_of(simulate(replace(BOTH, affected_side=side), seed)))
    assert (found.side, found.status, found.sides) == (None, "both", tuple(Side))
    assert np.isnan(found.confidence)


def test_each_region_of_a_face_with_two_affected_sides_leans_by_itself():
    """Eyes on the left in four of five movements, corners on the right in two of three."""
    eyes = tuple(difference(v) for v in (-2.0, -1.8, -2.2, -1.5, 1.5))
    corners = tuple(difference(v, trait="commissure") for v in (1.5, 1.8, -1.4))
    assert face_probabilities((*eyes, *corners))["both"] > 0.9
    assert face_probabilities(eyes[:4] + eyes[:2])["both"] < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("side", Side)
def test_no_side_is_named_against_a_clear_finding_of_the_other(side, seed):
    """Five wrong edges on one side, one of 2.5 mm on the other: named without it alone."""
    wires = tuple(WrongEdge(c, Region.EYE, (-2.5,)) for c in ("smile", "pucker", "snarl"))
    pulls = tuple(WrongEdge(c, Region.COMMISSURE, (1.5, 2.0)) for c in ("brow", "eye_close"))
    one = SignalPatient(affected_side=side, miswiring=(*wires, *pulls))
    other = replace(one, other_miswiring=(WrongEdge("lower_teeth", Region.EYE, (-2.5,)),))
    assert infer_side(evidence_of(simulate(one, seed))).side is side
    found = infer_side(evidence_of(simulate(other, seed)))
    assert found.side is None
    assert found.status in ("undecided", "both")


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_single_finding_on_the_stronger_side_is_no_second_side():
    """A weak smile narrows its eye less: the other eye then seems to narrow too much."""
    weak = replace(WIRED, voluntary_gain={"smile": 0.6}, smile_eye_narrowing=0.35)
    for seed in range(5):
        assert infer_side(evidence_of(simulate(weak, seed))).status == "inferred"
