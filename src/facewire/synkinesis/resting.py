"""The resting face, and the gap that eye closures leave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    CHANNEL_INDEX,
    CHANNELS,
    EYE_CLOSURES,
    SIDES,
    Channel,
    Movement,
    Region,
    Side,
)
from facewire.motion import MotionSignals
from facewire.motion.eyes import EYE_ROW
from facewire.movements import MovementSet
from facewire.results.cells import ClosureCell, LidCell, RestCell
from facewire.results.estimate import Estimate
from facewire.synkinesis.changes import median_rows
from facewire.synkinesis.parts import COVERED, SURE_MM, UNSURE, Evidence
from facewire.words import mark

FloatArray = NDArray[np.float64]

FISSURE_SD_MM = 0.5
"""Standard deviation of a resting fissure against truth on rendered patients: 0.53 mm, the scale's
part in it."""
FISSURE_DIFFERENCE_SD_MM = 0.3
"""On rendered patients 0.12 mm; more, because the lids of real people are seen less well."""
POSITION_SD_MM = 1.5
POSITION_DIFFERENCE_SD_MM = 1.0
"""What points of the mesh may lie off their anatomical places, one side and between the sides."""


GAP_SD_MM = 0.45
"""Standard deviation of the gap that lids are read to leave, against truth on rendered patients
(gaps of 0 to 9 mm; eyes narrowed by edits to 0.5 to 4 mm: 0.3 to 0.5). How far the lid came does
not enter: the gap is read, not a change."""
GAP_UNSURE = 2.0
"""And for each millimetre that the lid network is less sure than of lids that are seen well: shut
eyes behind glasses, with a spread of 2 to 3.6 mm, were read as open by 0 to 4.5 mm. A convention
of that order."""

MARGIN_SD_MM = 0.5
"""Standard deviation of a lid's distance from the pupil's middle. Read against the eye (16 rendered
eyes, a lid's edge at the lower border of its lashes): MRD1 +0.26 mm (SD 0.26), MRD2 -0.09 mm (SD
0.35), the scale's part not in it; five eyes of real people: MRD1 -0.2 to 0.5 mm."""
MARGIN_DIFFERENCE_SD_MM = 0.3
"""On rendered eyes 0.17 mm between the two sides; more, as for the fissure."""

NO_REST = mark("the face was nowhere still with open eyes")


def resting_positions(signals: MotionSignals, movements: MovementSet) -> FloatArray:
    """Return the median place of every channel in the opening rest, mm, shape (n_channels,).

    A channel that was not measured there has its median over the recording; NaN where it never
    was.
    """
    start, end = movements.opening_rest_s
    inside = (signals.times_s >= start) & (signals.times_s <= end) & ~signals.blink
    opening, anywhere = (median_rows(signals.position_mm[x]) for x in (inside, slice(None)))
    return np.where(np.isfinite(opening), opening, anywhere)


def rest_cells(signals: MotionSignals, rest_mm: FloatArray) -> tuple[RestCell, ...]:
    """Describe the resting face: each channel's place, and its difference between the sides.

    Lids that the lid network is unsure of widen what is said of that eye, and of both together.
    """
    scale_sd, unsure = signals.scale.relative_sd, _unsure_mm(signals)
    level_mm = rest_mm if signals.rest_seen else np.full_like(rest_mm, np.nan)
    reason = COVERED if signals.rest_seen else NO_REST
    return tuple(_rest_cell(c, level_mm, (scale_sd, unsure), reason) for c in CHANNELS)


def _unsure_mm(signals: MotionSignals) -> dict[Side, float]:
    """Return by how much each eye's lids are seen worse than well, 0 where that is not known."""
    if signals.lid_spread_mm is None:
        return dict.fromkeys(SIDES, 0.0)
    spread = median_rows(signals.lid_spread_mm[~signals.blink])
    over = np.nan_to_num(np.maximum(spread - SURE_MM, 0.0))
    return {side: UNSURE * float(over[EYE_ROW[side]]) for side in SIDES}


