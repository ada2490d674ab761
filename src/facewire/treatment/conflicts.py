"""What does not fit: treatments that contradict each other or the face, units beside printed ones.

An error where two cannot both be meant, else a warning that travels on. Recorded units are never
corrected and never converted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from facewire.errors import UsageError
from facewire.face import Region, Side
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.results.harm import Harm, Harms
from facewire.results.safety import Answer, Means, TreatmentCheck
from facewire.results.wiring import Wiring
from facewire.safety import Act, Facts, KnownFace, check_schedule, staged_facts
from facewire.safety.facts import SHUT_MM, UNNAMED
from facewire.treatment.base import Treatment
from facewire.treatment.direction_only import SelectiveDenervation, UpperLidWeight
from facewire.treatment.facts import Dose, fact, shown_doses
from facewire.treatment.muscles import LID_CLOSERS, groups_of
from facewire.treatment.reanimation import (
    GRAFT,
    CrossFaceNerveGraft,
    GracilisTransfer,
    NerveTransfer,
)
from facewire.treatment.toxin import BotulinumToxin
from facewire.treatment.weakening_surgery import Myectomy, SelectiveNeurolysis
from facewire.wiring import FaceState, involuntary_mm
from facewire.wiring.state import EYE, side_index

NARROW_MM = 1.0
"""A fissure narrower than the other by this much, or narrowed by a movement, is a narrow eye."""


@dataclass(frozen=True)
class Scheduled:
    """A treatment and its day on the time line; day 0 is the measurement."""

    day: int
    treatment: Treatment


def check_conflicts(treatments: Sequence[Scheduled]) -> None:
    """Refuse treatments that contradict each other.

    Parameters
    ----------
    treatments : sequence of Scheduled

    Raises
    ------
    UsageError
        A lid weight and toxin into the closer of the same eye; a gracilis on a graft that is not
        there yet; toxin or surgery on a muscle that is gone.
    """
    for one in treatments:
        if isinstance(one.treatment, UpperLidWeight):
            _check_weight(one, treatments)
        if isinstance(one.treatment, GracilisTransfer) and one.treatment.drive == GRAFT:
            _check_graft(one, treatments)
        if isinstance(one.treatment, BotulinumToxin) or one.treatment.removes():
            _check_there(one, treatments)


def _same_side(one: Scheduled, other: Scheduled) -> bool:
    return one.treatment.side is other.treatment.side


def _check_weight(weight: Scheduled, treatments: Sequence[Scheduled]) -> None:
    longest = fact("toxin_duration").high
    for other in treatments:
        toxin = other.treatment
        if not isinstance(toxin, BotulinumToxin) or not _same_side(weight, other):
            continue
        if LID_CLOSERS & set(toxin.groups) and other.day > weight.day - longest:
            raise _contradiction(
                weight,
                other,
                "a lid weight helps an eye that does not close; toxin into its closer is for an "
                "eye that is too narrow",
            )


def _check_graft(gracilis: Scheduled, treatments: Sequence[Scheduled]) -> None:
    grafts = [
        t
        for t in treatments
        if isinstance(t.treatment, CrossFaceNerveGraft) and _same_side(t, gracilis)
    ]
    if not any(graft.day < gracilis.day for graft in grafts):
        found = f"graft on day {grafts[0].day}" if grafts else "no graft on that side"
        raise UsageError(
            "A gracilis transfer on a cross-face graft needs its graft first",
            expected=f"cross_face_nerve_graft on the same side before day {gracilis.day}",
            found=found,
            do="add the graft with its date, or use drive = masseter_nerve",
        )


def _check_there(one: Scheduled, treatments: Sequence[Scheduled]) -> None:
    treatment = one.treatment
    aimed = treatment.groups if isinstance(treatment, BotulinumToxin) else treatment.removes()
    for other in treatments:
        gone = set(other.treatment.removes()) & set(aimed)
        if other is not one and other.day < one.day and gone and _same_side(one, other):
            raise _contradiction(one, other, f"{', '.join(sorted(gone))} is gone by then")


def _contradiction(one: Scheduled, other: Scheduled, why: str) -> UsageError:
    return UsageError(
        "Two treatments contradict each other",
        expected="treatments that can both be meant",
        found=f"{one.treatment.kind} on day {one.day} and {other.treatment.kind} on day "
        f"{other.day}, side {one.treatment.side}: {why}",
        do="leave one of them out, or correct its date, side or muscle",
    )


def face_warnings(state: FaceState, treatments: Sequence[Scheduled]) -> list[str]:
    """Return what does not fit between treatments and this face, in words.

    Parameters
    ----------
    state : FaceState
    treatments : sequence of Scheduled
    """
    found = []
    for one in treatments:
        if isinstance(one.treatment, UpperLidWeight) and _narrow(state, one):
            found.append(
                f"upper_lid_weight, side {one.treatment.side}: this eye is narrow or narrows by "
                "synkinesis; a weight pulls it further down and is meant for an eye that does "
                "not close."
            )
        if isinstance(one.treatment, GracilisTransfer):
            found += _graft_warnings(one, treatments, state.draws)
        if isinstance(one.treatment, GracilisTransfer | NerveTransfer):
            found += _native_warnings(state, one)
    return found + _past_warnings(treatments)


def _narrow(state: FaceState, one: Scheduled) -> bool:
    side = side_index(one.treatment.side)
    fissure = np.median(state.rest_mm[:, :, EYE], axis=0)
    narrower = fissure[1 - side] - fissure[side]
    closing = -np.median(involuntary_mm(state)[:, side, :, EYE], axis=0).min()
    return bool(closing >= NARROW_MM or (np.isfinite(narrower) and narrower >= NARROW_MM))


def _graft_warnings(one: Scheduled, treatments: Sequence[Scheduled], n: int) -> list[str]:
    found = []
    for other in treatments:
        graft = other.treatment
        if not isinstance(graft, CrossFaceNerveGraft) or not _same_side(one, other):
            continue
        reached = other.day + float(np.median(graft.reach_days(n, 0)))
        if other.day < one.day < reached:
            found.append(
                f"gracilis_transfer on day {one.day}: axons are expected at the end of the graft "
                f"about day {reached:.0f}; the simulated course counts from the transfer."
            )
    return found


def _native_warnings(state: FaceState, one: Scheduled) -> list[str]:
    side = side_index(one.treatment.side)
    g = GROUP_INDEX[MuscleGroup.ZYGOMATICUS_MAJOR]
    own = float(np.median((state.right[:, side, :, g] * state.strength[:, side, None, g]).max(1)))
    if own < 0.5:
        return []
    return [
        (
            f"{one.treatment.kind}, side {one.treatment.side}: {Region.COMMISSURE} moves by its "
            "own muscle already; published figures are of faces where it hardly does, and what is "
            "simulated may be too much."
        )
    ]


def _past_warnings(treatments: Sequence[Scheduled]) -> list[str]:
    past = [s for s in treatments if s.day < 0 and s.treatment.fact_ids()]
    return [
        f"{s.treatment.kind} on day {s.day}: given before the measurement, so its effect is part "
        "of what was measured; only its further change is simulated."
        for s in past
    ]


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
    return found


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


MOST_REASONS = 3
"""Reasons that a refusal names; the others are counted."""
_MYECTOMY = {
    "depressor_anguli_oris": Means.DAO_MYECTOMY,
    "platysma": Means.PLATYSMECTOMY,
    "buccinator": Means.BUCCINATOR_MYECTOMY,
}
_MEANS = {
    "selective_neurolysis": Means.SELECTIVE_NEURECTOMY,
    "selective_denervation": Means.SELECTIVE_NEURECTOMY,
    "neuromuscular_retraining": Means.FACIAL_TRAINING,
}


def acts_of(one: Scheduled) -> tuple[Act, ...]:
    """Return a treatment as the rules see it; a myectomy of several muscles is several acts."""
    treatment = one.treatment
    if isinstance(treatment, Myectomy):
        return tuple(_act(one, _MYECTOMY[name], (name,)) for name in treatment.muscles)
    if isinstance(treatment, BotulinumToxin):
        product = None if treatment.product == UNNAMED else treatment.product
        dose = {"product": product, "units": treatment.units, "sites": treatment.sites}
        act = _act(one, Means.BOTULINUM_TOXIN, (treatment.muscle,))
        return (replace(act, **dose),)  # type: ignore[arg-type]
    names: tuple[str, ...] = ()
    if isinstance(treatment, SelectiveNeurolysis):
        names = tuple(dict.fromkeys(cut.muscle for cut in treatment.cuts))
    if isinstance(treatment, SelectiveDenervation):
        names = (treatment.muscle,)
    means = _MEANS.get(treatment.kind) or Means(treatment.kind)
    return (_act(one, means, names),)


def _act(one: Scheduled, means: Means, names: tuple[str, ...]) -> Act:
    muscles = tuple(group for name in names for group in groups_of(name) or (None,))
    what = ", ".join(names) or one.treatment.kind
    return Act(one.day, means, one.treatment.side, what.replace("_", " "), muscles)


def check_treatments(
    model: Wiring | FaceState,
    treatments: Sequence[Scheduled],
    facts: Facts,
    onset_day: int | None = None,
    affected: Side | None = None,
) -> tuple[TreatmentCheck, ...]:
    """Return what the rules say of every treatment from day 0 on.

    Parameters
    ----------
    model : Wiring or FaceState
        The face; only a wiring says whose side, which gaps and which wrong edges.
    treatments : sequence of Scheduled
    facts : Facts
        What is known; what is missing is not cleared.
    onset_day : int, optional
        Day of the injury.
    affected : Side, optional
        The affected side of a face that comes without a measurement.
    """
    if isinstance(model, Wiring):
        known = staged_facts(model, facts)
    else:
        known = facts.of_face(KnownFace(affected, None, {}))
    acts = [act for one in treatments for act in acts_of(one)]
    return check_schedule(acts, known, onset_day)


def _named(check: TreatmentCheck) -> str:
    means = check.means.replace("_", " ")
    itself = check.what == means or _MEANS.get(check.what.replace(" ", "_")) is check.means
    return means if itself else f"{means} of {check.what}"


SAME_DAY_DAYS = 31
"""Facts are of day 0 when their visit lies within so many days of it."""
OPEN_PERCENT = 50.0


def check_start(start: date | None, facts: Facts) -> None:
    """Refuse facts of another time than day 0.

    Parameters
    ----------
    start : date or None
        Date of day 0; None where the plan states none.
    facts : Facts

    Raises
    ------
    UsageError
        The visit of the facts lies more than `SAME_DAY_DAYS` away from day 0.
    """
    visit = facts.visit_date
    if start is None or visit is None or abs((visit - start).days) <= SAME_DAY_DAYS:
        return
    raise UsageError(
        "The facts and the treatments contradict each other",
        expected=f"facts of day 0, within {SAME_DAY_DAYS} days of {start}",
        found=f"visit_date {visit}",
        do="correct one of them; months since onset and toxin are counted from the visit",
    )


def closure_warnings(harms: Harms, facts: Facts) -> tuple[str, ...]:
    """Return for which eye the facts say that it closes and the model leaves it open on day 0.

    Parameters
    ----------
    harms : Harms
    facts : Facts
    """
    found = []
    for row in harms.simulated:
        if row.harm is not Harm.LAGOPHTHALMOS_2 or (row.today_percent or 0.0) < OPEN_PERCENT:
            continue
        said = [one for one in facts.answers("closure_gap_mm", row.side) if one.source == "stated"]
        if said and float(said[0].value) < SHUT_MM and row.side is not None:
            found.append(
                f"{row.side.word} eye: the facts say that it closes, and the model leaves it open "
                f"by 2 mm or more on day 0 in {row.today_percent:.0f} of 100 faces: measure gentle "
                "closure again before anything rests on either."
            )
    return tuple(found)


def refuse_barred(checks: Sequence[TreatmentCheck]) -> None:
    """Refuse treatments that a rule bars.

    Parameters
    ----------
    checks : sequence of TreatmentCheck

    Raises
    ------
    UsageError
        A rule bars one of them; the message names each with its reason.
    """
    barred = [check for check in checks if check.answer is Answer.BARRED]
    if not barred:
        return
    reasons = [
        f"{_named(check)}, {check.side.word}, day {check.day}: {rule.found} ({rule.why})"
        for check in barred
        for rule in check.safety
        if rule.answer is Answer.BARRED
    ]
    more = f"; and {len(reasons) - MOST_REASONS} more" if len(reasons) > MOST_REASONS else ""
    raise UsageError(
        f"{len(barred)} of {len(checks)} treatments are barred by a rule",
        expected="treatments that no rule bars",
        found="; ".join(reasons[:MOST_REASONS]) + more,
        do="correct the treatments or the facts; a professional can simulate what is barred with "
        "--simulate-barred, and the forecast is then marked so",
    )
