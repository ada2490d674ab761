"""What a map says: verdicts, patterns, what works, what is less, what is open, what is untold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from facewire.face import (
    MOVEMENTS,
    VOLUNTARY_TARGETS,
    Movement,
    Region,
    Side,
    moves_on_purpose,
)
from facewire.results.cells import ClosureCell, RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.findings import (
    PRESENT_VERDICTS,
    UNASKED_VERDICTS,
    Company,
    Delay,
    Findings,
    Lids,
    Pattern,
    RestDifference,
    SideComparison,
    Thresholds,
    Verdict,
)
from facewire.results.measurement import Measurement
from facewire.words import mark

THRESHOLDS = Thresholds(
    alike_from=0.8, less_below=0.7, closed_mm=1.0, rest_mm=1.0, long_delay_s=0.15
)

PATTERNS = {
    (Movement.SMILE_CLOSED, Region.EYE): mark("oral-ocular"),
    (Movement.SMILE_OPEN, Region.EYE): mark("oral-ocular"),
    (Movement.LIP_PUCKER, Region.EYE): mark("oral-ocular"),
    (Movement.LOWER_TEETH_SHOW, Region.EYE): mark("oral-ocular"),
    (Movement.EYE_CLOSE_GENTLE, Region.COMMISSURE): mark("ocular-oral"),
    (Movement.EYE_CLOSE_TIGHT, Region.COMMISSURE): mark("ocular-oral"),
    (Movement.BROW_RAISE, Region.COMMISSURE): mark("brow-oral"),
    (Movement.BROW_RAISE, Region.EYE): mark("brow-ocular"),
    (Movement.SNARL, Region.EYE): mark("snarl-ocular"),
    (Movement.EYE_CLOSE_GENTLE, Region.CHIN): mark("ocular-chin"),
    (Movement.EYE_CLOSE_TIGHT, Region.CHIN): mark("ocular-chin"),
}
"""Names of patterns by what moves what; others are named by their movement and region."""


def verdict_of(cell: SynkinesisCell, affected: Side | None) -> Verdict:
    """Return what one cell of the map says.

    Parameters
    ----------
    cell : SynkinesisCell
    affected : Side or None
        The one affected side; the other serves as its reference.
    """
    if cell.present:
        if cell.beyond_healthy is None:
            return Verdict.UNCOMPARED
        return Verdict.SYNKINESIS if cell.beyond_healthy else Verdict.SMALL
    if moves_on_purpose(cell.movement, cell.region):
        return Verdict.ASKED
    if cell.present is None:
        if cell.repetitions == 0:
            return Verdict.ABSENT
        other = affected is not None and cell.side is not affected
        return Verdict.REFERENCE if other else Verdict.UNKNOWN
    return Verdict.TRACE if cell.detected else Verdict.NONE


def judged(cells: Iterable[SynkinesisCell], affected: Side | None) -> tuple[SynkinesisCell, ...]:
    """Return the cells with their verdicts."""
    return tuple(cell.replaced(verdict=verdict_of(cell, affected)) for cell in cells)


def find_patterns(cells: Iterable[SynkinesisCell]) -> tuple[Pattern, ...]:
    """Return every finding beyond healthy faces as a pattern, named where there is a name."""
    return tuple(_pattern(cell) for cell in cells if cell.verdict is Verdict.SYNKINESIS)


def _pattern(cell: SynkinesisCell) -> Pattern:
    own = f"{cell.movement}-{cell.region}".replace("_", "-")
    what = "narrows" if cell.region is Region.EYE else "moves"
    place = f"{cell.side.word} {cell.region.replace('_', ' ')}"
    size_mm = abs(cell.change_mm or 0.0)
    return Pattern(
        name=PATTERNS.get((cell.movement, cell.region), own),
        movement=cell.movement,
        region=cell.region,
        side=cell.side,
        change_mm=cell.change_mm,
        text=f"{cell.movement.replace('_', ' ')}: the {place} {what} by {size_mm:.1f} mm "
        "without being asked",
    )


def find(
    synkinesis: Sequence[SynkinesisCell],
    voluntary: Iterable[VoluntaryCell],
    rest: Iterable[RestCell],
    closures: Iterable[ClosureCell],
    affected: Side | None,
) -> Findings:
    """Return everything that a map says beside its verdicts and patterns.

    Parameters
    ----------
    synkinesis : sequence of SynkinesisCell
        With their verdicts, see `judged`.
    voluntary, rest, closures
        The map's other rows.
    affected : Side or None
        The one affected side; without one the patient's right stands for comparisons.
    """
    return Findings(
        thresholds=THRESHOLDS,
        overall=_overall(synkinesis),
        delays=tuple(_delay(cell) for cell in present_cells(synkinesis)),
        comparisons=tuple(
            _comparison(cell)
            for cell in voluntary
            if cell.region is VOLUNTARY_TARGETS[cell.movement][0]
            and cell.region is not Region.EYE
            and cell.side is (affected or Side.RIGHT)
        ),
        lids=tuple(_lids(cell) for cell in closures),
        rest=tuple(_rest_differences(rest, affected or Side.RIGHT)),
        company=tuple(_company(synkinesis, movement, affected) for movement in MOVEMENTS),
    )


def _overall(
    cells: Iterable[SynkinesisCell],
) -> Literal["found", "nothing found", "mostly untold", "nothing told"]:
    told = [cell.verdict for cell in cells if cell.verdict not in UNASKED_VERDICTS]
    if any(verdict in PRESENT_VERDICTS for verdict in told):
        return "found"
    if not told:
        return "nothing told"
    mostly = 2 * told.count(Verdict.UNKNOWN) > len(told)
    return "mostly untold" if mostly else "nothing found"


def _delay(cell: SynkinesisCell) -> Delay:
    delay = cell.number("latency_s")
    says: Literal["resolved", "long", "not resolved", "untold"] = "resolved"
    if cell.latency_s is None:
        says = "untold"
    elif delay is None or not delay.excludes(0.0):
        says = "not resolved"
    elif delay.value > THRESHOLDS.long_delay_s:
        says = "long"
    return Delay(movement=cell.movement, region=cell.region, side=cell.side, says=says)


def _comparison(cell: VoluntaryCell) -> SideComparison:
    ratio, limits = cell.symmetry, THRESHOLDS
    says: Literal["alike", "less", "more", "between", "untold"] = "between"
    if ratio is None or ratio < 0:
        says, ratio = "untold", None
    elif limits.alike_from <= ratio <= 1.0 / limits.alike_from:
        says = "alike"
    elif ratio < limits.less_below:
        says = "less"
    elif ratio > 1.0 / limits.less_below:
        says = "more"
    return SideComparison(
        movement=cell.movement, region=cell.region, side=cell.side, says=says, ratio=ratio
    )


def _lids(cell: ClosureCell) -> Lids:
    gap = cell.gap
    says: Literal["closed", "open", "untold"] = "untold"
    if gap is not None and gap.high <= THRESHOLDS.closed_mm:
        says = "closed"
    elif gap is not None and gap.low > THRESHOLDS.closed_mm:
        says = "open"
    return Lids(movement=cell.movement, side=cell.side, says=says)


def _rest_differences(rest: Iterable[RestCell], side: Side) -> Iterable[RestDifference]:
    for cell in rest:
        difference = cell.difference
        if difference is None or cell.side is not side or cell.component == "across":
            continue
        if abs(difference.value) >= THRESHOLDS.rest_mm and difference.excludes(0.0):
            yield RestDifference(
                region=cell.region,
                component=cell.component,
                side=side,
                difference_mm=difference.value,
            )


def _company(
    synkinesis: Iterable[SynkinesisCell], movement: Movement, affected: Side | None
) -> Company:
    others = [
        cell
        for cell in synkinesis
        if cell.movement is movement
        and not moves_on_purpose(movement, cell.region)
        and (affected is None or cell.side is affected)
    ]
    verdicts = {cell.verdict for cell in others}
    untold = tuple((cell.region, cell.side) for cell in others if cell.verdict is Verdict.UNKNOWN)
    if verdicts <= {Verdict.ABSENT, Verdict.REFERENCE}:
        return Company(movement=movement, says="absent")
    if verdicts == {Verdict.NONE}:
        return Company(movement=movement, says="calm")
    if len(untold) == len(others):
        return Company(movement=movement, says="untold", untold=untold)
    if untold:
        return Company(movement=movement, says="part untold", untold=untold)
    return Company(movement=movement, says="moves")


def complete(result: Measurement) -> Measurement:
    """Return a measurement with its judgements; one of an earlier version is judged now."""
    if result.findings is not None:
        return result
    cells = judged(result.synkinesis, result.side_affected)
    found = find(cells, result.voluntary, result.rest, result.eye_closure, result.side_affected)
    return result.replaced(synkinesis=cells, findings=found)


def moved_cells(cells: Iterable[SynkinesisCell]) -> tuple[SynkinesisCell, ...]:
    """Return what moved without being asked and cannot be told to be synkinesis, surest first."""
    moved = (c for c in cells if c.detected and c.verdict is Verdict.UNKNOWN)
    return tuple(sorted(moved, key=lambda c: -(c.score or 0.0)))


def present_cells(cells: Iterable[SynkinesisCell]) -> tuple[SynkinesisCell, ...]:
    """Return the findings that are present, the largest first; the chin counts once."""
    found: dict[tuple[Movement, Region, Side | None], SynkinesisCell] = {}
    for cell in cells:
        if cell.verdict in PRESENT_VERDICTS:
            side = None if cell.region is Region.CHIN else cell.side
            found.setdefault((cell.movement, cell.region, side), cell)
    order = list(PRESENT_VERDICTS)
    return tuple(
        sorted(
            found.values(),
            key=lambda c: (order.index(c.verdict or Verdict.NONE), -abs(c.change_mm or 0.0)),
        )
    )