def _rest_cell(
    channel: Channel, rest_mm: FloatArray, unsure: tuple[float, dict[Side, float]], reason: str
) -> RestCell:
    scale_sd, lids_mm = unsure
    value = float(rest_mm[CHANNEL_INDEX[channel]])
    eye = channel.region is Region.EYE
    lid = lids_mm[channel.side] if eye and channel.side is not None else 0.0
    both = float(np.linalg.norm([*lids_mm.values()])) if eye else 0.0
    sd = float(np.linalg.norm([FISSURE_SD_MM if eye else POSITION_SD_MM, lid, scale_sd * value]))
    position = Estimate.of(value, sd, "mm")
    difference = None
    if channel.side is not None:
        twin = Channel(channel.region, channel.side.other, channel.component)
        difference = Estimate.of(
            value - float(rest_mm[CHANNEL_INDEX[twin]]),
            float(np.hypot(FISSURE_DIFFERENCE_SD_MM if eye else POSITION_DIFFERENCE_SD_MM, both)),
            "mm",
        )
    return RestCell(
        region=channel.region,
        component=channel.component,
        side=channel.side,
        **RestCell.columns("position_mm", position),
        **RestCell.columns("difference_mm", difference),
        reason=None if position else reason,
    )


def lid_cells(signals: MotionSignals) -> tuple[LidCell, ...]:
    """Say where the lids stand about the pupils at rest, both eyes."""
    found = signals.pupil_margins_mm
    margins_mm = np.full((len(EYE_ROW), 2), np.nan) if found is None else found
    if not signals.rest_seen:
        margins_mm = np.full_like(margins_mm, np.nan)
    reason = COVERED if signals.rest_seen else NO_REST
    unsure = signals.scale.relative_sd, _unsure_mm(signals)
    return tuple(_lid_cell(side, margins_mm, unsure, reason) for side in SIDES)


def _lid_cell(
    side: Side, margins_mm: FloatArray, unsure: tuple[float, dict[Side, float]], reason: str
) -> LidCell:
    scale_sd, lids_mm = unsure
    mrd1, mrd2 = (
        Estimate.of(
            float(mm), float(np.linalg.norm([MARGIN_SD_MM, lids_mm[side], scale_sd * mm])), "mm"
        )
        for mm in margins_mm[EYE_ROW[side]]
    )
    here, there = (float(margins_mm[EYE_ROW[one], 0]) for one in (side, side.other))
    difference_mm = here - there
    parts = [MARGIN_DIFFERENCE_SD_MM, *lids_mm.values(), scale_sd * difference_mm]
    sd_mm = float(np.linalg.norm(parts))
    return LidCell(
        side=side,
        **LidCell.columns("mrd1_mm", mrd1),
        **LidCell.columns("mrd2_mm", mrd2),
        **LidCell.columns("difference_mm", Estimate.of(difference_mm, sd_mm, "mm")),
        reason=None if mrd1 else reason,
    )


def closure_cells(evidence: Evidence) -> tuple[ClosureCell, ...]:
    """Return the gap between the lids in gentle and tight closure, both eyes."""
    return tuple(_closure_cell(evidence, m, s) for m in EYE_CLOSURES for s in SIDES)


def _closure_cell(evidence: Evidence, movement: Movement, side: Side) -> ClosureCell:
    count = evidence.changes.count(movement)
    column = CHANNEL_INDEX[Channel(Region.EYE, side, "height")]
    gap_mm = float(evidence.changes.mean_hold(movement)[column])
    scale_sd = evidence.scale_sd(movement, Region.EYE) * gap_mm
    repeated_sd = float(evidence.repeated_sd(movement, Region.EYE, side)[0])
    unsure = GAP_UNSURE * evidence.badly_seen_mm(movement, side)
    sd = float(np.linalg.norm([GAP_SD_MM, scale_sd, repeated_sd, unsure]))
    gap = Estimate.of(gap_mm, sd, "mm", at_least=0.0)
    reason = ""
    if gap is None:
        reason = (
            evidence.not_measured(Region.EYE, side)
            if count
            else mark("the movement was not recorded, or no repetition could be kept")
        )
    return ClosureCell(
        movement=movement,
        side=side,
        **ClosureCell.columns("gap_mm", gap),
        repetitions=count,
        reason=reason,
    )
