"""Motion and movements in, synkinesis map out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from facewire.errors import SideConflictError, TrackError, UsageError
from facewire.face import (
    CHANNEL_INDEX,
    MOVEMENTS,
    REGIONS,
    SIDES,
    Channel,
    Movement,
    Region,
    Side,
    main_target,
    moves_on_purpose,
    region_channels,
)
from facewire.motion import MotionSignals
from facewire.movements import MovementSet
from facewire.results.cells import (
    BlinkCell,
    ClosureCell,
    LidCell,
    RestCell,
    SynkinesisCell,
    VoluntaryCell,
)
from facewire.results.estimate import Estimate
from facewire.results.measurement import References, RepetitionValue
from facewire.synkinesis.affected import AffectedSide
from facewire.synkinesis.blink_row import blink_row
from facewire.synkinesis.changes import mean_rows, measure_changes, relative_spread
from facewire.synkinesis.norms import ADULT_YEARS
from facewire.synkinesis.parts import (
    LEAST_EXCURSION_MM,
    Evidence,
    InvoluntaryPart,
    asked_parts,
)
from facewire.synkinesis.presence import Presence, Question, beyond_healthy, settle
from facewire.synkinesis.repetition_values import repetition_values
from facewire.synkinesis.resting import (
    closure_cells,
    lid_cells,
    rest_cells,
    resting_positions,
)
from facewire.synkinesis.side import infer_side, leads
from facewire.synkinesis.timing import measure_timing
from facewire.synkinesis.voluntary import vector_columns, voluntary_cells
from facewire.words import mark

FloatArray = NDArray[np.float64]

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
    other_side_refused : str
        Why the other side is no reference, such as its treatment; empty where it is one. It needs
        a stated side: without one there is no telling which the other is.
    """

    affected: str | None = None
    age_years: float | None = None
    fitted: bool = True
    other_side_refused: str = ""

    def __post_init__(self) -> None:
        if self.affected not in (None, "none", *SIDES) or (self.age_years or 0) < 0:
            raise UsageError(
                "What was stated of the person cannot be",
                expected="L, R or none as the affected side; an age of 0 or more",
                found=f"{self.affected}, {self.age_years}",
            )
        if self.other_side_refused and self.affected not in SIDES:
            raise UsageError(
                "It was said that the other side was treated, but not which side is affected",
                expected="the affected side stated: L or R",
                found=f"{self.affected}",
                do="state it with --affected",
            )

    @property
    def references(self) -> References:
        """What the physiological part may be taken from."""
        minor = self.age_years is not None and self.age_years < ADULT_YEARS
        return References(
            other_side=not self.other_side_refused,
            other_side_reason=self.other_side_refused,
            healthy_norms=not minor,
            healthy_norms_reason=mark("norms are of adults, the patient is younger than 18")
            if minor
            else "",
        )


