"""Do the 95 % intervals hold the truth? Simulated patients with the tracker's left-over errors.

    .venv/bin/python benchmarks/interval_coverage.py --patients 60

Each patient is simulated on the level of signals; what rendered patients show the tracker to leave
uncorrected (`left_over_sd_mm` times `CALIBRATION`, as the intervals have it) is drawn once for
every patient and movement and added to each repetition. The truth is known exactly. So this tests
references, scaling, noise and selection; whether the left-over is right, rendered patients tell.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from facewire.errors import SideConflictError
from facewire.face import (
    CHANNEL_INDEX,
    CHANNELS,
    EYE_CLOSURES,
    MOVEMENTS,
    Channel,
    Component,
    Movement,
    Region,
    Side,
)
from facewire.face.movements import COMMANDS
from facewire.motion.maps import PAIRED, left_over_sd_mm
from facewire.movements import MovementSet, locate_movements
from facewire.results.cells import SynkinesisCell
from facewire.results.estimate import Estimate
from facewire.synkinesis import MapSettings, SynkinesisMap, estimate_map
from facewire.synkinesis.blink_row import FLOOR_SD_MM
from facewire.synkinesis.parts import CALIBRATION
from facewire.synkinesis.resting import (
    FISSURE_DIFFERENCE_SD_MM,
    FISSURE_SD_MM,
    GAP_SD_MM,
    POSITION_DIFFERENCE_SD_MM,
    POSITION_SD_MM,
)
from simulated.signal_course import cue_course
from simulated.signals import SignalTruth, SimulatedRecording, simulate_signals
from simulated.wiring_spec import SignalPatient, WrongEdge

FloatArray = NDArray[np.float64]

EYE_EDGES = {"smile": 4.0, "pucker": 4.0, "snarl": 3.0, "brow": 2.0, "lower_teeth": 2.5}
"""Commands that narrow the eye, and the most that each does at full effort, mm."""

TIMED_MM = 1.5


@dataclass(frozen=True)
class Judged:
    """One estimated cell beside its truth, mm; `latency_s` is the true one or None."""

    cell: SynkinesisCell
    true_mm: float
    latency_s: float | None

    @property
    def covered(self) -> bool:
        return self.cell.ci_low <= self.true_mm <= self.cell.ci_high

    @property
    def timed(self) -> bool:
        large = self.latency_s is not None and abs(self.true_mm) >= TIMED_MM
        return large and self.cell.latency_s is not None


def synkinetic_patient(rng: np.random.Generator) -> SignalPatient:
    """Draw a patient: weakness, two to all of the common wrong edges, of any size."""
    narrowing = [
        WrongEdge(command, Region.EYE, (-float(rng.uniform(0.3, most)),), _latency(rng))
        for command, most in EYE_EDGES.items()
    ]
    pulls = [
        WrongEdge(command, Region.COMMISSURE, _pull(rng), _latency(rng))
        for command in ("eye_close", "brow")
    ]
    chin = WrongEdge("eye_close", Region.CHIN, (0.0, float(rng.uniform(0.3, 2.0))), _latency(rng))
    edges = [*narrowing, *pulls, chin]
    kept = rng.choice(len(edges), int(rng.integers(2, len(edges) + 1)), replace=False)
    return replace(weak_patient(rng, 0.6), miswiring=tuple(edges[i] for i in sorted(kept)))


def _latency(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.0, 0.08))


def _pull(rng: np.random.Generator) -> tuple[float, float]:
    size, angle = rng.uniform(0.5, 4.0), rng.uniform(0.0, np.pi / 2)
    return float(size * np.cos(angle)), float(size * np.sin(angle))


def weak_patient(rng: np.random.Generator, least: float = 0.1) -> SignalPatient:
    """Draw a patient whose affected side is weak, without synkinesis."""
    return SignalPatient(
        affected_side=Side.LEFT if rng.random() < 0.5 else Side.RIGHT,
        voluntary_gain={g: float(rng.uniform(least, 1.0)) for g in COMMANDS},
        other_side_gain=float(rng.uniform(1.0, 1.1)),
        smile_eye_narrowing=float(rng.uniform(0.1, 0.35)),
    )


def healthy_face(rng: np.random.Generator) -> SignalPatient:
    """Draw a healthy face."""
    return SignalPatient(smile_eye_narrowing=float(rng.uniform(0.1, 0.35)))


def tracker_errors(rng: np.random.Generator, *, fitted: bool) -> dict[Movement, FloatArray]:
    """Draw what the tracker leaves uncorrected in each movement, shape (n_channels,), mm.

    Half sum and half difference of the sides are drawn apart, so that one side's error and the
    difference's both have their measured deviations.
    """
    return {m: _errors_of(m, rng, fitted) for m in MOVEMENTS}


def _errors_of(movement: Movement, rng: np.random.Generator, fitted: bool) -> FloatArray:
    errors = np.zeros(len(CHANNELS))
    for region, part in PAIRED:
        one, both = (
            left_over_sd_mm(movement, region, part, difference=d, fitted=fitted)
            for d in (False, True)
        )
        if region is Region.EYE and movement in EYE_CLOSURES:
            # The level of shut lids errs, each eye's by itself, not how far they came.
            one, both = GAP_SD_MM / CALIBRATION, np.sqrt(2) * GAP_SD_MM / CALIBRATION
        even = np.sqrt(max(one**2 - (both / 2) ** 2, 0.0)) * rng.normal()
        odd = both / 2 * rng.normal()
        errors[CHANNEL_INDEX[Channel(region, Side.LEFT, part)]] = even + odd
        errors[CHANNEL_INDEX[Channel(region, Side.RIGHT, part)]] = even - odd
    for part in ("across", "up"):
        sd = left_over_sd_mm(movement, Region.CHIN, part, difference=False, fitted=fitted)
        errors[CHANNEL_INDEX[Channel(Region.CHIN, None, part)]] = sd * rng.normal()
    return CALIBRATION * errors


def with_errors(
    recording: SimulatedRecording, errors: dict[Movement, FloatArray]
) -> SimulatedRecording:
    """Add a movement's errors to each of its repetitions, growing as the movement does."""
    signals = recording.signals
    position = signals.position_mm.copy()
    for cue in recording.cues:
        position += cue_course(cue, signals.times_s)[:, None] * errors[cue.movement]
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in Side]
    position[:, eyes] = np.maximum(position[:, eyes], 0.0)
    return replace(recording, signals=replace(signals, position_mm=position))


