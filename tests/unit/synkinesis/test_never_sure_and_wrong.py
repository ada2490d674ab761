"""Whatever happens to a recording: never the other side, never a no about what was there.

Signals of patients whose wiring is known are damaged as recordings are: a region covered for a
time, the face lost, beginning and end cut off wherever they fall, another pose held first, the cue
sheet moved, movements that no cue asks for, no cue sheet at all. Each damage is tried alone and
together with the others.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from facewire.errors import FacewireError
from facewire.face import CHANNELS, SIDES, Movement, Region, Side
from facewire.findings import find, judged
from facewire.motion import MotionSignals
from facewire.movements import Cue, locate_movements
from facewire.movements.sheet_fit import SheetFit, moved
from facewire.results.findings import Verdict
from facewire.synkinesis import SynkinesisMap, estimate_map
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import RegionTruth, SignalTruth
from simulated.wiring_spec import SignalPatient, WrongEdge
from unit.synkinesis.made_evidence import simulate

LARGE_MM = 1.5
"""Twice what counts as present: a no about so much is no matter of chance."""
MOUTH = (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA, Region.CHIN)
PARTS = ((Region.EYE,), (Region.BROW,), (Region.COMMISSURE,), MOUTH)
ASKED = (
    Movement.BROW_RAISE,
    Movement.EYE_CLOSE_GENTLE,
    Movement.SMILE_OPEN,
    Movement.LIP_PUCKER,
)
TO_THE_EYE = tuple(WrongEdge(c, Region.EYE, (-3.0,)) for c in ("smile", "pucker"))
TO_THE_MOUTH = (WrongEdge("eye_close", Region.COMMISSURE, (2.0, 2.0)),)
WIRINGS = ((), TO_THE_EYE, TO_THE_MOUTH, TO_THE_EYE + TO_THE_MOUTH)

parts_of_time = st.tuples(st.floats(-0.2, 1.0), st.floats(0.02, 1.2))
"""Where a stretch begins and how long it is, in parts of the recording."""


@dataclass(frozen=True, repr=False)
class Recording:
    """What is left of a patient's recording."""

    signals: MotionSignals
    cues: tuple[Cue, ...] | None
    truth: SignalTruth


@cache
def patient(wiring: int, side: Side, gain: float) -> Recording:
    """One of a few patients, weak on the affected side or not; without wrong wiring healthy."""
    wrong = WIRINGS[wiring]
    spec = SignalPatient(
        affected_side=side if wrong else None,
        miswiring=wrong,
        voluntary_gain={"smile": gain, "eye_close": gain} if wrong else {},
        protocol=Protocol(movements=ASKED, repetitions=2),
    )
    made = simulate(spec, seed=wiring + 10 * (side is Side.LEFT))
    return Recording(made.signals, made.cues, made.truth)


def during(recording: Recording, part: tuple[float, float]) -> NDArray[np.bool_]:
    times = recording.signals.times_s
    start, end = (times[-1] * share for share in (part[0], part[0] + part[1]))
    return np.asarray((times >= start) & (times <= end))


def without(recording: Recording, gone: NDArray[np.bool_]) -> Recording:
    """Samples that nobody saw, shape (n_frames, n_channels) or (n_frames, 1)."""
    signals = recording.signals
    position, sd = (np.where(gone, np.nan, a) for a in (signals.position_mm, signals.sd_mm))
    return replace(recording, signals=replace(signals, position_mm=position, sd_mm=sd))


def cut(recording: Recording, part: tuple[float, float]) -> Recording:
    """The recording from some pose on to some other; its sheet counts from the new beginning."""
    signals, kept = recording.signals, during(recording, part)
    n = len(signals.times_s)
    if kept.sum() < n / 4:
        return recording
    left = {f.name: getattr(signals, f.name) for f in fields(signals)}
    left = {k: v[kept] if np.ndim(v) and len(v) == n else v for k, v in left.items()}
    start_s, end_s = left["times_s"][[0, -1]]
    left["times_s"] = left["times_s"] - start_s
    cues = recording.cues and tuple(
        cue
        for cue in moved(recording.cues, SheetFit(shift_s=-start_s))
        if cue.start_s > -0.3 and cue.end_s < end_s - start_s + 0.3
    )
    return replace(recording, signals=MotionSignals(**left), cues=cues)


