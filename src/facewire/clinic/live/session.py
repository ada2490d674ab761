"""What happened in a session: events on disk as they come, and the cue sheet that follows.

Every event is one line of JSON, written before it is answered. The state is what the lines say, so
that a closed tab or an ended app loses nothing but the step that was under way. Where data at rest
are sealed, every line is.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from facewire.clinic.live.protocol import PHASES, REST, Protocol, Step
from facewire.errors import UsageError
from facewire.face import Movement
from facewire.files import storing
from facewire.record.sealing import PieceCipher
from facewire.results.coverage import MovementCoverage

KEPT, REPEATED, CUT, SKIPPED = "kept", "repeated", "cut", "skipped"
DECIMALS = 3
MOST_AGAIN, MOST_AGAIN_OF_ALL = 1, 2
"""How often one repetition, and all of a movement, are asked for again when not seen."""


@dataclass(frozen=True)
class Performed:
    """A step as it was really asked for.

    Parameters
    ----------
    step : int
        Its place in the protocol, from 0.
    times_ms : tuple of float
        Capture clock at the beginning of each phase and at the end; fewer when it was cut.
    outcome : str
        ``kept``; ``repeated`` when it was done again; ``cut`` by a pause or an interruption;
        ``skipped``.
    seen : bool or None
        Whether the live values showed it as asked and held, by the rule of recordings; None where
        nobody could tell.
    why : str
        Why it was not seen, as `facewire.movements.locate.why_dropped` says it; else empty.
    """

    step: int
    times_ms: tuple[float, ...]
    outcome: str
    seen: bool | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether it was asked for from its beginning to its end."""
        return len(self.times_ms) == len(PHASES) + 1


