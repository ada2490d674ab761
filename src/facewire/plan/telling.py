"""What would tell where video cannot, and why a usual candidate is absent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from facewire.face import SMILES, Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.plan.preferences import Preferences
from facewire.plan.tables import load_table
from facewire.results.plan import Absent, Act, Candidate
from facewire.results.stage import Stage, StageName
from facewire.results.wiring import Wiring
from facewire.safety.facts import WEAKENED, Facts
from facewire.safety.person import Person
from facewire.safety.rules import examined, never_weakened
from facewire.safety.stage import HELD_SHARE, zones_of
from facewire.safety.tables import STATUS_WORDS, load_rules_table
from facewire.treatment.muscles import LID_CLOSERS
from facewire.wiring.findings import UNSEEN
from facewire.wiring.observe import covered_in, watched
from facewire.words import mark

LEFT_OUT = mark("left out by your own limits")
NO_LANDMARK = mark("no landmark shows it: it is offered by an act, when the cheek is found tight")
NOT_TIGHT = mark("examined: the cheek is not tight")
LISTED = mark("found tight: listed among the patterns; nothing about it can be simulated")
UNASSESSED = mark("video does not see it, and nobody looked at the neck yet")
ABSENT_EDGE = mark("no movement reaches it that should not, and it is not tight")
UNDECIDED = mark("whether a movement reaches it cannot be told from these data")
OUTSIDE = mark("another candidate is as good in everything, or the limits leave it out")
RULED_OUT = mark("an act spoke against it")
NO_CLOSURE = mark(
    "gentle closure was not recorded: what a weaker lid would cost cannot be told; record it"
)
NO_SMILE = mark(
    "no smile was recorded: what a weaker muscle of the mouth would cost it cannot be told; record "
    "a closed and an open smile"
)
NO_PUCKER = mark(
    "the pucker was not recorded: what a weaker muscle of the mouth would cost the lips cannot be "
    "told; record it"
)
NO_BROW = mark(
    "the brow raise was not recorded: what a weaker brow would cost cannot be told; record it"
)
_COVERED = {
    NO_CLOSURE: mark(
        "the eye was covered in gentle closure: what a weaker lid would cost cannot be told; "
        "record it uncovered"
    ),
    NO_SMILE: mark(
        "the mouth was covered in the smile: what a weaker muscle of the mouth would cost it "
        "cannot be told; record it uncovered"
    ),
    NO_PUCKER: mark(
        "the mouth was covered in the pucker: what a weaker muscle of the mouth would cost the "
        "lips cannot be told; record it uncovered"
    ),
    NO_BROW: mark(
        "the brow was covered in the brow raise: what a weaker brow would cost cannot be told; "
        "record it uncovered"
    ),
}
_SHOWN_BY = {
    NO_CLOSURE: {Movement.EYE_CLOSE_GENTLE},
    NO_SMILE: set(SMILES),
    NO_PUCKER: {Movement.LIP_PUCKER},
    NO_BROW: {Movement.BROW_RAISE},
}
BANDS_FOUND = mark(
    "bands were found: listed among the patterns; this wiring holds no number for it until it is "
    "inferred again with them"
)
BLOCK_GOOD = mark(
    "the test block shows it at work: listed among the patterns; how far weakening it would go "
    "cannot be told from these data"
)
STAGE = mark("nothing is weakened in this stage")
STAGE_OPEN = mark("nothing is weakened until the stage is told")
NO_HELP = mark(
    "half of the largest weakening of it alone does not help credibly in this face: synkinesis or "
    "the smile would change by less than 0.1 mm, or in too few of the draws"
)


BROW_GROUPS = (MuscleGroup.FRONTALIS, MuscleGroup.CORRUGATOR)
HALF = 0.5
STILL = (StageName.FLACCID, StageName.POST_OPERATIVE, StageName.HEALTHY)


def cost_unseen(group: MuscleGroup, recorded: Collection[Movement]) -> str | None:
    """Return why nobody can tell what weakening a group costs, and what to record; else None.

    Parameters
    ----------
    group : MuscleGroup
    recorded : collection of Movement
    """
    if group in LID_CLOSERS:
        return None if Movement.EYE_CLOSE_GENTLE in recorded else NO_CLOSURE
    if group in BROW_GROUPS:
        return None if Movement.BROW_RAISE in recorded else NO_BROW
    if not set(SMILES) & set(recorded):
        return NO_SMILE
    return None if Movement.LIP_PUCKER in recorded else NO_PUCKER


def cost_unseen_in(group: MuscleGroup, wiring: Wiring) -> str | None:
    """Return the same for a wiring, and whether it was covered or not recorded.

    Parameters
    ----------
    group : MuscleGroup
    wiring : Wiring
    """
    reason = cost_unseen(group, watched(wiring))
    if reason is not None and _SHOWN_BY[reason] & covered_in(wiring):
        return _COVERED[reason]
    return reason


def acts_for(person: Person, facts: Facts, stage: Stage) -> Iterator[Act]:
    """Yield the acts that would tell more about a face, with what was entered of them.

    Parameters
    ----------
    person : Person
    facts : Facts
        Results that were entered.
    stage : Stage
        In a face that likely does not move, or has just been operated, none is asked for.
    """
    moving = _chance_of(STILL, stage) < HALF
    mouth = zones_of(person).get("mouth")
    shown = {
        "moving": moving,
        "smile_less": moving and mouth is not None and float(np.mean(mouth)) < HELD_SHARE,
        "wrong": bool(set(stage.possible) & set(WEAKENED)),
    }
    for row in load_table("options.toml")["act"]:
        known = facts.answers(row["fact"], None)
        if not shown[row["shown"]] and not known:
            continue
        yield Act(
            id=row["id"],
            fact=row["fact"],
            text=row["text"],
            tells=row["tells"],
            changes=row["changes"],
            source=row["source"],
            status=row["status"],
            status_words=STATUS_WORDS[row["status"]],
            result=_result(known[0].value) if known else None,
        )


def _chance_of(names: Sequence[StageName], stage: Stage) -> float:
    """Return the probability of some stages; all or nothing where one was stated."""
    if stage.confirmed is not None:
        return float(stage.confirmed in names)
    return sum(one.probability for one in stage.chances if one.stage in names)


def _result(value: object) -> str:
    return {True: mark("yes"), False: mark("no")}.get(value, str(value))  # type: ignore[call-overload, no-any-return]


def absent_of(
    person: Person,
    facts: Facts,
    preferences: Preferences,
    candidates: Sequence[Candidate],
    considered: Sequence[tuple[MuscleGroup, Side]] | None,
    stage: Stage,
) -> Iterator[Absent]:
    """Yield the usual candidates that are not among some candidates, each with its reason.

    Parameters
    ----------
    person : Person
    facts : Facts
    preferences : Preferences
        The treating person's own limits.
    candidates : sequence of Candidate
    considered : sequence of (MuscleGroup, Side) or None
        What combinations were made of; None where nothing was searched.
    stage : Stage
    """
    there = {target for candidate in candidates for target in candidate.targets}
    for row in load_table("options.toml")["usual"]:
        side = person.affected if row["role"] == "affected" else person.affected.other
        if row["muscle"] == "buccinator":
            yield Absent(name=row["muscle"], side=side, reason=_buccinator(facts))
            continue
        target = (MuscleGroup(row["muscle"]), side)
        if target not in there:
            reason = _reason(target, person, facts, preferences, considered)
            if reason == STAGE and stage.taken is None:
                reason = STAGE_OPEN
            yield Absent(name=row["muscle"], side=side, reason=reason)


def _buccinator(facts: Facts) -> str:
    known = facts.answers("cheek_tight", None)
    if not known:
        return NO_LANDMARK
    return LISTED if known[0].value is True else NOT_TIGHT


def _reason(
    target: tuple[MuscleGroup, Side],
    person: Person,
    facts: Facts,
    preferences: Preferences,
    considered: Sequence[tuple[MuscleGroup, Side]] | None,
) -> str:
    if target[0] in never_weakened():
        reason: str = load_rules_table()["never"]["reason"]
        return reason
    if target in preferences.excluded:
        return LEFT_OUT
    if considered is None:
        return STAGE
    unseen = cost_unseen_in(target[0], person.wiring)
    if unseen is not None:
        return unseen
    affected = person.affected
    seen = _unseen(target[0], facts) if target[1] is affected else None
    if seen is not None and target not in considered:
        return seen
    return OUTSIDE if target in considered else NO_HELP


def _unseen(group: MuscleGroup, facts: Facts) -> str | None:
    """Return why a group of the affected side is none to weaken; None where it moves wrongly."""
    acts = examined(group, facts)
    if acts and not any(acts):
        return RULED_OUT
    if acts:
        return BANDS_FOUND if group in UNSEEN else BLOCK_GOOD
    wrong = None if facts.face is None else facts.face.wrong.get(group)
    if wrong is True:
        return None
    if group in UNSEEN:
        return UNASSESSED
    return ABSENT_EDGE if wrong is False else UNDECIDED
