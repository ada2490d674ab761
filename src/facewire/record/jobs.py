"""The queue of work that outlives the page that asked for it, in the record's own table.

A job is taken by whoever runs it, who says every few seconds that it is still alive. One that has
been silent for `STALE` is taken again and goes on where its files left off. Every taking counts as
one attempt, and only the newest attempt may write: a computer that wakes from sleep cannot store
the work of a job that somebody else has taken over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, func, nulls_first, or_, select, update
from sqlalchemy.orm import Session, aliased

from facewire.errors import FacewireError, ForbiddenError, RecordError, parts_of
from facewire.record.audit import SYSTEM, record_of
from facewire.record.clinical import require_care
from facewire.record.store import Record, add, change
from facewire.record.tables import Job, Recording, Visit

MEASURE, ROOM, DECIDE = "measure", "room", "decide"
"""What a job does: measures a recording; checks a room, which has none; or computes for a measured
visit what the wiring, a plan or a forecast says."""
WAITING, RUNNING, FINISHED, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
ACTIVE = (WAITING, RUNNING)

STALE = timedelta(seconds=20)
"""A job that has said nothing for this long is taken again."""

PATIENCE = timedelta(seconds=5)
"""A patient's job that waits for longer finds nobody free: the check of a room gives way to it."""

MOST_ATTEMPTS = 4
"""A job that was stopped this often without an error of its own is not taken again."""


@dataclass(frozen=True)
class Claim:
    """A job that was taken: which one, for the how-manieth time, and what to do.

    ``recording_id`` is empty for the check of a room and for a visit, ``visit_id`` for all but it.
    """

    job_id: str
    attempt: int
    recording_id: str
    settings: dict[str, Any]
    kind: str = MEASURE
    visit_id: str = ""


def waiting_job(recording_id: str, settings: dict[str, Any] | None = None) -> Job:
    """Return a new row that asks for a measurement.

    Parameters
    ----------
    recording_id : str
        What to measure.
    settings : dict, optional
        What was chosen by hand: ``affected`` (``L``, ``R``, ``none`` or ``infer``), ``iris_mm``.
        What is not chosen comes from the patient's record.
    """
    return Job(
        kind=MEASURE, recording_id=recording_id, settings=dict(settings or {}), state=WAITING
    )


def ask(session: Session, recording: Recording, settings: dict[str, Any] | None = None) -> Job:
    """Ask for the measurement of a recording, again or for the first time.

    Returns
    -------
    Job
        The new one, or the one that is waiting or running.

    Raises
    ------
    ForbiddenError
        The patient does not agree to be measured.
    RecordError
        The recording is void, or there is nothing to measure.
    """
    active = active_job(session, recording.id)
    if active is not None:
        return active
    nothing = recording.video_media_id is None and recording.track_media_id is None
    if nothing or recording.voided_at is not None:
        raise RecordError(
            "This recording cannot be measured",
            expected="a recording with a stored video or track",
            found="a void one" if recording.voided_at else "neither",
        )
    require_care(session, recording.patient_id)
    change(session, recording, state="waiting", problem=None)
    return add(session, waiting_job(recording.id, settings))


def ask_to_decide(session: Session, visit: Visit, settings: dict[str, Any]) -> Job:
    """Ask for what the measurement of a visit says about treatments.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    settings : dict
        ``of``: ``plan``, the wiring and the plan; or ``forecast``, with ``treatments`` (the table
        of a plan of treatments, dates as text) and ``simulate_barred``.

    Returns
    -------
    Job
        The new one; or the same that is waiting or running.

    Raises
    ------
    ForbiddenError
        The patient does not agree to be measured.
    """
    require_care(session, visit.patient_id)
    for job in deciding_jobs(session, visit.id):
        if job.state in ACTIVE and job.settings == settings:
            return job
    return add(session, Job(kind=DECIDE, visit_id=visit.id, settings=settings, state=WAITING))


