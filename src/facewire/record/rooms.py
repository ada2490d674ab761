"""Checks of rooms: asked for by a job, kept with room and date; the videos that are erased."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from facewire.record.jobs import ACTIVE, FAILED, ROOM, WAITING
from facewire.record.store import add
from facewire.record.tables import Job, Media, RoomCheck
from facewire.results.phantom import Phantom

ROOM_VIDEO = "room_video"
"""Kind of the media row of a healthy person's video; its id is that of the job."""
LONGEST_ROOM = 80


@dataclass(frozen=True)
class RoomAsked:
    """What is said of the video of a check.

    Parameters
    ----------
    room : str
        Room and camera, as the clinic calls them.
    on : date
        When it was filmed.
    mirrored : bool or None
        Whether the picture is mirrored.
    wording : str
        Version of the text that the person who was filmed agreed to.
    ending : str
        Of the file's name, such as ``.mp4``; the rest of it may be a person's name.
    """

    room: str
    on: date
    mirrored: bool | None
    wording: str
    ending: str

    @classmethod
    def of(cls, settings: dict[str, Any]) -> RoomAsked:
        """Return what the settings of a job say."""
        return cls(**settings | {"on": date.fromisoformat(settings["on"])})


def add_check_job(session: Session, job_id: str, asked: RoomAsked) -> Job:
    """Ask for the check of a room; its video is stored under the same id."""
    settings = asdict(asked) | {"on": asked.on.isoformat()}
    return add(session, Job(id=job_id, kind=ROOM, settings=settings, state=WAITING))


def add_check(session: Session, job_id: str, asked: RoomAsked, found: Phantom) -> RoomCheck:
    """Keep what a check found.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    job_id : str
        The job that made it.
    asked : RoomAsked
    found : Phantom
    """
    row = RoomCheck(job_id=job_id, room=asked.room, on=asked.on, wording=asked.wording)
    row.result = found.plain()
    return add(session, row)


def document_of_check(row: RoomCheck) -> Phantom:
    """Return what is kept of a check as the document that it is.

    Raises
    ------
    UsageError
        What is stored does not fit the document.
    """
    stored = json.dumps(row.result, ensure_ascii=False).encode()
    return Phantom.from_json(stored, f"The stored check {row.id}")


def checks(session: Session) -> Sequence[RoomCheck]:
    """Return the checks that hold, by the names of their rooms, the newest first."""
    return session.scalars(_holding().order_by(RoomCheck.room, *_NEWEST)).all()


def newest_check(session: Session, room: str) -> RoomCheck | None:
    """Return the newest check of a room that holds."""
    own = _holding().where(RoomCheck.room == room)
    return session.scalars(own.order_by(*_NEWEST).limit(1)).first()


def _holding() -> Select[RoomCheck]:
    return select(RoomCheck).where(RoomCheck.voided_at.is_(None))


_NEWEST = (RoomCheck.on.desc(), RoomCheck.created_at.desc())


def check_of(session: Session, job_id: str) -> RoomCheck | None:
    """Return what a job found; void or not, None before its end."""
    return session.scalars(select(RoomCheck).where(RoomCheck.job_id == job_id)).first()


def checked_rooms(session: Session) -> list[str]:
    """Return the names of the rooms that have a check, in order."""
    query = select(RoomCheck.room).where(RoomCheck.voided_at.is_(None))
    return list(session.scalars(query.distinct().order_by(RoomCheck.room)))


def unfinished_checks(session: Session, limit: int) -> Sequence[Job]:
    """Return the jobs of checks that wait, run or failed, the newest first."""
    query = select(Job).where(Job.kind == ROOM, Job.state.in_((*ACTIVE, FAILED)))
    return session.scalars(query.order_by(Job.created_at.desc()).limit(limit)).all()


def waiting_checks(session: Session) -> int:
    """Return how many checks wait or run."""
    query = select(func.count()).select_from(Job).where(Job.kind == ROOM, Job.state.in_(ACTIVE))
    return session.scalar(query) or 0


def is_a_patients(session: Session, sha256: str) -> bool:
    """Whether a file with these bytes is or was a patient's."""
    query = select(Media.id).where(Media.sha256 == sha256, Media.patient_id.is_not(None))
    return session.scalars(query.limit(1)).first() is not None


def videos_to_erase(session: Session) -> Sequence[Media]:
    """Return the videos of checks on which no job waits or goes on."""
    needed = select(Job.id).where(Job.kind == ROOM, Job.state.in_(ACTIVE))
    query = select(Media).where(
        Media.kind == ROOM_VIDEO, Media.erased_at.is_(None), Media.id.not_in(needed)
    )
    return session.scalars(query).all()
