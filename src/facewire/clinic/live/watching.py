"""Watches the live values for what is asked: what the face does now, and whether it was seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from facewire.clinic.live.protocol import PHASES, Protocol
from facewire.clinic.live.session import KEPT, Performed, SessionState
from facewire.face import CHANNELS
from facewire.motion.eyes import EYE_ROW
from facewire.movements import Cue
from facewire.movements.live import LATER_S, LiveMovements, position_of

MOVING = tuple(i for i, name in enumerate(PHASES) if name in ("onset", "hold", "release"))
_NO_FACE = np.full(len(CHANNELS), np.nan)


class Watch:
    """What the tracker's answers say of the step that is under way.

    Parameters
    ----------
    protocol : Protocol
        What is asked for.
    """

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._face = LiveMovements()
        self._zero_ms: float | None = None
        self.due: Performed | None = None
        """A repetition that ended and was not judged yet."""

    def see(self, message: dict[str, Any]) -> None:
        """Take the tracker's answer to a picture."""
        if self._zero_ms is None:
            self._zero_ms = message["capture_ms"]
        values = message["values"]
        position = _NO_FACE if values is None else _position(values)
        time_s = self._seconds(message["capture_ms"])
        self._face.see(time_s, position, turned=bool(message.get("turned")))

    def doing(self, state: SessionState) -> str | None:
        """Return what the face does now; None where that is unknown or nothing is under way."""
        now = state.under_way
        if now is None:
            return None
        phase = len(now.times_ms) - 1
        rest_to = now.times_ms[1] if phase else now.times_ms[0] + 1000 * LATER_S
        moves = phase in MOVING
        movement = self._protocol.steps[now.step].movement if moves else None
        return self._face.doing(movement, (self._seconds(now.times_ms[0]), self._seconds(rest_to)))

    def ended(self, state: SessionState) -> None:
        """Note that a step ended: it is judged once what comes late is in."""
        last = state.performed[-1]
        asked = self._protocol.steps[last.step].movement is not None
        self.due = last if asked and last.outcome == KEPT else None

    def verdict(self, *, now: bool = False) -> tuple[int, str] | None:
        """Return the step that was due and why it was not seen; empty where it was.

        None where nothing is due, its last values are still to come (unless ``now``), or too few
        came to tell.
        """
        due = self.due
        if due is None:
            return None
        _, start, hold, release, end = (self._seconds(t) for t in due.times_ms)
        if not now and self._face.last_s < end + LATER_S:
            return None
        self.due = None
        step = self._protocol.steps[due.step]
        if step.movement is None:
            return None
        cue = Cue(step.movement, step.repetition, start, hold, release, end)
        why = self._face.why_unseen(cue, self._seconds(due.times_ms[0]))
        return None if why is None else (due.step, why)

    def _seconds(self, at_ms: float) -> float:
        return (at_ms - (self._zero_ms or 0.0)) / 1000


def _position(values: dict[str, float | None]) -> Any:
    change = np.array([_number(values[c.name]) for c in CHANNELS])
    eyes = np.array([_number(values[f"fissure_{side}"]) for side in EYE_ROW])
    return position_of(change, eyes)


def _number(value: float | None) -> float:
    return np.nan if value is None else value
