"""From the wiring of one face and what is known about the person to a plan: options, no advice."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, SIDES, Movement, Side
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.plan.candidates import ORDER, build_candidates
from facewire.plan.objectives import (
    MEANING,
    OBJECTIVES,
    Face,
    prepare_face,
    told_objectives,
)
from facewire.plan.options import find_options
from facewire.plan.predict import Forecaster
from facewire.plan.preferences import Preferences
from facewire.plan.search import (
    Front,
    Place,
    allowed_places,
    search_front,
    target_of,
    with_lighter,
)
from facewire.plan.tables import DOSE_NOTE, load_table
from facewire.plan.telling import absent_of, acts_for, cost_unseen
from facewire.results.cells import ClosureCell
from facewire.results.estimate import Estimate, Kind
from facewire.results.measurement import Measurement
from facewire.results.plan import (
    Candidate,
    FactsSummary,
    FrontSummary,
    NeverWeakened,
    ObjectiveToday,
    OptionOrder,
    Plan,
    ToxinGiven,
)
from facewire.results.safety import Answer, KnownFact, Means, Question, RuleAnswer
from facewire.results.stage import RestingFace, Stage, StageName
from facewire.results.wiring import MeasuredFrom, Wiring
from facewire.safety.definitions import fact_definitions
from facewire.safety.face import known_face, measured_facts
from facewire.safety.facts import WEAKENED, FactKey, Facts, Known
from facewire.safety.person import Person
from facewire.safety.rest import find_rest
from facewire.safety.rules import check_safety, examined, load_rules, never_weakened, target_rows
from facewire.safety.stage import eye_may_be_open, find_stage, stage_facts, weakens
from facewire.safety.tables import load_rules_table
from facewire.version import facewire_version
from facewire.wiring import content_sha256
from facewire.wiring.observe import watched
from facewire.words import mark

HEALTHY = mark("No side is affected: there is nothing to plan.")

NOTHING_TO_WEAKEN = mark(
    "In this stage nothing is weakened, on neither side: the eye, the windows of time and function "
    "come first."
)

NOTHING_IN_ANY = mark(
    "The stage is undecided, and in none of those that are possible anything is weakened, on "
    "neither side: the eye, the windows of time and function come first."
)

NOTHING_IN_HEALTH = mark("Stated to be healthy: nothing is weakened, on neither side.")

UNDECIDED = mark(
    "The stage is undecided, and in one of those that are possible nothing is weakened: nothing is "
    "offered until a clinician says which it is."
)

STATEMENT = mark(
    "Simulated from an inferred wiring. For discussion between professionals; not a prescription. "
    "Degrees are parts of a muscle's force, 0 to 100 %, never units of a product."
)

LIMITS = (
    mark(
        "Consistency of a model with itself, not clinical validity: no plan was compared with a "
        "treated patient."
    ),
    mark(
        "The reserve of lid closure is drawn wide, as nobody has published it. What a candidate "
        "may harm holds what toxin spreads to neighbouring muscles; its gains do not, and neither "
        "holds learning or wearing off. The intervals hold the uncertainty of the wiring, not that "
        "of how a treatment takes."
    ),
    mark(
        "Video does not see the platysma, chin skin, cheek tightness, tearing or hearing. What the "
        "clinician did not enter is not assessed, which is not normal."
    ),
    mark(
        "A corner of the mouth that rises too little may be weak or held back: video cannot tell."
    ),
    mark(
        "Unknown facts count as not cleared. Cleared means that no rule here speaks against it, "
        "nothing more."
    ),
)


def make_plan(
    wiring: Wiring,
    facts: Facts | None = None,
    preferences: Preferences | None = None,
    result: Measurement | None = None,
) -> Plan:
    """Return the options and the whole front of trades for one face.

    Parameters
    ----------
    wiring : Wiring
    facts : Facts, optional
        What the treating person states. What is missing counts as not cleared.
    preferences : Preferences, optional
        Own limits and weights.
    result : Measurement, optional
        The measurement that the wiring was inferred from, for its closure gaps.

    Raises
    ------
    UsageError
        Left and right are not confirmed, the affected side could not be told, or the measurement
        is another person's.
    """
    person = Person.of(wiring)
    preferences = preferences or Preferences()
    closure = closure_cells(wiring, result)
    known = known_face(wiring, facts or Facts()).with_answers(measured_facts(closure))
    planned: dict[str, Any] = {"nothing_to_plan": HEALTHY, "objectives": tuple(_today(None))}
    rest = None if person is None else find_rest(person, known)
    stage = find_stage(person, known, rest)
    if person is not None:
        known = known.with_answers([*inferred_facts(person, rest), *stage_facts(stage, known)])
        planned = _planned(person, known, preferences, (stage, rest))
    return Plan(
        statement=STATEMENT,
        facewire=facewire_version(),
        source=wiring.source,
        affected_side=wiring.affected_side,
        stage=stage,
        rest=rest,
        order=_order(),
        never_weakened=tuple(_never(group) for group in sorted(never_weakened())),
        eye_closure=closure,
        facts=FactsSummary(known=tuple(_known(known)), toxin_given=tuple(_toxin(known))),
        preferences=preferences.summary(),
        literature_note=DOSE_NOTE,
        limits=LIMITS,
        **planned,
    )


def _planned(
    person: Person,
    known: Facts,
    preferences: Preferences,
    found: tuple[Stage, RestingFace | None],
) -> dict[str, Any]:
    """Return the fields of a plan that rest on an affected side, its stage and its rest."""
    affected, (stage, rest) = person.affected, found
    face = prepare_face(person.state, affected, person.recorded)
    forecaster = Forecaster.start(face, preferences.regions, watched(person.wiring))
    options = find_options(person, known, stage, rest)
    candidates: tuple[Candidate, ...] = ()
    summary, considered = None, None
    if weakens(stage):
        front = whole_front(face, preferences, known, affected, watched(person.wiring))
        candidates = build_candidates(person, forecaster, front, preferences, known)
        considered = [target_of(place, affected) for place in front.considered]
        summary = FrontSummary(
            resolution_mm=front.resolution_mm,
            evaluated=front.evaluated,
            considered=target_rows(considered),
            order=ORDER,
        )
    answers = [rule for option in options for step in option.steps for rule in step.safety]
    answers += [rule for one in candidates for check in one.means for rule in check.safety]
    return {
        "objectives": tuple(_today(forecaster)),
        "options": options,
        "candidates": candidates,
        "front": summary,
        "acts": tuple(acts_for(person, known, stage)),
        "absent": tuple(absent_of(person, known, preferences, candidates, considered, stage)),
        "nothing_to_weaken": "" if weakens(stage) else _why_nothing(stage),
        "lid_weight": _lid_weight(affected, known),
        "ask": tuple(_questions(answers, asked_by_stage(person, known, stage))),
    }


def _why_nothing(stage: Stage) -> str:
    if stage.taken is not None:
        return NOTHING_IN_HEALTH if stage.taken is StageName.HEALTHY else NOTHING_TO_WEAKEN
    return UNDECIDED if set(stage.possible) & set(WEAKENED) else NOTHING_IN_ANY


def _order() -> OptionOrder:
    row = load_table("options.toml")["order"]
    return OptionOrder(**{**row, "steps": tuple(row["steps"])})


def _today(forecaster: Forecaster | None) -> Iterator[ObjectiveToday]:
    told = () if forecaster is None else told_objectives(forecaster.face, forecaster.seen)
    for i, objective in enumerate(OBJECTIVES):
        now = None
        if forecaster is not None and objective in told:
            now = Estimate.from_draws(forecaster.now_mm[:, i], "mm", Kind.SIMULATED)
        columns = ObjectiveToday.columns("now_mm", now)
        yield ObjectiveToday(objective=objective, meaning=MEANING[objective], **columns)


EYE_FACTS = ("painful_or_red_eye", "insensitive_eye", "dry_eye", "only_seeing_eye", "eye_protected")
"""What is asked of an eye that may not close, before anything else."""
TIME_FACTS = ("months_since_onset", "diagnosis_confirmed")
"""What windows of time rest on."""
TIMED = {StageName.FLACCID, StageName.EARLY_RECOVERY, StageName.PARETIC, StageName.MIXED}


def asked_by_stage(
    person: Person, facts: Facts, stage: Stage
) -> tuple[tuple[str, Side | None], ...]:
    """Return the facts that the stage itself waits for, with the side asked about."""
    asked: list[tuple[str, Side | None]] = []
    if eye_may_be_open(person, facts):
        asked += [(key, person.affected) for key in EYE_FACTS]
    if set(stage.possible) & TIMED:
        asked += [(key, None) for key in TIME_FACTS]
    return tuple(place for place in asked if not facts.answers(*place))


def _questions(
    answers: list[RuleAnswer], asked: tuple[tuple[str, Side | None], ...]
) -> Iterator[Question]:
    """Yield the facts that stage, candidates or options wait for, in the order of asking."""
    for name, definition in fact_definitions().items():
        waiting = [answer for answer in answers if answer.missing == name]
        own = [side for key, side in asked if key == name]
        if waiting or own:
            sides = {answer.side for answer in waiting} | set(own)
            yield Question(
                fact=name,
                question=definition.question,
                how=definition.how,
                sides=tuple(side for side in SIDES if side in sides),
                rules=tuple(dict.fromkeys(answer.rule for answer in waiting)),
            )


def _never(group: MuscleGroup) -> NeverWeakened:
    row = load_rules_table()["never"]
    return NeverWeakened(
        muscle=group, reason=row["reason"], source=row["source"], status=row["status"]
    )


def _known(facts: Facts) -> Iterator[KnownFact]:
    for key, definition in fact_definitions().items():
        for side in definition.sides:
            for answer in facts.answers(key, side):
                value = answer.value
                if isinstance(value, float) and math.isinf(value):
                    value = "never given"
                yield KnownFact(
                    fact=key, side=side, value=value, from_=answer.source, origin=answer.origin
                )


def _toxin(facts: Facts) -> Iterator[ToxinGiven]:
    """Yield earlier courses as stated. How much was given stays in the facts file."""
    for row in facts.toxin_given:
        yield ToxinGiven(
            side=row.side,
            date=None if row.date is None else row.date.isoformat(),
            product=row.product,
            dose_recorded=row.dose_recorded,
        )


def whole_front(
    face: Face,
    preferences: Preferences,
    facts: Facts,
    affected: Side,
    recorded: Collection[Movement] = MOVEMENTS,
) -> Front:
    """Return the front, that of what safety does not bar, and the lighter steps of both.

    Without the second one, a barred candidate could hide the next best that is not barred.

    Parameters
    ----------
    face : Face
        The face, prepared.
    preferences : Preferences
        Limits and weights.
    facts : Facts
        What is known.
    affected : Side
        The affected side.
    recorded : collection of Movement, optional
        What was recorded: where nobody can tell what a weaker muscle would cost, it is none to
        weaken.
    """
    allowed = [
        place
        for place in allowed_places(preferences, affected)
        if not _ruled_out(place, facts) and cost_unseen(GROUPS[place[1]], recorded) is None
    ]
    front = search_front(face, preferences, allowed)
    barred = {place for place in allowed if _barred(place, affected, facts)}
    if barred and len(barred) < len(allowed):
        free = search_front(face, preferences, [place for place in allowed if place not in barred])
        front = Front(
            _unique(np.concatenate([front.degree, free.degree])),
            max(front.resolution_mm, free.resolution_mm),
            front.evaluated + free.evaluated,
            tuple(sorted({*front.considered, *free.considered})),
        )
    return with_lighter(face, preferences, front)


def _ruled_out(place: Place, facts: Facts) -> bool:
    """Whether nothing shows that a muscle of the affected side moves wrongly: no map, no act."""
    if place[0] != 0 or facts.face is None:
        return False
    group = GROUPS[place[1]]
    answers = examined(group, facts)
    if answers:
        return not any(answers)
    return facts.face.wrong.get(group) is not True


def _barred(place: Place, affected: Side, facts: Facts) -> bool:
    """Whether safety bars weakening a place, whatever the means (toxin's own rules left out)."""
    of_muscles = {rule.id for rule in load_rules() if rule.muscles}
    target = target_of(place, affected)
    rules = check_safety(Means.BOTULINUM_TOXIN, [target], facts)
    return any(r.answer is Answer.BARRED and r.rule in of_muscles for r in rules)


def _unique(degree: NDArray[np.float64]) -> NDArray[np.float64]:
    """Drop repeated rows, the first one kept in its place."""
    seen: dict[bytes, int] = {}
    for index, row in enumerate(np.round(degree, 4)):
        seen.setdefault(row.tobytes(), index)
    return degree[sorted(seen.values())]


def _lid_weight(affected: Side, facts: Facts) -> tuple[RuleAnswer, ...]:
    target = (MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL, affected)
    return check_safety(Means.UPPER_LID_WEIGHT, [target], facts)


NARROWING = ("oral_ocular", "brow_ocular")


def closure_cells(wiring: Wiring, result: Measurement | None) -> tuple[ClosureCell, ...]:
    """Return the measured closure gaps that belong to a wiring.

    Parameters
    ----------
    wiring : Wiring
        Its source carries the gaps.
    result : Measurement or None
        The measurement that it was inferred from, if it was given: then its gaps.

    Raises
    ------
    UsageError
        The measurement is not one that the wiring was inferred from, or its sides are not
        confirmed.
    """
    measured = wiring.source.measurements
    if result is None:
        return tuple(cell for one in measured for cell in one.eye_closure)
    if not result.side_confirmed:
        raise UsageError(
            "The sides of the measurement are not confirmed",
            do="measure again with --mirrored yes or no",
        )
    if result.side_affected is not wiring.affected_side:
        here, there = (
            side.word if side else "none" for side in (wiring.affected_side, result.side_affected)
        )
        raise UsageError(
            "Wiring and measurement disagree on the affected side",
            expected=here,
            found=there,
            do="give the RESULT.json that `facewire wiring` was given, or infer the wiring again",
        )
    told = [one for one in measured if one.content_sha256 is not None]
    if told and not any(_is_of(one, result, wiring.source.subject) for one in told):
        raise UsageError(
            "The measurement is not one that this wiring was inferred from",
            do="give the RESULT.json that `facewire wiring` was given, or infer the wiring again",
        )
    return result.eye_closure


def _is_of(source: MeasuredFrom, result: Measurement, subject: str | None) -> bool:
    """Whether it is the measurement named; earlier versions hashed other values."""
    recording = result.provenance.source.sha256
    if source.content_sha256 == content_sha256(result):
        return True
    return recording is not None and (recording, subject, result.eye_closure) == (
        source.recording_sha256,
        result.subject,
        source.eye_closure,
    )


def inferred_facts(
    person: Person, rest: RestingFace | None = None
) -> Iterator[tuple[FactKey, Known]]:
    """Yield what wiring and rest say: the affected eye is narrow at rest, or a movement narrows it.

    They never say that an eye is not narrow.
    """
    if any(option.pattern in NARROWING for option in find_options(person, Facts(), None)):
        yield ("narrow_eye", person.affected), Known(value=True, source="inferred")
    if rest is not None and rest.says("eye") == "tight":
        yield ("narrow_eye", person.affected), Known(value=True, source="worked out")
