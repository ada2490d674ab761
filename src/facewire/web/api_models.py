"""What the programming interface takes and shows; what is sent and what is shown are two types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar, cast

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from facewire.record.jobs import RUNNING, WAITING, newest_job, queue_before
from facewire.record.recordings import newest_measurement
from facewire.record.store import Session
from facewire.record.tables import (
    Identity,
    Job,
    Measurement,
    Media,
    Patient,
    Recording,
    Upload,
    Visit,
)
from facewire.results.provenance import IrisDiameter
from facewire.web.settings import Limits
from facewire.words import mark

Row = TypeVar("Row")
Shown = TypeVar("Shown")
RowId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{32}$", examples=["5f0c6ad6e3de4f0e8d0d3c1a2b3c4d5e"])
]
PageNumber = Annotated[int, Query(ge=1, le=100_000, description="Page of the list, from 1.")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["9f86d081884c7d65" * 4])]
UploadState = Literal["open", "done", "removed", "abandoned"]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
Affected = Literal["L", "R", "none", "infer"]


class Sent(BaseModel):
    """What a caller sends: a field that is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[Shown]):
    """A page of a list, counted from 1, with how much there is in all."""

    items: list[Shown]
    page: int
    pages: int
    count: int


@dataclass(frozen=True)
class Rows(Generic[Row]):
    """Rows of one page, the page's number from 1, the number of pages and of all rows."""

    rows: Sequence[Row]
    page: int
    pages: int
    count: int

    def shown(self, show: Callable[[Row], Shown]) -> Page[Shown]:
        """Return the page with each row as it is shown."""
        items = [show(row) for row in self.rows]
        return Page(items=items, page=self.page, pages=self.pages, count=self.count)


