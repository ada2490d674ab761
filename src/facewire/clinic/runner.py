"""Runs the queue beside the app: one measuring process for every two cores.

The measuring itself is in a process of its own (`measuring_process`), which sees one folder and
neither database nor key. Here its signs of life become those of the job, and what it leaves is
stored. Whatever it does, nothing here ends.

What a measurement made goes into the record all in one step, or not at all. Files are written
first, under ids that follow from the job, its attempt and their names; rows that name them come in
one transaction with the end of the job. What a killed attempt left is known by those ids and
removed by the next one. Of the check of a room the figures alone are kept; its video is erased.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from facewire.clinic.deciding import INPUTS, made_files, store_rows
from facewire.clinic.learner import Learner
from facewire.clinic.measuring import Measuring, prepare
from facewire.clinic.rooms import erase_videos
from facewire.clinic.uploads import Uploads
from facewire.clinic.worker import RESULTS
from facewire.errors import FacewireError, StorageError
from facewire.record.audit import SYSTEM
from facewire.record.folder import DataFolder
from facewire.record.inputs import Inputs
from facewire.record.jobs import (
    DECIDE,
    ROOM,
    Claim,
    active_ids,
    beat,
    fail,
    finish,
    give_back,
    is_needed_elsewhere,
    take,
)
from facewire.record.media import MediaStore, StoredMedia
from facewire.record.places import tidy
from facewire.record.recordings import newest_measurement
from facewire.record.rooms import RoomAsked, add_check
from facewire.record.store import Record, Session, add, change, get, supersede
from facewire.record.tables import Measurement, Media, Recording
from facewire.results.measurement import Measurement as MeasurementDocument
from facewire.results.phantom import Phantom

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


def store_check(record: Record, claim: Claim, folder: Path) -> None:
    """Store the figures of a room's check and end its job; nothing else of it is kept.

    Raises
    ------
    TakenOverError
        The job is no longer ours.
    UsageError
        There is no document, or it is no check.
    """
    from facewire.phantom import DOCUMENT

    found = Phantom.read(folder / DOCUMENT)
    with record.writing(by=SYSTEM) as session:
        if not finish(session, claim):
            raise TakenOverError("This check is no longer wanted")
        add_check(session, claim.job_id, RoomAsked.of(claim.settings), found)


def store_decided(record: Record, media: MediaStore, claim: Claim, folder: Path) -> None:
    """Store what was computed for a visit, with its inputs, and end its job.

    Parameters
    ----------
    record, media
        Where it goes.
    claim : Claim
        The job.
    folder : Path
        As the job was prepared; the documents lie in its ``results``.

    Raises
    ------
    TakenOverError
        The job is no longer ours.
    UsageError
        A document is missing, or is not what it should be.
    StorageError, RecordError
        It cannot be stored; nothing is.
    """
    out = folder / RESULTS
    inputs = Inputs.of((folder / INPUTS).read_text("utf-8"))
    files = {k: _write(media, claim, name, out) for k, name in made_files(claim, out).items()}
    try:
        with record.writing(by=SYSTEM) as session:
            if not finish(session, claim):
                raise TakenOverError("This computation is no longer wanted")
            store_rows(session, claim, inputs, {kind: one.media for kind, one in files.items()})
    except FacewireError:
        for file in files.values():
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


CLEAN_EVERY = timedelta(hours=1)
CORES_EACH = 2
"""One job at a time for every two cores."""


@dataclass(frozen=True)
class Pace:
    """How often the runner looks.

    Parameters
    ----------
    look_s : float
        Between two looks into an empty queue.
    beat_s : float
        Between two signs of life of a job; well below `facewire.record.jobs.STALE`.
    still_s : float
        A measurement that says nothing for this long is ended.
    """

    look_s: float = 1.0
    beat_s: float = 2.0
    still_s: float = 900.0


class JobRunner:
    """The queue's workers, started and stopped with the app.

    Parameters
    ----------
    record : Record
    folder : DataFolder
        Stored files, the working room, and what else is tidied.
    uploads : Uploads, optional
        Whose abandoned parts are removed every hour.
    pace : Pace
    learner : Learner, optional
        What the clinic's own patients taught, for forecasts.
    """

    def __init__(
        self,
        record: Record,
        folder: DataFolder,
        uploads: Uploads | None = None,
        pace: Pace | None = None,
        learner: Learner | None = None,
    ) -> None:
        self._record, self._folder, self._uploads = record, folder, uploads
        self._learner = learner
        self._media, self._room = folder.media(), folder.work()
        self._lanes = max(1, (os.cpu_count() or 1) // CORES_EACH)
        self._pace = pace or Pace()
        self._ending = threading.Event()
        self._wanted = threading.Event()
        self._threads: list[threading.Thread] = []
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def start(self) -> None:
        """Start the lanes; what an earlier run left in the working room is tidied."""
        self._room.clean(keep=self._in_progress())
        self._ending.clear()
        names = [f"facewire-job-{number}" for number in range(self._lanes)]
        self._threads = [threading.Thread(target=self._work, name=name) for name in names]
        self._threads.append(threading.Thread(target=self._tidy, name="facewire-tidy"))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the lanes; a running job goes back into the queue and continues at the next start."""
        self._ending.set()
        self._wanted.set()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def wake(self) -> None:
        """Say that there is a new job, so that it does not wait for the next look."""
        self._wanted.set()

    def run_one(self) -> bool:
        """Take one job and see it through; return whether there was one."""
        claim = take(self._record)
        if claim is None:
            return False
        # After a sleep of the computer a lane may still hold what another has taken over.
        with self._locks[claim.job_id]:
            self._see_through(claim)
        return True

    def _see_through(self, claim: Claim) -> None:
        try:
            self._measure(claim)
        except TakenOverError:
            self._room.remove(claim.job_id)
        except FacewireError as error:
            self._give_up(claim, error)
        except OSError as error:
            self._give_up(claim, _storage_error(error))
        if claim.kind == ROOM:
            self._quietly(self._erase_videos)

    def _give_up(self, claim: Claim, error: FacewireError) -> None:
        with suppress(FacewireError, OSError):
            folder = self._room.place(claim.job_id) / RESULTS
            keep_track(self._record, self._media, claim, folder)
        fail(self._record, claim, error)
        self._room.remove(claim.job_id)

    def _in_progress(self) -> Sequence[str]:
        with self._record.reading() as session:
            return active_ids(session)

    def _work(self) -> None:
        while not self._ending.is_set():
            if not self._quietly(self.run_one):
                self._wanted.wait(self._pace.look_s)
                self._wanted.clear()

    def _tidy(self) -> None:
        while not self._ending.is_set():
            self._quietly(self._clean_uploads)
            self._quietly(self._clean_places)
            self._quietly(self._erase_videos)
            self._ending.wait(CLEAN_EVERY.total_seconds())

    def _clean_places(self) -> bool:
        busy = () if self._uploads is None else tuple(self._uploads.busy)
        return tidy(self._folder, self._record, busy) > 0

    def _clean_uploads(self) -> bool:
        return self._uploads is not None and self._uploads.clean(self._record.moment()) > 0

    def _erase_videos(self) -> bool:
        coming = () if self._uploads is None else tuple(self._uploads.busy)
        with self._record.writing(by=SYSTEM) as session:
            erased = erase_videos(session, self._media, coming=coming)
        for job_id in erased:
            self._room.remove(job_id)
        return bool(erased)

    @staticmethod
    def _quietly(step: Callable[[], bool]) -> bool:
        """Go on when the record does not answer for a while; the next look tries again."""
        try:
            return step()
        except (FacewireError, OSError):
            return False

    def _measure(self, claim: Claim) -> None:
        folder = self._room.place(claim.job_id)
        with self._record.reading() as session:
            prepare(session, claim, self._media, folder, self._learner)
        with Measuring(folder) as measuring:
            if not self._watch(claim, measuring):
                return
        beat(self._record, claim, "store", 0.97)
        if claim.kind == ROOM:
            store_check(self._record, claim, folder / RESULTS)
        elif claim.kind == DECIDE:
            store_decided(self._record, self._media, claim, folder)
        else:
            store_results(self._record, self._media, claim, folder / RESULTS)
        self._room.remove(claim.job_id)

    def _watch(self, claim: Claim, measuring: Measuring) -> bool:
        """Pass on signs of life until the process ends; False when it goes on another time.

        That is when the app ends, or when a patient's job waits and this is the check of a room.
        """
        while not measuring.ended(self._pace.beat_s):
            gives_way = claim.kind == ROOM and is_needed_elsewhere(self._record)
            if gives_way or self._ending.is_set():
                measuring.kill()
                give_back(self._record, claim)
                return False
            if not beat(self._record, claim, *measuring.progress):
                raise TakenOverError("This measurement is no longer wanted")
            if time.monotonic() - measuring.said_at > self._pace.still_s:
                raise FacewireError("The measuring stands still", do="ask for it again")
        measuring.raise_problem()
        return True


def _storage_error(error: OSError) -> StorageError:
    return StorageError(
        "The measurement could not be kept",
        found=error.strerror or "",
        do="make room on the disk, then ask for it again",
    )
