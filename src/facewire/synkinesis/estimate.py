"""Motion and movements in, synkinesis map out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewire.errors import SideConflictError, TrackError
from facewire.face import (
    CHANNEL_INDEX,
    MOVEMENTS,
    REGIONS,
    SIDES,
    Channel,
    Movement,
    Region,
    Side,
    moves_on_purpose,
    region_channels,
)
from facewire.motion import MotionSignals
from facewire.movements import MovementSet
from facewire.synkinesis.blink_row import blink_row
from facewire.synkinesis.cells import AffectedSide, SynkinesisCell, SynkinesisMap
from facewire.synkinesis.changes import mean_rows, measure_changes
from facewire.synkinesis.norms import ADULT_YEARS
from facewire.synkinesis.parts import (
    LEAST_EXCURSION_MM,
    MAIN_TARGET,
    Evidence,
    InvoluntaryPart,
    asked_parts,
)
from facewire.synkinesis.presence import Presence, Question, beyond_healthy, settle
from facewire.synkinesis.resting import closure_cells, rest_cells, resting_positions
from facewire.synkinesis.side import infer_side, leads
from facewire.synkinesis.timing import measure_timing
from facewire.synkinesis.voluntary import voluntary_cells
from facewire.words import mark

FloatArray = NDArray[np.float64]

Z95 = 1.959964
CONFLICT_CONFIDENCE = 0.9
LEAST_WHOLE_MM = 2.0
"""A smaller movement is no whole to give percents of: its own error is a fifth of it and more."""


@dataclass(frozen=True)
class MapSettings:
    """What the user states, and how the motion was made.

    Parameters
    ----------
    affected : str, optional
        ``L``, ``R``, ``none``, or None to infer it.
    age_years : float, optional
        No adult norm is applied under 18.
    fitted : bool
        Whether the motion's fitted maps were applied.
    other_side_usable : bool
        False when the other side was treated with toxin within 6 months or operated on.
    """

    affected: str | None = None
    age_years: float | None = None
    fitted: bool = True
    other_side_usable: bool = True


def estimate_map(
    signals: MotionSignals, movements: MovementSet, settings: MapSettings | None = None
) -> SynkinesisMap:
    """Estimate the synkinesis map of a recording.

    Raises
    ------
    SideConflictError
        The stated side disagrees with a confidently inferred one.
    TrackError
        No repetition could be kept.
    """
    settings = settings or MapSettings()
    changes = measure_changes(signals, movements)
    if not changes.movements:
        raise TrackError(
            "No repetition of any movement can be measured",
            found="; ".join(sorted({r.reason for r in movements.repetitions if r.reason}))
            or "no measured frames in any hold",
            do="look at the reasons, and film again or correct the cue sheet",
        )
    rest = resting_positions(signals, movements)
    fissures = {s: rest[CHANNEL_INDEX[Channel(Region.EYE, s, "height")]] for s in SIDES}
    evidence = replace(
        Evidence.of(changes, fissures, fitted=settings.fitted),
        other_side_usable=settings.other_side_usable,
        norms_usable=settings.age_years is None or settings.age_years >= ADULT_YEARS,
    )
    affected = _affected_side(evidence, settings.affected)
    return SynkinesisMap(
        affected,
        _synkinesis_cells(evidence, affected, signals, movements),
        voluntary_cells(evidence),
        rest_cells(signals, rest),
        closure_cells(evidence),
        blink_row(signals, movements),
    )


def _affected_side(evidence: Evidence, stated: str | None) -> AffectedSide:
    inferred = infer_side(evidence)
    if stated is None:
        return inferred
    if stated == "none":
        return AffectedSide(None, "stated", 1.0)
    side = Side(stated)
    if inferred.side is side.other and inferred.confidence >= CONFLICT_CONFIDENCE:
        raise SideConflictError(
            f"The {side.word} side is stated as affected, but the recording shows the "
            f"{side.other.word} side",
            expected="both to agree",
            found=f"{side.other.word}, with confidence {inferred.confidence:.2f}",
            do="check whether the video is mirrored (--mirrored), or leave --affected out",
        )
    return AffectedSide(side, "stated", 1.0)


def _synkinesis_cells(
    evidence: Evidence,
    affected: AffectedSide,
    signals: MotionSignals,
    movements: MovementSet,
) -> tuple[SynkinesisCell, ...]:
    found = {side: _cells_of(evidence, side) for side in affected.sides}
    if affected.none:
        found = {side: _calmed(_cells_of(evidence, side)) for side in SIDES}
    cells = []
    for movement in MOVEMENTS:
        for region in REGIONS:
            for side in SIDES:
                cell = found.get(side, {}).get((movement, region))
                if cell and _is_told(evidence, affected, cell):
                    cells.append(_with_timing(cell, signals, movements))
                else:
                    cells.append(_empty_cell(evidence, affected, movement, region, side))
    return tuple(cells)


def _cells_of(evidence: Evidence, side: Side) -> dict[Question, SynkinesisCell]:
    """Estimate one side's map, the other serving as reference."""
    parts = asked_parts(evidence, side)
    answers = settle(parts, evidence.rest_fissure_mm[side])
    return {key: _cell(evidence, key, side, parts[key], answers[key]) for key in parts}


def _calmed(cells: dict[Question, SynkinesisCell]) -> dict[Question, SynkinesisCell]:
    """Take back what is present in a face in which not enough speaks for an affected side.

    The numbers stay: what moves along in this face, each side held against the other.
    """
    reason = mark("it moves, but not enough in this face speaks for an affected side")
    return {
        key: replace(cell, present=None, beyond_healthy=None, reason=reason)
        if cell.present
        else cell
        for key, cell in cells.items()
    }


