"""Recordings and jobs as the interface and the pages show them."""

from __future__ import annotations

from datetime import datetime

from facewire.record.jobs import RUNNING, WAITING, newest_job, queue_before
from facewire.record.recordings import newest_measurement
from facewire.record.store import Session
from facewire.record.tables import Job, Recording
from facewire.web.api_models import JobShow, RecordingShow
from facewire.words import mark

TOLD_FROM = 0.05
"""Share of the work from which on its remaining time is told."""

STEP_WORDS = {
    "start": mark("Getting ready"),
    "track": mark("Following the face, picture by picture"),
    "measure": mark("Measuring each movement"),
    "report": mark("Writing the report"),
    "store": mark("Putting the result into the record"),
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
