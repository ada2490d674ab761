"""A session's end in the record: rows, stored files, a measurement that is due."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from camera_pictures import numbered
from facewire.clinic.live import service as module
from facewire.clinic.live.finishing import Finished
from facewire.clinic.live.room import Room
from facewire.clinic.live.service import LiveSessions
from facewire.errors import ForbiddenError, RecordError, StorageError, UsageError
from facewire.record.audit import SYSTEM
from facewire.record.clinical import save_consent
from facewire.record.store import void
from facewire.record.tables import Job, Media, Recording
from facewire.record.work import LIVE_NAME
from upload_place import Place

CUES = [
    {
        "movement": "smile_open",
        "repetition": 1,
        "start_s": 1.0,
        "onset_end_s": 1.5,
        "offset_start_s": 2.5,
        "end_s": 3.0,
    }
]


class Jobs:
    """Notes that it was woken."""

    woken = 0

    def wake(self) -> None:
        self.woken += 1


class Desk:
    """Live sessions over a data folder, with one recording begun."""

    def __init__(self, place: Place) -> None:
        self.place, self.jobs = place, Jobs()
        self.sessions = LiveSessions(place.record, place.media, place.folder, self.jobs)
        with place.record.writing(by=SYSTEM) as session:
            self.recording = self.sessions.create(session, place.visit, "short", keep_video=False)

    def finish(self, monkeypatch: pytest.MonkeyPatch, *, video: bool) -> Room:
        async def made(room: Room, *, keep_video: bool) -> Finished:
            track, film = room.work / "track.parquet", room.work / "session.mkv"
            track.write_bytes(b"points")
            film.write_bytes(b"pictures")
            kept = film if keep_video else None
            return Finished(track, kept, CUES, {"complete": True}, {"pictures": 3})

        async def whole() -> Room:
            room = await self.sessions.open(self.recording)
            for picture in numbered(3):
                room.pictures.add(picture)
            try:
                await self.sessions.finish(room, video, SYSTEM)
            finally:
                await self.sessions.stop()
            return room

        monkeypatch.setattr(module, "finish_session", made)
        return asyncio.run(whole())

    def row(self) -> Recording:
        with self.place.record.reading() as session:
            return session.get_one(Recording, self.recording.id)

    def kinds(self) -> list[str]:
        with self.place.record.reading() as session:
            return sorted(session.scalars(select(Media.kind)))


@pytest.fixture
def desk(place: Place) -> Desk:
    return Desk(place)


@pytest.mark.slow
@pytest.mark.parametrize(("video", "kinds"), [(False, ["track"]), (True, ["track", "video"])])
def test_the_end_stores_files_and_asks_for_a_measurement(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, video: bool, kinds: list[str]
) -> None:
    room = desk.finish(monkeypatch, video=video)
    row = desk.row()
    assert desk.kinds() == kinds
    assert (row.video_media_id is not None) is video
    assert row.state == "waiting"
    assert row.cues == {"cues": CUES}
    assert row.capture == {"pictures": 3, "session": {"complete": True}}
    with desk.place.record.reading() as session:
        assert session.scalars(select(Job.recording_id)).all() == [row.id]
    assert desk.jobs.woken == 1
    assert not room.folder.exists()
    assert not room.work.exists()


def _left_open(place: Place) -> list[str]:
    """Return the recordings whose pictures wait to be continued or finished."""
    return sorted(path.name for path in (place.folder.path / LIVE_NAME).iterdir())


def test_the_pictures_of_a_sealed_folder_are_sealed(sealed_place: Place) -> None:
    desk = Desk(sealed_place)

    async def whole() -> Path:
        room = await desk.sessions.open(desk.recording)
        room.pictures.add(numbered(1)[0])
        await desk.sessions.stop()
        return room.folder

    stored = (asyncio.run(whole()) / "pictures").read_bytes()
    assert numbered(1)[0].jpeg[:60] not in stored
    assert _left_open(desk.place) == [desk.recording.id]


def test_a_session_discarded_after_a_restart_leaves_nothing(desk: Desk) -> None:
    async def whole() -> None:
        room = await desk.sessions.open(desk.recording)
        room.pictures.add(numbered(1)[0])
        await desk.sessions.stop()
        place = desk.place
        again = LiveSessions(place.record, place.media, place.folder)
        assert _left_open(place) == [desk.recording.id]
        await again.discard(desk.recording.id)
        assert _left_open(place) == []

    asyncio.run(whole())


def test_a_finished_recording_is_not_opened_again(desk: Desk) -> None:
    finished = Recording(id=desk.recording.id, state="measured", protocol="short")
    with pytest.raises(RecordError, match="finished"):
        asyncio.run(desk.sessions.open(finished))


def test_only_so_many_record_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROOMS", 0)
    with pytest.raises(RecordError, match="same time"):
        asyncio.run(desk.sessions.open(desk.recording))


def test_without_consent_nothing_begins_or_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient_id = desk.place.visit.patient_id
    with desk.place.record.writing(by=SYSTEM) as session:
        save_consent(session, patient_id, "care", given=False, wording="care/1")
        with pytest.raises(ForbiddenError, match="without the patient's consent"):
            desk.sessions.create(session, desk.place.visit, "short", keep_video=False)
    with pytest.raises(ForbiddenError, match="without the patient's consent"):
        desk.finish(monkeypatch, video=False)
    assert desk.kinds() == []


def test_an_unknown_set_is_refused(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no such set"):
        desk.sessions.protocol("dance")


@pytest.mark.parametrize(("why", "kept"), [("withdrawn", True), ("void", False)])
def test_a_room_that_nobody_may_use_is_left(desk: Desk, why: str, kept: bool) -> None:
    """The page is sent away by its own line; here its room goes, with or without its pictures."""

    def refuse(session: Session) -> None:
        if why == "void":
            void(session, session.get_one(Recording, desk.recording.id), "a wrong click")
        else:
            whose = desk.place.visit.patient_id
            save_consent(session, whose, "care", given=False, wording="care/1")

    async def whole() -> Room:
        room = await desk.sessions.open(desk.recording)
        room.pictures.add(numbered(1)[0])
        await desk.sessions.leave_unused()
        assert not room.closed
        with desk.place.record.writing(by=SYSTEM) as session:
            refuse(session)
        await desk.sessions.leave_unused()
        await desk.sessions.stop()
        return room

    room = asyncio.run(whole())
    assert (room.closed, room.folder.exists()) == (True, kept)


def test_the_app_looks_after_its_rooms(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0.01)
    monkeypatch.setattr(module, "IDLE_S", 0.0)

    async def whole() -> Room:
        desk.sessions.start()
        room = await desk.sessions.open(desk.recording)
        for _ in range(200):
            if room.closed:
                break
            await asyncio.sleep(0.01)
        await desk.sessions.stop()
        return room

    assert asyncio.run(whole()).closed


def _left(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, pictures: int, told: bool) -> None:
    """Leave a session with some pictures, asked to end or not, and start the app again."""

    async def made(room: Room, *, keep_video: bool) -> Finished:
        track, film = room.work / "track.parquet", room.work / "session.mkv"
        track.write_bytes(b"points")
        film.write_bytes(b"pictures")
        return Finished(track, film if keep_video else None, CUES, {}, {})

    async def whole() -> None:
        room = await desk.sessions.open(desk.recording)
        for picture in numbered(pictures):
            room.pictures.add(picture)
        if told:
            room.log.note({"type": "finish", "keep_video": True})
        await desk.sessions.stop()
        again = LiveSessions(desk.place.record, desk.place.media, desk.place.folder, desk.jobs)
        await again.finish_left()
        await again.stop()

    monkeypatch.setattr(module, "finish_session", made)
    asyncio.run(whole())


def test_what_the_end_of_the_app_interrupted_is_finished_at_its_next_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _left(desk, monkeypatch, pictures=30, told=True)
    assert (desk.row().state, desk.kinds(), desk.jobs.woken) == ("waiting", ["track", "video"], 1)
    assert _left_open(desk.place) == []


def test_a_session_that_may_be_continued_today_waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _left(desk, monkeypatch, pictures=30, told=False)
    assert (desk.row().state, desk.kinds()) == ("recording", [])
    assert _left_open(desk.place) == [desk.recording.id]


def test_a_session_that_nobody_came_back_to_is_finished_a_day_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEFT", timedelta(seconds=-1))
    _left(desk, monkeypatch, pictures=30, told=False)
    assert (desk.row().state, desk.kinds()) == ("waiting", ["track"])


@pytest.mark.parametrize(
    ("pictures", "agrees", "reason"),
    [(29, True, "too little was recorded"), (30, False, "no longer agrees")],
)
def test_what_is_not_worth_finishing_is_void_and_its_pictures_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, pictures: int, agrees: bool, reason: str
) -> None:
    monkeypatch.setattr(module, "LEFT", timedelta(seconds=-1))
    if not agrees:
        with desk.place.record.writing(by=SYSTEM) as session:
            whose = desk.place.visit.patient_id
            save_consent(session, whose, "care", given=False, wording="care/1")
    _left(desk, monkeypatch, pictures=pictures, told=False)
    assert reason in str(desk.row().void_reason)
    assert (desk.kinds(), _left_open(desk.place)) == ([], [])


def test_a_session_that_cannot_be_finished_is_told_and_holds_up_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = [Desk(place), Desk(place)]
    broken, sound = desks[0].recording.id, desks[1]

    async def made(room: Room, *, keep_video: bool) -> Finished:
        if room.recording_id == broken:
            raise StorageError("The disk is full", do="make room")
        track = room.work / "track.parquet"
        track.write_bytes(b"points")
        return Finished(track, None, CUES, {}, {})

    async def whole() -> None:
        for desk in desks:
            room = await desk.sessions.open(desk.recording)
            for picture in numbered(30):
                room.pictures.add(picture)
            room.log.note({"type": "finish", "keep_video": False})
            await desk.sessions.stop()
        await sound.sessions.finish_left()
        await sound.sessions.finish_left()
        await sound.sessions.stop()

    monkeypatch.setattr(module, "finish_session", made)
    asyncio.run(whole())
    assert (desks[0].row().state, sound.row().state) == ("recording", "waiting")
    assert desks[0].row().problem == {
        "code": "StorageError",
        "what": "The disk is full",
        "expected": "",
        "found": "",
        "do": "make room",
    }
    assert _left_open(place) == [broken]
