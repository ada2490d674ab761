"""What a visit's measurement says about treatments: prepared, computed apart, stored with inputs.

The computing is in the process that measures, too (`compute`): it reads one folder and knows
neither database nor key. What it made goes into the record in one step with the end of its job.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from facewire.clinic.learner import Learner
from facewire.errors import RecordError
from facewire.files import private_folder, sha256_of, write_whole
from facewire.record.clinical import require_care
from facewire.record.deciding import FORECAST, KINDS, PLAN, WIRING, newest_computed
from facewire.record.inputs import Inputs, gather
from facewire.record.jobs import Claim
from facewire.record.media import MediaStore, StoredMedia
from facewire.record.recordings import document_of
from facewire.record.store import Session, add, find, get
from facewire.record.tables import Computed, Job, Measurement, Media, Visit
from facewire.results.document import Document

INPUTS, MEASURED, LEARNED = "inputs.json", "measured.json", "learned.json"
MADE = {PLAN: (WIRING, PLAN), FORECAST: (FORECAST,)}
"""What a job makes, by what it was asked for."""

Say = Callable[[str, float], None]


def file_of(kind: str) -> str:
    """Return the name of the file of a computed document."""
    return f"{kind}.json"


def prepare_deciding(
    session: Session,
    claim: Claim,
    media: MediaStore,
    folder: Path,
    learner: Learner | None = None,
) -> dict[str, Any]:
    """Put what is computed from into the folder and return what the process is told.

    Parameters
    ----------
    session : Session
        For reading.
    claim : Claim
    media : MediaStore
    folder : Path
    learner : Learner, optional
        What the clinic's own patients taught, for a forecast; where that is turned on.

    Raises
    ------
    ForbiddenError
        The patient withdrew the consent meanwhile.
    RecordError, UsageError
        There is no measurement, no wiring of it, or its side is contradicted.
    """
    from facewire.findings import complete
    from facewire.wiring import content_sha256

    visit = get(session, Visit, claim.visit_id)
    require_care(session, visit.patient_id)
    inputs = gather(session, visit, claim.settings)
    measured = complete(document_of(get(session, Measurement, inputs.measurement_id)))
    measured.write(folder / MEASURED)
    more = {"result_sha256": content_sha256(measured)}
    if claim.settings["of"] == FORECAST:
        wiring = wiring_of(session, visit.id, inputs.measurement_id)
        sha256 = get(session, Media, wiring.media_id).sha256
        media.copy_to(wiring.media_id, folder / file_of(WIRING), sha256=sha256)
        more |= {"wiring_id": wiring.id, "wiring_sha256": sha256}
        learned = learner.learned_for(session, visit.patient_id) if learner is not None else None
        if learned is not None:
            learned.write(folder / LEARNED)
            more["learned_sha256"] = sha256_of(folder / LEARNED)
    text = replace(inputs, more=more).text()
    write_whole(folder / INPUTS, [text.encode()], private=True)
    return {"decide": True}


def wiring_of(session: Session, visit_id: str, measurement_id: str) -> Computed:
    """Return the wiring that holds for a visit.

    Parameters
    ----------
    session : Session
    visit_id, measurement_id : str
        The visit, and its newest measurement.

    Raises
    ------
    RecordError
        There is none, or it is of an earlier measurement.
    """
    row = newest_computed(session, visit_id, WIRING)
    if row is None or row.measurement_id != measurement_id:
        raise RecordError(
            "The wiring of this measurement is not there",
            found="none" if row is None else "one of an earlier measurement",
            do="compute wiring and plan first",
        )
    return row


def compute(folder: Path, out: Path, say: Say) -> None:
    """Compute what was asked for: the wiring and the plan, or a forecast.

    Parameters
    ----------
    folder : Path
        As `prepare_deciding` left it.
    out : Path
        Where the documents go.
    say : callable
        Told what happens, and how much of it is done.

    Raises
    ------
    UsageError
        It cannot be computed; the message says why and what to do.
    """
    from facewire.results.measurement import Measurement as MeasurementDocument

    inputs = Inputs.of((folder / INPUTS).read_text("utf-8"))
    private_folder(out)
    if inputs.settings["of"] == FORECAST:
        say("forecast", 0.0)
        made = {FORECAST: _forecast(inputs, folder)}
    else:
        made = _plan(inputs, MeasurementDocument.read(folder / MEASURED), say)
    for kind, document in made.items():
        document.write(out / file_of(kind))


def _plan(inputs: Inputs, measured: Any, say: Say) -> dict[str, Document]:
    from facewire.plan import make_plan
    from facewire.safety import act_findings
    from facewire.wiring import infer_wiring

    say("wiring", 0.0)
    facts = inputs.facts.facts()
    findings = inputs.findings
    findings += act_findings(facts, measured.side_affected, findings)
    wiring = infer_wiring([measured], findings)
    say("plan", 0.0)
    return {WIRING: wiring, PLAN: make_plan(wiring, facts, result=measured)}


def _forecast(inputs: Inputs, folder: Path) -> Document:
    from facewire.results.learned import Learned
    from facewire.results.wiring import Wiring
    from facewire.treatment import forecast

    return forecast(
        Wiring.read(folder / file_of(WIRING)),
        inputs.plan(),
        facts=inputs.facts.facts(),
        simulate_barred=bool(inputs.settings.get("simulate_barred")),
        learned=Learned.read(folder / LEARNED) if "learned_sha256" in inputs.more else None,
    )


def made_files(claim: Claim, out: Path) -> dict[str, str]:
    """Return the files that a job has to leave, by their kind, each read and checked.

    Parameters
    ----------
    claim : Claim
    out : Path
        Where the job left them.

    Raises
    ------
    UsageError
        One is missing, or is not what it should be.
    """
    made = {kind: file_of(kind) for kind in MADE[claim.settings["of"]]}
    for kind, name in made.items():
        KINDS[kind].read(out / name)
    return made


def store_rows(
    session: Session, claim: Claim, inputs: Inputs, stored: dict[str, StoredMedia]
) -> None:
    """Put computed documents into the record, beside the end of their job.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    claim : Claim
    inputs : Inputs
    stored : mapping
        Stored files by kind.

    Raises
    ------
    RecordError
        The measurement was made void meanwhile.
    """
    visit = get(session, Visit, claim.visit_id)
    measurement = find(session, Measurement, inputs.measurement_id)
    if measurement is None or measurement.void_reason not in (None, "superseded"):
        raise RecordError("The measurement was made void meanwhile", do="look at the visit")
    asked_by = get(session, Job, claim.job_id).created_by
    for kind, media in stored.items():
        row = Media(id=media.id, patient_id=visit.patient_id, kind="document", name=file_of(kind))
        row.size_bytes, row.sha256 = media.size_bytes, media.sha256
        add(session, row)
        computed = Computed(patient_id=visit.patient_id, visit_id=visit.id, kind=kind)
        computed.measurement_id, computed.job_id = measurement.id, claim.job_id
        computed.inputs, computed.media_id = inputs.text(), row.id
        computed.created_by = asked_by
        add(session, computed)