@dataclass(frozen=True)
class SessionState:
    """Where a session is.

    Parameters
    ----------
    protocol : Protocol
    performed : tuple of Performed
        In order of time.
    under_way : Performed or None
        The step whose phases are coming in.
    ending : bool or None
        Whether the video is to be kept, once the page asked to finish; None before, and when it
        went on after that.
    """

    protocol: Protocol
    performed: tuple[Performed, ...] = ()
    under_way: Performed | None = None
    ending: bool | None = None

    @property
    def next_step(self) -> int:
        """The first step that is not done; the protocol's length when all are."""
        done = {p.step for p in self.performed if p.outcome in (KEPT, SKIPPED)}
        left = [i for i in range(len(self.protocol.steps)) if i not in done]
        return left[0] if left else len(self.protocol.steps)

    def after(self, event: dict[str, Any]) -> SessionState:
        """Return the state after an event.

        Raises
        ------
        UsageError
            The event does not fit.
        """
        kind = event.get("type")
        if kind == "finish":
            return replace(self._cut(), ending=event.get("keep_video") is True)
        if kind == "seen":
            return self._seen(_step_of(event, self.protocol), str(event.get("why", "")))
        return replace(self._moved_on(kind, event), ending=None)

    def _seen(self, step: int, why: str) -> SessionState:
        """Note of the last whole repetition of a step whether it was seen; all else goes on."""
        whole = [i for i, p in enumerate(self.performed) if p.step == step and p.whole]
        if not whole:
            raise UsageError("A repetition that was not asked for cannot be seen", found=str(step))
        noted = replace(self.performed[whole[-1]], seen=not why, why=why)
        before, after = self.performed[: whole[-1]], self.performed[whole[-1] + 1 :]
        return replace(self, performed=(*before, noted, *after))

    def asks_again(self, step: int) -> bool:
        """Tell whether a repetition that was not seen is asked for once more.

        Once, and no more than twice in all repetitions of a movement: who cannot do it goes on.
        """
        movement = self.protocol.steps[step].movement
        unseen = [p for p in self.performed if p.whole and p.seen is False]
        own = [p for p in unseen if p.step == step]
        all_of_it = [p for p in unseen if self.protocol.steps[p.step].movement is movement]
        return 0 < len(own) <= MOST_AGAIN and len(all_of_it) <= MOST_AGAIN_OF_ALL

    def _moved_on(self, kind: object, event: dict[str, Any]) -> SessionState:
        if kind == "phase":
            return self._phase(event)
        if kind == "step_end":
            return self._step_end(event)
        if kind in ("pause", "interrupted"):
            return self._cut()
        if kind == "repeat":
            return self._repeat(_step_of(event, self.protocol))
        if kind == "skip":
            skipped = Performed(_step_of(event, self.protocol), (), SKIPPED)
            cut = self._cut()
            return replace(cut, performed=(*cut.performed, skipped))
        raise _wrong_event(event, "phase, step_end, pause, repeat, skip or finish")

    def _phase(self, event: dict[str, Any]) -> SessionState:
        step, at_ms = _step_of(event, self.protocol), _time_of(event)
        number = event.get("phase")
        if number == 0:
            return replace(self._cut(), under_way=Performed(step, (at_ms,), CUT))
        now = self.under_way
        if now is None or now.step != step or number != len(now.times_ms):
            raise _wrong_event(event, "the phases of one step, in order")
        if at_ms <= now.times_ms[-1]:
            raise _wrong_event(event, "times that increase")
        return replace(self, under_way=replace(now, times_ms=(*now.times_ms, at_ms)))

    def _step_end(self, event: dict[str, Any]) -> SessionState:
        now, at_ms = self.under_way, _time_of(event)
        wanted = n_phases(self.protocol.steps[_step_of(event, self.protocol)])
        if now is None or now.step != event["step"] or len(now.times_ms) != wanted:
            raise _wrong_event(event, "the end of a step with all its phases")
        done = Performed(now.step, (*now.times_ms, at_ms), KEPT)
        return replace(self, performed=(*self.performed, done), under_way=None)

    def _cut(self) -> SessionState:
        if self.under_way is None:
            return self
        cut = replace(self.under_way, outcome=CUT)
        return replace(self, performed=(*self.performed, cut), under_way=None)

    def _repeat(self, step: int) -> SessionState:
        """Mark what was kept of a step as repeated, so that it is asked for again."""
        cut = self._cut()
        marked = tuple(
            replace(p, outcome=REPEATED) if p.step == step and p.outcome in (KEPT, SKIPPED) else p
            for p in cut.performed
        )
        return replace(cut, performed=marked)

    def cue_sheet(self, first_ms: float, last_ms: float) -> list[dict[str, Any]]:
        """Return the cue sheet of the repetitions that were kept, in the published format.

        Parameters
        ----------
        first_ms, last_ms : float
            Capture times of the first and last stored picture; a repetition outside has no
            pictures and is left out.
        """
        rows: list[dict[str, Any]] = []
        counted: dict[str, int] = {}
        for one in self.performed:
            step = self.protocol.steps[one.step]
            if step.movement is None or one.outcome != KEPT:
                continue
            _, start, hold, release, end = ((t - first_ms) / 1000 for t in one.times_ms)
            if start < 0 or end > (last_ms - first_ms) / 1000:
                continue
            name = str(step.movement)
            counted[name] = counted.get(name, 0) + 1
            rows.append(
                {
                    "movement": name,
                    "repetition": counted[name],
                    "start_s": round(start, DECIMALS),
                    "onset_end_s": round(hold, DECIMALS),
                    "offset_start_s": round(release, DECIMALS),
                    "end_s": round(end, DECIMALS),
                    "effort": step.effort,
                }
            )
        return rows

    def to_json(self) -> dict[str, Any]:
        """Return the session as it is kept with the recording."""
        return {
            "protocol": self.protocol.name,
            "steps": [step.to_json() for step in self.protocol.steps],
            "performed": [
                {
                    "step": p.step,
                    "times_ms": list(p.times_ms),
                    "outcome": p.outcome,
                    "seen": p.seen,
                    "why": p.why,
                }
                for p in self.performed
            ],
            "complete": self.next_step == len(self.protocol.steps),
        }


@dataclass(frozen=True)
class Watched:
    """What was seen while a session was recorded.

    Parameters
    ----------
    movements : tuple of MovementCoverage
        Repetitions asked for and seen, movement by movement, in the order of the session.
    untold : int
        How many were recorded without anybody knowing yet whether they were seen.
    """

    movements: tuple[MovementCoverage, ...]
    untold: int


