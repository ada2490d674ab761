"""A live session that asks for what a cue sheet holds."""

from __future__ import annotations

from collections.abc import Sequence

from facewire.clinic.live.protocol import Protocol, Step
from facewire.movements import Cue


def protocol_of_cues(name: str, cues: Sequence[Cue], end_s: float) -> Protocol:
    """Return the session that asks for what a cue sheet holds, at its times.

    Parameters
    ----------
    name : str
    cues : sequence of Cue
        In order of time.
    end_s : float
        End of the last rest, seconds.
    """
    steps = [Step(None, 0, cues[0].start_s / 2)]
    at = cues[0].start_s / 2
    for cue in cues:
        steps.append(
            Step(
                cue.movement,
                cue.repetition,
                round(cue.start_s - at, 4),
                round(cue.onset_end_s - cue.start_s, 4),
                round(cue.offset_start_s - cue.onset_end_s, 4),
                round(cue.end_s - cue.offset_start_s, 4),
            )
        )
        at = cue.end_s
    return Protocol(name, (*steps, Step(None, 0, end_s - at)))
