"""Hand-made wirings for the tests of the plan: every number in them can be followed by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from facewire.face import MOVEMENTS, Movement, Side
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNELS,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.results.wiring import Edge, InferredFrom, Wiring
from facewire.safety import Facts, KnownFace, fact_definitions, parse_facts
from facewire.wiring import FaceState
from facewire.wiring.state import EYE, side_index

N_M, N_G, N_K = len(MOVEMENTS), len(GROUPS), len(SIDE_CHANNELS)

Wrong = dict[tuple[Movement, MuscleGroup], float]

SMILE_TO_EYE: Wrong = {(Movement.SMILE_OPEN, MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL): 0.2}


def face_state(wrong: Wrong, affected: Side = Side.RIGHT, draws: int = 1) -> FaceState:
    """Return a face of typical action and healthy right wiring, with some wrong edges."""
    table = np.zeros((draws, 2, N_M, N_G))
    for (movement, group), activation in wrong.items():
        table[:, side_index(affected), MOVEMENTS.index(movement), GROUP_INDEX[group]] = activation
    rest = np.zeros((draws, 2, N_K))
    rest[..., EYE] = 10.2
    return FaceState(
        right=np.broadcast_to(healthy_activation(), (draws, 2, N_M, N_G)).copy(),
        wrong=table,
        tone=np.zeros((draws, 2, N_G)),
        strength=np.ones((draws, 2, N_G)),
        action_mm=np.broadcast_to(TYPICAL_ACTION_MM, (draws, 2, N_G, N_K)).copy(),
        added_mm=np.zeros((draws, 2, N_M, N_K)),
        shift_mm=np.zeros((draws, 2, N_K)),
        rest_mm=rest,
        physiological_mm=np.zeros((draws, 2, N_M, N_K)),
    )


def edge(
    movement: Movement, group: MuscleGroup, side: Side, percent: float, **changed: Any
) -> Edge:
    """Return a wrong edge that is present and told apart, its interval a tenth to either side."""
    given: dict[str, Any] = {
        "percent": percent,
        "percent_sd": 0.05 * percent,
        "ci_low": 0.9 * percent,
        "ci_high": 1.1 * percent,
        "probability": 1.0,
        "present": True,
    }
    return Edge(command=movement, muscle=group, side=side, kind="wrong", **{**given, **changed})


def wiring(wrong: Wrong, affected: Side = Side.RIGHT, **changed: Any) -> Wiring:
    """Return a wiring whose wrong edges are all present and told apart."""
    given: dict[str, Any] = {
        "affected_side": affected,
        "side_confirmed": True,
        "edges": tuple(edge(m, group, affected, 100 * a) for (m, group), a in wrong.items()),
        "source": InferredFrom(),
        "draws": face_state(wrong, affected).to_draws(),
    }
    return Wiring(**given | changed)


def mirrored(model: Wiring) -> Wiring:
    """Return the mirror image of a wiring."""
    assert model.affected_side is not None
    return model.replaced(
        affected_side=model.affected_side.other,
        edges=tuple(one.replaced(side=one.side.other) for one in model.edges),
        draws=FaceState.of_draws(model.draws).mirrored().to_draws(),
    )


def random_wiring(seed: int, draws: int = 3) -> Wiring:
    """Return a wiring with many wrong edges of many sizes; large ones are told, others not."""
    rng = np.random.default_rng(seed)
    affected = (Side.LEFT, Side.RIGHT)[seed % 2]
    state = face_state({}, affected, draws)
    wrong = rng.gamma(0.4, 0.3, state.wrong.shape) * (rng.random(state.wrong.shape) < 0.3)
    tone = rng.normal(0.0, 0.05, state.tone.shape)
    changed = FaceState(**{**vars(state), "wrong": wrong, "tone": tone})
    unsure = {"ci_low": 5.0, "ci_high": 40.0, "probability": 0.6, "present": None}
    mean = wrong[:, 0 if affected is Side.RIGHT else 1].mean(axis=0)
    edges = tuple(
        edge(movement, group, affected, 100.0 * mean[m, g])
        if mean[m, g] >= 0.1
        else edge(movement, group, affected, 20.0, distinguishable=False, **unsure)
        for m, movement in enumerate(MOVEMENTS)
        for g, group in enumerate(GROUPS)
    )
    return wiring({}, affected, edges=edges, draws=changed.to_draws())


CLEARING: dict[str, Any] = {
    "age_years": 46,
    "diagnosis_confirmed": True,
    "months_since_onset": 24,
    "recovery_levelled_off": True,
    "flaccid_stage": False,
    "closure_gap_mm": 0.0,
    "closes_against_resistance": True,
    "dry_eye": False,
    "insensitive_eye": False,
    "painful_or_red_eye": False,
    "lid_weight": False,
    "narrow_eye": False,
    "brow_or_lid_droop": False,
    "only_seeing_eye": False,
    "contact_lens": False,
    "operated_before": False,
    "anticoagulants_or_bleeding": False,
    "allergy_to_anaesthetic_or_metal": False,
    "neuromuscular_disease": False,
    "aminoglycosides": False,
    "pregnancy_or_breastfeeding": False,
    "infection_at_site": False,
    "toxin_allergy": False,
    "swallowing_or_breathing_trouble": False,
    "drooling_or_speech_trouble": False,
    "toxin_ever": True,
    "toxin_response_platysma": "good",
    "test_block_dao": "good",
    "training_and_toxin_insufficient": True,
    "early_after_surgery": False,
    "stage": "synkinetic",
    "eye_protected": True,
    "affected_side_treated": True,
    "neck_bands": True,
    "cheek_tight": True,
    "corner_further_at_lesser_effort": False,
    "mirror_stops_it": True,
    "rest_eye": "normal",
    "rest_fold": "normal",
    "rest_corner": "normal",
    "rest_seen_on": "person",
}
"""Every fact that can be stated, with the answer that clears its rules."""

assert set(CLEARING) == {key for key, d in fact_definitions().items() if not d.derived}


VISIT, EARLIER = dt.date(2026, 6, 1), dt.date(2025, 4, 1)
EARLIER_TOXIN = [
    {"side": side.word, "date": EARLIER, "product": "onabotulinumtoxinA", "units": 20}
    for side in Side
]
"""A course on each side, 14 months before the visit: long enough ago for every rule."""


def stated(**changed: Any) -> Facts:
    """Return facts that clear every rule, some of them changed; ``None`` leaves one out.

    An eye that is said not to close is not said to stay shut against a finger.
    """
    table = {key: value for key, value in {**CLEARING, **changed}.items() if value is not None}
    document: dict[str, Any] = {"facts": table}
    if table.get("toxin_ever") is True:
        document["toxin_given"] = EARLIER_TOXIN
        table["visit_date"] = VISIT
    if (
        table.get("closure_gap_mm") not in (None, 0.0, "unknown")
        and "closes_against_resistance" not in changed
    ):
        table["closes_against_resistance"] = False
    return parse_facts(document).of_face(MISWIRED)


MISWIRED = KnownFace(Side.RIGHT, side_confirmed=True, wrong=dict.fromkeys(GROUPS, True))
"""A face affected on the right, its sides confirmed, where every muscle moves wrongly."""
