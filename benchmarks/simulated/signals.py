"""Simulated motion signals of a patient whose wiring is known exactly.

Signals are simulated, not pictures: what the tracker itself does wrong is not in them beyond noise
and drift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from facewire.face import (
    CHANNEL_INDEX,
    CHANNELS,
    MOVEMENT_FACTS,
    REGIONS,
    SIDES,
    Channel,
    Movement,
    Region,
    Side,
    components,
)
from facewire.motion.blinks import Blink, blink_frames, find_blinks
from facewire.motion.signals import MotionSignals
from facewire.movements.cues import Cue
from facewire.results.measurement import Scale
from simulated.signal_course import (
    Plan,
    blink_at,
    blinking,
    command,
    group_command,
    plan_course,
    side_order,
)
from simulated.wiring_spec import (
    CLOSED_PART,
    CLOSED_SMILE_PART,
    HEALTHY_MM,
    REST_MM,
    Change,
    SignalPatient,
)

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class RegionTruth:
    """What one movement does to one region on one side, at the mean effort of its repetitions.

    Parameters
    ----------
    total_mm : tuple of float
        Hold minus rest: height, or across (outward) and up.
    involuntary_mm : tuple of float
        What of it the miswiring does: the total minus the total without miswiring.
    latency_s : float or None
        Latency of the miswiring; None without any, or of several kinds.
    """

    movement: Movement
    region: Region
    side: Side
    total_mm: Change
    involuntary_mm: Change
    latency_s: float | None


@dataclass(frozen=True)
class SignalTruth:
    """The truth of a simulated recording.

    Parameters
    ----------
    affected_side : Side or None
    regions : tuple of RegionTruth
        Every movement of the protocol x region x side.
    blinks : tuple of Blink
    rest_mm : ndarray of float, shape (n_channels,)
        The resting face.
    """

    affected_side: Side | None
    regions: tuple[RegionTruth, ...]
    blinks: tuple[Blink, ...]
    rest_mm: FloatArray

    def of(self, movement: Movement, region: Region, side: Side) -> RegionTruth:
        """Return the truth of one movement, region and side."""
        wanted = (movement, region, side)
        return next(r for r in self.regions if (r.movement, r.region, r.side) == wanted)


@dataclass(frozen=True)
class SimulatedRecording:
    """Simulated signals, the cue sheet of what was asked, and the truth."""

    signals: MotionSignals
    cues: tuple[Cue, ...]
    truth: SignalTruth


def simulate_signals(spec: SignalPatient, rng: np.random.Generator) -> SimulatedRecording:
    """Simulate the recording of a patient.

    Parameters
    ----------
    spec : SignalPatient
    rng : numpy.random.Generator
        Course and noise. The same state gives the same course at every frame rate, and the
        mirrored course for a patient affected on the other side.

    Returns
    -------
    SimulatedRecording
    """
    plan = plan_course(spec, rng)
    drift = _drift(spec, plan.duration_s, rng)
    times = _times(spec, plan.duration_s, rng)
    clean = _face(spec, plan, times)
    noise = spec.filming.noise_mm * _as_drawn(spec, rng.normal(size=clean.shape))
    signals = _signals(spec, times, clean + noise + drift(times))
    truth = SignalTruth(
        affected_side=spec.affected_side,
        regions=_truth(spec, plan),
        blinks=tuple(blink_at(start) for start in plan.blinks_s),
        rest_mm=_rest(spec),
    )
    return SimulatedRecording(signals, plan.cues, truth)


def _as_drawn(spec: SignalPatient, drawn: FloatArray) -> FloatArray:
    """Give random channels, drawn for a patient affected on the left, to this patient's sides."""
    first = side_order(spec)[0]
    swap = {first: Side.LEFT, first.other: Side.RIGHT, None: None}
    columns = [CHANNEL_INDEX[Channel(c.region, swap[c.side], c.component)] for c in CHANNELS]
    turned = [first is Side.RIGHT and c.side is None and c.component == "across" for c in CHANNELS]
    return np.asarray(drawn[:, columns] * np.where(turned, -1.0, 1.0))


def _times(spec: SignalPatient, duration_s: float, rng: np.random.Generator) -> FloatArray:
    n = int(duration_s * spec.filming.rate_hz)
    jitter = spec.filming.rate_jitter * rng.uniform(-0.5, 0.5, n)
    return np.asarray((np.arange(n) + jitter) / spec.filming.rate_hz + 0.5 / spec.filming.rate_hz)


@dataclass(frozen=True)
class _Drift:
    knots_s: FloatArray
    values_mm: FloatArray

    def __call__(self, times_s: FloatArray) -> FloatArray:
        columns = [np.interp(times_s, self.knots_s, v) for v in self.values_mm.T]
        return np.stack(columns, axis=1)


def _drift(spec: SignalPatient, duration_s: float, rng: np.random.Generator) -> _Drift:
    step = 0.1
    sigma = spec.filming.drift_s / step / 2
    n = int(duration_s / step) + 2
    white = rng.normal(size=(n, len(CHANNELS)))
    smooth = gaussian_filter1d(white, sigma, axis=0, mode="wrap")
    unit = _as_drawn(spec, smooth * np.sqrt(2 * np.sqrt(np.pi) * sigma))
    return _Drift(np.arange(n, dtype=np.float64) * step, spec.filming.drift_mm * unit)


def _signals(spec: SignalPatient, times_s: FloatArray, position_mm: FloatArray) -> MotionSignals:
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in SIDES]
    position_mm[:, eyes] = np.fmax(position_mm[:, eyes], 0.0)
    left, right = position_mm[:, eyes].T
    return MotionSignals(
        times_s=times_s,
        position_mm=position_mm,
        sd_mm=np.full(position_mm.shape, spec.filming.noise_mm),
        pose_deg=np.zeros((len(times_s), 3)),
        blink=blink_frames(times_s, find_blinks(times_s, left, right, spec.filming.noise_mm)),
        marks={},
        scale=Scale(source="simulated", reference_mm=11.7, relative_sd=0.04, mm_per_px=0.2),
    )


