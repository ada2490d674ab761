"""What a recording covers and what comes next with it, in words, for every page that names one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from facewire.clinic.live.service import ORIGIN, STATE, LiveSessions
from facewire.clinic.live.session import watched_of
from facewire.record.recordings import Measured
from facewire.record.tables import Recording
from facewire.web.deps import Services
from facewire.words.coverage import coverage_sentence, watched_sentence

RETRY_HELPS = frozenset(
    ("FacewireError", "StorageError", "RecordError", "UnavailableError", "ModelError", "VaultError")
)
"""Kinds of problems that lie in the computer, not in the recording: the same again may succeed."""


def coverage_words(recording: Recording, measured: Measured | None) -> str:
    """Return how much of what was asked was seen: as measured, else as watched while recording.

    Empty where neither is known.
    """
    if measured is not None and measured.coverage is not None:
        return coverage_sentence(measured.coverage)
    watched = watched_of((recording.capture or {}).get("session"))
    return "" if watched is None else watched_sentence(watched.movements, watched.untold)


def is_ending(services: Services, recording: Recording) -> bool:
    """Tell whether a live session was asked to finish: the app then does so by itself."""
    live = services.live
    open_live = recording.origin == ORIGIN and recording.state == STATE
    return open_live and isinstance(live, LiveSessions) and live.is_ending(recording)


def retry_helps(problem: Mapping[str, Any] | None) -> bool:
    """Tell whether measuring the same recording again can succeed after a problem.

    What lies in the recording itself, such as no face, stays as it is.
    """
    return problem is None or problem.get("code") in RETRY_HELPS