def deciding_jobs(session: Session, visit_id: str) -> Sequence[Job]:
    """Return the jobs that computed something for a visit, the newest first."""
    query = select(Job).where(Job.visit_id == visit_id, Job.kind == DECIDE)
    return session.scalars(query.order_by(Job.created_at.desc())).all()


def active_job(session: Session, recording_id: str) -> Job | None:
    """Return the job of a recording that is waiting or running."""
    query = select(Job).where(Job.recording_id == recording_id, Job.state.in_(ACTIVE))
    return session.scalars(query).first()


def newest_job(session: Session, recording_id: str) -> Job | None:
    """Return the job of a recording that was asked for last."""
    query = select(Job).where(Job.recording_id == recording_id).order_by(Job.created_at.desc())
    return session.scalars(query).first()


def take(record: Record) -> Claim | None:
    """Take a job that waits or has been silent for too long; None when there is none.

    The turn goes round: of all accounts that wait it is the one whose last job began longest ago,
    and of its jobs the oldest. Checks of rooms come after all work for patients.
    """
    now = record.moment()
    with record.reading() as session:
        if session.scalars(_ready(now)).first() is None:
            return None
    with record.writing(by=SYSTEM) as session:
        job = session.scalars(_ready(now).with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _end(session, job, FAILED, _stopped_too_often(job.attempts))
            return None
        change(
            session,
            job,
            state=RUNNING,
            attempts=job.attempts + 1,
            beat_at=now,
            started_at=now,
            problem=None,
        )
        _mark_recording(session, job.recording_id, "measuring")
        settings = dict(job.settings)
        recording_id, visit_id = job.recording_id or "", job.visit_id or ""
        return Claim(job.id, job.attempts, recording_id, settings, job.kind, visit_id)


def beat(record: Record, claim: Claim, step: str, share: float) -> bool:
    """Say that a job is alive and how far it is.

    Parameters
    ----------
    record : Record
        Where the job stands.
    claim : Claim
        The job, and which attempt it is.
    step : str
        What happens now.
    share : float
        How much of it is done, 0 to 1.

    Returns
    -------
    bool
        False when the job is no longer ours, or was ended because the patient no longer agrees.
    """
    with record.writing(by=SYSTEM) as session:
        done = session.execute(
            update(Job)
            .where(*_ours(claim))
            .values(beat_at=record.moment(), step=step, share=min(max(share, 0.0), 1.0))
        )
        ours = isinstance(done, CursorResult) and done.rowcount == 1
        return ours and not _ended_by_withdrawal(session, session.get_one(Job, claim.job_id))


def _ended_by_withdrawal(session: Session, job: Job) -> bool:
    """End a job on a patient who withdrew consent to care since it was asked for; say so."""
    recording = session.get(Recording, job.recording_id) if job.recording_id else None
    of = recording or (session.get(Visit, job.visit_id) if job.visit_id else None)
    if of is None:
        return False
    try:
        require_care(session, of.patient_id)
    except ForbiddenError as error:
        _end(session, job, FAILED, error)
        return True
    return False


def finish(session: Session, claim: Claim) -> bool:
    """Mark a job as done inside the transaction that stores its results; False: not ours."""
    job = session.scalars(select(Job).where(*_ours(claim)).with_for_update()).first()
    if job is None:
        return False
    _end(session, job, FINISHED, None)
    return True


def fail(record: Record, claim: Claim, error: FacewireError) -> None:
    """Keep what stood in the way, in its four parts, with the job and its recording."""
    with record.writing(by=SYSTEM) as session:
        job = session.scalars(select(Job).where(*_ours(claim))).first()
        if job is not None:
            _end(session, job, FAILED, error)


def give_back(record: Record, claim: Claim) -> None:
    """Put a job back into the queue: the app ends, or it gives way. This is no failed attempt."""
    with record.writing(by=SYSTEM) as session:
        job = session.scalars(select(Job).where(*_ours(claim))).first()
        if job is not None:
            change(session, job, state=WAITING, attempts=job.attempts - 1, beat_at=None)
            _mark_recording(session, claim.recording_id, "waiting")


def cancel(session: Session, job: Job) -> Job:
    """Stop a job; whoever runs it sees it at its next sign of life.

    Raises
    ------
    RecordError
        It has ended already.
    """
    own = session.get_one(Job, job.id)
    if own.state not in ACTIVE:
        raise RecordError(
            "This job has ended", expected="a job that waits or runs", found=own.state
        )
    _end(session, own, CANCELLED, None)
    return own


def active_ids(session: Session) -> Sequence[str]:
    """Return the jobs that wait or run."""
    return session.scalars(select(Job.id).where(Job.state.in_(ACTIVE))).all()


def queue_before(session: Session, job: Job) -> int:
    """Return how many jobs come before this one if no more are asked for, the running included."""
    served = _served().label("served")
    waiting = session.execute(
        select(Job.id, Job.created_by, Job.kind == ROOM, Job.created_at, served)
        .where(Job.state == WAITING)
        .order_by(Job.created_at)
    ).all()
    running = session.scalar(select(func.count()).where(Job.state == RUNNING)) or 0
    # The turns are played forward: whoever's job is taken comes last of the accounts that wait.
    never = datetime.min.replace(tzinfo=UTC)
    last = {row.created_by: (0, row.served or never) for row in waiting}
    left = [(row.id, row.created_by, bool(row[2]), row.created_at) for row in waiting]
    for turn in range(1, len(left) + 1):
        first = min(left, key=lambda one: (one[2], last[one[1]], one[3]))
        if first[0] == job.id:
            return running + turn - 1
        left.remove(first)
        last[first[1]] = (turn, never)
    return running


def is_needed_elsewhere(record: Record) -> bool:
    """Whether a patient's job waits for longer than `PATIENCE`."""
    since = record.moment() - PATIENCE
    query = select(Job.id).where(Job.kind != ROOM, Job.state == WAITING, Job.created_at < since)
    with record.reading() as session:
        return session.scalars(query.limit(1)).first() is not None


_RECORDING_STATES = {FINISHED: "measured", FAILED: "failed", CANCELLED: "uploaded"}


def _end(session: Session, job: Job, state: str, error: FacewireError | None) -> None:
    problem = None if error is None else parts_of(error)
    moment = record_of(session).moment()
    share = 1.0 if state == FINISHED else job.share
    change(session, job, state=state, problem=problem, ended_at=moment, share=share)
    _mark_recording(session, job.recording_id, _RECORDING_STATES[state], problem)


def _mark_recording(
    session: Session, recording_id: str | None, state: str, problem: dict[str, str] | None = None
) -> None:
    if not recording_id:
        return
    recording = session.get_one(Recording, recording_id)
    if recording.voided_at is None:
        change(session, recording, state=state, problem=problem)


def _ready(now: datetime) -> Any:
    silent = (Job.state == RUNNING) & (Job.beat_at < now - STALE)
    query = select(Job).where(or_(Job.state == WAITING, silent))
    return query.order_by(Job.kind == ROOM, nulls_first(_served()), Job.created_at).limit(1)


def _served() -> Any:
    """When the newest job of a job's account began."""
    other = aliased(Job)
    newest = select(func.max(other.started_at))
    return newest.where(other.created_by.is_not_distinct_from(Job.created_by)).scalar_subquery()


def _ours(claim: Claim) -> tuple[Any, ...]:
    return (Job.id == claim.job_id, Job.attempts == claim.attempt, Job.state == RUNNING)


def _stopped_too_often(attempts: int) -> FacewireError:
    return FacewireError(
        "The measuring was stopped again and again",
        expected="one run to the end",
        found=f"{attempts} runs that ended without a word",
        do="check memory and disk of this computer, then ask for the measurement again",
    )
