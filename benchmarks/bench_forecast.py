"""What-if over 1,000 days with 200 draws: how long, and how far from the day-by-day answer."""

from __future__ import annotations

import time
from statistics import median

import numpy as np

from facewire.face import Side
from facewire.treatment import (
    BotulinumToxin,
    Cut,
    GracilisTransfer,
    NeuromuscularRetraining,
    SelectiveNeurolysis,
    Treatment,
    TreatmentPlan,
    forecast,
    simulate,
)
from facewire.treatment.engine import state_at, timed_effects
from facewire.wiring import FaceState, involuntary_mm
from facewire.wiring.state import EYE
from rows import Row
from simulated.face_states import synthetic_faces
from simulated.treated import schedule

DAYS, DRAWS, REPEATS = 1000, 200, 5
PRODUCT = "onabotulinumtoxinA"
MUSCLES = ("orbicularis_oculi", "depressor_anguli_oris", "platysma")
CHECKED = range(5, DAYS, 83)


def plans() -> dict[str, TreatmentPlan]:
    """Return a plain plan and a full one: 24 courses of toxin, training, two operations."""
    one = (10, BotulinumToxin(Side.LEFT, "orbicularis_oculi", PRODUCT))
    courses: list[tuple[int, Treatment]] = [
        (day, BotulinumToxin(Side.LEFT, muscle, PRODUCT))
        for day in range(0, 900, 120)
        for muscle in MUSCLES
    ]
    more: list[tuple[int, Treatment]] = [
        (10, NeuromuscularRetraining(Side.LEFT)),
        (300, SelectiveNeurolysis(Side.LEFT, (Cut("mentalis"),))),
        (400, GracilisTransfer(Side.LEFT, "masseter_nerve")),
    ]
    return {
        "one course of toxin": schedule([one], days=DAYS),
        "24 courses, training, 2 operations": schedule(courses + more, days=DAYS),
    }


def _seconds(state: FaceState, plan: TreatmentPlan) -> tuple[float, float]:
    """Return the median time by the clock, and of the processor, which other work slows less."""
    clock, processor = [], []
    for _ in range(REPEATS):
        start, used = time.perf_counter(), time.process_time()
        simulate(state, plan, affected_side=Side.LEFT)
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return median(clock), median(processor)


def _largest_error_mm(state: FaceState, plan: TreatmentPlan) -> float:
    timed = timed_effects(state, plan.treatments, plan.seed)
    course = simulate(state, plan, affected_side=Side.LEFT).involuntary_mm.value[..., 0]
    errors = [
        np.abs(
            course[day] - np.median(involuntary_mm(state_at(state, timed, day))[..., EYE], axis=0)
        ).max()
        for day in CHECKED
    ]
    return float(max(errors))


def rows() -> list[Row]:
    """Measure."""
    state = synthetic_faces(DRAWS, 1)
    how = f"{DAYS} days, {DRAWS} draws, median of {REPEATS}"
    found = []
    for name, plan in plans().items():
        clock, processor = _seconds(state, plan)
        found.append(Row("forecast", name, clock, "s", at_most=1.0, remark=how))
        remark = "processor time"
        found.append(Row("forecast", f"{name}: processor", processor, "s", remark=remark))
        error = _largest_error_mm(state, plan)
        remark = f"eye, against {len(CHECKED)} days computed alone"
        found.append(Row("forecast", f"{name}: error", error, "mm", at_most=0.05, remark=remark))
    start = time.perf_counter()
    forecast(state, plans()["one course of toxin"], affected_side=Side.LEFT).to_json()
    found.append(Row("forecast", "with its file", time.perf_counter() - start, "s", remark=how))
    return found
