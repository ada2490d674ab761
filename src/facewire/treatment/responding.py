"""A plan of treatments with what was learned: which figure holds for which treatment, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from facewire.errors import UsageError
from facewire.face import Side
from facewire.results.forecast import Applied
from facewire.results.learned import Learned, LearnedTreatment, Response
from facewire.treatment.base import OwnResponse, Treatment
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.plan import TreatmentPlan
from facewire.treatment.toxin import BotulinumToxin
from facewire.treatment.weakening_surgery import SelectiveNeurolysis
from facewire.words import mark

LEARNED_KINDS = ("botulinum_toxin", "selective_neurolysis", "neuromuscular_retraining")
"""Kinds whose effect a measured course can tell: those that change what goes along."""
MOST_UNITS_RATIO = 2.0

LITERATURE = Applied(source="literature")
NOT_LEARNED = mark("nothing was learned of this treatment")
NOT_ENOUGH = mark("fewer than five people, and fewer than two courses of this person")
DEGREE_GIVEN = mark("the degree of weakening was given; the duration alone is learned")
OTHER_UNITS = mark(
    "its units are less than half or more than twice of what was learned from: the literature holds"
)


def with_learned(
    plan: TreatmentPlan, learned: Learned, affected: Side | None, subject: str | None = None
) -> tuple[TreatmentPlan, tuple[Applied, ...]]:
    """Return a plan whose treatments respond as was learned, and where each figure is from.

    Parameters
    ----------
    plan : TreatmentPlan
    learned : Learned
    affected : Side or None
        Without it nothing can be learned of a side.
    subject : str, optional
        Pseudonym of the person whom the plan is for.

    Raises
    ------
    UsageError
        The file holds the courses of one person, and the plan is for another or for nobody known.
    """
    if learned.subject is not None and learned.subject != subject:
        raise UsageError(
            "What was learned is of another person",
            expected=f"a wiring of {learned.subject}",
            found=subject or "a wiring that names nobody",
            do="give the clinic's own file, made without --patient",
        )
    pairs = [_responding(one, learned, affected) for one in plan.treatments]
    treatments = tuple(
        Scheduled(s.day, t) for s, (t, _) in zip(plan.treatments, pairs, strict=True)
    )
    return replace(plan, treatments=treatments), tuple(applied for _, applied in pairs)


def _responding(
    one: Scheduled, learned: Learned, affected: Side | None
) -> tuple[Treatment, Applied]:
    treatment = one.treatment
    row = _row(treatment, learned.treatments, affected)
    if row is None:
        known = treatment.kind in LEARNED_KINDS
        return treatment, _literature(NOT_LEARNED) if known else LITERATURE
    found = row.person or row.clinic
    if found is None:
        return treatment, _literature(NOT_ENOUGH)
    units = getattr(treatment, "units", None)
    if units is not None and row.units_middle is not None:
        ratio = units / row.units_middle
        if not 1.0 / MOST_UNITS_RATIO <= ratio <= MOST_UNITS_RATIO:
            return treatment, _literature(OTHER_UNITS)
    response = OwnResponse(
        effect=found.next_effect.value,
        effect_sd=found.next_effect.needed_sd,
        duration_days=None if found.next_duration_days is None else found.next_duration_days.value,
        duration_log_sd=found.next_duration_log_sd or 0.0,
    )
    return replace(treatment, response=response), _applied(row, found, treatment)


def _applied(row: LearnedTreatment, found: Response, treatment: Treatment) -> Applied:
    own = row.person is not None
    return Applied(
        source="person" if own else "clinic",
        people=None if row.clinic is None else row.clinic.people,
        courses=found.courses if own else None,
        effect=found.next_effect,
        duration_days=found.next_duration_days,
        literature_percent=found.literature_percent,
        reason=DEGREE_GIVEN if getattr(treatment, "weakening_percent", None) is not None else "",
    )


def _literature(reason: str) -> Applied:
    return Applied(source="literature", reason=reason)


def _row(
    treatment: Treatment, rows: Sequence[LearnedTreatment], affected: Side | None
) -> LearnedTreatment | None:
    """Return what was learned of a treatment: the same kind, muscle, side and product."""
    if affected is None:
        return None
    role = "affected" if treatment.side is affected else "other"
    muscle = muscle_of(treatment)
    product = treatment.product if isinstance(treatment, BotulinumToxin) else None
    wanted = (treatment.kind, muscle, role, product)
    fits = (one for one in rows if (one.kind, one.muscle, one.role, one.product) == wanted)
    return next(fits, None)


def muscle_of(treatment: Treatment) -> str | None:
    """Return the one muscle that a treatment is of; None where it is of none or of several."""
    if isinstance(treatment, SelectiveNeurolysis):
        muscles = {cut.muscle for cut in treatment.cuts}
        return muscles.pop() if len(muscles) == 1 else None
    return getattr(treatment, "muscle", None)