def simulate(
    spec: SignalPatient, rng: np.random.Generator, *, fitted: bool = True
) -> tuple[SimulatedRecording, MovementSet]:
    """Simulate a recording with the tracker's errors, and locate its movements."""
    recording = with_errors(simulate_signals(spec, rng), tracker_errors(rng, fitted=fitted))
    return recording, locate_movements(recording.signals, recording.cues)


def judged(recording: SimulatedRecording, found: SynkinesisMap) -> Iterator[Judged]:
    """Yield every cell that was estimated, with its truth."""
    for cell in found.synkinesis:
        if cell.change_mm is not None:
            truth = recording.truth.of(cell.movement, cell.region, cell.side)
            true = truth.involuntary_mm
            size = true[0] if len(true) == 1 else float(np.hypot(*true))
            yield Judged(cell, size, truth.latency_s)


def of_patients(n: int, seed: int, fitted: bool) -> tuple[list[Judged], Counter[str]]:
    """Estimate synkinetic patients, each with its own side; count how the side was inferred."""
    cells: list[Judged] = []
    sides: Counter[str] = Counter()
    for i in range(n):
        rng = np.random.default_rng([seed, i])
        spec = synkinetic_patient(rng)
        recording, movements = simulate(spec, rng, fitted=fitted)
        found = estimate_map(recording.signals, movements, MapSettings(fitted=fitted))
        right = found.affected.side is spec.affected_side
        sides["right" if right else str(found.affected.status)] += 1
        if not right:
            settings = MapSettings(affected=str(spec.affected_side), fitted=fitted)
            try:
                found = estimate_map(recording.signals, movements, settings)
            except SideConflictError:
                sides["conflict"] += 1
                continue
        cells += judged(recording, found)
    return cells, sides


