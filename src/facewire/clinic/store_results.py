"""What a measurement made goes into the record: all of it in one step, or nothing.

Files are written first, under ids that follow from the job, its attempt and their names; rows that
name them come in one transaction with the end of the job. What a killed attempt left is known by
those ids and removed by the next one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facewire.errors import FacewireError
from facewire.record.audit import SYSTEM
from facewire.record.jobs import Claim, finish
from facewire.record.media import MediaStore, StoredMedia
from facewire.record.recordings import newest_measurement
from facewire.record.store import Record, Session, add, change, get, supersede
from facewire.record.tables import Measurement, Media, Recording
from facewire.results.measurement import Measurement as MeasurementDocument

RESULT, TRACK = "result.json", "track.parquet"
KINDS = {
    ".parquet": "table",
    ".json": "document",
    ".csv": "table",
    ".html": "report",
    ".jpg": "picture",
}
"""Kind of a media row by the ending of its file."""


class TakenOverError(FacewireError):
    """The job was cancelled, or somebody else has taken it over: nothing is stored."""


@dataclass(frozen=True)
class StoredFile:
    """A file of a measurement in the media folder: its path within the measurement."""

    path: str
    media: StoredMedia


def store_results(record: Record, media: MediaStore, claim: Claim, folder: Path) -> str:
    """Store the files and the result document of a measurement and end its job.

    Parameters
    ----------
    record, media
        Where it goes.
    claim : Claim
        The job.
    folder : Path
        As `facewire.pipeline.measure` filled it.

    Returns
    -------
    str
        Id of the measurement; ``files`` of its row names the media id of each path, such as
        ``frames/frames.json``.

    Raises
    ------
    TakenOverError
        The job is no longer ours.
    UsageError
        There is no result, or it is no measurement.
    StorageError, RecordError
        It cannot be stored; nothing is.
    """
    result = MeasurementDocument.read(folder / RESULT)
    files = [_write(media, claim, path, folder) for path in _paths(folder)]
    try:
        with record.writing(by=SYSTEM) as session:
            return _store_rows(session, claim, result, files)
    except FacewireError:
        for file in files:
            media.erase(file.media.id)
        raise


def keep_track(record: Record, media: MediaStore, claim: Claim, folder: Path) -> None:
    """Keep a finished track of a measurement that failed after it: following takes the longest.

    Parameters
    ----------
    record, media
        Where it goes.
    claim : Claim
        The job that failed.
    folder : Path
        Where the measurement stopped.
    """
    if not (folder / TRACK).is_file():
        return
    file = _write(media, claim, TRACK, folder)
    with record.writing(by=SYSTEM) as session:
        recording = get(session, Recording, claim.recording_id)
        if recording.track_media_id is None and recording.voided_at is None:
            add(session, _media_row(recording, file))
            change(session, recording, track_media_id=file.media.id)
            return
    media.erase(file.media.id)


def media_id_of(claim: Claim, attempt: int, path: str) -> str:
    """Return the id under which an attempt of a job stores a file."""
    return uuid.uuid5(uuid.UUID(claim.job_id), f"{attempt} {path}").hex


def _paths(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix in KINDS and not hidden and name != RESULT:
            yield name


def _write(media: MediaStore, claim: Claim, path: str, folder: Path) -> StoredFile:
    for attempt in range(1, claim.attempt + 1):
        media.erase(media_id_of(claim, attempt, path))
    with (folder / path).open("rb") as file:
        stored = media.write(file, media_id=media_id_of(claim, claim.attempt, path))
    return StoredFile(path, stored)


def _store_rows(
    session: Session, claim: Claim, result: MeasurementDocument, files: list[StoredFile]
) -> str:
    recording = get(session, Recording, claim.recording_id)
    if not finish(session, claim) or recording.voided_at is not None:
        raise TakenOverError("This measurement is no longer wanted")
    for file in files:
        add(session, _media_row(recording, file))
    listed = {file.path: file.media.id for file in files}
    new = Measurement(
        patient_id=recording.patient_id,
        visit_id=recording.visit_id,
        recording_id=recording.id,
        result=result.plain(),
        files=listed,
    )
    old = newest_measurement(session, recording.id)
    stored = add(session, new) if old is None else supersede(session, old, new)
    if TRACK in listed:
        change(session, recording, track_media_id=listed[TRACK])
    return stored.id


def _media_row(recording: Recording, file: StoredFile) -> Media:
    return Media(
        id=file.media.id,
        patient_id=recording.patient_id,
        kind=KINDS[Path(file.path).suffix],
        name=file.path,
        size_bytes=file.media.size_bytes,
        sha256=file.media.sha256,
    )