def opened(recording: Recording, share: float, seconds: float) -> Recording:
    """The recording, opened by one of its own poses, held; half a second leads on."""
    signals, rate_hz = recording.signals, 30.0
    n, lead = round(seconds * rate_hz), round(0.5 * rate_hz)
    position = signals.position_mm
    pose = position[int(share * (len(position) - 1))]
    way = np.linspace(0.0, 1.0, lead)[:, None]
    noise = np.random.default_rng(1).normal(0.0, 0.1, (n, len(pose)))
    before = np.concatenate([pose + noise, (1 - way) * pose + way * position[0]])
    times = np.concatenate([np.arange(n + lead), n + lead + rate_hz * signals.times_s]) / rate_hz
    still = np.zeros(n + lead, dtype=bool)
    longer = replace(
        signals,
        times_s=times,
        position_mm=np.concatenate([before, position]),
        sd_mm=np.concatenate([np.where(np.isfinite(before), 0.1, np.nan), signals.sd_mm]),
        pose_deg=np.concatenate([np.zeros((n + lead, 3)), signals.pose_deg]),
        blink=np.concatenate([still, signals.blink]),
    )
    cues = recording.cues and moved(recording.cues, SheetFit(shift_s=(n + lead) / rate_hz))
    return replace(recording, signals=longer, cues=cues)


@st.composite
def damaged(draw: st.DrawFn) -> Recording:
    left = patient(
        draw(st.integers(0, len(WIRINGS) - 1)),
        draw(st.sampled_from(SIDES)),
        draw(st.sampled_from((1.0, 0.5))),
    )
    if draw(st.booleans()):
        regions = draw(st.sampled_from(PARTS))
        sides = draw(st.sampled_from((SIDES, (Side.LEFT,), (Side.RIGHT,))))
        columns = [c.region in regions and (c.side in sides or c.side is None) for c in CHANNELS]
        left = without(left, during(left, draw(parts_of_time))[:, None] & columns)
    for part in draw(st.lists(parts_of_time.map(lambda p: (p[0], p[1] / 4)), max_size=3)):
        left = without(left, during(left, part)[:, None])
    if draw(st.booleans()):
        left = cut(left, draw(parts_of_time))
    if draw(st.booleans()):
        left = opened(left, draw(st.floats(0.0, 1.0)), draw(st.floats(0.5, 2.0)))
    if draw(st.booleans()):
        shift_s = draw(st.floats(-10.0, 10.0))
        left = replace(left, cues=moved(left.cues or (), SheetFit(shift_s=shift_s)))
    unasked = draw(st.sets(st.sampled_from(ASKED), max_size=2))
    cues = tuple(c for c in left.cues or () if c.movement not in unasked)
    return replace(left, cues=None if draw(st.booleans()) and draw(st.booleans()) else cues)


def involuntary_mm(truth: RegionTruth) -> float:
    return float(np.linalg.norm(truth.involuntary_mm))


def said(recording: Recording) -> SynkinesisMap | None:
    """None where the recording is refused."""
    try:
        movements = locate_movements(recording.signals, recording.cues)
        return estimate_map(recording.signals, movements)
    except FacewireError:
        return None


@pytest.mark.slow
@given(damaged())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_never_the_other_side_and_never_a_no_about_what_was_there(recording: Recording) -> None:
    found = said(recording)
    if found is None:
        return
    truth = recording.truth
    true_mm = {(r.movement, r.region, r.side): involuntary_mm(r) for r in truth.regions}
    affected = found.affected
    assert affected.side in (None, truth.affected_side)
    assert affected.status != "none" or max(true_mm.values()) < LARGE_MM
    cells = judged(found.synkinesis, affected.side)
    for cell in cells:
        assert cell.verdict is not Verdict.NONE or true_mm.get(cell.key, 0.0) < LARGE_MM, cell
        assert cell.verdict is not Verdict.SYNKINESIS or true_mm[cell.key] > 0, cell
    told = find(cells, found.voluntary, found.rest, found.eye_closure, affected.side)
    for one in told.company:
        here = [size for (movement, *_), size in true_mm.items() if movement is one.movement]
        assert one.says != "calm" or max(here) < LARGE_MM, one
    total_mm = {(r.movement, r.region, r.side): np.linalg.norm(r.total_mm) for r in truth.regions}
    for row in found.voluntary:
        whole = row.excursion
        if whole is not None and not abs(abs(whole.value) - total_mm[row.key]) < LARGE_MM:
            true = np.copysign(total_mm[row.key], whole.value)
            assert whole.low - 1 < true < whole.high + 1, row
