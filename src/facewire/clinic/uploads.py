"""Uploads of videos: begun, continued after any interruption, finished once, or removed.

The sender says where it goes on; the app says how much it has. Nothing is acknowledged before it
is on the disk, and nothing that was acknowledged is asked for again.

A video on its way is removed for one of three reasons only: it was finished, its sender removed
it, or nothing arrived for `UploadRules.kept`. The page tells the date from the first day.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from facewire.clinic.new_upload import NewUpload
from facewire.clinic.upload_parts import PartStore
from facewire.errors import (
    ChecksumError,
    DuplicateError,
    OffsetError,
    UploadBusyError,
    UploadError,
    UploadTooLargeError,
)
from facewire.record.audit import SYSTEM, Actor
from facewire.record.clinical import require_care
from facewire.record.folder import DataFolder
from facewire.record.jobs import waiting_job
from facewire.record.media import MediaStore
from facewire.record.recordings import (
    ABANDONED,
    DONE,
    OPEN,
    REMOVED,
    note_received,
    open_upload_ids,
    open_uploads_before,
    same_video,
    unfinished,
)
from facewire.record.same_person import ids_of
from facewire.record.store import Record, Session, add, change, get, void
from facewire.record.tables import Media, Recording, Upload, Visit

VIDEO = "video"
TWIN = "twin"
"""In what is known of a recording that came: the one that has the same video."""
BLOCK_BYTES = 4 * 1024 * 1024
"""A browser hashes a file block by block: its checksum is that of the blocks' SHA-256 in a row."""

_ABANDONED = "the upload was not finished in time"
_REMOVED = "the upload was removed"


@dataclass(frozen=True)
class UploadRules:
    """What may be uploaded, and how long an unfinished upload is kept.

    Parameters
    ----------
    largest_bytes : int
        Largest video.
    kept : timedelta
        An upload of which nothing arrived for this long is removed.
    """

    largest_bytes: int = 4 * 1024**3
    kept: timedelta = timedelta(days=7)

    def removed_at(self, upload: Upload) -> datetime:
        """Return when an unfinished upload is removed if nothing more arrives."""
        return upload.updated_at + self.kept


