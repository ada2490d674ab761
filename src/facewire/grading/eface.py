"""eFACE sub-scores of entered sliders, and the published arithmetic of Auto-eFACE.

Banks 2015 describes the sliders; the arithmetic is that of the published Auto-eFACE code (Miller
2021). The composite of the eFACE itself was not seen: the plain mean of the three sub-scores is the
rule of Auto-eFACE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from facewire.errors import UsageError
from facewire.grading.checks import check_names
from facewire.grading.facts import fact

PARTS = ("static", "dynamic", "synkinesis")
EFACE_ITEMS: dict[str, tuple[str, ...]] = {part: tuple(fact(f"eface.{part}")) for part in PARTS}
AUTO_ITEMS: dict[str, tuple[str, ...]] = {part: tuple(fact(f"auto_eface.{part}")) for part in PARTS}
CLOSED_BELOW_MM = float(fact("auto_eface.closed_below_mm"))

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


def auto_eface_score(items: Mapping[str, float]) -> EfaceScore:
    """Return the Auto-eFACE scores of its nine items.

    Parameters
    ----------
    items : mapping of str to float
        Affected side in percent of the healthy side, or percent of full closure, for every name
        in `AUTO_ITEMS`.

    Raises
    ------
    UsageError
        Items are missing or unknown.
    """
    check_names("Auto-eFACE", items, [n for part in PARTS for n in AUTO_ITEMS[part]])
    return EfaceScore(*(_mean(fold(items[n]) for n in AUTO_ITEMS[part]) for part in PARTS))


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
    return EfaceScore(*(_mean(fold(v) for v in sliders[part].values()) for part in PARTS))


def _check_slider(part: str, name: str, value: object) -> None:
    most = _SLIDER_MOST[part]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0.0 <= float(str(value)) <= most:
        raise UsageError(
            f"The eFACE slider {name} is not possible",
            expected=f"a number from 0 to {most:g}",
            found=repr(value),
        )


def _mean(values: Iterable[float]) -> float:
    return fmean(values)