def of_every_kind(n: int, seed: int, *, fitted: bool = True) -> dict[str, FloatArray]:
    """Return (estimate - truth) / half interval for the other kinds of numbers, by kind.

    Totals are those beyond 0.5 mm; gaps those that stay open. At rest the places of points err as
    `facewire.synkinesis.resting` says that they do, and in blinks as
    `facewire.synkinesis.blink_row` does; nothing is wired to a blink: 0 is true.
    """
    found: dict[str, list[float]] = {kind: [] for kind in ("total", "rest", "closure", "blink")}
    settings = MapSettings(affected=str(Side.RIGHT), fitted=fitted)
    for i in range(n):
        rng = np.random.default_rng([seed, i])
        spec = synkinetic_patient(rng)
        gains = {**spec.voluntary_gain, "eye_close": float(rng.uniform(0.3, 0.9))}
        spec = replace(spec, affected_side=Side.RIGHT, voluntary_gain=gains)
        recording, movements = simulate(spec, rng, fitted=fitted)
        placed = with_blinks_seen(with_places(recording, rng), rng)
        for kind, number, true in numbers_of(
            recording.truth, estimate_map(placed.signals, movements, settings)
        ):
            if number is not None:
                half = max(number.high - number.value, number.value - number.low)
                found[kind].append((number.value - true) / half)
    return {kind: np.array(values) for kind, values in found.items()}


def numbers_of(
    truth: SignalTruth, result: SynkinesisMap
) -> Iterator[tuple[str, Estimate | None, float]]:
    """Yield the numbers of a map beside the truth: kind, number, what is true."""
    for cell in result.voluntary:
        true = truth.of(cell.movement, cell.region, cell.side).total_mm
        size = true[0] if len(true) == 1 else float(np.hypot(*true))
        if abs(size) > 0.5:
            yield "total", cell.excursion, size

    def rest_mm(region: Region, side: Side | None, component: Component) -> float:
        return float(truth.rest_mm[CHANNEL_INDEX[Channel(region, side, component)]])

    for place in result.rest:
        own = rest_mm(place.region, place.side, place.component)
        yield "rest", place.position, own
        if place.side is Side.RIGHT:
            other = rest_mm(place.region, Side.LEFT, place.component)
            yield "rest", place.difference, own - other
    for closure in result.eye_closure:
        closing = truth.of(closure.movement, Region.EYE, closure.side).total_mm[0]
        gap = rest_mm(Region.EYE, closure.side, "height") + closing
        if gap > 1.0:
            yield "closure", closure.gap, gap
    yield from (("blink", b.change, 0.0) for b in result.blink if b.region is Region.BROW)


def with_places(recording: SimulatedRecording, rng: np.random.Generator) -> SimulatedRecording:
    """Shift every channel by what its point may lie off its place, the same throughout."""
    shift = np.zeros(len(CHANNELS))
    for region, part in PAIRED:
        eye = region is Region.EYE
        rest_mm = recording.truth.rest_mm[CHANNEL_INDEX[Channel(region, Side.LEFT, part)]]
        scale_mm = recording.signals.scale.relative_sd * float(rest_mm)
        one = float(np.hypot(FISSURE_SD_MM if eye else POSITION_SD_MM, scale_mm))
        both = FISSURE_DIFFERENCE_SD_MM if eye else POSITION_DIFFERENCE_SD_MM
        even = np.sqrt(one**2 - (both / 2) ** 2) * rng.normal()
        odd = both / 2 * rng.normal()
        shift[CHANNEL_INDEX[Channel(region, Side.LEFT, part)]] = even + odd
        shift[CHANNEL_INDEX[Channel(region, Side.RIGHT, part)]] = even - odd
    for part in ("across", "up"):
        shift[CHANNEL_INDEX[Channel(Region.CHIN, None, part)]] = POSITION_SD_MM * rng.normal()
    signals = recording.signals
    opening = signals.times_s < recording.cues[0].start_s
    position = signals.position_mm + np.where(opening[:, None], shift, 0.0)
    return replace(recording, signals=replace(signals, position_mm=position))


def with_blinks_seen(recording: SimulatedRecording, rng: np.random.Generator) -> SimulatedRecording:
    """Move the rest of the face in every blink alike, by what closing lids do to the tracker."""
    signals = recording.signals
    shift = FLOOR_SD_MM * rng.normal(size=len(CHANNELS))
    shift[[CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in Side]] = 0.0
    shut = np.zeros(len(signals.times_s), dtype=bool)
    for blink in recording.truth.blinks:
        shut |= (signals.times_s >= blink.start_s) & (signals.times_s <= blink.end_s)
    position = signals.position_mm + np.where(shut[:, None], shift, 0.0)
    return replace(recording, signals=replace(signals, position_mm=position))


