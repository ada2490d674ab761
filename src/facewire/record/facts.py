"""Facts for the rules of safety, as far as a patient's record holds them up to a visit.

What comes out is a facts file, filled from the record, so that the rules of the commands and of the
app are the same. What the record does not hold stays unknown. A person's answer counts at the visit
at which it was given; at later ones only where it cannot have changed (``lasts`` in the table).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from facewire.errors import RecordError
from facewire.face import SIDES, Side
from facewire.record.clinical import findings_of, grades_of, history_of
from facewire.record.injections import TOXIN, treatments_of
from facewire.record.patients import age_years
from facewire.record.same_person import ids_of
from facewire.record.store import add, find, supersede, void
from facewire.record.tables import FactAnswer, History, TreatmentGiven, Visit
from facewire.results.wiring import ClinicianFinding
from facewire.safety.definitions import Value, fact_definitions
from facewire.safety.facts import PRODUCTS, FactKey, Facts, parse_facts
from facewire.words import mark

UNKNOWN = "unknown"
SET_BACK = "set back to not known"
"""Reason in the record; the audit trail is in English."""
ACTS = {"platysma": "neck_bands", "cheek_tightness": "cheek_tight"}
"""Findings of a visit that answer a fact about the affected side."""
RESTING = {"eye": "rest_eye", "cheek_nasolabial_fold": "rest_fold", "mouth": "rest_corner"}
"""Resting items of the Sunnybrook form, graded by eye at a visit, and the facts they answer."""
_DATES = ("visit_date", "onset_date")
_COMPLETE = "toxin_record_complete"
_LID_WEIGHT, _REMOVED = "upper_lid_weight", "lid_weight_removed"


@dataclass(frozen=True)
class RecordFacts:
    """A facts file filled from the record.

    Parameters
    ----------
    document : mapping
        As `facewire.safety.parse_facts` takes it.
    origins : mapping
        Where each fact stands in the record, in words.
    """

    document: Mapping[str, Any]
    origins: Mapping[FactKey, str]

    def facts(self) -> Facts:
        """Return them as the rules take them.

        Raises
        ------
        UsageError
            They contradict each other.
        """
        return parse_facts(self.document).with_origins(self.origins)

    def plain(self) -> dict[str, Any]:
        """Return them as JSON holds them."""
        table = {key: _text(value) for key, value in self.document["facts"].items()}
        given = [{k: _text(v) for k, v in row.items()} for row in self.document["toxin_given"]]
        origins = [[key, side, words] for (key, side), words in self.origins.items()]
        return {"facts": table, "toxin_given": given, "origins": origins}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> RecordFacts:
        """Return what `plain` wrote."""
        table = {k: _day(v) if k in _DATES else v for k, v in plain["facts"].items()}
        given = [row | {"date": _day(row["date"])} for row in plain["toxin_given"]]
        origins = {
            (key, None if side is None else Side(side)): words
            for key, side, words in plain["origins"]
        }
        return cls({"facts": table, "toxin_given": given}, origins)


@dataclass(frozen=True)
class Stated:
    """An answer of a person, with its place and its day.

    Parameters
    ----------
    value : bool, float or str
    at : datetime
        When it was entered.
    on : date
        On which day it was given.
    by : str
        Who answered; empty where it stands in the history.
    holds : bool
        Whether it counts at the visit asked about.
    here : bool
        Whether it was given at that visit itself.
    """

    value: Value
    at: datetime
    on: date
    by: str
    holds: bool
    here: bool = False

    @property
    def origin(self) -> str:
        """Where it stands, in words without a name."""
        return f"{'answer' if self.by else 'history'} of {self.on.isoformat()}"


def save_answer(
    session: Session, visit: Visit, place: FactKey, value: Value, *, by: str, on: date
) -> FactAnswer | None:
    """Store a person's answer; the former one of the same visit is superseded.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    place : (str, Side or None)
        The fact and its side.
    value : bool, float or str
        ``unknown`` takes an earlier answer of this visit back.
    by : str
        Who answers, in words.
    on : date

    Returns
    -------
    FactAnswer or None
        None where nothing changed.

    Raises
    ------
    UsageError
        There is no such fact, or it cannot have this value.
    RecordError
        Nobody is named.
    """
    key, side = place
    if not by.strip():
        raise RecordError("An answer names who gave it", expected="a name")
    checked = _checked(key, side, value)
    before = _own_answers(session, visit.id).get(place)
    if checked is None:
        return None if before is None else void(session, before, SET_BACK)
    same = before is not None and (before.value, before.answered_by) == (checked, by.strip())
    if same and before is not None and before.answered_on == on:
        return None
    row = FactAnswer(patient_id=visit.patient_id, visit_id=visit.id, fact=key, value=checked)
    row.side = None if side is None else str(side)
    row.answered_by, row.answered_on = by.strip(), on
    return add(session, row) if before is None else supersede(session, before, row)


def _checked(key: str, side: Side | None, value: Value) -> Value | None:
    entry = value if side is None else {side.word: value}
    known = parse_facts({"facts": {key: entry}}).answers(key, side)
    return known[0].value if known else None


def _own_answers(session: Session, visit_id: str) -> dict[FactKey, FactAnswer]:
    query = select(FactAnswer).where(
        FactAnswer.visit_id == visit_id, FactAnswer.voided_at.is_(None)
    )
    return {(row.fact, _side(row.side)): row for row in session.scalars(query)}


def answers_up_to(session: Session, visit: Visit) -> dict[FactKey, Stated]:
    """Return the newest answer to each fact up to a visit, whether it counts there or not.

    Parameters
    ----------
    session : Session
    visit : Visit
    """
    query = (
        select(FactAnswer, Visit.on)
        .join(Visit, Visit.id == FactAnswer.visit_id)
        .where(
            FactAnswer.patient_id.in_(ids_of(session, visit.patient_id)),
            FactAnswer.voided_at.is_(None),
            (Visit.on < visit.on) | (Visit.id == visit.id),
        )
        .order_by(Visit.on, FactAnswer.created_at)
    )
    found = dict(_of_history(session, visit))
    for row, _ in session.execute(query):
        place = (row.fact, _side(row.side))
        here = row.visit_id == visit.id
        holds = here or row.value in fact_definitions()[row.fact].lasts
        made = Stated(row.value, row.created_at, row.answered_on, row.answered_by, holds, here)
        if here or place not in found or found[place].on <= made.on:
            found[place] = made
    return found


def _of_history(session: Session, visit: Visit) -> Iterator[tuple[FactKey, Stated]]:
    """Yield the answers that the history holds, each with the day since which it stands there."""
    row = history_of(session, visit.patient_id)
    if row is None:
        return
    chain = _former(session, row)
    for name, value in row.facts.items():
        since = row
        for former in chain:
            if former.facts.get(name) != value:
                break
            since = former
        on = since.created_at.astimezone().date()
        key, _, side = name.partition("-")
        if on <= visit.on and key in fact_definitions():
            holds = on == visit.on or value in fact_definitions()[key].lasts
            yield (key, _side(side)), Stated(value, since.created_at, on, "", holds)


def _former(session: Session, row: History) -> list[History]:
    """Return the rows that a history replaced, the newest first."""
    found: list[History] = []
    one: History | None = row
    while one is not None and one.supersedes:
        one = find(session, History, one.supersedes)
        found += [] if one is None else [one]
    return found


def record_facts(session: Session, visit: Visit, affected: Side | None) -> RecordFacts:
    """Return what the record says of a patient on the day of a visit.

    Parameters
    ----------
    session : Session
    visit : Visit
    affected : Side or None
        As the measurement has it.
    """
    given = [row for row in treatments_of(session, visit.patient_id) if row.on <= visit.on]
    history = history_of(session, visit.patient_id)
    onset = None if history is None else history.onset_on
    courses = list(toxin_courses(given, onset))
    answered = {p: one for p, one in answers_up_to(session, visit).items() if one.holds}
    known = dict(_held(session, visit, affected, given, history))
    known |= {place: (one.value, one.origin) for place, one in answered.items()}
    # A list that nobody called whole says nothing about a side that is not in it.
    table: dict[str, Any] = {"visit_date": visit.on}
    table["toxin_list_complete"] = ("toxin_ever", None) in answered
    origins = {place: origin for place, (_, origin) in known.items()}
    if history is not None and onset is not None:
        table |= {"onset_date": onset, "onset_precision": history.onset_precision or "day"}
        origins["months_since_onset", None] = f"history, began {onset.isoformat()}"
    for (key, side), (value, _) in known.items():
        if side is None:
            table[key] = value
        else:
            table.setdefault(key, {})[side.word] = value
    for side in SIDES:
        days = [row["date"] for row in courses if row["side"] == side.word]
        if days:
            words = f"toxin of {max(days).isoformat()}"
            origins |= {(key, side): words for key in ("months_since_toxin", _COMPLETE)}
    return RecordFacts({"facts": table, "toxin_given": courses}, origins)


Held = tuple[FactKey, tuple[Value, str]]


def _held(
    session: Session,
    visit: Visit,
    affected: Side | None,
    given: Sequence[TreatmentGiven],
    history: History | None,
) -> Iterator[Held]:
    """Yield what follows from rows of the record, each with where it stands."""
    age = age_years(session, visit.patient_id, visit.on)
    if age is not None:
        yield ("age_years", None), (age, mark("date of birth"))
    toxin = [row.on for row in given if row.procedure == TOXIN]
    if toxin:
        yield ("toxin_ever", None), (True, f"toxin of {max(toxin).isoformat()}")
    earlier = [] if history is None else history.earlier_surgery
    yield from _lid_weights(given, earlier)
    if affected is None:
        return
    own = [row for row in given if row.side == affected]
    if own:
        words = f"{own[0].procedure.replace('_', ' ')} of {own[0].on.isoformat()}"
        yield ("affected_side_treated", None), (True, words)
    yield from _graded_at_rest(session, visit)
    for row in findings_of(session, visit.id):
        if row.name in ACTS and row.side in (affected, "both"):
            yield (ACTS[row.name], None), (row.degree > 0, f"finding of {visit.on.isoformat()}")


def _graded_at_rest(session: Session, visit: Visit) -> Iterator[Held]:
    """Yield what was graded by eye at rest; where clinicians do not agree it stays unknown."""
    found: dict[str, set[str]] = {}
    for row in grades_of(session, visit.id):
        resting = row.items.get("resting", {}) if row.scale == "sunnybrook" else {}
        for item, option in resting.items():
            if item in RESTING and isinstance(option, str):
                found.setdefault(RESTING[item], set()).add(option)
    for fact, options in found.items():
        if len(options) == 1:
            yield (
                (fact, None),
                (options.pop(), f"Sunnybrook at rest, visit of {visit.on.isoformat()}"),
            )


def _lid_weights(
    given: Sequence[TreatmentGiven], earlier: Sequence[Mapping[str, Any]]
) -> Iterator[Held]:
    """Yield whether a lid holds a weight; a side without an entry is not known."""
    for side in SIDES:
        here = (side, "both")
        acts = [
            (str(one.get("on", "")), str(one.get("procedure", "")))
            for one in earlier
            if one.get("side") in here
        ]
        acts += [(row.on.isoformat(), row.procedure) for row in given if row.side == side]
        own = sorted(one for one in acts if one[1] in (_LID_WEIGHT, _REMOVED))
        dated = [one for one in own if one[0]]
        if not own or (len(dated) < len(own) and len(own) > 1):
            continue
        on, what = own[-1]
        yield ("lid_weight", side), (what == _LID_WEIGHT, f"{what.replace('_', ' ')} {on}".strip())


def toxin_courses(given: Sequence[TreatmentGiven], onset: date | None) -> Iterator[dict[str, Any]]:
    """Yield toxin as a facts file lists it: one row for each session and side.

    Parameters
    ----------
    given : sequence of TreatmentGiven
    onset : date, optional
        A course before it was given for something else; it counts all the same. A product that the
        rules do not know by its name is an unknown one.
    """
    groups: dict[tuple[str, str], list[TreatmentGiven]] = {}
    for row in given:
        if row.procedure == TOXIN and row.side in set(SIDES):
            groups.setdefault((row.session_id, str(row.side)), []).append(row)
    for (_, side), rows in groups.items():
        course: dict[str, Any] = {"side": Side(side).word, "date": rows[0].on}
        units = [row.units for row in rows if row.units is not None]
        if rows[0].product in PRODUCTS:
            course["product"] = rows[0].product
        if len(units) == len(rows):
            course["units"] = math.fsum(units)
        if onset is not None and rows[0].on < onset:
            course["before_onset"] = True
        yield course


def visit_findings(
    session: Session, visit: Visit, affected: Side | None
) -> tuple[ClinicianFinding, ...]:
    """Return what was seen or felt at a visit as an inference takes it.

    Parameters
    ----------
    session : Session
    visit : Visit
    affected : Side or None
        Of the midline a finding counts for the affected side.
    """
    found = []
    for row in findings_of(session, visit.id):
        middle = () if affected is None else (affected,)
        sides = {"both": SIDES, "mid": middle}.get(row.side) or (Side(row.side),)
        if row.side == "mid" and affected is None:
            continue
        finding: Any = row.name
        found += [ClinicianFinding(finding=finding, grade=row.degree, side=s) for s in sides]
    return tuple(found)


def _side(word: str | None) -> Side | None:
    return Side(word) if word else None


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value
