"""Plans of treatments from pairs of day and treatment, for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterable

from facewire.treatment import Scheduled, Treatment, TreatmentPlan


def schedule(treatments: Iterable[tuple[int, Treatment]], **timeline: int) -> TreatmentPlan:
    """Return a plan from pairs of day and treatment.

    Further names are fields of `TreatmentPlan`, such as ``days``.
    """
    return TreatmentPlan(tuple(Scheduled(d, t) for d, t in treatments), **timeline)  # type: ignore[arg-type]