@dataclass(frozen=True)
class Uploads:
    """Uploads of one app.

    Parameters
    ----------
    record, parts, media
        Where rows, parts and finished videos are.
    rules : UploadRules
    busy, lock
        Which uploads a request is working on now.
    """

    record: Record
    parts: PartStore
    media: MediaStore
    rules: UploadRules = UploadRules()
    busy: set[str] = field(default_factory=set, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @contextmanager
    def alone(self, upload_id: str) -> Iterator[None]:
        """Keep an upload to one request at a time.

        Raises
        ------
        UploadBusyError
            Another request holds it.
        """
        with self.lock:
            taken = upload_id in self.busy
            self.busy.add(upload_id)
        if taken:
            raise UploadBusyError(
                "Another transfer of this upload is under way",
                expected="one at a time",
                do="wait a moment, ask where to go on, and send from there",
            )
        try:
            yield
        finally:
            with self.lock:
                self.busy.discard(upload_id)

    def create(self, session: Session, visit: Visit, new: NewUpload, by: Actor) -> Upload:
        """Begin an upload, or return the unfinished one of the same file of this visit.

        Parameters
        ----------
        session : Session
            A transaction.
        visit : Visit
            Where the recording belongs.
        new : NewUpload
            What the sender says of the file.
        by : Actor
            Who sends it.

        Raises
        ------
        ForbiddenError
            The patient does not agree to be recorded.
        UploadTooLargeError
            The video is larger than the rule.
        StorageError
            There is not enough room for it.
        """
        if new.size_bytes > self.rules.largest_bytes:
            raise UploadTooLargeError(
                "The video is too large",
                expected=f"at most {self.rules.largest_bytes / 1e9:.1f} GB",
                found=f"{new.size_bytes / 1e9:.1f} GB",
                do="send a shorter video, or one of lower resolution",
            )
        known = _same_file(session, visit, new)
        return self.begin(session, visit, new, by) if known is None else known

    def begin(self, session: Session, visit: Visit, new: NewUpload, by: Actor) -> Upload:
        """Begin an upload, whatever was begun before.

        Parameters
        ----------
        session, visit, new, by
            As for `create`.

        Raises
        ------
        ForbiddenError
            The patient does not agree to be recorded.
        StorageError
            There is not enough room for it.
        """
        require_care(session, visit.patient_id)
        # Parts and finished video lie beside each other for a moment.
        self.parts.check_room(2 * new.size_bytes)
        now = self.record.moment()
        recording = add(session, _recording(visit, new, now))
        return add(session, _upload(recording, new, by, now))

    def receive(self, upload: Upload, offset: int, data: bytes) -> int:
        """Store what arrived and return where the sender goes on.

        Raises
        ------
        OffsetError
            The part does not begin where the last one ended, or goes past the end.
        StorageError
            It cannot be stored; what was stored before stays.
        """
        here = self.parts.received(upload.id)
        if offset != here:
            raise OffsetError(
                "The part does not begin where the last one ended",
                expected=f"offset {here}",
                found=f"offset {offset}",
                do="ask where to go on, and send from there",
            )
        if offset + len(data) > upload.size_bytes:
            raise OffsetError(
                "More arrived than was announced",
                expected=f"{upload.size_bytes} bytes",
                found=f"{offset + len(data)} bytes",
                do="remove this upload and send the video again",
            )
        return self.parts.add(upload.id, offset, data) if data else here

    def note_received(self, upload_id: str) -> None:
        """Write into the record how much is here and when it came."""
        received = self.parts.received(upload_id)
        with self.record.writing(by=SYSTEM) as session:
            note_received(session, upload_id, received, self.record.moment())

    def finish(
        self, upload: Upload, by: Actor, checksum: str | None = None, *, again: bool = False
    ) -> Recording:
        """Put the whole video into the record and ask for its measurement; once, however often.

        Parameters
        ----------
        upload : Upload
        by : Actor
        checksum : str, optional
            SHA-256 of the file, or of the row of SHA-256 of its blocks of 4 MiB; hexadecimal.
        again : bool
            Keep the video although the same one is there already.

        Raises
        ------
        ForbiddenError
            The patient withdrew the consent meanwhile.
        OffsetError
            Something is still missing.
        ChecksumError
            What arrived is not what was sent.
        DuplicateError
            The same video is there already, of this patient or of another one.
        """
        with self.record.reading() as session:
            recording = get(session, Recording, upload.recording_id)
            state = get(session, Upload, upload.id).state
            if state == DONE:
                return recording
            require_care(session, recording.patient_id)
        check_open(state)
        self._check_whole(upload)
        sha256 = _checked_sha256(self.parts.read(upload.id), checksum)
        if not again:
            self._refuse_duplicate(recording, sha256, by)
        return self._store(upload, recording, by)

    def remove(self, upload: Upload, by: Actor) -> None:
        """Remove an unfinished upload with its parts; its recording becomes void."""
        with self.record.writing(by=by) as session:
            own = get(session, Upload, upload.id)
            check_open(own.state)
            self._close(session, own, REMOVED, _REMOVED)
        self.parts.remove(upload.id)

    def clean(self, now: datetime) -> int:
        """Remove uploads of which nothing arrived for as long as the rule says; return how many."""
        with self.record.writing(by=SYSTEM) as session:
            abandoned = open_uploads_before(session, now - self.rules.kept)
            for upload in abandoned:
                self._close(session, upload, ABANDONED, _ABANDONED)
        with self.record.reading() as session:
            live = open_upload_ids(session)
        for upload_id in set(self.parts.kept()) - live - self.busy:
            self.parts.remove(upload_id)
        return len(abandoned)

    def _close(self, session: Session, upload: Upload, state: str, reason: str) -> None:
        change(session, upload, state=state, updated_at=self.record.moment())
        void(session, get(session, Recording, upload.recording_id), reason)

    def _check_whole(self, upload: Upload) -> None:
        here = self.parts.received(upload.id)
        if here != upload.size_bytes:
            raise OffsetError(
                "The video is not here whole",
                expected=f"{upload.size_bytes} bytes",
                found=f"{here} bytes",
                do="send the rest from there",
            )

    def _refuse_duplicate(self, recording: Recording, sha256: str, by: Actor) -> None:
        with self.record.reading() as session:
            twin = same_video(session, recording.patient_id, sha256)
            people = ids_of(session, recording.patient_id)
        if twin is None:
            return
        with self.record.writing(by=by) as session:
            own = get(session, Recording, recording.id)
            change(session, own, capture={**own.capture, TWIN: twin.id})
        of_patient = twin.patient_id in people
        raise DuplicateError(
            "The same video of this patient is in the record already"
            if of_patient
            else "The same video is in the record of another patient",
            expected="a video that is not there yet" if of_patient else "a video of this patient",
            found=f"the recording {twin.id} of {twin.started_at.date().isoformat()}"
            if of_patient
            else "one that was sent for somebody else",
            do="remove this upload, or keep both"
            if of_patient
            else "see which of the two it shows; remove this upload, or keep both",
        )

    def _store(self, upload: Upload, recording: Recording, by: Actor) -> Recording:
        # A finish that was killed may have left the file: the id is the upload's, so it is known.
        self.media.erase(upload.id)
        stored = self.media.write(self.parts.read(upload.id), media_id=upload.id)
        with self.record.writing(by=by) as session:
            add(session, _media(stored.id, stored.size_bytes, stored.sha256, upload, recording))
            own = get(session, Recording, recording.id)
            own = change(session, own, state="waiting", video_media_id=stored.id)
            own_upload = get(session, Upload, upload.id)
            change(session, own_upload, state=DONE, received_bytes=upload.size_bytes)
            add(session, waiting_job(own.id))
        self.parts.remove(upload.id)
        return own


def open_uploads(record: Record, media: MediaStore, folder: DataFolder) -> Uploads:
    """Return the uploads of a data folder; parts are sealed when a passphrase is set."""
    key = None if folder.keys is None else folder.keys.uploads
    return Uploads(record, PartStore(folder.path / "uploads", key), media)


def check_open(state: str) -> None:
    """Refuse an upload that has ended.

    Raises
    ------
    UploadError
        It is finished, or was removed.
    """
    if state != OPEN:
        raise UploadError("This upload has ended", expected="an upload that is open", found=state)


def _same_file(session: Session, visit: Visit, new: NewUpload) -> Upload | None:
    same = (new.name, new.size_bytes, new.fingerprint)
    for upload in unfinished(session, visit.id):
        if (upload.name, upload.size_bytes, upload.fingerprint) == same:
            return upload
    return None


def _checked_sha256(pieces: Iterable[bytes], checksum: str | None) -> str:
    whole, blocks, rest = hashlib.sha256(), hashlib.sha256(), b""
    for piece in pieces:
        whole.update(piece)
        rest += piece
        while len(rest) >= BLOCK_BYTES:
            blocks.update(hashlib.sha256(rest[:BLOCK_BYTES]).digest())
            rest = rest[BLOCK_BYTES:]
    if rest:
        blocks.update(hashlib.sha256(rest).digest())
    if checksum is not None and checksum not in (whole.hexdigest(), blocks.hexdigest()):
        raise ChecksumError(
            "What arrived is not what was sent",
            expected=f"SHA-256 {checksum[:12]}...",
            found=f"{whole.hexdigest()[:12]}...",
            do="remove this upload and send the video again",
        )
    return whole.hexdigest()


def _recording(visit: Visit, new: NewUpload, now: datetime) -> Recording:
    return Recording(
        patient_id=visit.patient_id,
        visit_id=visit.id,
        origin="upload",
        state="uploading",
        started_at=now,
        mirrored=new.mirrored,
        cues=None if new.cues is None else {"cues": new.cues},
    )


def _upload(recording: Recording, new: NewUpload, by: Actor, now: datetime) -> Upload:
    return Upload(
        recording_id=recording.id,
        account_id=by.account_id or "",
        name=new.name,
        size_bytes=new.size_bytes,
        fingerprint=new.fingerprint,
        state=OPEN,
        created_at=now,
        updated_at=now,
    )


def _media(
    media_id: str, size_bytes: int, sha256: str, upload: Upload, recording: Recording
) -> Media:
    return Media(
        id=media_id,
        patient_id=recording.patient_id,
        kind=VIDEO,
        name=upload.name,
        size_bytes=size_bytes,
        sha256=sha256,
    )
