"""What happened: the cue sheet follows from what was really asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from facewire.clinic.live.protocol import Protocol, Step
from facewire.clinic.live.session import SessionLog, SessionState, read_state, watched_of
from facewire.errors import UsageError, VaultError
from facewire.face import Movement
from facewire.movements import cues_of
from facewire.record.sealing import PieceCipher

SMILE = Movement.SMILE_OPEN
TEST = Protocol(
    "test",
    (
        Step(None, 0, 2.0),
        Step(SMILE, 1, 3.0, 0.7, 1.1, 0.7),
        Step(SMILE, 2, 3.0, 0.7, 1.1, 0.7, effort="full"),
        Step(None, 0, 1.0),
    ),
)
T0 = 1_700_000_000_000.0


def phase(step: int, number: int, at_s: float) -> dict[str, Any]:
    return {"type": "phase", "step": step, "phase": number, "at_ms": T0 + 1000 * at_s}


def asked(step: int, start_s: float) -> list[dict[str, Any]]:
    """A whole repetition: shown at ``start_s``, asked for three seconds later."""
    times = (0.0, 3.0, 3.7, 4.8)
    phases = [phase(step, i, start_s + t) for i, t in enumerate(times)]
    return [*phases, {"type": "step_end", "step": step, "at_ms": T0 + 1000 * (start_s + 5.5)}]


def rested(step: int, start_s: float, end_s: float) -> list[dict[str, Any]]:
    end = {"type": "step_end", "step": step, "at_ms": T0 + 1000 * end_s}
    return [phase(step, 0, start_s), end]


def after(*events: dict[str, Any]) -> SessionState:
    state = SessionState(TEST)
    for event in events:
        state = state.after(event)
    return state


WHOLE = (*rested(0, 0, 2), *asked(1, 2), *asked(2, 8), *rested(3, 13.5, 14.5))


def test_the_cue_sheet_has_what_was_asked_and_when() -> None:
    rows = after(*WHOLE).cue_sheet(T0 - 500, T0 + 15_000)
    assert rows[0] == {
        "movement": "smile_open",
        "repetition": 1,
        "start_s": 5.5,
        "onset_end_s": 6.2,
        "offset_start_s": 7.3,
        "end_s": 8.0,
        "effort": "comfortable",
    }
    assert [r["effort"] for r in rows] == ["comfortable", "full"]
    assert len(cues_of(rows)) == 2


def test_all_steps_done() -> None:
    state = after(*WHOLE)
    assert state.next_step == len(TEST.steps)
    assert state.to_json()["complete"]


def test_a_repeated_movement_is_marked_not_lost() -> None:
    state = after(*rested(0, 0, 2), *asked(1, 2), {"type": "repeat", "step": 1}, *asked(1, 9))
    assert [p.outcome for p in state.performed] == ["kept", "repeated", "kept"]
    rows = state.cue_sheet(T0, T0 + 20_000)
    assert [r["start_s"] for r in rows] == [12.0]
    assert rows[0]["repetition"] == 1


def test_a_pause_cuts_what_was_under_way() -> None:
    state = after(*rested(0, 0, 2), *asked(1, 2)[:3], {"type": "pause"})
    assert [p.outcome for p in state.performed] == ["kept", "cut"]
    assert state.next_step == 1
    assert state.cue_sheet(T0, T0 + 20_000) == []


def test_what_was_left_out_is_not_asked_again() -> None:
    state = after(*rested(0, 0, 2), {"type": "skip", "step": 1})
    assert state.next_step == 2
    assert state.cue_sheet(T0, T0 + 20_000) == []


def test_a_repetition_without_pictures_is_no_cue() -> None:
    state = after(*WHOLE)
    assert len(state.cue_sheet(T0, T0 + 9_000)) == 1
    assert len(state.cue_sheet(T0 + 6_000, T0 + 20_000)) == 1


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([phase(1, 1, 3.0)], "phases of one step"),
        ([phase(9, 0, 3.0)], "a step from 0 to 3"),
        ([phase(1, 0, 3.0), phase(1, 1, 3.0)], "times that increase"),
        ([phase(1, 0, 3.0), {"type": "step_end", "step": 1, "at_ms": T0}], "all its phases"),
        ([{"type": "phase", "step": True, "phase": 0, "at_ms": T0}], "number of a step"),
        ([{"type": "phase", "step": 1, "phase": 0, "at_ms": "soon"}], "capture time"),
        ([{"type": "phase", "step": 1, "phase": 0, "at_ms": float("nan")}], "capture time"),
        ([{"type": "dance"}], "phase, step_end"),
    ],
)
def test_events_that_do_not_fit_are_refused(events: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        after(*events)


def test_a_log_is_continued_without_its_half_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    log = SessionLog(path, TEST)
    for event in WHOLE[:7]:
        log.note(event)
    log.close()
    with path.open("ab") as file:
        file.write(b'{"type": "pha')
    again = SessionLog(path, TEST)
    assert again.state == after(*WHOLE[:7])
    again.note({"type": "interrupted"})
    again.close()
    lines = path.read_text().splitlines()
    assert json.loads(lines[-1]) == {"type": "interrupted"}
    assert len(lines) == 8


def test_reading_a_log_leaves_what_is_being_written(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    log = SessionLog(path, TEST)
    for event in WHOLE[:3]:
        log.note(event)
    log.close()
    with path.open("ab") as file:
        file.write(b'{"type": "pha')
    assert read_state(path, TEST) == after(*WHOLE[:3])
    assert path.read_bytes().endswith(b'{"type": "pha')
    assert read_state(tmp_path / "none", TEST) == SessionState(TEST)


def test_what_was_seen_is_kept_with_the_last_whole_repetition() -> None:
    why = {"type": "seen", "step": 1, "why": "it was not held"}
    state = after(*rested(0, 0, 2), *asked(1, 2), why)
    assert (state.performed[-1].seen, state.performed[-1].why) == (False, "it was not held")
    assert state.asks_again(1)
    again = state.after({"type": "repeat", "step": 1})
    for event in asked(1, 9):
        again = again.after(event)
    assert [p.seen for p in again.performed] == [None, False, None]
    seen = again.after({"type": "seen", "step": 1, "why": ""})
    assert [p.seen for p in seen.performed] == [None, False, True]
    unseen = again.after(why)
    assert not unseen.asks_again(1)
    with pytest.raises(UsageError, match="not asked for"):
        after(why)


def test_a_session_of_an_earlier_version_says_that_nobody_could_tell() -> None:
    kept = after(*WHOLE).to_json()
    for one in kept["performed"]:
        del one["seen"], one["why"]
    watched = watched_of(kept)
    assert watched is not None
    assert (watched.untold, watched.movements[0].asked, watched.movements[0].usable) == (2, 2, 0)
    assert watched_of(None) is None


def test_a_refused_event_is_not_stored(tmp_path: Path) -> None:
    log = SessionLog(tmp_path / "events.jsonl", TEST)
    with pytest.raises(UsageError):
        log.note({"type": "dance"})
    log.close()
    assert (tmp_path / "events.jsonl").read_text() == ""


def test_a_sealed_log_holds_nothing_readable_and_is_continued(tmp_path: Path) -> None:
    path, seal = tmp_path / "events.jsonl", PieceCipher(b"k" * 32, "events")
    log = SessionLog(path, TEST, seal)
    for event in WHOLE[:7]:
        log.note(event)
    log.close()
    assert b"phase" not in path.read_bytes()
    again = SessionLog(path, TEST, PieceCipher(b"k" * 32, "events"))
    again.note({"type": "interrupted"})
    again.close()
    third = SessionLog(path, TEST, seal)
    assert third.state == after(*WHOLE[:7], {"type": "interrupted"})
    third.close()


def test_a_sealed_log_refuses_lines_that_changed_places(tmp_path: Path) -> None:
    path, seal = tmp_path / "events.jsonl", PieceCipher(b"k" * 32, "events")
    log = SessionLog(path, TEST, seal)
    for event in WHOLE[:2]:
        log.note(event)
    log.close()
    lines = path.read_bytes().splitlines()
    for broken in (lines[::-1], [lines[0], b"%"]):
        path.write_bytes(b"\n".join([*broken, b""]))
        with pytest.raises(VaultError, match="cannot be decrypted"):
            SessionLog(path, TEST, seal)


def test_a_session_that_goes_on_after_its_end_is_not_ending() -> None:
    asked_to_end = after(*WHOLE[:7], {"type": "finish", "keep_video": True})
    assert asked_to_end.ending is True
    assert after(*WHOLE[:7], {"type": "finish"}).ending is False
    assert asked_to_end.after({"type": "pause"}).ending is None
