"""One session's room, with a tracker that only notes what it is given."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from camera_pictures import FIRST_MS, numbered
from facewire.clinic.live.follower import Arrived, Message
from facewire.clinic.live.room import KEPT_BIT, Room, read_message, read_picture
from facewire.clinic.live.tracking import LiveTracking
from facewire.errors import StorageError, UsageError
from facewire.face import CHANNELS
from unit.clinic.live.test_session import T0, TEST, asked, rested


class FakeTracking(LiveTracking):
    """Notes what it is given."""

    def __init__(self) -> None:
        super().__init__(self._nobody)
        self.offered: list[Arrived] = []
        self.begun: list[Path] = []
        self.up = True

    @staticmethod
    async def _nobody(message: Message) -> None: ...

    @property
    def alive(self) -> bool:
        return self.up

    async def begin(self, track: Path, key: dict[str, Any], *, patient: bool = False) -> None:
        self.begun.append(track)

    def offer(self, picture: Arrived) -> bool:
        self.offered.append(picture)
        return True

    async def close(self) -> None:
        self.up = False


class Visit:
    """A room with a page that notes what it is told."""

    def __init__(self, folder: Path) -> None:
        self.tracking = FakeTracking()
        self.told: list[Message] = []
        self.finished: list[bool] = []
        self.problem: StorageError | None = None
        self.room = Room("one", folder / "live", folder / "work", TEST, self._tracker)

    async def _tracker(self) -> LiveTracking:
        return self.tracking

    async def send(self, message: Message) -> None:
        self.told.append(message)

    async def finish(self, room: Room, keep_video: bool) -> str:
        self.finished.append(keep_video)
        if self.problem is not None:
            raise self.problem
        return "/recordings/one"

    async def say(self, **message: Any) -> None:
        await self.room.message(json.dumps(message), self.finish)

    async def pictures(self, count: int, *, first: int = 0, kept: bool = True) -> None:
        for i, picture in list(enumerate(numbered(first + count)))[first:]:
            await self.room.picture(sent(i, picture.time_ms, picture.jpeg, kept=kept))

    def last(self, kind: str) -> Message:
        return [m for m in self.told if m["type"] == kind][-1]


def sent(number: int, time_ms: float, jpeg: bytes, *, kept: bool) -> bytes:
    return struct.pack("<dI", time_ms, number | (KEPT_BIT if kept else 0)) + jpeg


Play = Callable[[Visit], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Play], Visit]:
    """Run what a page does; gives the visit with the room closed."""

    def run(what: Play) -> Visit:
        async def whole() -> Visit:
            visit = Visit(tmp_path)
            await visit.room.join(visit.send)
            try:
                await what(visit)
            finally:
                await visit.room.close()
            return visit

        return asyncio.run(whole())

    return run


def test_before_the_start_nothing_is_kept(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.pictures(3, kept=False)
        await visit.pictures(2, first=3, kept=True)

    visit = play(page)
    assert visit.room.pictures.count == 0
    assert [p.kept for p in visit.tracking.offered] == [False] * 5


def test_after_the_start_every_picture_is_stored_and_told(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        await visit.pictures(20)

    visit = play(page)
    assert visit.room.pictures.count == 20
    assert [p.number for p in visit.tracking.offered] == list(range(20))
    assert visit.last("stored")["count"] == 20
    assert len(visit.tracking.begun) == 1


def test_pictures_sent_again_are_not_stored_twice(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        await visit.pictures(6)
        await visit.room.leave(visit.send)
        await visit.room.join(visit.send)
        await visit.pictures(4, first=4)

    visit = play(page)
    assert visit.room.pictures.count == 8
    assert [p.number for p in visit.tracking.offered] == list(range(8))


def test_a_closed_tab_cuts_the_step_and_keeps_the_rest(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        await visit.pictures(5)
        for event in (*rested(0, 0, 2), *asked(1, 2)[:2]):
            await visit.say(**event)
        await visit.room.leave(visit.send)

    visit = play(page)
    assert visit.room.mode == "paused"
    again = Visit(visit.room.folder.parent)
    assert again.room.mode == "paused"
    assert again.room.pictures.count == 5
    assert again.room.state()["next_step"] == 1
    assert [p["outcome"] for p in again.room.state()["performed"]] == ["kept", "cut"]
    asyncio.run(again.room.close())


def test_pause_and_resume(play: Callable[[Play], Visit]) -> None:
    modes = []

    async def page(visit: Visit) -> None:
        for kind in ("start", "pause", "resume"):
            await visit.say(type=kind)
            modes.append(visit.last("state")["mode"])

    play(page)
    assert modes == ["recording", "paused", "recording"]


def test_the_end_leads_to_the_result(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        await visit.say(type="finish", keep_video=True)
        await asyncio.sleep(0.01)

    visit = play(page)
    assert visit.finished == [True]
    assert visit.last("done")["url"] == "/recordings/one"


def test_the_video_is_not_kept_unless_said(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        await visit.say(type="finish")
        await asyncio.sleep(0.01)

    assert play(page).finished == [False]


def test_a_failed_end_can_be_tried_again(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        visit.problem = StorageError("The disk is full", do="make room")
        await visit.say(type="finish")
        await asyncio.sleep(0.01)

    visit = play(page)
    assert visit.last("problem")["what"] == "The disk is full"
    assert visit.room.mode == "paused"


def test_an_end_that_nobody_foresaw_is_told(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        visit.problem = ZeroDivisionError("nobody foresaw it")  # type: ignore[assignment]
        await visit.say(type="finish")
        await asyncio.sleep(0.01)

    visit = play(page)
    assert visit.last("problem")["what"] == "The session could not be finished"
    assert visit.room.mode == "paused"


def test_a_second_window_takes_over(play: Callable[[Play], Visit]) -> None:
    other: list[Message] = []

    async def second(message: Message) -> None:
        other.append(message)

    async def page(visit: Visit) -> None:
        await visit.room.join(second)
        await visit.room.leave(visit.send)
        assert visit.room.in_use

    visit = play(page)
    assert visit.told[-1] == {"type": "replaced"}
    assert other[0]["type"] == "state"


@pytest.mark.parametrize("text", ["no json", "[]", '{"type": 3}', '{"type": "dance"}'])
def test_nonsense_is_answered_with_the_problem(play: Callable[[Play], Visit], text: str) -> None:
    async def page(visit: Visit) -> None:
        await visit.room.message(text, visit.finish)

    visit = play(page)
    assert visit.last("problem")["code"] == "UsageError"


@pytest.mark.parametrize("data", [b"", b"short", struct.pack("<dI", float("nan"), 1) + b"x"])
def test_a_broken_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="picture of the page"):
        read_picture(data)


def test_a_picture_has_its_time_number_and_mark() -> None:
    picture, number, kept = read_picture(sent(7, FIRST_MS + 0.4, b"jpeg", kept=True))
    assert (picture.time_ms, picture.jpeg, number, kept) == (FIRST_MS, b"jpeg", 7, True)
    assert read_message('{"type": "start"}') == {"type": "start"}


RATE_HZ = 25
SMILED_MM = 8.0


def smiling(at_s: float, held_s: tuple[float, float]) -> Message:
    """The tracker's answer: both corners of the mouth out and up while held, else at rest."""
    up, down = held_s
    share = min(max(0.0, (at_s - up) / 0.4 + 1), max(0.0, 1 - (at_s - down) / 0.4), 1.0)
    change = dict.fromkeys((c.name for c in CHANNELS), 0.0)
    for side in "LR":
        change[f"commissure_across_{side}"] = 0.75 * SMILED_MM * share
        change[f"commissure_up_{side}"] = 0.66 * SMILED_MM * share
        change[f"fissure_{side}"] = 10.0
    return {"type": "values", "frame": 0, "capture_ms": T0 + 1000 * at_s, "values": change}


