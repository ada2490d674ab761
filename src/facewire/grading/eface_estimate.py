"""eFACE-like sub-scores from a measurement, by the published arithmetic of Auto-eFACE.

Affected over healthy side, in percent. What differs from the published code: positions are
head-fixed, the brow's and the corner's places are those of `facewire.motion`, the fissure at rest
is always affected over healthy, the lower lip's movement stands for the opening of the mouth, and
every number carries the interval of the measurement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from facewire.face import Movement, Region, Side
from facewire.grading.eface import AUTO_ITEMS, PARTS, closure_percent, fold
from facewire.grading.ordinal import Reading
from facewire.grading.rows import check_result, map_row, ratio, reading_of, rest_row
from facewire.grading.sides import NO_REFERENCE, graded_sides
from facewire.words import mark

LEAST_WHOLE_MM = 1.0

Row = Mapping[str, Any]


@dataclass(frozen=True)
class EfaceRange:
    """One item or score, 100 is normal; everything None with a reason where it was not measured."""

    expected: float | None
    ci_low: float | None
    ci_high: float | None
    reason: str = ""


@dataclass(frozen=True)
class EfaceEstimate:
    """Items, sub-scores and total of the Auto-eFACE rule.

    Parameters
    ----------
    items : mapping of str to mapping of str to EfaceRange
        By sub-score.
    static, dynamic, synkinesis, total : EfaceRange
        None inside where an item of theirs is missing.
    """

    items: Mapping[str, Mapping[str, EfaceRange]]
    static: EfaceRange
    dynamic: EfaceRange
    synkinesis: EfaceRange
    total: EfaceRange


def estimate_eface_like(result: Mapping[str, Any]) -> EfaceEstimate:
    """Return eFACE-like sub-scores of a measurement.

    A face without an affected side is graded with each side in turn, and the mean of both is
    taken.

    Raises
    ------
    UsageError
        The document is not a measurement.
    """
    check_result(result)
    sides = graded_sides(result)
    items = {
        part: {name: _over_sides(result, name, sides) for name in AUTO_ITEMS[part]}
        for part in PARTS
    }
    parts = {part: mean_range(list(items[part].values())) for part in PARTS}
    return EfaceEstimate(items, **parts, total=mean_range(list(parts.values())))


def mean_range(ranges: list[EfaceRange]) -> EfaceRange:
    """Return the mean of scores; their errors are taken to go together, which widens its interval.

    None with the first reason where one is missing.
    """
    missing = [r for r in ranges if r.expected is None]
    if missing or not ranges:
        return EfaceRange(None, None, None, missing[0].reason if missing else NO_REFERENCE)
    keys = ("expected", "ci_low", "ci_high")
    expected, low, high = (fmean(getattr(r, key) for r in ranges) for key in keys)
    return EfaceRange(expected, low, high)


def _over_sides(result: Mapping[str, Any], name: str, sides: tuple[Side, ...]) -> EfaceRange:
    readings = [_READERS[name](result, side) for side in sides]
    known = [_folded(r) for r in readings if r is not None]
    if len(known) < len(sides) or not sides:
        return EfaceRange(None, None, None, mark("not measured") if sides else NO_REFERENCE)
    return mean_range(known)


def _folded(part: Reading) -> EfaceRange:
    """Fold a ratio in percent with its interval; an interval around 100 reaches up to 100."""
    low, high = part.ci
    ends = (fold(low), fold(high))
    top = 100.0 if low <= 100.0 <= high else max(ends)
    return EfaceRange(fold(part.value), min(ends), top)


def _percent(own: Reading | None, other: Reading | None) -> Reading | None:
    if own is None or other is None or abs(other.value) < LEAST_WHOLE_MM:
        return None
    found = ratio(own, other)
    return Reading(100.0 * found.value, 100.0 * found.sd)


def _rest(result: Mapping[str, Any], region: Region, component: str, side: Side) -> Reading | None:
    """Return a resting position, its error half of that of the difference between the sides.

    The interval of one side's position holds the scale's error, which ratios do not have.
    """
    row = rest_row(result, region, component, side)
    place = reading_of(row, "position_mm")
    difference = reading_of(row, "difference_mm", "difference_ci_low", "difference_ci_high")
    if place is None or difference is None:
        return None
    return Reading(place.value, difference.sd / 2**0.5)


def _rest_ratio(region: Region) -> Callable[[Mapping[str, Any], Side], Reading | None]:
    def read(result: Mapping[str, Any], side: Side) -> Reading | None:
        return _percent(*(_rest(result, region, "height", s) for s in (side, side.other)))

    return read


def _corner_ratio(result: Mapping[str, Any], side: Side) -> Reading | None:
    """Height of the mouth corner over the lower lip, affected over healthy."""
    own, other = (_corner_over_lip(result, s) for s in (side, side.other))
    return _percent(own, other)


def _corner_over_lip(result: Mapping[str, Any], side: Side) -> Reading | None:
    corner = _rest(result, Region.COMMISSURE, "up", side)
    lip = _rest(result, Region.LOWER_LIP, "height", side)
    return None if corner is None or lip is None else Reading(corner.value - lip.value, corner.sd)


def _excursion(
    movement: Movement, region: Region
) -> Callable[[Mapping[str, Any], Side], Reading | None]:
    def read(result: Mapping[str, Any], side: Side) -> Reading | None:
        rows = (map_row(result, "voluntary", movement, region, s) for s in (side, side.other))
        return _percent(*(reading_of(row, "excursion_mm") for row in rows))

    return read


def _closure(movement: Movement) -> Callable[[Mapping[str, Any], Side], Reading | None]:
    def read(result: Mapping[str, Any], side: Side) -> Reading | None:
        wanted = (str(movement), str(side))
        rows = result["eye_closure"]
        row: Row = next((r for r in rows if (r["movement"], r["side"]) == wanted), {})
        rest = _rest(result, Region.EYE, "height", side)
        gap = reading_of(row, "gap_mm")
        if rest is None or gap is None or rest.value < LEAST_WHOLE_MM:
            return None
        return Reading(closure_percent(rest.value, gap.value), 100.0 * gap.sd / rest.value)

    return read


def _ocular(result: Mapping[str, Any], side: Side) -> Reading | None:
    """Lesser of fissure affected / healthy in the large smile and in the pucker."""
    found = [_fissure_ratio(result, m, side) for m in (Movement.SMILE_OPEN, Movement.LIP_PUCKER)]
    known = [one for one in found if one is not None]
    return min(known, key=lambda one: one.value) if len(known) == len(found) else None


def _fissure_ratio(result: Mapping[str, Any], movement: Movement, side: Side) -> Reading | None:
    return _percent(*(_held_fissure(result, movement, s) for s in (side, side.other)))


def _held_fissure(result: Mapping[str, Any], movement: Movement, side: Side) -> Reading | None:
    rest = _rest(result, Region.EYE, "height", side)
    row = map_row(result, "voluntary", movement, Region.EYE, side)
    change = reading_of(row, "excursion_mm")
    if rest is None or change is None:
        return None
    sd = (rest.sd**2 + change.sd**2) ** 0.5
    return Reading(max(rest.value + change.value, 0.0), sd)


_READERS: dict[str, Callable[[Mapping[str, Any], Side], Reading | None]] = {
    "brow_height": _rest_ratio(Region.BROW),
    "palpebral_fissure": _rest_ratio(Region.EYE),
    "commissure": _corner_ratio,
    "brow_elevation": _excursion(Movement.BROW_RAISE, Region.BROW),
    "gentle_closure": _closure(Movement.EYE_CLOSE_GENTLE),
    "full_closure": _closure(Movement.EYE_CLOSE_TIGHT),
    "commissure_excursion": _excursion(Movement.SMILE_OPEN, Region.COMMISSURE),
    "lower_lip_eee": _excursion(Movement.LOWER_TEETH_SHOW, Region.LOWER_LIP),
    "ocular": _ocular,
}
