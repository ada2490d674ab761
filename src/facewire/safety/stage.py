"""The stage of a palsy, with probabilities, and what it asks for: eye, time, function, synkinesis.

A face, zone by zone, gives the stage; months since the onset only say what is expected. A program
says what is likely, a clinician which stage it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, SMILES
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.files import packaged_table
from facewire.results.estimate import Estimate, Kind
from facewire.results.safety import Answer
from facewire.results.stage import CLEAR, Branch, RestingFace, Stage, StageChance, StageName, Zone
from facewire.results.wiring import SeenZone, Wiring, ZoneName
from facewire.safety.face import face_facts
from facewire.safety.facts import WEAKENED, FactKey, Facts, Known
from facewire.safety.person import Person
from facewire.safety.rest import find_rest
from facewire.safety.rules import answer_rule, load_rules
from facewire.wiring import total_mm
from facewire.wiring.observe import ZONES
from facewire.wiring.state import EYE, excursions, side_index
from facewire.words import mark

FloatArray = NDArray[np.float64]

STILL_SHARE = 0.3
"""A zone that moves less than this part of the other side does not move by itself: the healthy side
drags the mouth along, and lids fall when their levator lets go."""
STILL_EYE_SHARE = 0.6
"""The same for a closing eye, which its levator lets fall by itself."""
ALIKE_SHARE = 0.8
"""From here on a zone moves like the other side's."""
HELD_SHARE = 0.8
"""A smile under this part of the other side's, with a muscle that holds, may be held back."""
VIDEO_ALONE = 0.6
"""How far video alone is believed that a corner is held and not weak: no act was seen."""
FOUND = 0.98
"""Probability of synkinesis where the map or an edge shows it."""
UNCALLED = 0.3
"""What the largest probability of an edge counts where none is called: many edges are asked."""
TIGHT = 0.6
"""Probability of synkinesis where video shows a face tight at rest and nothing else: an eye is
narrow and a corner stands high for other reasons too."""
HANGING = 0.5
"""What is left of the chance that a corner is held back, where it hangs at rest."""
EARLY_MONTHS = 2.0
"""Synkinesis before this many months is unusual: a choice of this program, under what is seen."""
SETTLED_MONTHS = 6.0
"""Before this many months a weak face counts as recovering: toxin waits as long."""
SURE = 0.98
LIKELY = 0.5
"""A face that is more likely flaccid than not counts as flaccid for the rules, until a clinician
says which stage it is."""
LEAST_MM = 0.5

MOST_SHARE = 1.2
"""How far at most a zone moves, against the other side's, that nobody saw."""
UNWATCHED = 0.5
"""Least probability of synkinesis where it would not have been seen in some zone: not known."""
_HOLDERS = [GROUP_INDEX[g] for g in (MuscleGroup.DEPRESSOR_ANGULI_ORIS, MuscleGroup.PLATYSMA)]
_SMILE_ROWS = [MOVEMENTS.index(m) for m in SMILES]


@dataclass(frozen=True)
class _Chances:
    """What speaks for a stage, each a probability."""

    still: float
    part_still: float
    alike: float
    synkinesis: float
    held: float
    recovering: float


def find_stage(person: Person | None, facts: Facts, rest: RestingFace | None = None) -> Stage:
    """Return the stage of a face and what follows from it.

    Parameters
    ----------
    person : Person or None
        None where no side is affected.
    facts : Facts
        History, acts, and the stage itself where the clinician states it.
    rest : RestingFace or None
        What is known of the affected side at rest.

    Raises
    ------
    UsageError
        The face is stated to be healthy, and movement that does not belong there was found.
    """
    confirmed = _confirmed(facts)
    zones: dict[ZoneName, FloatArray] = {} if person is None else zones_of(person)
    if person is None:
        likely = {StageName.HEALTHY: 1.0}
        evidence = [mark("no side is affected")]
    else:
        found = _weigh(person, zones, facts, rest)
        if confirmed is StageName.HEALTHY and found.synkinesis == FOUND:
            raise UsageError(
                "The facts and the wiring contradict each other",
                expected="another stage, or none",
                found="stage healthy, and the map or the wiring shows movement that does not "
                f"belong there, affected side {person.affected.word}",
                do="state the stage as it is seen, or measure again",
            )
        likely, evidence = _stages(found, facts), list(_evidence(found, facts))
        evidence += [*_at_rest(rest), *_not_seen(person, found)]
    order = sorted(StageName, key=lambda name: -likely.get(name, 0.0))
    chances = tuple(StageChance(stage=n, probability=likely.get(n, 0.0)) for n in order)
    if confirmed and person and confirmed is not order[0]:
        evidence.append(mark("the clinician's stage is another than the measurement's: it counts"))
    found_stage = Stage(
        chances=chances,
        confirmed=confirmed,
        zones=tuple(_zone(name, draws) for name, draws in zones.items()),
        evidence=tuple(evidence),
        branches=(),
    )
    still = _still_zones(person, zones, confirmed)
    rows = tuple(_branches(found_stage.possible, person, facts, still))
    return found_stage.replaced(branches=rows)


