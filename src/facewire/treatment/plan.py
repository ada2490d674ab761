"""Treatments on one time line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from facewire.errors import UsageError
from facewire.treatment.base import Treatment
from facewire.treatment.conflicts import Scheduled, check_conflicts

LONGEST_DAYS = 3650


@dataclass(frozen=True)
class TreatmentPlan:
    """Treatments with their days, in any order.

    Parameters
    ----------
    treatments : tuple of Scheduled
        Day 0 is the day of the measurement; those before it are part of what was measured, and
        the forecast shows how they wear off.
    days : int, optional
        Length of the time line.
    onset_day : int, optional
        Day of the injury, 0 or less; None where it is not known.
    start : date, optional
        Date of day 0.
    show_days : tuple of int, optional
        Days at which the movements are drawn.
    seed : int, optional
        For the treatments' uncertain parameters.

    Raises
    ------
    UsageError
        A treatment before the injury, contradictory treatments, or days out of range.
    """

    treatments: tuple[Scheduled, ...] = ()
    days: int = 365
    onset_day: int | None = None
    start: date | None = None
    show_days: tuple[int, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        _check(0 < self.days <= LONGEST_DAYS, "days", f"1 to {LONGEST_DAYS}", self.days)
        if self.onset_day is not None:
            _check(self.onset_day <= 0, "onset_day", "0 or less", self.onset_day)
        for day in self.show_days:
            _check(0 <= day <= self.days, "show_days", f"0 to {self.days}", day)
        for one in self.treatments:
            self._check_day(one)
        check_conflicts(self.treatments)

    def _check_day(self, one: Scheduled) -> None:
        what = f"day of {one.treatment.kind}"
        _check(one.day <= self.days, what, f"at most {self.days}, the end", one.day)
        if self.onset_day is not None and one.day < self.onset_day:
            raise UsageError(
                "A treatment lies before the injury",
                expected=f"day {self.onset_day} (onset) or later",
                found=f"{one.treatment.kind} on day {one.day}",
                do="correct the date of the treatment or of the onset",
            )

    def mirrored(self) -> TreatmentPlan:
        """Return the same plan on the other sides."""
        turned = tuple(Scheduled(s.day, s.treatment.mirrored()) for s in self.treatments)
        return replace(self, treatments=turned)


def schedule(treatments: Iterable[tuple[int, Treatment]], **timeline: int) -> TreatmentPlan:
    """Return a plan from pairs of day and treatment.

    Further names are fields of `TreatmentPlan`, such as ``days``.
    """
    return TreatmentPlan(tuple(Scheduled(d, t) for d, t in treatments), **timeline)  # type: ignore[arg-type]


def _check(fits: bool, field: str, expected: str, found: object) -> None:
    if not fits:
        raise UsageError(
            f"The {field} of a treatment plan cannot be used",
            expected=expected,
            found=str(found),
        )