def _rest(spec: SignalPatient) -> FloatArray:
    rest = np.zeros(len(CHANNELS))
    for region, place in REST_MM.items():
        for side in SIDES:
            _add(rest, region, side, place)
    for region, tone in spec.resting_tone_mm.items():
        if spec.affected_side is not None:
            _add(rest, region, spec.affected_side, tone)
    return rest


def _add(face: FloatArray, region: Region, side: Side, change: Change) -> None:
    """Add a change to the channels of a region, shape (..., n_channels).

    The chin has one channel for both sides: it takes half of each, across towards the left.
    """
    for part, value in zip(components(region), change, strict=True):
        if region is not Region.CHIN:
            face[..., CHANNEL_INDEX[Channel(region, side, part)]] += value
            continue
        outward = -1.0 if part == "across" and side is Side.RIGHT else 1.0
        face[..., CHANNEL_INDEX[Channel(region, None, part)]] += 0.5 * outward * value


def _voluntary(
    spec: SignalPatient, plan: Plan, movement: Movement, side: Side
) -> dict[Region, Change]:
    """Return what a movement does on purpose on one side at full effort, mm."""
    fissure = _rest(spec)[CHANNEL_INDEX[Channel(Region.EYE, side, "height")]]
    healthy = dict(HEALTHY_MM[movement])
    narrowing = CLOSED_PART.get(movement, 0.0)
    if MOVEMENT_FACTS[movement].command == "smile":
        part = CLOSED_SMILE_PART if movement is Movement.SMILE_CLOSED else 1.0
        narrowing = part * spec.smile_eye_narrowing
    if narrowing:
        healthy[Region.EYE] = (-narrowing * float(fissure),)
    gain = spec.other_side_gain if spec.affected_side is not None else 1.0
    if side is spec.affected_side:
        gain = spec.voluntary_gain.get(MOVEMENT_FACTS[movement].command, 1.0)
    return {
        region: tuple(v * gain * plan.side_gain[movement, region, side] for v in change)
        for region, change in healthy.items()
    }


def _face(
    spec: SignalPatient, plan: Plan, times_s: FloatArray, miswired: bool = True
) -> FloatArray:
    """Return the face without noise, shape (n_times, n_channels)."""
    face = np.tile(_rest(spec), (len(times_s), 1))
    for movement in spec.protocol.movements:
        course = command(plan, movement, times_s)
        for side in SIDES:
            for region, change in _voluntary(spec, plan, movement, side).items():
                _add_over_time(face, region, side, change, course)
    wrong = [(side, edge) for side in SIDES for edge in spec.edges(side)] if miswired else []
    for side, edge in wrong:
        late = group_command(spec, plan, edge.command, times_s - edge.latency_s)
        change = edge.change_mm
        if edge.region is Region.CHIN:
            change = tuple(2.0 * v for v in change)
        _add_over_time(face, edge.region, side, change, late)
    return _with_lids(spec, face, blinking(plan, times_s))


def _add_over_time(
    face: FloatArray, region: Region, side: Side, change: Change, course: FloatArray
) -> None:
    moved = np.zeros(face.shape[1])
    _add(moved, region, side, change)
    face += course[:, None] * moved


def _with_lids(spec: SignalPatient, face: FloatArray, blinking: FloatArray) -> FloatArray:
    """Lids meet at 0 mm; a blink closes them from wherever they are, as far as the nerve allows."""
    for side in SIDES:
        eye = CHANNEL_INDEX[Channel(Region.EYE, side, "height")]
        weak = side is spec.affected_side
        gain = min(1.0, spec.voluntary_gain.get("eye_close", 1.0)) if weak else 1.0
        face[:, eye] = np.fmax(face[:, eye], 0.0) * (1.0 - 0.97 * gain * blinking)
    return face


def _truth(spec: SignalPatient, plan: Plan) -> tuple[RegionTruth, ...]:
    calm = Plan(plan.cues, plan.efforts, (), plan.side_gain, plan.duration_s)
    rows = []
    for movement in dict.fromkeys(spec.protocol.movements):
        holds = np.array(
            [(c.onset_end_s + c.offset_start_s) / 2 for c in plan.cues if c.movement is movement]
        )
        with_edges = _face(spec, calm, holds).mean(axis=0)
        without = _face(spec, calm, holds, miswired=False).mean(axis=0)
        for region in REGIONS:
            for side in SIDES:
                total = _read(with_edges - _rest(spec), region, side)
                wrong = _read(with_edges - without, region, side)
                latency = _latency(spec, movement, region, side)
                rows.append(RegionTruth(movement, region, side, total, wrong, latency))
    return tuple(rows)


def _read(change_mm: FloatArray, region: Region, side: Side) -> Change:
    where = None if region is Region.CHIN else side
    values = [
        float(change_mm[CHANNEL_INDEX[Channel(region, where, part)]]) for part in components(region)
    ]
    if region is Region.CHIN and side is Side.RIGHT:
        values[0] = -values[0]
    return tuple(values)


def _latency(spec: SignalPatient, movement: Movement, region: Region, side: Side) -> float | None:
    edges = spec.edges(side)
    if region is Region.CHIN:
        edges = spec.edges(Side.LEFT) + spec.edges(Side.RIGHT)
    found = {
        e.latency_s
        for e in edges
        if e.command == MOVEMENT_FACTS[movement].command and e.region is region
    }
    return found.pop() if len(found) == 1 else None