def undecided_words(stage: Stage) -> str:
    """Say between which stages it is undecided; empty where it is told.

    Parameters
    ----------
    stage : Stage
    """
    if stage.taken is not None:
        return ""
    likely = {one.stage: round(100 * one.probability) for one in stage.chances}
    names = " or ".join(f"{one.replace('_', ' ')} ({likely[one]} %)" for one in stage.possible)
    return (
        f"The stage is undecided: {names}. What a treatment does rests on which it is; state it "
        "as a fact."
    )


def weakens(stage: Stage) -> bool:
    """Whether something is there to be weakened, whichever of the possible stages it is."""
    return set(stage.possible) <= set(WEAKENED)


def stage_facts(stage: Stage, facts: Facts) -> Iterator[tuple[FactKey, Known]]:
    """Yield what a stage says to the rules, where nobody stated it.

    Parameters
    ----------
    stage : Stage
    facts : Facts
        What was stated counts before.
    """
    if stage.confirmed is not None:
        return
    flaccid = {one.stage: one.probability for one in stage.chances}[StageName.FLACCID]
    if flaccid >= LIKELY and not facts.answers("flaccid_stage", None):
        yield ("flaccid_stage", None), Known(value=True, source="inferred")
    ready = set(stage.possible) & set(WEAKENED)
    if not ready or weakens(stage):
        yield ("stage_weakens", None), Known(value=bool(ready), source="inferred")


def stage_of_wiring(wiring: Wiring, known: Facts) -> Stage | None:
    """Return the stage of a wiring; None without a confirmed and affected side.

    Parameters
    ----------
    wiring : Wiring
    known : Facts
        With what the wiring says beside them.
    """
    if wiring.affected_side is None or not wiring.side_confirmed:
        return None
    person = Person.of(wiring)
    return find_stage(person, known, None if person is None else find_rest(person, known))


def staged_facts(wiring: Wiring, facts: Facts) -> Facts:
    """Return facts with what a wiring says beside them, its stage among it.

    Parameters
    ----------
    wiring : Wiring
    facts : Facts
        What is known otherwise.
    """
    known = face_facts(wiring, facts)
    stage = stage_of_wiring(wiring, known)
    return known if stage is None else known.with_answers(stage_facts(stage, known))


def _confirmed(facts: Facts) -> StageName | None:
    stated = facts.answers("stage", None)
    if stated:
        return StageName(str(stated[0].value))
    flaccid = any(one.value is True for one in facts.answers("flaccid_stage", None))
    return StageName.FLACCID if flaccid else None


def zones_of(person: Person) -> dict[ZoneName, FloatArray]:
    """Return how far each zone that was seen moves against the other side, shape (n,) each."""
    moved = excursions(total_mm(person.state)[None])[0]
    here, there = side_index(person.affected), side_index(person.affected.other)
    found = {}
    seen = {one.zone for one in seen_of(person) if one.moves}
    for zone, movements in ZONES.items():
        if zone not in seen:
            continue
        rows = [MOVEMENTS.index(m) for m in movements]
        own, other = moved[:, here][:, rows].mean(1), moved[:, there][:, rows].mean(1)
        found[zone] = own / np.maximum(other, LEAST_MM)
    return found


def seen_of(person: Person) -> tuple[SeenZone, ...]:
    """Return what could be seen of each zone; earlier versions tell it of the eye alone."""
    if person.wiring.zones:
        return person.wiring.zones
    fissure = person.state.rest_mm[:, side_index(person.affected), EYE]
    eye = bool(np.isfinite(fissure).all())
    return tuple(
        SeenZone(zone=zone, moves=eye or zone != "eye", goes_along=eye or zone != "eye")
        for zone in ZONES
    )


def _with_unseen(zones: dict[ZoneName, FloatArray], n: int) -> dict[ZoneName, FloatArray]:
    """Return the shares of all zones: one that nobody saw may move not at all or as the other."""
    spread = np.linspace(0.0, MOST_SHARE, n)
    return {
        zone: zones.get(zone, np.random.default_rng(place).permutation(spread))
        for place, zone in enumerate(ZONES)
    }


def _zone(name: ZoneName, draws: FloatArray) -> Zone:
    number = Estimate.from_draws(100.0 * draws, "%", Kind.INFERRED)
    return Zone(zone=name, **Zone.columns("share_percent", number))


