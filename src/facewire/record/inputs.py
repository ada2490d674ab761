"""What a wiring, a plan or a forecast of a visit is computed from, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from facewire.errors import RecordError, UsageError
from facewire.face import SIDES, Side
from facewire.record.clinical import history_of
from facewire.record.facts import RecordFacts, record_facts, visit_findings
from facewire.record.injections import TOXIN, treatments_of
from facewire.record.recordings import newest_of_visit
from facewire.record.tables import Computed, Measurement, TreatmentGiven, Visit
from facewire.results.wiring import ClinicianFinding, ClinicianFindings
from facewire.treatment import MUSCLE_NAMES, PRODUCTS, TreatmentPlan
from facewire.treatment.plan import plan_from

PAST_DAYS = 365
"""Toxin that was given longer ago has worn off; it counts for the rules all the same."""
LONGEST_DAYS = 730
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Inputs:
    """What something is computed from.

    Parameters
    ----------
    measurement_id : str
    affected : Side or None
        As the measurement has it.
    on : date
        Day of the visit: day 0.
    facts : RecordFacts
        What the record says of the patient up to then.
    findings : tuple of ClinicianFinding
        What was seen or felt at the visit.
    past : tuple of mapping
        Toxin of the year before, as rows of a plan of treatments.
    settings : mapping
        What was asked for.
    more : mapping
        Ids and fingerprints of the documents that were read.
    """

    measurement_id: str
    affected: Side | None
    on: date
    facts: RecordFacts
    findings: tuple[ClinicianFinding, ...] = ()
    past: tuple[Row, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return them as they are stored."""
        values = {
            "measurement_id": self.measurement_id,
            "affected": self.affected,
            "on": self.on.isoformat(),
            "facts": self.facts.plain(),
            "findings": [one.model_dump(mode="json") for one in self.findings],
            "past": list(self.past),
            "settings": dict(self.settings),
            "more": dict(self.more),
        }
        return json.dumps(values, ensure_ascii=False, sort_keys=True)

    @classmethod
    def of(cls, text: str) -> Inputs:
        """Return what `text` wrote."""
        values = json.loads(text)
        found = ClinicianFindings.checked({"findings": values["findings"]}, "The stored findings")
        return cls(
            measurement_id=values["measurement_id"],
            affected=None if values["affected"] is None else Side(values["affected"]),
            on=date.fromisoformat(values["on"]),
            facts=RecordFacts.of(values["facts"]),
            findings=found.findings,
            past=tuple(values["past"]),
            settings=values["settings"],
            more=values["more"],
        )

    def plan(self) -> TreatmentPlan:
        """Return the treatments that were asked for, with the toxin before them.

        Raises
        ------
        UsageError
            They cannot be meant as they stand; the message says why.
        """
        timeline = {"start": self.on, "days": self.settings["days"]}
        rows = [dict(row) for row in (*self.past, *self.settings["treatments"])]
        return plan_from({"timeline": timeline, "treatment": rows}, self.affected)

    def changed(self, now: Inputs) -> tuple[str, ...]:
        """Return the names of what is other now: ``measurement``, ``findings``, or facts.

        Parameters
        ----------
        now : Inputs
            The same visit's, gathered now.
        """
        found = [] if self.measurement_id == now.measurement_id else ["measurement"]
        if self.findings != now.findings:
            found.append("findings")
        before, after = self.facts.plain(), now.facts.plain()
        keys = {*before["facts"], *after["facts"]}
        found += sorted(k for k in keys if before["facts"].get(k) != after["facts"].get(k))
        if before["toxin_given"] != after["toxin_given"]:
            found.append("toxin_given")
        return tuple(found)


def gather(session: Session, visit: Visit, settings: Mapping[str, Any] | None = None) -> Inputs:
    """Return what is computed from for a visit, as the record has it now.

    Parameters
    ----------
    session : Session
    visit : Visit
    settings : mapping, optional
        What is asked for.

    Raises
    ------
    RecordError
        The visit has no measurement.
    UsageError
        The history and the measurement name different sides, or both sides are affected.
    """
    measurement = newest_of_visit(session, visit.id)
    if measurement is None:
        raise RecordError(
            "This visit has no measurement",
            expected="a measured recording",
            do="record the face, or upload a video, and wait until it is measured",
        )
    affected = side_of(session, measurement)
    return Inputs(
        measurement_id=measurement.id,
        affected=affected,
        on=visit.on,
        facts=record_facts(session, visit, affected),
        findings=visit_findings(session, visit, affected),
        past=tuple(_past(treatments_of(session, visit.patient_id), visit.on)),
        settings=dict(settings or {}),
    )


def as_asked(inputs: Inputs, settings: Mapping[str, Any]) -> Inputs:
    """Return the same inputs with what is asked for."""
    return replace(inputs, settings=dict(settings))


def side_of(session: Session, measurement: Measurement) -> Side | None:
    """Return the affected side of a measurement that the history does not contradict.

    Raises
    ------
    UsageError
        The two differ, or the history says that both sides are affected.
    """
    found = measurement.result.get("side_affected")
    history = history_of(session, measurement.patient_id)
    said = None if history is None else history.side
    if said == "both":
        raise UsageError(
            "The history says that both sides are affected",
            expected="one affected side: options are for one",
            do="correct the history if one side alone is affected",
        )
    if said is not None and found is not None and said != found:
        raise UsageError(
            "The history and the measurement name different affected sides",
            expected="one affected side",
            found=f"{Side(said).word} in the history, {Side(found).word} in the measurement",
            do="correct the history, or measure again with the side that is right",
        )
    return None if found is None else Side(found)


def inputs_of(row: Computed) -> Inputs:
    """Return what a stored document was computed from."""
    return Inputs.of(row.inputs)


def _past(given: Sequence[TreatmentGiven], on: date) -> Iterator[Row]:
    """Yield toxin before a day as rows of a plan: one for each session, side and muscle."""
    groups: dict[tuple[str, str, str], list[TreatmentGiven]] = {}
    for row in given:
        usable = row.procedure == TOXIN and row.side in set(SIDES) and row.muscle in MUSCLE_NAMES
        if usable and on - timedelta(days=PAST_DAYS) <= row.on < on:
            place = (row.session_id, str(row.side), str(row.muscle))
            groups.setdefault(place, []).append(row)
    for (_, side, muscle), rows in groups.items():
        product = rows[0].product if rows[0].product in PRODUCTS else "unspecified"
        made: dict[str, Any] = {"kind": TOXIN, "side": side, "day": (rows[0].on - on).days}
        units = [row.units for row in rows if row.units is not None]
        if len(units) == len(rows):
            made["units"] = sum(units)
        yield made | {"muscle": muscle, "product": product, "sites": len(rows)}