def _is_told(evidence: Evidence, affected: AffectedSide, cell: SynkinesisCell) -> bool:
    """Tell whether a cell stands: of two affected sides, that of the one that moves more."""
    return affected.status != "both" or leads(evidence, cell.movement, cell.region, cell.side)


def _empty_cell(
    evidence: Evidence, affected: AffectedSide, movement: Movement, region: Region, side: Side
) -> SynkinesisCell:
    count = evidence.changes.count(movement)
    if moves_on_purpose(movement, region):
        reason = mark("this movement moves the region on purpose, or by the same muscle")
    elif count == 0:
        reason = mark("the movement was not recorded, or no repetition could be kept")
    elif affected.status == "both" and leads(evidence, movement, region, side.other):
        reason = mark("both sides are affected, and the other one moves more here")
    elif affected.status == "undecided":
        reason = mark("it could not be told which side is affected")
    elif affected.sides and side not in affected.sides:
        reason = mark("the other side serves as the reference")
    else:
        reason = mark("the region was not measured, or has no usable reference")
    return SynkinesisCell(movement, region, side, repetitions=count, reason=reason)


def _cell(
    evidence: Evidence,
    key: tuple[Movement, Region],
    side: Side,
    part: InvoluntaryPart,
    answer: Presence,
) -> SynkinesisCell:
    movement, region = key
    size, sd = part.length_mm, part.length_sd_mm
    strengths = _strengths(evidence, movement, side)
    gain, gain_sd = _gain(evidence, movement, side, size, sd)
    percent, percent_of = _percent(evidence, region, side, size)
    rest_mm = evidence.rest_fissure_mm[side]
    other = evidence.change(movement, region, side.other)
    vector = len(part.value) == 2
    return SynkinesisCell(
        movement,
        region,
        side,
        change_mm=size,
        ci_low=size - Z95 * sd,
        ci_high=size + Z95 * sd,
        across_mm=float(part.value[0]) if vector else float("nan"),
        up_mm=float(part.value[-1]),
        percent=percent,
        percent_of=percent_of,
        gain=gain,
        gain_ci_low=gain - Z95 * gain_sd,
        gain_ci_high=gain + Z95 * gain_sd,
        voluntary_mm=evidence.excursion_mm(movement, side),
        voluntary_low_mm=float(np.fmin.reduce(strengths)),
        voluntary_high_mm=float(np.fmax.reduce(strengths)),
        present=answer.present,
        detected=answer.detected,
        beyond_healthy=beyond_healthy(part, region, other, rest_mm),
        q_value=answer.q_value,
        score=part.z if region is not Region.EYE else -float(part.value[0] / part.sd[0]),
        vs_other_side_mm=_length(part.vs_other),
        vs_healthy_norm_mm=_length(part.vs_norm),
        repetitions=evidence.changes.count(movement),
        reason=answer.reason,
    )


def _length(value: FloatArray) -> float:
    return float(value[0]) if len(value) == 1 else float(np.linalg.norm(value))


def _strengths(evidence: Evidence, movement: Movement, side: Side) -> FloatArray:
    """Return how far the movement's own target went in each repetition, mm."""
    columns = [CHANNEL_INDEX[c] for c in region_channels(MAIN_TARGET[movement], side)]
    rows = evidence.changes.change_mm[evidence.changes.rows(movement)]
    return np.asarray(np.linalg.norm(rows[:, columns], axis=1))


def _gain(
    evidence: Evidence, movement: Movement, side: Side, size: float, sd: float
) -> tuple[float, float]:
    """Involuntary mm for each mm of voluntary movement, and its standard deviation.

    Mean over mean (the ratio estimator of a slope through the origin): each repetition counts in
    proportion to its own strength, so that a weaker one does not look like a cure.
    """
    mean = float(mean_rows(_strengths(evidence, movement, side)[:, None])[0])
    if not mean >= LEAST_EXCURSION_MM:
        return float("nan"), float("nan")
    gain = size / mean
    floor = evidence.change_sd(movement, MAIN_TARGET[movement], side, difference=False)
    return gain, float(np.hypot(sd / mean, gain * float(np.linalg.norm(floor)) / mean))


def _percent(evidence: Evidence, region: Region, side: Side, size: float) -> tuple[float, str]:
    """Size in percent of the resting fissure, or of the other side's largest voluntary movement.

    NaN where no recorded movement moves the region on purpose by `LEAST_WHOLE_MM` or more.
    """
    if region is Region.EYE:
        return 100.0 * size / evidence.rest_fissure_mm[side], mark(
            "resting fissure of the same eye"
        )
    largest = [
        float(np.linalg.norm(evidence.change(m, region, side.other)))
        for m in MOVEMENTS
        if evidence.changes.count(m) and moves_on_purpose(m, region)
    ]
    top = float(np.fmax.reduce(largest, initial=np.nan))
    if not top >= LEAST_WHOLE_MM:
        return float("nan"), ""
    return 100.0 * size / top, mark("other side's largest voluntary movement in this recording")


def _with_timing(
    cell: SynkinesisCell, signals: MotionSignals, movements: MovementSet
) -> SynkinesisCell:
    if not cell.detected:
        return cell
    kept = movements.kept(cell.movement)
    timing = measure_timing(signals, kept, cell.region, cell.side)
    return replace(
        cell,
        latency_s=timing.latency_s,
        latency_ci_low_s=timing.ci_low_s,
        latency_ci_high_s=timing.ci_high_s,
        coupling=timing.coupling,
    )
