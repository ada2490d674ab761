"""Changes written by hand, and recordings of simulated patients, for the map's tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Movement, Region, Side
from facewire.motion import MotionSignals
from facewire.movements import MovementSet, Repetition, locate_movements
from facewire.results.measurement import References, Scale
from facewire.synkinesis import MapSettings, SynkinesisMap, estimate_map
from facewire.synkinesis.changes import Changes
from facewire.synkinesis.parts import Evidence
from simulated.signals import SimulatedRecording, simulate_signals
from simulated.wiring_spec import SignalPatient

REST_MM = {Side.LEFT: 10.0, Side.RIGHT: 10.0}
Face = dict[tuple[Region, Side | None], tuple[float, ...]]


def face(changes: Face) -> np.ndarray:
    """One row of channels: height, or across and up, by region and side; the rest is 0."""
    row = np.zeros(len(CHANNELS))
    for (region, side), values in changes.items():
        parts = ("across", "up") if len(values) == 2 else ("height",)
        for part, value in zip(parts, values, strict=True):
            row[CHANNEL_INDEX[Channel(region, side, part)]] = value
    return row


def changes_of(rows: list[tuple[Movement, Face]]) -> Changes:
    """Changes of single repetitions, without noise; the eyes are held at 10 mm plus the change."""
    change = np.array([face(values) for _, values in rows])
    repetitions = tuple(
        repetition(m, (i, i + 0.4), (i + 0.6, i + 0.9), number=i + 1)
        for i, (m, _) in enumerate(rows)
    )
    return Changes(repetitions, change, change + 10.0, np.zeros_like(change))


def evidence_of(
    rows: list[tuple[Movement, Face]], *, other_side: bool = True, healthy_norms: bool = True
) -> Evidence:
    references = References(
        other_side=other_side,
        other_side_reason="" if other_side else "treated",
        healthy_norms=healthy_norms,
        healthy_norms_reason="" if healthy_norms else "a child",
    )
    evidence = Evidence.of(changes_of(rows), REST_MM, fitted=True)
    return replace(evidence, references=references)


def signals_of(times_s: np.ndarray, position_mm: np.ndarray, sd_mm: float = 0.1) -> MotionSignals:
    n = len(times_s)
    return MotionSignals(
        times_s,
        position_mm,
        np.where(np.isfinite(position_mm), sd_mm, np.nan),
        np.zeros((n, 3)),
        np.zeros(n, dtype=bool),
        {},
        Scale(source="simulated", reference_mm=11.7, relative_sd=0.04, mm_per_px=0.2),
    )


def repetition(
    movement: Movement, rest: tuple[float, float], hold: tuple[float, float], number: int = 1
) -> Repetition:
    """A kept repetition that begins where its rest ends."""
    return Repetition(
        movement=movement,
        repetition=number,
        start_s=rest[1],
        onset_s=rest[1] + 0.05,
        apex_start_s=hold[0],
        apex_end_s=hold[1],
        end_s=hold[1] + 0.5,
        rest_start_s=rest[0],
        rest_end_s=rest[1],
        rest_kind="before",
        kept=True,
    )


def simulate(spec: SignalPatient, seed: int = 1) -> SimulatedRecording:
    return simulate_signals(spec, np.random.default_rng(seed))


def estimate(recording: SimulatedRecording, settings: MapSettings | None = None) -> SynkinesisMap:
    movements = locate_movements(recording.signals, recording.cues)
    return estimate_map(recording.signals, movements, settings)


def located(recording: SimulatedRecording) -> MovementSet:
    return locate_movements(recording.signals, recording.cues)


def with_channel(
    recording: SimulatedRecording, channel: Channel, value: float
) -> SimulatedRecording:
    """The recording with one channel set throughout, such as to NaN."""
    signals = recording.signals
    position, sd = signals.position_mm.copy(), signals.sd_mm.copy()
    position[:, CHANNEL_INDEX[channel]] = value
    sd[:, CHANNEL_INDEX[channel]] = value
    return replace(recording, signals=replace(signals, position_mm=position, sd_mm=sd))
