"""Recorded units beside printed ones: a remark, never a correction, never a conversion."""

from __future__ import annotations

from collections.abc import Sequence

from facewire.treatment.conflicts import Scheduled
from facewire.treatment.facts import Dose, DoseLimit, dose_limits, shown_doses
from facewire.treatment.toxin import BotulinumToxin


def dose_warnings(treatments: Sequence[Scheduled]) -> list[str]:
    """Return what recorded units say beside the sources that may be shown.

    Parameters
    ----------
    treatments : sequence of Scheduled
    """
    found = []
    for one in treatments:
        if isinstance(one.treatment, BotulinumToxin) and one.treatment.units is not None:
            found += _compare(one.treatment)
    return found + [text for limit in dose_limits() for text in _over(limit, treatments)]


def printed_doses(toxin: BotulinumToxin) -> tuple[Dose, ...]:
    """Return the doses printed for this product and muscle that may be shown as literature."""
    return tuple(dict.fromkeys(d for g in toxin.groups for d in shown_doses(toxin.product, g)))


def _compare(toxin: BotulinumToxin) -> list[str]:
    rows = printed_doses(toxin)
    what = f"{toxin.muscle}, side {toxin.side}: {toxin.units:g} units of {toxin.product}"
    if not rows:
        return [f"{what}: recorded; no source for this product and muscle may be shown beside it."]
    usable = [(row, _comparable(toxin, row)) for row in rows]
    known = [(row, units) for row, units in usable if units is not None]
    if not known:
        return [f"{what}: printed doses are per site; give sites to compare."]
    if any(row.low <= units <= row.high for row, units in known):
        return []
    sources = "; ".join(f"{r.target}: {r.low:g} to {r.high:g} ({r.citation})" for r in rows)
    return [f"{what}: outside every shown source ({sources}). Recorded as given, not corrected."]


def _comparable(toxin: BotulinumToxin, row: Dose) -> float | None:
    if row.basis == "session" or toxin.units is None:
        return toxin.units
    return None if toxin.sites is None else toxin.units / toxin.sites


def _over(limit: DoseLimit, treatments: Sequence[Scheduled]) -> list[str]:
    given = sorted(
        (s.day, s.treatment.units or 0.0)
        for s in treatments
        if isinstance(s.treatment, BotulinumToxin) and s.treatment.product == limit.product
    )
    for day, _ in given:
        total = sum(units for other, units in given if day <= other < day + limit.days)
        if total > limit.units:
            return [
                (
                    f"{total:g} units of {limit.product} within {limit.days} days from day {day}: "
                    f"above {limit.units:g} ({limit.citation}, {limit.target}). Recorded as given."
                )
            ]
    return []