def watched_of(session: dict[str, Any] | None) -> Watched | None:
    """Return what was seen in a kept session, as `SessionState.to_json` writes it.

    None for a recording that was no guided session, or one that asked for no movement.
    """
    steps = [step["movement"] for step in (session or {}).get("steps", ())]
    asked = [name for name in dict.fromkeys(steps) if name != REST]
    if session is None or not asked:
        return None
    kept = {p["step"]: p.get("seen") for p in session["performed"] if p["outcome"] == KEPT}
    told = {i: seen for i, seen in kept.items() if steps[i] != REST}
    movements = tuple(
        MovementCoverage(
            movement=Movement(name),
            asked=steps.count(name),
            usable=sum(seen is True for i, seen in told.items() if steps[i] == name),
        )
        for name in asked
    )
    return Watched(movements, sum(seen is None for seen in told.values()))


def n_phases(step: Step) -> int:
    """Return how many phases a step has."""
    return 1 if step.movement is None else len(PHASES)


class SessionLog:
    """The events of one session, on disk.

    Parameters
    ----------
    path : Path
        The file; continued when it is there.
    protocol : Protocol
        What is asked for.
    seal : PieceCipher, optional
        How events are closed at rest.
    """

    def __init__(self, path: Path, protocol: Protocol, seal: PieceCipher | None = None) -> None:
        self._path, self._seal = path, seal
        with storing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = _whole_lines(path)
            self.state, self._count = _replayed(whole, protocol, seal), len(whole)
            self._file = path.open("ab", buffering=0)
            self._file.truncate(sum(len(line) + 1 for line in whole))

    def note(self, event: dict[str, Any]) -> SessionState:
        """Take an event: checked, stored, then the new state is returned.

        Raises
        ------
        UsageError
            It does not fit; nothing is stored.
        StorageError
            The disk is full.
        """
        state = self.state.after(event)
        with storing(self._path):
            self._file.write(self._closed(json.dumps(event).encode()) + b"\n")
        self.state = state
        self._count += 1
        return state

    def _closed(self, line: bytes) -> bytes:
        if self._seal is None:
            return line
        return base64.b64encode(self._seal.close(self._count, line))

    def close(self) -> None:
        """Close the file; the events stay."""
        self._file.close()


def read_state(path: Path, protocol: Protocol, seal: PieceCipher | None = None) -> SessionState:
    """Return what a session's events say, without touching them: it may be going on.

    Parameters
    ----------
    path, protocol, seal
        As for `SessionLog`.
    """
    with storing(path):
        return _replayed(_whole_lines(path), protocol, seal)


def _whole_lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def _replayed(lines: list[bytes], protocol: Protocol, seal: PieceCipher | None) -> SessionState:
    state = SessionState(protocol)
    for number, line in enumerate(lines):
        state = state.after(json.loads(_opened(line, number, seal)))
    return state


def _opened(line: bytes, number: int, seal: PieceCipher | None) -> bytes:
    # A session that an earlier facewire left unfinished begins with plain lines.
    if seal is None or line.startswith(b"{"):
        return line
    try:
        piece = base64.b64decode(line)
    except ValueError:
        piece = b""  # refused below, as other altered bytes are
    return seal.open(number, piece)


def _step_of(event: dict[str, Any], protocol: Protocol) -> int:
    step = event.get("step")
    if isinstance(step, bool) or not isinstance(step, int):
        raise _wrong_event(event, "the number of a step")
    if not 0 <= step < len(protocol.steps):
        raise _wrong_event(event, f"a step from 0 to {len(protocol.steps) - 1}")
    return step


def _time_of(event: dict[str, Any]) -> float:
    at_ms = event.get("at_ms")
    if isinstance(at_ms, bool) or not isinstance(at_ms, int | float) or not 0 <= at_ms < 1e15:
        raise _wrong_event(event, "a capture time in milliseconds")
    return float(at_ms)


def _wrong_event(event: dict[str, Any], expected: str) -> UsageError:
    return UsageError(
        "A message of the recording page does not fit the session",
        expected=expected,
        found=json.dumps(event)[:200],
        do="open the recording again",
    )