def rows_of(found: tuple[Sequence[Row], int], page: int, limits: Limits) -> Rows[Row]:
    """Return one page that the record found, with the number of all rows there are."""
    rows, count = found
    return Rows(rows, page, max(1, -(-count // limits.page_rows)), count)


def slice_of(rows: Sequence[Row], page: int, limits: Limits) -> Rows[Row]:
    """Return one page of rows that are here already; a page after the last is empty."""
    size = limits.page_rows
    pages = max(1, -(-len(rows) // size))
    return Rows(rows[(page - 1) * size : page * size], page, pages, len(rows))


class PatientCreate(Sent):
    """A patient to add; a given or a family name is needed."""

    given_name: Annotated[str, Field(max_length=120, examples=["Maria"])] = ""
    family_name: Annotated[str, Field(max_length=120, examples=["Muster"])] = ""
    birth_date: date | None = Field(None, examples=["1970-01-01"])
    clinic_number: Annotated[str, Field(max_length=60)] | None = None
    contact: Annotated[str, Field(max_length=2000)] | None = None
    although_known: bool = Field(
        default=False, description="Add although a patient of the same name or number is there."
    )


class PatientShow(BaseModel):
    """A patient; the parts that say who are null where names are hidden."""

    id: RowId
    code: str = Field(description="The pseudonym that results carry.", examples=["K7Q-3XF"])
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    clinic_number: str | None
    last_visit_on: date | None

    @classmethod
    def of(cls, row: Patient, identity: Identity | None, last_visit_on: date | None) -> PatientShow:
        """Return a patient as shown; no identity where names are hidden."""
        return cls(
            id=row.id,
            code=row.code,
            given_name=None if identity is None else identity.given_name,
            family_name=None if identity is None else identity.family_name,
            birth_date=None if identity is None else identity.birth_date,
            clinic_number=None if identity is None else identity.clinic_number,
            last_visit_on=last_visit_on,
        )


class VisitCreate(Sent):
    """A visit to add."""

    on: date = Field(examples=["2026-03-04"])
    kind: Literal["in_person", "virtual", "home"] = "in_person"
    reason: Annotated[str, Field(max_length=2000)] | None = None


class VisitShow(BaseModel):
    """A visit."""

    id: RowId
    patient_id: RowId
    on: date
    kind: str
    reason: str | None

    @classmethod
    def of(cls, row: Visit) -> VisitShow:
        """Return a row as it is shown."""
        return cls(
            id=row.id, patient_id=row.patient_id, on=row.on, kind=row.kind, reason=row.reason
        )


class UploadCreate(Sent):
    """A video to send: its name, size and the SHA-256 of its first MiB."""

    name: Annotated[str, Field(min_length=1, max_length=400, examples=["smile.mp4"])]
    size_bytes: Annotated[int, Field(gt=0, le=2**53, examples=[48211034])]
    fingerprint: Sha256
    mirrored: bool | None = Field(
        None, description="Whether the picture is mirrored; without it the sides stay unconfirmed."
    )
    cues: list[dict[str, Any]] | None = Field(
        None, description="Rows of a cue sheet: what was asked of the patient and when."
    )


class UploadFinish(Sent):
    """The end of an upload."""

    checksum: Sha256 | None = Field(
        None,
        description="SHA-256 of the file, or of the SHA-256 (32 bytes each) of its blocks of "
        "4 MiB in a row.",
    )
    keep_both: bool = Field(
        default=False, description="Keep it although the patient has the same video already."
    )


class UploadShow(BaseModel):
    """An upload: how much of it is safely here, and until when it is kept without more."""

    id: RowId
    recording_id: RowId
    name: str
    size_bytes: int
    received_bytes: int
    state: UploadState
    removed_at: datetime | None

    @classmethod
    def of(cls, row: Upload, received: int, removed_at: datetime, name: str) -> UploadShow:
        """Return a row as it is shown.

        Parameters
        ----------
        row : Upload
            As stored.
        received : int
            Bytes that are safely here.
        removed_at : datetime
            When it is removed if nobody goes on; shown of one that is open.
        name : str
            The file's name as it may be shown.
        """
        return cls(
            id=row.id,
            recording_id=row.recording_id,
            name=name,
            size_bytes=row.size_bytes,
            received_bytes=received,
            state=cast("UploadState", row.state),
            removed_at=removed_at if row.state == "open" else None,
        )


class ProblemShow(BaseModel):
    """What stood in the way of a measurement: what, expected, found, and what to do."""

    code: str
    what: str
    expected: str = ""
    found: str = ""
    do: str = ""


class MeasureAsk(Sent):
    """What is said for a measurement; what is not said comes from the patient's record."""

    mirrored: bool | None = Field(
        None, description="Whether the picture is mirrored; kept with the recording."
    )
    affected: Affected | None = Field(
        None, description="The affected side, `none`, or `infer` to let the recording tell it."
    )
    iris_mm: IrisDiameter | None = Field(None, description="The patient's own iris diameter.")


class JobShow(BaseModel):
    """Work on a recording: how far it is and about how long it still takes."""

    id: RowId
    recording_id: RowId | None = Field(
        description="Null for the check of a room, and for what is computed for a visit."
    )
    state: JobState
    step: str | None
    share: Annotated[float, Field(ge=0, le=1)]
    before: int = Field(description="Jobs that are before it in the queue.")
    remaining_s: float | None = Field(description="About; null until it can be told.")
    attempts: int
    problem: ProblemShow | None
    measurement_id: RowId | None

    @classmethod
    def of(
        cls, row: Job, before: int, remaining_s: float | None, measurement_id: str | None
    ) -> JobShow:
        """Return a row as it is shown.

        Parameters
        ----------
        row : Job
            As stored.
        before : int
            Jobs before it in the queue.
        remaining_s : float, optional
            About how long it takes.
        measurement_id : str, optional
            What it made.
        """
        return cls(
            id=row.id,
            recording_id=row.recording_id,
            state=cast("JobState", row.state),
            step=row.step,
            share=row.share,
            before=before,
            remaining_s=remaining_s,
            attempts=row.attempts,
            problem=None if row.problem is None else ProblemShow(**row.problem),
            measurement_id=measurement_id,
        )


class RecordingShow(BaseModel):
    """A recording and what became of it."""

    id: RowId
    patient_id: RowId
    visit_id: RowId
    origin: str
    state: str
    started_at: datetime
    mirrored: bool | None
    has_video: bool
    problem: ProblemShow | None
    job_id: RowId | None
    measurement_id: RowId | None

    @classmethod
    def of(cls, row: Recording, job_id: str | None, measurement_id: str | None) -> RecordingShow:
        """Return a row as it is shown."""
        return cls(
            id=row.id,
            patient_id=row.patient_id,
            visit_id=row.visit_id,
            origin=row.origin,
            state=row.state,
            started_at=row.started_at,
            mirrored=row.mirrored,
            has_video=row.video_media_id is not None,
            problem=None if row.problem is None else ProblemShow(**row.problem),
            job_id=job_id,
            measurement_id=measurement_id,
        )


class FileShow(BaseModel):
    """A file of a measurement."""

    path: str
    size_bytes: int
    sha256: Sha256

    @classmethod
    def of(cls, row: Media) -> FileShow:
        """Return a row as it is shown."""
        return cls(path=row.name, size_bytes=row.size_bytes, sha256=row.sha256)


class MeasurementShow(BaseModel):
    """A measurement without its document."""

    id: RowId
    patient_id: RowId
    visit_id: RowId
    recording_id: RowId
    created_at: datetime
    software: str
    replaces: RowId | None

    @classmethod
    def of(cls, row: Measurement) -> MeasurementShow:
        """Return a row as it is shown."""
        return cls(
            id=row.id,
            patient_id=row.patient_id,
            visit_id=row.visit_id,
            recording_id=row.recording_id,
            created_at=row.created_at,
            software=row.software,
            replaces=row.supersedes,
        )


TOLD_FROM = 0.05
"""Share of the work from which on its remaining time is told."""

STEP_WORDS = {
    "start": mark("Getting ready"),
    "track": mark("Following the face, picture by picture"),
    "measure": mark("Measuring each movement"),
    "report": mark("Writing the report"),
    "store": mark("Putting the result into the record"),
    "check": mark("Drawing known changes into copies and measuring them"),
    "wiring": mark("Inferring the wiring"),
    "plan": mark("Comparing the options"),
    "forecast": mark("Simulating day by day"),
}


def show_recording(session: Session, row: Recording) -> RecordingShow:
    """Return a recording with its newest job and measurement."""
    job, measurement = newest_job(session, row.id), newest_measurement(session, row.id)
    return RecordingShow.of(
        row, None if job is None else job.id, None if measurement is None else measurement.id
    )


def show_job(session: Session, row: Job, now: datetime) -> JobShow:
    """Return a job with its place in the queue and about how long it still takes."""
    measurement = newest_measurement(session, row.recording_id or "")
    return JobShow.of(
        row,
        before=queue_before(session, row) if row.state == WAITING else 0,
        remaining_s=remaining_s(row, now),
        measurement_id=None if measurement is None else measurement.id,
    )


def remaining_s(row: Job, now: datetime) -> float | None:
    """Return about how many seconds a running job still takes, at the pace of this attempt."""
    if row.state != RUNNING or row.started_at is None or row.share < TOLD_FROM:
        return None
    elapsed = (now - row.started_at).total_seconds()
    return round(max(elapsed, 0.0) * (1 - row.share) / row.share, 1)
