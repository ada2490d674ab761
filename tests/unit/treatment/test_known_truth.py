"""Known wiring, known treatment: measured with noise, inferred, simulated, compared with truth.

Consistency of the whole chain, not clinical validity.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from facewire.face import MOVEMENTS, REGIONS, Region, moves_on_purpose
from facewire.face.muscles import SIDE_CHANNELS
from facewire.results.measurement import Measurement
from facewire.results.wiring import Wiring
from facewire.treatment import Band, TreatmentPlan, simulate
from facewire.treatment.engine import state_at, timed_effects
from facewire.treatment.sunnybrook import region_mm
from facewire.wiring import FaceState, infer_wiring, involuntary_mm, total_mm
from made_treatments import SIZED, L, faces
from simulated.treated import schedule
from simulated.wiring_measured import (
    INVOLUNTARY_SD_MM,
    TOTAL_SD_MM,
    channel_sds,
    simulated_measurement,
)

CHIN = [k for k, (region, _) in enumerate(SIDE_CHANNELS) if region is Region.CHIN]
ASKED = [REGIONS.index(r) for r in (Region.EYE, Region.BROW, Region.COMMISSURE)]
PURPOSE = np.array([[moves_on_purpose(m, r) for r in REGIONS] for m in MOVEMENTS])
DAYS = (0, 40, 120, 300)
PLANS = {t.kind: schedule([(5, t)], days=300) for t in SIZED if t.side is L}
PLANS["together"] = schedule(
    [(5 + 10 * i, t) for i, t in enumerate(SIZED) if t.kind != "myectomy"], days=300
)


def measured(truth: FaceState, seed: int) -> Measurement:
    rng = np.random.default_rng(seed)
    total, inner = total_mm(truth)[0], involuntary_mm(truth)[0, 0]
    total[:, :, CHIN] = total[:, :, CHIN].sum(axis=0)
    noise = rng.standard_normal(total.shape)
    noise[:, :, CHIN] = noise[:1, :, CHIN]
    total = total + channel_sds(TOTAL_SD_MM) * noise
    inner = inner + channel_sds(INVOLUNTARY_SD_MM) * rng.standard_normal(inner.shape)
    return simulated_measurement(total, inner, truth.rest_mm[0], L)


def person(seed: int) -> FaceState:
    return faces(12, 7).take(np.array([seed]))


@cache
def inferred(seed: int) -> Wiring:
    return infer_wiring([measured(person(seed), seed)])


def inside(plan: TreatmentPlan, seed: int) -> dict[str, list[bool]]:
    """Whether the truth lies in the intervals, for what is said of each kind of cell."""
    found = simulate(inferred(seed), plan)
    truth = person(seed)
    timed = timed_effects(truth, plan.treatments, 1000 + seed)
    kept: dict[str, list[bool]] = {"involuntary": [], "on purpose": [], "elsewhere": []}
    for day in DAYS:
        treated = state_at(truth, timed, float(day))
        wrong = held(involuntary_mm(treated), found.involuntary_mm, day)[0][:, ASKED]
        whole = held(both_chins(total_mm(treated)), found.voluntary_mm, day)
        kept["involuntary"] += wrong[~PURPOSE[:, ASKED]].tolist()
        kept["on purpose"] += whole[0][:, ASKED][PURPOSE[:, ASKED]].tolist()
        kept["elsewhere"] += whole[:, ~PURPOSE].ravel().tolist()
    return kept


def held(moved: np.ndarray, band: Band, day: int) -> np.ndarray:
    true = region_mm(moved)[0]
    return (band.ci_low[day] - 0.05 <= true) & (true <= band.ci_high[day] + 0.05)


def both_chins(moved: np.ndarray) -> np.ndarray:
    moved[..., CHIN] = moved[..., CHIN].sum(axis=1, keepdims=True)
    return moved


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_the_forecast_holds_the_treated_truth(name: str) -> None:
    each = [inside(PLANS[name], seed) for seed in range(6)]
    for kind in each[0]:
        shares = np.concatenate([one[kind] for one in each])
        assert shares.mean() > 0.93, kind