@dataclass(frozen=True)
class SynkinesisMap:
    """Everything measured from one recording; its rows are those of the result file."""

    affected: AffectedSide
    references: References
    synkinesis: tuple[SynkinesisCell, ...]
    voluntary: tuple[VoluntaryCell, ...]
    rest: tuple[RestCell, ...]
    lids: tuple[LidCell, ...]
    eye_closure: tuple[ClosureCell, ...]
    blink: tuple[BlinkCell, ...]
    repetition_values: tuple[RepetitionValue, ...] = field(repr=False, default=())
    seen_share: Mapping[tuple[Region, Side], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cells = len(MOVEMENTS) * len(REGIONS) * len(SIDES)
        if len(self.synkinesis) != cells or len(self.voluntary) != cells:
            raise TrackError(
                "A map does not hold every movement, region and side",
                expected=f"{cells} cells",
                found=f"{len(self.synkinesis)} and {len(self.voluntary)}",
            )


def estimate_map(
    signals: MotionSignals, movements: MovementSet, settings: MapSettings | None = None
) -> SynkinesisMap:
    """Estimate the synkinesis map of a recording.

    Raises
    ------
    SideConflictError
        The stated side disagrees with a confidently inferred one.
    """
    settings = settings or MapSettings()
    changes = measure_changes(signals, movements)
    rest = resting_positions(signals, movements)
    fissures = {s: float(rest[CHANNEL_INDEX[Channel(Region.EYE, s, "height")]]) for s in SIDES}
    evidence = Evidence(
        changes,
        relative_spread(changes),
        fissures,
        settings.fitted,
        settings.references,
        signals.scale.relative_sd,
        {(r, s): signals.seen_share(r, s) for r in REGIONS for s in SIDES},
    )
    affected = _affected_side(evidence, settings.affected)
    return SynkinesisMap(
        affected,
        evidence.references,
        _synkinesis_cells(evidence, affected, signals, movements),
        voluntary_cells(evidence),
        rest_cells(signals, rest),
        lid_cells(signals),
        closure_cells(evidence),
        blink_row(signals, movements),
        repetition_values(evidence, affected, signals, movements),
        evidence.seen_share,
    )


def _affected_side(evidence: Evidence, stated: str | None) -> AffectedSide:
    if stated in SIDES and not evidence.references.other_side:
        return AffectedSide(Side(stated), "stated", 1.0)
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
        reason = mark("it moves, but not enough in this face speaks for an affected side")
        found = {side: _calmed(_cells_of(evidence, side), reason) for side in SIDES}
    if affected.status == "undecided":
        reason = mark("it could not be told which side is affected")
        found = {side: _untold(_cells_of(evidence, side), reason) for side in SIDES}
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


def _calmed(cells: dict[Question, SynkinesisCell], reason: str) -> dict[Question, SynkinesisCell]:
    """Take back what is present in a face of which no side is known to be affected.

    The numbers stay: what moves along in this face, each side held against the other.
    """
    return {
        key: cell.replaced(present=None, beyond_healthy=None, reason=reason)
        if cell.present
        else cell
        for key, cell in cells.items()
    }


def _untold(cells: dict[Question, SynkinesisCell], reason: str) -> dict[Question, SynkinesisCell]:
    """Take back every yes and no where the side that serves as the reference may be the affected.

    The numbers stay: each side held against the other.
    """
    return {
        key: cell.replaced(present=None, beyond_healthy=None, reason=cell.reason or reason)
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
    elif not_seen := _not_seen(evidence, movement, region, side):
        reason = not_seen
    elif affected.status == "both" and leads(evidence, movement, region, side.other):
        reason = mark("both sides are affected, and the other one moves more here")
    elif affected.status == "undecided":
        reason = mark("it could not be told which side is affected")
    elif affected.sides and side not in affected.sides:
        reason = mark("the other side serves as the reference")
    else:
        reason = mark("the region was not measured, or has no usable reference")
    return SynkinesisCell(
        movement=movement, region=region, side=side, repetitions=count, reason=reason
    )


def _not_seen(evidence: Evidence, movement: Movement, region: Region, side: Side) -> str:
    """Say that a cover stands in a cell's way; empty where none does."""
    target = main_target(movement)
    if evidence.covered(region, side):
        return evidence.not_measured(region, side)
    if any(evidence.covered(target, s) for s in SIDES):
        return mark("what the movement asks for is covered: how much was done is not seen")
    if evidence.covered(region, side.other):
        return mark("the same region of the other side is covered: there is no reference")
    return ""


def _cell(
    evidence: Evidence,
    key: tuple[Movement, Region],
    side: Side,
    part: InvoluntaryPart,
    answer: Presence,
) -> SynkinesisCell:
    movement, region = key
    strengths = _strengths(evidence, movement, side)
    percent, percent_of = _percent(evidence, region, side, part.length_mm)
    return SynkinesisCell(
        movement=movement,
        region=region,
        side=side,
        **SynkinesisCell.columns("change_mm", part.size),
        **vector_columns(part),
        percent=percent,
        percent_of=percent_of,
        **SynkinesisCell.columns("gain", _gain(evidence, movement, side, part)),
        voluntary_mm=known(evidence.excursion_mm(movement, side)),
        voluntary_low_mm=known(np.fmin.reduce(strengths)),
        voluntary_high_mm=known(np.fmax.reduce(strengths)),
        present=answer.present,
        detected=answer.detected,
        beyond_healthy=_beyond(evidence, key, side, part),
        q_value=answer.q_value,
        score=part.z if region is not Region.EYE else -float(part.value[0] / part.sd[0]),
        vs_other_side_mm=known(_length(part.vs_other)),
        vs_healthy_norm_mm=known(_length(part.vs_norm)),
        reference=_reference(part),
        repetitions=evidence.changes.count(movement),
        reason=answer.reason,
    )


def _beyond(evidence: Evidence, key: Question, side: Side, part: InvoluntaryPart) -> bool | None:
    movement, region = key
    if region is not Region.EYE and not evidence.references.other_side:
        return None
    other = evidence.change(movement, region, side.other)
    return beyond_healthy(part, region, other, evidence.rest_fissure_mm[side])


def _reference(part: InvoluntaryPart) -> str:
    other, norm = (bool(np.isfinite(v).all()) for v in (part.vs_other, part.vs_norm))
    if other and norm:
        return mark("other side and healthy faces")
    if other:
        return mark("other side")
    return mark("healthy faces") if norm else mark("none: the whole change counts")


def known(value: float) -> float | None:
    """Return a number that may be NaN as a row holds it: None where it is not known."""
    return float(value) if np.isfinite(value) else None


def _length(value: FloatArray) -> float:
    return float(value[0]) if len(value) == 1 else float(np.linalg.norm(value))


def _strengths(evidence: Evidence, movement: Movement, side: Side) -> FloatArray:
    """Return how far the movement's own target went in each repetition, mm."""
    columns = [CHANNEL_INDEX[c] for c in region_channels(main_target(movement), side)]
    rows = evidence.changes.change_mm[evidence.changes.rows(movement)]
    return np.asarray(np.linalg.norm(rows[:, columns], axis=1))


def _gain(
    evidence: Evidence, movement: Movement, side: Side, part: InvoluntaryPart
) -> Estimate | None:
    """Involuntary mm for each mm of voluntary movement.

    Mean over mean (the ratio estimator of a slope through the origin): each repetition counts in
    proportion to its own strength, so that a weaker one does not look like a cure.
    """
    mean = float(mean_rows(_strengths(evidence, movement, side)[:, None])[0])
    if not mean >= LEAST_EXCURSION_MM:
        return None
    gain = part.length_mm / mean
    floor = evidence.change_sd(movement, main_target(movement), side, difference=False)
    sd = float(np.hypot(part.length_sd_mm / mean, gain * float(np.linalg.norm(floor)) / mean))
    return Estimate.of(gain, sd, "mm/mm")


def _percent(
    evidence: Evidence, region: Region, side: Side, size: float
) -> tuple[float | None, str | None]:
    """Size in percent of the resting fissure, or of the other side's largest voluntary movement.

    None where no recorded movement moves the region on purpose by `LEAST_WHOLE_MM` or more, or
    the other side was treated.
    """
    if region is Region.EYE:
        share = known(100.0 * size / evidence.rest_fissure_mm[side])
        return share, mark("resting fissure of the same eye") if share is not None else None
    largest = [
        float(np.linalg.norm(evidence.change(m, region, side.other)))
        for m in MOVEMENTS
        if evidence.changes.count(m) and moves_on_purpose(m, region)
    ]
    top = float(np.fmax.reduce(largest, initial=np.nan))
    if not top >= LEAST_WHOLE_MM or not evidence.references.other_side:
        return None, None
    return 100.0 * size / top, mark("other side's largest voluntary movement in this recording")


def _with_timing(
    cell: SynkinesisCell, signals: MotionSignals, movements: MovementSet
) -> SynkinesisCell:
    if not cell.detected:
        return cell
    kept = movements.kept(cell.movement)
    timing = measure_timing(signals, kept, cell.region, cell.side)
    return cell.replaced(
        **SynkinesisCell.columns("latency_s", timing.latency), coupling=timing.coupling
    )