def _weigh(
    person: Person, seen: dict[ZoneName, FloatArray], facts: Facts, rest: RestingFace | None
) -> _Chances:
    zones = _with_unseen(seen, person.state.draws)
    brow, mouth = zones["brow"] < STILL_SHARE, zones["mouth"] < STILL_SHARE
    still = brow & mouth & (zones["eye"] < STILL_EYE_SHARE)
    alike = np.all([draws >= ALIKE_SHARE for draws in zones.values()], axis=0)
    months = facts.answers("months_since_onset", None)
    recovering = 0.5 if not months else float(float(months[0].value) < SETTLED_MONTHS)
    return _Chances(
        still=float(still.mean()),
        part_still=float(((brow | mouth) & ~still).mean()),
        alike=float(alike.mean()),
        synkinesis=_synkinesis(person, rest),
        held=_held(person, zones["mouth"], facts, rest),
        recovering=recovering,
    )


def _synkinesis(person: Person, rest: RestingFace | None) -> float:
    model, side = person.wiring, person.affected
    wrong = [e for e in model.edges if e.kind == "wrong" and e.side is side]
    unions = [u for u in model.unions if u.side is side]
    seen = any(one.side is side for one in model.measured)
    if seen or any(e.present for e in wrong) or any(u.present for u in unions):
        return FOUND
    told = [e.probability or 0.0 for e in wrong] + [u.probability for u in unions]
    tight = [] if rest is None else [one for one in rest.parts if one.says == "tight"]
    if any(one.graded for one in tight):
        return FOUND
    watched = all(one.goes_along for one in seen_of(person))
    least = 0.0 if watched else UNWATCHED
    return max(UNCALLED * max(told, default=0.0), TIGHT if tight else 0.0, least)


def _held(person: Person, mouth: FloatArray, facts: Facts, rest: RestingFace | None) -> float:
    """Return how likely the corner is held back: an act tells, video alone hardly.

    A corner that stands high at rest speaks for it, one that hangs against it (Krag 2021).
    """
    block = [one.value for one in facts.answers("test_block_dao", None)]
    lesser = [one.value for one in facts.answers("corner_further_at_lesser_effort", None)]
    if "good" in block or True in lesser:
        return 0.95
    wrong = person.state.wrong[:, side_index(person.affected)][:, _SMILE_ROWS]
    pulls = wrong[..., _HOLDERS].max(axis=(1, 2)) >= 0.1
    seen = VIDEO_ALONE * float((pulls & (mouth < HELD_SHARE)).mean())
    corner = "untold" if rest is None else rest.says("corner")
    if corner == "tight":
        seen = max(seen, VIDEO_ALONE * float((mouth < HELD_SHARE).mean()))
    elif corner == "slack":
        seen *= HANGING
    return 0.1 * seen if "poor" in block else seen


def _stages(found: _Chances, facts: Facts) -> dict[StageName, float]:
    """Return the probability of each stage: flaccid first, what is left to the others."""
    moving = 1.0 - found.still
    wrong = moving * found.synkinesis
    clean = moving - wrong
    part = min(1.0, found.part_still / moving) if moving > 0 else 0.0
    held = (1.0 - part) * found.held
    weak = clean * (1.0 - found.alike)
    chances = {
        StageName.FLACCID: found.still,
        StageName.MIXED: wrong * part,
        StageName.RESTRICTED: wrong * held,
        StageName.SYNKINETIC: wrong * (1.0 - part) * (1.0 - found.held),
        StageName.EARLY_RECOVERY: weak * found.recovering,
        StageName.PARETIC: weak * (1.0 - found.recovering),
        StageName.HEALTHY: clean * found.alike,
    }
    said = facts.answers("early_after_surgery", None)
    healing = any(one.value is True and one.source == "stated" for one in said)
    if healing:
        chances = {name: (1.0 - SURE) * value for name, value in chances.items()}
    chances[StageName.POST_OPERATIVE] = SURE if healing else 0.0
    return chances


def _evidence(found: _Chances, facts: Facts) -> Iterator[str]:
    if found.still >= 0.5:
        yield mark("neither brow nor mouth of the affected side moves by itself")
    if found.part_still >= 0.5:
        yield mark("a zone of the affected side does not move by itself")
    if found.synkinesis == FOUND:
        yield mark("the map or the wiring shows movement that does not belong there")
    else:
        yield mark("no movement that does not belong there is sure")
    if found.held >= 0.5:
        yield mark("the corner of the mouth may be held back")
    months = facts.answers("months_since_onset", None)
    if not months and found.synkinesis != FOUND:
        yield mark(
            "the months since the onset are not known: early recovery and lasting weakness "
            "cannot be told apart"
        )
    if months and float(months[0].value) < EARLY_MONTHS and found.synkinesis == FOUND:
        yield mark(
            "synkinesis so soon after the onset is unusual (it is seen from about 12 weeks on): "
            "check the date, and ask for an earlier palsy"
        )


