"""The check of a room: a healthy person's video comes, is measured by a job, and is erased.

The video lies in the media folder as long as its job waits or runs. Whoever ends the job erases
it; what a crash left, the runner's tidying does. Its row, its file and the job have one id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from facewire.clinic.uploads import Uploads
from facewire.errors import DuplicateError
from facewire.record.audit import Actor, record_of
from facewire.record.media import MediaStore
from facewire.record.rooms import (
    ROOM_VIDEO,
    RoomAsked,
    add_check_job,
    is_a_patients,
    videos_to_erase,
)
from facewire.record.store import Session, add, change
from facewire.record.tables import Media


def ask_check(
    uploads: Uploads, check_id: str, asked: RoomAsked, by: Actor, *, although_a_patients: bool
) -> None:
    """Store a video whose parts have all come, and ask for the check.

    Parameters
    ----------
    uploads : Uploads
        Whose parts hold the video.
    check_id : str
        Under which they lie.
    asked : RoomAsked
    by : Actor
        Who sent it.
    although_a_patients : bool
        Whether the same file may be a patient's.

    Raises
    ------
    DuplicateError
        The same file is a patient's: a check needs a healthy person.
    StorageError, VaultError
        The video cannot be stored.
    """
    record, digest, size_bytes = uploads.record, hashlib.sha256(), 0
    for piece in uploads.parts.read(check_id):
        digest.update(piece)
        size_bytes += len(piece)
    with record.writing(by=by) as session:
        if is_a_patients(session, digest.hexdigest()) and not although_a_patients:
            raise DuplicateError(
                "The same file is in the record as a patient's recording",
                expected="the recording of a healthy person",
                do="choose another video, or say that this person is healthy",
            )
        # Before the file, so that a crash leaves no file that nobody knows of.
        row = Media(id=check_id, kind=ROOM_VIDEO, name=f"room{asked.ending}")
        row.size_bytes, row.sha256 = size_bytes, digest.hexdigest()
        add(session, row)
    uploads.media.write(uploads.parts.read(check_id), media_id=check_id)
    with record.writing(by=by) as session:
        add_check_job(session, check_id, asked)
    uploads.parts.remove(check_id)


def erase_videos(session: Session, media: MediaStore, *, coming: Collection[str] = ()) -> list[str]:
    """Erase the videos of checks that ended; return the ids of their jobs.

    Parameters
    ----------
    session : Session
        A transaction.
    media : MediaStore
    coming : collection of str
        Checks that are being asked for just now.
    """
    ended = [row for row in videos_to_erase(session) if row.id not in coming]
    for row in ended:
        media.erase(row.id)
        change(session, row, erased_at=record_of(session).moment())
    return [row.id for row in ended]
