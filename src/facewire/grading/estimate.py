"""Sunnybrook items from a measurement: grades with probabilities, blanks where nothing is known.

No relation between video and Sunnybrook grades is published. What is published: the rule of the
scale itself (against the other side), what observers notice, and how healthy people score. The
cut-points in ``facts.toml`` rest on these, are not validated, and carry wide spreads. Published
millimetres per point after toxin (Pavia 2013) describe a change and are not used as cut-points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from facewire.face import (
    VECTOR_REGIONS,
    VOLUNTARY_TARGETS,
    Movement,
    Region,
    Side,
    moves_on_purpose,
)
from facewire.grading.combine import Item, Range, Sight, Weighted, score_range
from facewire.grading.facts import fact
from facewire.grading.ordinal import Reading, cut_points
from facewire.grading.rows import check_result, length, map_row, ratio, reading_of, rest_row
from facewire.grading.sides import NO_REFERENCE, graded_sides
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
from facewire.words import mark

PARTS = ("resting", "voluntary", "synkinesis")
LEAST_OTHER_MM = 1.0
"""An other side that moves less is no reference for a ratio."""

NOT_SEEN = ("neck (platysma)", "chin skin", "cheek and nasolabial fold")
"""Where synkinesis can be that video does not see: a rater may give a higher grade for it."""

_SYNKINESIS_REGIONS = (Region.EYE, Region.COMMISSURE, Region.BROW)


@dataclass(frozen=True)
class SunnybrookEstimate:
    """Estimated Sunnybrook scores: never one number, always a range.

    Parameters
    ----------
    items : mapping of str to mapping of str to Item
        The items of ``resting``, ``voluntary`` and ``synkinesis``.
    resting, voluntary, synkinesis : Range
        Sub-scores, blanks over their whole range.
    composite : Range
        Unclipped: -15 to 100.
    lowest_with_unseen : float
        Lower end of the composite when everything that video does not see is at its worst.
    """

    items: Mapping[str, Mapping[str, Item]]
    resting: Range
    voluntary: Range
    synkinesis: Range
    composite: Range
    lowest_with_unseen: float


def estimate_sunnybrook(
    result: Mapping[str, Any], entered: Mapping[str, Mapping[str, int]] | None = None
) -> SunnybrookEstimate:
    """Estimate Sunnybrook items and scores from a measurement.

    Parameters
    ----------
    result : mapping
        ``facewire.measurement/1``.
    entered : mapping, optional
        Grades of a clinician by sub-score and item. They fill blanks; where an item is estimated
        they stand beside it and change nothing.

    Raises
    ------
    UsageError
        The document is not a measurement.
    """
    check_result(result)
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
        composite = Range(None, composite.ci_low, composite.ci_high)
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


def _items(result: Mapping[str, Any], part: str) -> dict[str, Item]:
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


def _resting_item(result: Mapping[str, Any], name: str) -> Item:
    limits = (0, RESTING_MOST[name])
    sides = graded_sides(result)
    if name == "eye":
        return _make(name, limits, [_resting_eye(result, s) for s in sides], "resting_eye")
    if name == "mouth":
        return _make(name, limits, [_resting_mouth(result, s) for s in sides], "resting_mouth")
    return Item(name, *limits, reason=mark("video does not see the nasolabial fold"))


def _resting_eye(result: Mapping[str, Any], side: Side) -> tuple[Sight, ...] | str:
    found = _rest_difference(result, Region.EYE, "height", side)
    if found is None:
        return mark("the resting fissures were not measured")
    return (Sight("eye", found, cut_points("resting_eye"), both_ways=True),)


def _resting_mouth(result: Mapping[str, Any], side: Side) -> tuple[Sight, ...] | str:
    across = _rest_difference(result, Region.COMMISSURE, "across", side)
    up = _rest_difference(result, Region.COMMISSURE, "up", side)
    if across is None or up is None:
        return mark("the resting mouth corners were not measured")
    size = Reading(length(across.value, up.value, up.sd), up.sd)
    return (Sight("commissure", size, cut_points("resting_mouth")),)


def _rest_difference(
    result: Mapping[str, Any], region: Region, component: str, side: Side
) -> Reading | None:
    row = rest_row(result, region, component, side)
    return reading_of(row, "difference_mm", "difference_ci_low", "difference_ci_high")


def _voluntary_item(result: Mapping[str, Any], movement: Movement) -> Item:
    found = [_excursion_ratio(result, movement, side) for side in graded_sides(result)]
    return _make(str(movement), VOLUNTARY_RANGE, found, "voluntary")


def _excursion_ratio(
    result: Mapping[str, Any], movement: Movement, side: Side
) -> tuple[Sight, ...] | str:
    region = VOLUNTARY_TARGETS[movement][0]
    rows = [map_row(result, "voluntary", movement, region, s) for s in (side, side.other)]
    own, other = (reading_of(row, "excursion_mm") for row in rows)
    if own is None or other is None:
        reasons = [row.get("reason") for row in rows]
        return next((str(r) for r in reasons if r), mark("the movement was not measured"))
    if abs(other.value) < max(LEAST_OTHER_MM, 2.0 * other.sd):
        return mark("the other side hardly moved: there is nothing to compare with")
    cuts = cut_points("voluntary", lowest=VOLUNTARY_RANGE[0])
    found = ratio(own, other)
    if region is Region.EYE:
        fissures = _fissure_ratio(result, side)
        found = Reading(found.value * fissures, found.sd * fissures)
    return (Sight(str(region), found, cuts),)


def _fissure_ratio(result: Mapping[str, Any], side: Side) -> float:
    """Return other over own resting fissure: each eye closes a part of its own opening."""
    rows = (rest_row(result, Region.EYE, "height", s) for s in (side, side.other))
    own, other = (row.get("position_mm") for row in rows)
    if own is None or other is None or min(own, other) < LEAST_OTHER_MM:
        return 1.0
    return float(other) / float(own)


def _synkinesis_item(result: Mapping[str, Any], movement: Movement) -> Item:
    found = [_involuntary(result, movement, side) for side in graded_sides(result)]
    regions = {s.region for one in found if not isinstance(one, str) for s in one}
    entry = "synkinesis_eye" if "eye" in regions else "synkinesis_commissure"
    return _make(str(movement), SYNKINESIS_RANGE, found, entry, NOT_SEEN)


def _involuntary(
    result: Mapping[str, Any], movement: Movement, side: Side
) -> tuple[Sight, ...] | str:
    """Return every region with a published figure of what observers notice."""
    sights, reason = [], mark("no region was measured")
    for region in _SYNKINESIS_REGIONS:
        if moves_on_purpose(movement, region):
            continue
        row = map_row(result, "synkinesis", movement, region, side)
        size = _size(row, region) or _side_difference(result, movement, region, side)
        if size is None:
            reason = str(row.get("reason") or reason)
            continue
        cuts = cut_points(f"synkinesis_{region}")
        sights.append(Sight(str(region), size, cuts, both_ways=region is Region.BROW))
    return tuple(sights) or reason


def _size(row: Mapping[str, Any], region: Region) -> Reading | None:
    """Return the involuntary part; at the eye narrowing is positive."""
    found = reading_of(row, "change_mm")
    if found is None or region is not Region.EYE:
        return found
    return Reading(-found.value, found.sd)


def _side_difference(
    result: Mapping[str, Any], movement: Movement, region: Region, side: Side
) -> Reading | None:
    """Return own minus other change where no side is known to be affected."""
    if result.get("side_affected") is not None:
        return None
    rows = [map_row(result, "voluntary", movement, region, s) for s in (side, side.other)]
    own, other = (reading_of(row, "excursion_mm") for row in rows)
    if own is None or other is None:
        return None
    sd = math.hypot(own.sd, other.sd)
    if region in VECTOR_REGIONS:
        across, up = (_minus(rows[0], rows[1], key) for key in ("across_mm", "up_mm"))
        return Reading(length(across, up, sd), sd)
    difference = own.value - other.value
    return Reading(-difference if region is Region.EYE else difference, sd)


def _minus(own: Mapping[str, Any], other: Mapping[str, Any], key: str) -> float:
    return float(own.get(key) or 0.0) - float(other.get(key) or 0.0)