def without_synkinesis(
    n: int, seed: int, fitted: bool, *, weak: bool, stated: bool
) -> tuple[list[SynkinesisCell], int]:
    """Estimate faces without synkinesis; also return how many had any cell present."""
    cells: list[SynkinesisCell] = []
    any_present = 0
    for i in range(n):
        rng = np.random.default_rng([seed + 1, i])
        spec = weak_patient(rng) if weak else healthy_face(rng)
        recording, movements = simulate(spec, rng, fitted=fitted)
        side = str(spec.affected_side or Side.LEFT) if stated else None
        try:
            found = estimate_map(recording.signals, movements, MapSettings(side, fitted=fitted))
        except SideConflictError:
            continue
        asked = [c for c in found.synkinesis if c.detected is not None]
        cells += asked
        any_present += any(c.present for c in asked)
    return cells, any_present


def coverage_table(cells: list[Judged]) -> Table:
    """Coverage, width and error by region."""
    table = Table("region", "cells", "coverage", "width mm", "bias mm", "MAE mm", "z SD")
    for region in (None, *Region):
        some = [c for c in cells if region in (None, c.cell.region)]
        if not some:
            continue
        width = np.array([c.cell.ci_high - c.cell.ci_low for c in some])
        sd = np.array([c.cell.change_sd_mm for c in some])
        error = np.array([c.cell.change_mm - c.true_mm for c in some])
        z = error / sd
        figures = (np.mean([c.covered for c in some]), width.mean(), error.mean())
        texts = [f"{v:.2f}" for v in (*figures, np.abs(error).mean(), np.sqrt(np.mean(z**2)))]
        table.add_row(str(region or "all"), str(len(some)), *texts)
    return table


def timing_text(cells: list[Judged]) -> str:
    """Error and coverage of the latencies of changes of at least `TIMED_MM`."""
    timed = [c for c in cells if c.timed]
    error = np.array([c.cell.latency_s - (c.latency_s or 0.0) for c in timed]) * 1000
    inside = [
        c.cell.latency_ci_low_s <= (c.latency_s or 0) <= c.cell.latency_ci_high_s for c in timed
    ]
    return (
        f"latency of changes of {TIMED_MM} mm or more: n {len(timed)}, bias {error.mean():.0f} ms, "
        f"MAE {np.abs(error).mean():.0f} ms, 95th percentile {np.quantile(np.abs(error), 0.95):.0f}"
        f" ms, coverage {np.mean(inside):.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unfitted", action="store_true", help="errors without the fitted maps")
    asked = parser.parse_args()
    console, n, fitted = Console(), asked.patients, not asked.unfitted
    cells, sides = of_patients(n, asked.seed, fitted)
    console.print(coverage_table(cells))
    large = [c for c in cells if abs(c.true_mm) >= 1.0]
    none = [c for c in cells if abs(c.true_mm) < 1e-9]
    console.print(f"affected side, {n} patients: {dict(sides)}")
    console.print(
        f"present where at least 1 mm: {np.mean([c.cell.present is True for c in large]):.2f}"
    )
    console.print(
        f"present where nothing is: {np.mean([c.cell.present is True for c in none]):.3f}"
    )
    console.print(timing_text(cells))
    for kind, off in of_every_kind(n, asked.seed, fitted=fitted).items():
        console.print(f"{kind}: {len(off)} numbers, coverage {np.mean(np.abs(off) <= 1):.3f}")
    for weak in (False, True):
        for stated in (False, True):
            some, faces = without_synkinesis(n, asked.seed, fitted, weak=weak, stated=stated)
            console.print(
                f"{'weak, no synkinesis' if weak else 'healthy'}, side "
                f"{'stated' if stated else 'inferred'}: present "
                f"{np.mean([c.present is True for c in some]) if some else 0.0:.3f} of {len(some)}"
                f" cells, in {faces} of {n} faces"
            )


if __name__ == "__main__":
    main()
