"""How long a plan takes, and whether what it predicts is what the true face would do.

Agreement: patients are simulated from a known face, measured with noise, inferred, planned. Each
candidate's weakening is then made on the true face, and its change compared with the predicted
one and its interval. Consistency of the model with itself, not clinical validity.
"""

from __future__ import annotations

import time

import numpy as np

from facewire.face import MOVEMENTS, SIDES, Region, Side
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNELS,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.plan import Preferences, make_plan
from facewire.plan.objectives import prepare_face
from facewire.plan.predict import Forecaster
from facewire.plan.search import place_of
from facewire.results.measurement import Measurement
from facewire.results.plan import Candidate
from facewire.results.wiring import Wiring
from facewire.safety.person import Person
from facewire.wiring import FaceState, infer_wiring, involuntary_mm, total_mm
from facewire.wiring.state import EYE
from rows import Row
from simulated.wiring_measured import (
    INVOLUNTARY_SD_MM,
    TOTAL_SD_MM,
    channel_sds,
    simulated_measurement,
)
from simulated.wiring_patients import REST_POSITION_MM, simulate_patient

SEED = 60_000
MOST_S = 3.0
PATIENTS, BEST = 16, 3
SURE = 0.9


def rows() -> list[Row]:
    """Measure."""
    model = _confirmed(infer_wiring([simulate_patient(SEED).result]))
    found = [_timed("simulated patient", model)]
    free = Preferences(largest_closure_loss_mm=float("inf"))
    found.append(_timed("simulated patient, no limit on closure", model, free))
    found.append(_timed("every muscle miswired", _tangled(model), free))
    return found + _agreement()


def _agreement() -> list[Row]:
    """Compare predicted with true changes of synkinesis over some simulated patients."""
    predicted, truth, held, better = [], [], [], []
    for seed in range(PATIENTS):
        state, side = _true_face(seed)
        model = _confirmed(infer_wiring([_measured(state, side, seed)]))
        plan = make_plan(model)
        person = Person.of(model)
        recorded = MOVEMENTS if person is None else person.recorded
        face = prepare_face(state, side, recorded)
        forecaster = Forecaster.start(face, Preferences().regions)
        for candidate in plan.candidates[:BEST]:
            real = forecaster.predict(_degree(candidate, side), side)
            change, told = real.objectives[0].change_mm, candidate.predicted[0]
            predicted.append(told.change_mm)
            truth.append(change)
            held.append(told.ci_low - 1e-9 <= change <= told.ci_high + 1e-9)
            if candidate.sensitivity.share_better >= SURE:
                better.append(float(real.change_mm.mean(0).sum()) < 0)
    how = f"{PATIENTS} patients, the best {BEST} candidates of each, {len(truth)} in all"
    error = float(np.mean(np.abs(np.array(predicted) - truth)))
    size = float(np.mean(np.abs(truth)))
    return [
        Row(
            "plan",
            "true change inside the 95 % interval",
            float(np.mean(held)),
            "share",
            remark=how,
        ),
        Row(
            "plan",
            "error of the predicted change",
            error,
            "mm",
            remark=f"mean change {size:.2f} mm",
        ),
        Row(
            "plan",
            "truly better than nothing",
            float(np.mean(better)),
            "share",
            remark=f"of {len(better)} candidates said to be so in {SURE:.0%} of the draws",
        ),
    ]


def _degree(candidate: Candidate, affected: Side) -> np.ndarray:
    table = np.zeros((2, len(GROUPS)))
    for weakening in candidate.weakenings:
        table[place_of((weakening.muscle, weakening.side), affected)] = (
            weakening.weakening_percent / 100
        )
    return table


def _true_face(seed: int) -> tuple[FaceState, Side]:
    rng = np.random.default_rng([SEED, seed])
    side = int(rng.integers(2))
    typical = healthy_activation()
    right = np.stack([typical, typical])[None].copy()
    right[0, side] *= rng.uniform(0.5, 1.0, typical.shape)
    wrong = np.zeros_like(right)
    there = (rng.random(typical.shape) < 0.08) & (typical == 0)
    there[:, GROUP_INDEX[MuscleGroup.PLATYSMA]] = False
    wrong[0, side] = np.where(there, rng.uniform(0.1, 0.5, typical.shape), 0.0)
    action = np.stack(
        [TYPICAL_ACTION_MM * (1 + 0.2 * rng.standard_normal(TYPICAL_ACTION_MM.shape))] * 2
    )
    rest = np.tile(np.array(REST_POSITION_MM), (2, 1))
    action[:, GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL], EYE] = -rest[0, EYE]
    n_m, n_k = len(MOVEMENTS), rest.shape[1]
    flat = np.zeros((1, 2, len(GROUPS)))
    state = FaceState(
        right=right,
        wrong=wrong,
        tone=flat,
        strength=np.ones_like(flat),
        action_mm=action[None],
        added_mm=np.zeros((1, 2, n_m, n_k)),
        shift_mm=np.zeros((1, 2, n_k)),
        rest_mm=rest[None],
        physiological_mm=np.zeros((1, 2, n_m, n_k)),
    )
    return state, SIDES[side]


def _measured(state: FaceState, side: Side, seed: int) -> Measurement:
    rng = np.random.default_rng([SEED, seed, 1])
    total, inner = total_mm(state)[0], involuntary_mm(state)[0, SIDES.index(side)]
    chin = [region is Region.CHIN for region, _ in SIDE_CHANNELS]
    noise = rng.standard_normal(total.shape)
    total[:, :, chin] = total[:, :, chin].sum(axis=0)
    noise[1][:, chin] = noise[0][:, chin]
    total = total + channel_sds(TOTAL_SD_MM) * noise
    inner = inner + channel_sds(INVOLUNTARY_SD_MM) * rng.standard_normal(inner.shape)
    return simulated_measurement(total, inner, state.rest_mm[0], side, MOVEMENTS)


def _timed(name: str, model: Wiring, preferences: Preferences | None = None) -> Row:
    start, busy = time.perf_counter(), time.process_time()
    plan = make_plan(model, preferences=preferences)
    seconds = time.perf_counter() - start
    busy = time.process_time() - busy
    evaluated = 0 if plan.front is None else plan.front.evaluated
    how = (
        f"{busy:.1f} s of processor time, "
        f"{model.draws.count} draws, {evaluated} combinations, "
        f"{len(plan.candidates)} on the front"
    )
    return Row("plan", name, seconds, "s", at_most=MOST_S, remark=how)


def _confirmed(model: Wiring) -> Wiring:
    return model.replaced(side_confirmed=True)


def _tangled(model: Wiring) -> Wiring:
    """Return the same face with wrong edges from every command to every group but one."""
    rng = np.random.default_rng(SEED)
    state = FaceState.of_draws(model.draws)
    wrong = rng.gamma(2.0, 0.1, state.wrong.shape)
    wrong[..., GROUP_INDEX[MuscleGroup.ZYGOMATICUS_MAJOR]] = 0.0
    return model.replaced(draws=FaceState(**{**vars(state), "wrong": wrong}).to_draws())