async def watched(visit: Visit, held_s: tuple[float, float], start_s: float, step: int) -> None:
    """Play a repetition and let the tracker answer meanwhile, and 0.8 s after it."""
    events = asked(step, start_s)
    for i in range(round(RATE_HZ * 6.3)):
        at_s = start_s + i / RATE_HZ
        while events and events[0]["at_ms"] <= T0 + 1000 * at_s:
            await visit.say(**events.pop(0))
        await visit.room.tracking.listener(smiling(at_s, held_s))


def test_a_repetition_is_seen_while_it_happens(play: Callable[[Play], Visit]) -> None:
    """Asked for at 5 s, to be held from 5.7 to 6.8 s: held from 5.6 to 6.9 s."""

    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        for event in rested(0, 0, 2):
            await visit.say(**event)
        await watched(visit, (5.6, 6.9), 2.0, 1)

    visit = play(page)
    assert visit.last("seen") == {
        "type": "seen",
        "step": 1,
        "seen": True,
        "why": "",
        "again": False,
    }
    doing = [(m["capture_ms"] - T0, m["doing"]) for m in visit.told if m["type"] == "values"]
    assert {d for at, d in doing if 5700 <= at <= 6700} == {"asked"}
    assert {d for at, d in doing if 3000 <= at < 5000} == {"rest"}
    assert visit.room.log.state.performed[-1].seen is True


def test_a_face_that_does_not_move_is_asked_once_more_and_then_goes_on(
    play: Callable[[Play], Visit],
) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        for event in rested(0, 0, 2):
            await visit.say(**event)
        for start_s, step in ((2.0, 1), (9.0, 1), (16.0, 2)):
            await watched(visit, (90.0, 91.0), start_s, step)
            if visit.last("seen")["again"]:
                await visit.say(type="repeat", step=step)

    visit = play(page)
    told = [(m["step"], m["seen"], m["again"]) for m in visit.told if m["type"] == "seen"]
    assert told == [(1, False, True), (1, False, False), (2, False, False)]
    assert {m["why"] for m in visit.told if m["type"] == "seen"} == {"no movement seen"}
    performed = visit.room.log.state.performed
    assert [(p.outcome, p.seen) for p in performed[1:]] == [
        ("repeated", False),
        ("kept", False),
        ("kept", False),
    ]
    kept = visit.room.log.state.to_json()["performed"][-1]
    assert (kept["seen"], kept["why"]) == (False, "no movement seen")


def test_where_the_tracker_says_nothing_nothing_is_claimed(play: Callable[[Play], Visit]) -> None:
    async def page(visit: Visit) -> None:
        await visit.say(type="start")
        for event in (*rested(0, 0, 2), *asked(1, 2)):
            await visit.say(**event)
        await visit.say(type="finish")
        await asyncio.sleep(0.01)

    visit = play(page)
    assert not [m for m in visit.told if m["type"] == "seen"]
    assert visit.room.log.state.performed[-1].seen is None
