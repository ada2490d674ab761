"""Uploads: begun, continued, finished once, removed for a reason."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import date, timedelta

import pytest

from facewire.clinic.new_upload import NewUpload, plain_name
from facewire.clinic.uploads import BLOCK_BYTES, UploadRules, unfinished
from facewire.errors import (
    ChecksumError,
    CueSheetError,
    DuplicateError,
    ForbiddenError,
    OffsetError,
    StorageError,
    UploadBusyError,
    UploadError,
    UploadTooLargeError,
    UsageError,
)
from facewire.record.audit import SYSTEM
from facewire.record.clinical import save_consent
from facewire.record.store import add
from facewire.record.tables import Job, Media, Patient, Recording, Upload, Visit
from upload_place import VIDEO, Place


@pytest.fixture
def place(queue_place: Place) -> Place:
    """Every test of uploads runs on SQLite and on PostgreSQL."""
    return queue_place


def _send(place: Place, upload: Upload, video: bytes = VIDEO) -> None:
    half = len(video) // 2
    place.uploads.receive(upload, 0, video[:half])
    place.uploads.receive(upload, half, video[half:])


def _count(place: Place, kind: type) -> int:
    with place.record.reading() as session:
        return session.query(kind).count()


def test_a_finished_upload_is_a_recording_that_waits(place: Place) -> None:
    upload = place.begin()
    _send(place, upload)
    recording = place.uploads.finish(upload, SYSTEM, hashlib.sha256(VIDEO).hexdigest())
    assert recording.state == "waiting"
    assert b"".join(place.media.read(str(recording.video_media_id))) == VIDEO
    assert place.uploads.parts.kept() == []
    with place.record.reading() as session:
        assert session.query(Job).one().recording_id == recording.id


def test_finishing_again_changes_nothing(place: Place) -> None:
    upload = place.begin()
    _send(place, upload)
    first = place.uploads.finish(upload, SYSTEM)
    assert place.uploads.finish(upload, SYSTEM).id == first.id
    assert (_count(place, Job), _count(place, Media)) == (1, 1)


def test_a_finish_that_was_cut_off_is_done_again(place: Place) -> None:
    upload = place.begin()
    _send(place, upload)
    place.media.write([b"half of it"], media_id=upload.id)
    recording = place.uploads.finish(upload, SYSTEM)
    assert b"".join(place.media.read(str(recording.video_media_id))) == VIDEO


def test_the_same_file_goes_on_where_it_stopped(place: Place) -> None:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO[:100])
    again = place.begin()
    assert again.id == upload.id
    assert place.uploads.parts.received(again.id) == 100


@pytest.mark.parametrize(("name", "video"), [("other.mp4", VIDEO), ("smile.mp4", VIDEO + b"x")])
def test_another_file_begins_anew(place: Place, name: str, video: bytes) -> None:
    assert place.begin().id != place.begin(video, name).id


def test_a_wrong_offset_is_refused_and_told(place: Place) -> None:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO[:100])
    with pytest.raises(OffsetError, match=r"Expected: offset 100\. Found: offset 50\."):
        place.uploads.receive(upload, 50, b"x")


def test_more_than_announced_is_refused(place: Place) -> None:
    upload = place.begin()
    with pytest.raises(OffsetError, match="More arrived than was announced"):
        place.uploads.receive(upload, 0, VIDEO + b"x")


def test_an_upload_with_a_missing_end_is_not_finished(place: Place) -> None:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO[:-1])
    with pytest.raises(OffsetError, match="not here whole"):
        place.uploads.finish(upload, SYSTEM)


def test_other_bytes_are_found_at_the_end(place: Place) -> None:
    upload = place.begin()
    _send(place, upload)
    with pytest.raises(ChecksumError, match="not what was sent"):
        place.uploads.finish(upload, SYSTEM, hashlib.sha256(b"else").hexdigest())
    assert _count(place, Media) == 0


def test_a_checksum_of_blocks_fits_too(place: Place) -> None:
    video = os.urandom(BLOCK_BYTES + 1000)
    upload = place.begin(video)
    _send(place, upload, video)
    blocks = [video[:BLOCK_BYTES], video[BLOCK_BYTES:]]
    row = b"".join(hashlib.sha256(block).digest() for block in blocks)
    place.uploads.finish(upload, SYSTEM, hashlib.sha256(row).hexdigest())
    assert _count(place, Media) == 1


def test_the_same_video_of_the_patient_is_named(place: Place) -> None:
    first = place.begin()
    _send(place, first)
    known = place.uploads.finish(first, SYSTEM)
    second = place.begin()
    _send(place, second)
    with pytest.raises(DuplicateError, match=f"the recording {known.id} of 20"):
        place.uploads.finish(second, SYSTEM)
    assert place.uploads.finish(second, SYSTEM, again=True).id != known.id


def test_a_video_of_another_patient_is_told_and_names_nobody(place: Place) -> None:
    """Sent for two people, it shows one of them."""
    first = place.begin()
    _send(place, first)
    place.uploads.finish(first, SYSTEM)
    with place.record.writing() as session:
        other = add(session, Patient(code="P-002"))
        visit = add(session, Visit(patient_id=other.id, on=date(2026, 3, 5), kind="in_person"))
        save_consent(session, other.id, "care", given=True, wording="care/1")
    second = replace(place, visit=visit).begin()
    _send(place, second)
    with pytest.raises(DuplicateError, match="in the record of another patient") as told:
        place.uploads.finish(second, SYSTEM)
    assert "P-001" not in str(told.value)
    assert place.uploads.finish(second, SYSTEM, again=True).patient_id == other.id


def test_a_removed_upload_leaves_a_void_recording(place: Place) -> None:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO[:100])
    place.uploads.remove(upload, SYSTEM)
    assert place.uploads.parts.kept() == []
    with place.record.reading() as session:
        assert session.query(Recording).one().void_reason == "the upload was removed"
        assert unfinished(session, place.visit.id) == []
    with pytest.raises(UploadError, match=r"This upload has ended.*Found: removed"):
        place.uploads.remove(upload, SYSTEM)


def test_an_abandoned_upload_is_removed_after_the_rule_and_not_before(place: Place) -> None:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO[:100])
    due = place.uploads.rules.removed_at(upload)
    assert due - upload.updated_at == timedelta(days=7)
    assert place.uploads.clean(due - timedelta(seconds=1)) == 0
    assert place.uploads.clean(due + timedelta(seconds=1)) == 1
    assert place.uploads.parts.kept() == []


def test_parts_nobody_knows_are_removed(place: Place) -> None:
    place.uploads.parts.add("f" * 32, 0, b"left by a crash")
    place.uploads.clean(place.record.moment())
    assert place.uploads.parts.kept() == []


def test_each_part_puts_the_end_off(place: Place) -> None:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO[:100])
    place.uploads.note_received(upload.id)
    with place.record.reading() as session:
        own = session.get_one(Upload, upload.id)
    assert own.received_bytes == 100
    assert own.updated_at > upload.updated_at


def test_one_request_at_a_time(place: Place) -> None:
    with place.uploads.alone("a"):
        with pytest.raises(UploadBusyError, match="under way"), place.uploads.alone("a"):
            pass
        with place.uploads.alone("b"):
            pass
    with place.uploads.alone("a"):
        pass


def test_too_large_a_video_is_refused_before_it_is_sent(place: Place) -> None:
    small = replace(place, uploads=replace(place.uploads, rules=UploadRules(largest_bytes=1000)))
    with pytest.raises(UploadTooLargeError, match="too large"):
        small.begin()


def test_too_little_room_is_told_before_it_is_sent(place: Place) -> None:
    parts = replace(place.uploads.parts, room_kept_bytes=2**62)
    full = replace(place, uploads=replace(place.uploads, parts=parts))
    with pytest.raises(StorageError, match="not enough room"):
        full.begin()
    assert _count(place, Recording) == 0


def test_with_a_passphrase_nothing_on_the_disk_is_readable(sealed_place: Place) -> None:
    video = b"a face that everybody knows" * 1000
    upload = sealed_place.begin(video)
    _send(sealed_place, upload, video)
    assert not _readable(sealed_place, b"everybody knows")
    recording = sealed_place.uploads.finish(upload, SYSTEM)
    assert not _readable(sealed_place, b"everybody knows")
    assert b"".join(sealed_place.media.read(str(recording.video_media_id))) == video


def _readable(place: Place, words: bytes) -> list[str]:
    files = [path for path in place.folder.path.rglob("*") if path.is_file()]
    return [path.name for path in files if words in path.read_bytes()]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("smile.mp4", "smile.mp4"),
        ("C:\\fakepath\\Smile.MOV", "Smile.MOV"),
        ("../../etc/a.mp4", "a.mp4"),
        ("a\x00\n.mp4", "a.mp4"),
    ],
)
def test_names_lose_their_folders(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize("name", ["", "report.pdf", "mp4", "video.mp4.exe"])
def test_other_files_are_refused_by_name(name: str) -> None:
    with pytest.raises(UsageError, match="not a video by its name"):
        plain_name(name)


def test_a_wrong_cue_sheet_is_refused_before_the_video_is_sent() -> None:
    with pytest.raises(CueSheetError, match="Row 1 of the cue sheet"):
        NewUpload("a.mp4", 1, "0" * 64, cues=[{"movement": "smile_open"}])


def test_without_consent_nothing_begins_and_nothing_ends(place: Place) -> None:
    upload = place.begin()
    _send(place, upload)
    with place.record.writing() as session:
        save_consent(session, place.visit.patient_id, "care", given=False, wording="care/1")
    with pytest.raises(ForbiddenError, match="without the patient's consent"):
        place.uploads.finish(upload, SYSTEM)
    with pytest.raises(ForbiddenError, match="without the patient's consent"):
        place.begin(VIDEO, "other.mp4")
    assert _count(place, Media) == 0
