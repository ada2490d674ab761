"""eFACE: sub-scores of entered sliders, and the like of them estimated from a measurement.

Banks 2015 describes the sliders; the arithmetic is that of the published Auto-eFACE code (Miller
2021). The composite of the eFACE itself was not seen: the plain mean of the three sub-scores is the
rule of Auto-eFACE.

Estimates are affected over healthy side, in percent. What differs from the published code:
positions are head-fixed, the brow's and the corner's places are those of `facewire.motion`, the
fissure at rest is always affected over healthy, the lower lip's movement stands for the opening of
the mouth, and every number carries the interval of the measurement.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

from facewire.errors import UsageError
from facewire.face import Component, Movement, Region, Side
from facewire.grading.checks import check_names
from facewire.grading.combine import NO_REFERENCE, graded_sides
from facewire.grading.facts import fact
from facewire.results.estimate import Estimate
from facewire.results.grades import EfaceRange
from facewire.results.measurement import Measurement
from facewire.words import mark

PARTS = ("static", "dynamic", "synkinesis")
EFACE_ITEMS: dict[str, tuple[str, ...]] = {part: tuple(fact(f"eface.{part}")) for part in PARTS}
AUTO_ITEMS: dict[str, tuple[str, ...]] = {part: tuple(fact(f"auto_eface.{part}")) for part in PARTS}
CLOSED_BELOW_MM = float(fact("auto_eface.closed_below_mm"))

LEAST_WHOLE_MM = 1.0

_SLIDER_MOST = {"static": 200.0, "dynamic": 100.0, "synkinesis": 100.0}


@dataclass(frozen=True)
class EfaceScore:
    """Sub-scores, 100 is normal.

    Parameters
    ----------
    static, dynamic, synkinesis : float
    """

    static: float
    dynamic: float
    synkinesis: float

    @property
    def total(self) -> float:
        """Plain mean of the three: the Auto-eFACE rule."""
        return fmean((self.static, self.dynamic, self.synkinesis))


def fold(percent: float) -> float:
    """Return 100 - |100 - x|: too much counts like too little. Below 0 counts as 0."""
    return 100.0 - abs(100.0 - max(percent, 0.0))


def closure_percent(rest_mm: float, gap_mm: float) -> float:
    """Return how much of the resting fissure closes, percent; a gap under 1 mm counts as closed.

    Raises
    ------
    UsageError
        The resting fissure is not positive.
    """
    if not rest_mm > 0:
        raise UsageError(
            "The resting fissure is not a length", expected="more than 0 mm", found=f"{rest_mm} mm"
        )
    gap = 0.0 if abs(gap_mm) < CLOSED_BELOW_MM else abs(gap_mm)
    return 100.0 * (rest_mm - gap) / rest_mm


def eface_score(sliders: Mapping[str, Mapping[str, float]]) -> EfaceScore:
    """Return the sub-scores of entered sliders.

    Parameters
    ----------
    sliders : mapping
        For each of ``static``, ``dynamic`` and ``synkinesis`` the items of `EFACE_ITEMS`: static
        0 to 200 with 100 as balance, the others 0 to 100.

    Raises
    ------
    UsageError
        Items are missing, unknown or out of range.
    """
    check_names("the eFACE", sliders, PARTS)
    for part in PARTS:
        check_names(f"the eFACE, {part}", sliders[part], EFACE_ITEMS[part])
        for name, value in sliders[part].items():
            _check_slider(part, name, value)
    return EfaceScore(*(fmean(fold(v) for v in sliders[part].values()) for part in PARTS))


def _check_slider(part: str, name: str, value: object) -> None:
    most = _SLIDER_MOST[part]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0.0 <= float(str(value)) <= most:
        raise UsageError(
            f"The eFACE slider {name} is not possible",
            expected=f"a number from 0 to {most:g}",
            found=repr(value),
        )


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

    items: Mapping[str, dict[str, EfaceRange]]
    static: EfaceRange
    dynamic: EfaceRange
    synkinesis: EfaceRange
    total: EfaceRange


def estimate_eface_like(result: Measurement) -> EfaceEstimate:
    """Return eFACE-like sub-scores of a measurement.

    A face without an affected side is graded with each side in turn, and the mean of both is
    taken.

    Raises
    ------
    UsageError
        The measurement is of an earlier version and holds no standard deviations.
    """
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
        return _unknown((missing[0].reason if missing else None) or NO_REFERENCE)
    keys = ("expected", "ci_low", "ci_high")
    expected, low, high = (fmean(getattr(r, key) for r in ranges) for key in keys)
    return EfaceRange(expected=expected, ci_low=low, ci_high=high)


def _unknown(reason: str) -> EfaceRange:
    return EfaceRange(expected=None, ci_low=None, ci_high=None, reason=reason)


def _over_sides(result: Measurement, name: str, sides: tuple[Side, ...]) -> EfaceRange:
    numbers = [_READERS[name](result, side) for side in sides]
    known = [_folded(one) for one in numbers if one is not None]
    if len(known) < len(sides) or not sides:
        return _unknown(mark("not measured") if sides else NO_REFERENCE)
    return mean_range(known)


def _folded(part: Estimate) -> EfaceRange:
    """Fold a ratio in percent with its interval; an interval around 100 reaches up to 100."""
    ends = (fold(part.low), fold(part.high))
    top = 100.0 if part.low <= 100.0 <= part.high else max(ends)
    return EfaceRange(expected=fold(part.value), ci_low=min(ends), ci_high=top)


def _percent(own: Estimate | None, other: Estimate | None) -> Estimate | None:
    if own is None or other is None or abs(other.value) < LEAST_WHOLE_MM:
        return None
    return own.over(other).scaled(100.0, "%")


def _rest(result: Measurement, region: Region, component: Component, side: Side) -> Estimate | None:
    """Return a resting position, its error half of that of the difference between the sides.

    The interval of one side's position holds the scale's error, which ratios do not have.
    """
    cell = result.rest_cell(region, component, side)
    if cell is None or cell.position_mm is None or cell.difference is None:
        return None
    return Estimate.of(cell.position_mm, cell.difference.needed_sd / 2**0.5, "mm")


def _rest_ratio(region: Region) -> Callable[[Measurement, Side], Estimate | None]:
    def read(result: Measurement, side: Side) -> Estimate | None:
        return _percent(*(_rest(result, region, "height", s) for s in (side, side.other)))

    return read


def _corner_ratio(result: Measurement, side: Side) -> Estimate | None:
    """Height of the mouth corner over the lower lip, affected over healthy."""
    own, other = (_corner_over_lip(result, s) for s in (side, side.other))
    return _percent(own, other)


def _corner_over_lip(result: Measurement, side: Side) -> Estimate | None:
    corner = _rest(result, Region.COMMISSURE, "up", side)
    lip = _rest(result, Region.LOWER_LIP, "height", side)
    if corner is None or lip is None:
        return None
    return Estimate.of(corner.value - lip.value, corner.needed_sd, "mm")


def _excursion(
    movement: Movement, region: Region
) -> Callable[[Measurement, Side], Estimate | None]:
    def read(result: Measurement, side: Side) -> Estimate | None:
        cells = (result.voluntary_cell(movement, region, s) for s in (side, side.other))
        return _percent(*(cell.excursion for cell in cells))

    return read


def _closure(movement: Movement) -> Callable[[Measurement, Side], Estimate | None]:
    def read(result: Measurement, side: Side) -> Estimate | None:
        place = (movement, side)
        cells = (c for c in result.eye_closure if (c.movement, c.side) == place)
        gap = next((cell.gap for cell in cells), None)
        rest = _rest(result, Region.EYE, "height", side)
        if rest is None or gap is None or rest.value < LEAST_WHOLE_MM:
            return None
        closed = closure_percent(rest.value, gap.value)
        return Estimate.of(closed, 100.0 * gap.needed_sd / rest.value, "%")

    return read


def _ocular(result: Measurement, side: Side) -> Estimate | None:
    """Lesser of fissure affected / healthy in the large smile and in the pucker."""
    found = [
        _percent(*(_held_fissure(result, movement, s) for s in (side, side.other)))
        for movement in (Movement.SMILE_OPEN, Movement.LIP_PUCKER)
    ]
    known = [one for one in found if one is not None]
    return min(known, key=lambda one: one.value) if len(known) == len(found) else None


def _held_fissure(result: Measurement, movement: Movement, side: Side) -> Estimate | None:
    rest = _rest(result, Region.EYE, "height", side)
    change = result.voluntary_cell(movement, Region.EYE, side).excursion
    if rest is None or change is None:
        return None
    sd = math.hypot(rest.needed_sd, change.needed_sd)
    return Estimate.of(max(rest.value + change.value, 0.0), sd, "mm")


_READERS: dict[str, Callable[[Measurement, Side], Estimate | None]] = {
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
