"""Sunnybrook items from a measurement: grades with probabilities, blanks where nothing is known.

No relation between video and Sunnybrook grades is published. What is published: the rule of the
scale itself (against the other side), what observers notice, and how healthy people score. The
cut-points in ``facts.toml`` rest on these, are not validated, and carry wide spreads. Published
millimetres per point after toxin (Pavia 2013) describe a change and are not used as cut-points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from facewire.face import (
    VECTOR_REGIONS,
    VOLUNTARY_TARGETS,
    Component,
    Movement,
    Region,
    Side,
    moves_on_purpose,
)
from facewire.grading.combine import (
    NO_REFERENCE,
    Item,
    Sight,
    Weighted,
    graded_sides,
    score_range,
)
from facewire.grading.draws import SYNKINESIS_REGIONS
from facewire.grading.facts import fact
from facewire.grading.ordinal import cut_points
from facewire.grading.sunnybrook import (
    RESTING_ITEMS,
    RESTING_MOST,
    RESTING_WEIGHT,
    SUNNYBROOK_MOVEMENTS,
    SYNKINESIS_RANGE,
    SYNKINESIS_WEIGHT,
    VOLUNTARY_RANGE,
    VOLUNTARY_WEIGHT,
)
from facewire.results.estimate import Displacement, Estimate
from facewire.results.grades import ScoreRange
from facewire.results.measurement import Measurement
from facewire.words import mark

PARTS = ("resting", "voluntary", "synkinesis")
LEAST_OTHER_MM = 1.0
"""An other side that moves less is no reference for a ratio."""

NOT_SEEN = ("neck (platysma)", "chin skin", "cheek and nasolabial fold")
"""Where synkinesis can be that video does not see: a rater may give a higher grade for it."""


@dataclass(frozen=True)
class SunnybrookEstimate:
    """Estimated Sunnybrook scores: never one number, always a range.

    Parameters
    ----------
    items : mapping of str to mapping of str to Item
        The items of ``resting``, ``voluntary`` and ``synkinesis``.
    resting, voluntary, synkinesis : ScoreRange
        Sub-scores, blanks over their whole range.
    composite : ScoreRange
        Unclipped: -15 to 100.
    lowest_with_unseen : float
        Lower end of the composite when everything that video does not see is at its worst.
    """

    items: Mapping[str, Mapping[str, Item]]
    resting: ScoreRange
    voluntary: ScoreRange
    synkinesis: ScoreRange
    composite: ScoreRange
    lowest_with_unseen: float


def estimate_sunnybrook(
    result: Measurement, entered: Mapping[str, Mapping[str, int]] | None = None
) -> SunnybrookEstimate:
    """Estimate Sunnybrook items and scores from a measurement.

    Parameters
    ----------
    result : Measurement
    entered : mapping, optional
        Grades of a clinician by sub-score and item. They fill blanks; where an item is estimated
        they stand beside it and change nothing.

    Raises
    ------
    UsageError
        The measurement is of an earlier version and holds no standard deviations.
    """
    given = entered or {}
    items = {part: _filled(_items(result, part), given.get(part, {})) for part in PARTS}
    return combine_items(items)


def combine_items(items: Mapping[str, Mapping[str, Item]]) -> SunnybrookEstimate:
    """Return the scores of items that were estimated, entered or left blank.

    Parameters
    ----------
    items : mapping of str to mapping of str to Item
        The items of ``resting``, ``voluntary`` and ``synkinesis``.
    """
    resting = [(RESTING_WEIGHT, i) for i in items["resting"].values()]
    voluntary = [(VOLUNTARY_WEIGHT, i) for i in items["voluntary"].values()]
    synkinesis = [(SYNKINESIS_WEIGHT, i) for i in items["synkinesis"].values()]
    parts = {
        "resting": score_range(resting),
        "voluntary": score_range(voluntary),
        "synkinesis": score_range(synkinesis),
    }
    composite = score_range([*voluntary, *_taken_off(resting), *_taken_off(synkinesis)])
    if any(part.expected is None for part in parts.values()):
        composite = composite.replaced(expected=None)
    worst = [(w, _at_worst(item)) for w, item in synkinesis]
    lowest = score_range([*voluntary, *_taken_off(resting), *_taken_off(worst)]).ci_low
    return SunnybrookEstimate(items, **parts, composite=composite, lowest_with_unseen=lowest)


def _taken_off(items: list[Weighted]) -> list[Weighted]:
    return [(-weight, item) for weight, item in items]


def _at_worst(item: Item) -> Item:
    return Item(item.name, item.low, item.high, fixed=item.fixed if item.fixed else item.high)


def _filled(items: dict[str, Item], given: Mapping[str, int]) -> dict[str, Item]:
    """Fill blanks with what a clinician entered."""
    return {
        name: Item(name, item.low, item.high, fixed=given[name])
        if item.blank and name in given
        else item
        for name, item in items.items()
    }


def _items(result: Measurement, part: str) -> dict[str, Item]:
    if part == "resting":
        return {name: _resting_item(result, name) for name in RESTING_ITEMS}
    make = _voluntary_item if part == "voluntary" else _synkinesis_item
    return {str(movement): make(result, movement) for movement in SUNNYBROOK_MOVEMENTS}


def _make(
    name: str,
    limits: tuple[int, int],
    found: list[tuple[Sight, ...] | str],
    entry: str,
    not_seen: tuple[str, ...] = (),
) -> Item:
    """Make an item of what each side gives; blank when a side gives only a reason."""
    low, high = limits
    reasons = [one for one in found if isinstance(one, str)]
    if reasons or not found:
        return Item(name, low, high, reason=reasons[0] if reasons else NO_REFERENCE)
    table = fact(f"estimate.{entry}")
    sights = tuple(one for one in found if not isinstance(one, str))
    return Item(
        name, low, high, sights, unit=table["unit"], basis=table["basis"], not_seen=not_seen
    )


def _resting_item(result: Measurement, name: str) -> Item:
    limits = (0, RESTING_MOST[name])
    sides = graded_sides(result)
    if name == "eye":
        return _make(name, limits, [_resting_eye(result, s) for s in sides], "resting_eye")
    if name == "mouth":
        return _make(name, limits, [_resting_mouth(result, s) for s in sides], "resting_mouth")
    return Item(name, *limits, reason=mark("video does not see the nasolabial fold"))


def _resting_eye(result: Measurement, side: Side) -> tuple[Sight, ...] | str:
    cell = result.rest_cell(Region.EYE, "height", side)
    if cell is None or cell.difference is None:
        return mark("the resting fissures were not measured")
    return (Sight(Region.EYE, cell.difference, cut_points("resting_eye"), both_ways=True),)


def _resting_mouth(result: Measurement, side: Side) -> tuple[Sight, ...] | str:
    components: tuple[Component, ...] = ("across", "up")
    cells = [result.rest_cell(Region.COMMISSURE, part, side) for part in components]
    across, up = (None if cell is None else cell.difference for cell in cells)
    if across is None or up is None:
        return mark("the resting mouth corners were not measured")
    apart = Displacement(
        across_mm=across.value,
        up_mm=up.value,
        across_sd_mm=across.needed_sd,
        up_sd_mm=up.needed_sd,
    )
    return (Sight(Region.COMMISSURE, apart.length, cut_points("resting_mouth")),)


def _voluntary_item(result: Measurement, movement: Movement) -> Item:
    found = [_excursion_ratio(result, movement, side) for side in graded_sides(result)]
    return _make(str(movement), VOLUNTARY_RANGE, found, "voluntary")


def _excursion_ratio(
    result: Measurement, movement: Movement, side: Side
) -> tuple[Sight, ...] | str:
    region = VOLUNTARY_TARGETS[movement][0]
    cells = [result.voluntary_cell(movement, region, s) for s in (side, side.other)]
    own, other = (cell.excursion for cell in cells)
    if own is None or other is None:
        reasons = [cell.reason for cell in cells if cell.reason]
        return reasons[0] if reasons else mark("the movement was not measured")
    if abs(other.value) < max(LEAST_OTHER_MM, 2.0 * other.needed_sd):
        return mark("the other side hardly moved: there is nothing to compare with")
    found = own.over(other)
    if region is Region.EYE:
        found = found.scaled(_fissure_ratio(result, side))
    return (Sight(region, found, cut_points("voluntary", lowest=VOLUNTARY_RANGE[0])),)


def _fissure_ratio(result: Measurement, side: Side) -> float:
    """Return other over own resting fissure: each eye closes a part of its own opening."""
    cells = (result.rest_cell(Region.EYE, "height", s) for s in (side, side.other))
    own, other = (None if cell is None else cell.position_mm for cell in cells)
    if own is None or other is None or min(own, other) < LEAST_OTHER_MM:
        return 1.0
    return other / own


def _synkinesis_item(result: Measurement, movement: Movement) -> Item:
    found = [_involuntary(result, movement, side) for side in graded_sides(result)]
    regions = {s.region for one in found if not isinstance(one, str) for s in one}
    entry = "synkinesis_eye" if Region.EYE in regions else "synkinesis_commissure"
    return _make(str(movement), SYNKINESIS_RANGE, found, entry, NOT_SEEN)


def _involuntary(result: Measurement, movement: Movement, side: Side) -> tuple[Sight, ...] | str:
    """Return every region with a published figure of what observers notice."""
    sights, reason = [], mark("no region was measured")
    for region in SYNKINESIS_REGIONS:
        if moves_on_purpose(movement, region):
            continue
        cell = result.involuntary_cell(movement, region, side)
        size = cell.change or _side_difference(result, movement, region, side)
        if size is None:
            reason = cell.reason or reason
            continue
        narrowing = size.scaled(-1.0) if region is Region.EYE else size
        cuts = cut_points(f"synkinesis_{region}")
        sights.append(Sight(region, narrowing, cuts, both_ways=region is Region.BROW))
    return tuple(sights) or reason


def _side_difference(
    result: Measurement, movement: Movement, region: Region, side: Side
) -> Estimate | None:
    """Return own minus other change where no side is known to be affected."""
    if result.side_affected is not None:
        return None
    cells = [result.voluntary_cell(movement, region, s) for s in (side, side.other)]
    if region in VECTOR_REGIONS:
        own, other = (cell.displacement for cell in cells)
        return None if own is None or other is None else own.minus(other).length
    mine, theirs = (cell.excursion for cell in cells)
    if mine is None or theirs is None:
        return None
    return mine.minus(theirs)