def _at_rest(rest: RestingFace | None) -> Iterator[str]:
    """Say what the affected side shows at rest; nothing where nobody saw it."""
    says = [] if rest is None else [one.says for one in rest.parts]
    if "tight" in says:
        yield mark("at rest the affected side is tight: eye, fold or corner")
    if "slack" in says:
        yield mark("at rest the affected side hangs: eye, fold or corner")


_MOVES_UNSEEN: dict[ZoneName, str] = {
    "brow": mark("the brow raise was not measured on both sides: whether the brow moves is open"),
    "eye": mark("gentle closure was not measured on both eyes: whether the eye closes is open"),
    "mouth": mark("the smile was not measured on both sides: whether the mouth moves is open"),
}
_ALONG_UNSEEN: dict[ZoneName, str] = {
    "brow": mark("the affected brow was not measured: synkinesis there would not have been seen"),
    "eye": mark("the affected eye was not measured: synkinesis there would not have been seen"),
    "mouth": mark("the affected mouth was not measured: synkinesis there would not have been seen"),
}


_MOVES_COVERED: dict[ZoneName, str] = {
    "brow": mark("the brow was covered: whether it moves is open"),
    "eye": mark("the eye was covered: whether it closes is open"),
    "mouth": mark("the mouth was covered: whether it moves is open"),
}
_ALONG_COVERED: dict[ZoneName, str] = {
    "brow": mark("the affected brow was covered: synkinesis there would not have been seen"),
    "eye": mark("the affected eye was covered: synkinesis there would not have been seen"),
    "mouth": mark("the affected mouth was covered: synkinesis there would not have been seen"),
}


def _not_seen(person: Person, found: _Chances) -> Iterator[str]:
    """Say what could not have been seen: what nobody saw is no sign of health."""
    for one in seen_of(person):
        if not one.moves:
            yield (_MOVES_COVERED if one.covered else _MOVES_UNSEEN)[one.zone]
        if not one.goes_along and found.synkinesis != FOUND:
            yield (_ALONG_COVERED if one.covered else _ALONG_UNSEEN)[one.zone]


def eye_may_be_open(person: Person, facts: Facts) -> bool:
    """Whether the affected eye does not surely close, by the rule that clears weakening it."""
    rule = next(one for one in load_rules() if one.id == "closure_gap")
    return answer_rule(rule, person.affected, facts).answer is not Answer.CLEARED


def _still_zones(
    person: Person | None, zones: dict[ZoneName, FloatArray], confirmed: StageName | None
) -> frozenset[ZoneName]:
    """Return the zones that were seen not to move by themselves: measured, or by a clinician.

    Who states that a face is flaccid has looked at all of it; a zone that was measured to move is
    none of them all the same.
    """
    limits = dict.fromkeys(ZONES, STILL_SHARE) | {"eye": STILL_EYE_SHARE}
    found = {zone for zone, draws in zones.items() if (draws < limits[zone]).mean() >= CLEAR}
    if person is not None and confirmed is StageName.FLACCID:
        found |= set(ZONES) - set(zones)
    return frozenset(found)


def _branches(
    possible: tuple[StageName, ...],
    person: Person | None,
    facts: Facts,
    still: frozenset[ZoneName],
) -> Iterator[Branch]:
    if person is None:
        return
    known = facts.answers("months_since_onset", None)
    months = float(known[0].value) if known else None
    open_eye = eye_may_be_open(person, facts)
    unseen = {one.zone for one in seen_of(person) if not one.moves} - still
    order: Sequence[str] = ("eye", "time", "function", "synkinesis")
    table = packaged_table("facewire.safety", "stages.toml")["branch"]
    rows = [row for row in table if set(possible) & set(row["stages"])]
    for row in sorted(rows, key=lambda one: order.index(one["about"])):
        if (row.get("open_eye") and not open_eye) or not _in_window(row, months):
            continue
        if "still" in row and not still & set(row["still"]):
            continue
        if "unseen" in row and not unseen & set(row["unseen"]):
            continue
        left = None
        if months is not None and "until_months" in row:
            left = max(0.0, row["until_months"] - months)
        asking = tuple(stage for stage in possible if stage in row["stages"])
        yield Branch(
            about=row["about"],
            text=row["text"],
            source=row["source"],
            status=row["status"],
            months_left=left,
            stages=() if asking == possible else asking,
        )


def _in_window(row: Mapping[str, Any], months: float | None) -> bool:
    """Whether a row's time has come and is not over; a dated one waits for a known onset."""
    if months is None:
        return not row.get("dated", False)
    over = row.get("ends", False) and months >= row["until_months"]
    return months >= row.get("from_months", 0) and not over
