"""A session as data: timed steps in order, the short and the full set.

Movements, three repetitions, 20 s of quiet first, a hold of about a second and at least three
seconds of rest: the standard sets of facial palsy photography (Santosa 2017,
doi 10.1001/jamafacial.2016.1883) with the rests that synkinesis needs. The last part of each rest
is the counting in, so that it stays a rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from facewire.errors import UsageError
from facewire.face import Movement

REPETITIONS = 3
OPENING_REST_S = 20.0
READY_S, ONSET_S, HOLD_S, RELEASE_S = 3.0, 0.7, 1.1, 0.7
NEW_MOVEMENT_S = 0.5
"""More time to get ready when a movement is shown for the first time."""

REST = "rest"
PHASES = ("ready", "onset", "hold", "release")
"""Of a movement's step, in order; a rest has one phase, ``rest``."""


@dataclass(frozen=True)
class Step:
    """One thing that is asked for.

    Parameters
    ----------
    movement : Movement or None
        None is a rest.
    repetition : int
        1, 2, 3; 0 for a rest.
    ready_s : float
        The movement is shown and counted in, the face rests; for a rest, its whole length.
    onset_s, hold_s, release_s : float
        Reach it, keep it, let it go; 0 for a rest.
    effort : str
        ``comfortable`` or ``full``.
    """

    movement: Movement | None
    repetition: int
    ready_s: float
    onset_s: float = 0.0
    hold_s: float = 0.0
    release_s: float = 0.0
    effort: str = "comfortable"

    def __post_init__(self) -> None:
        lengths = (self.onset_s, self.hold_s, self.release_s)
        good = all(s > 0 for s in lengths) if self.movement else not any(lengths)
        if not good or self.ready_s <= 0:
            raise UsageError(
                "A step of a session has a wrong length",
                expected="seconds above 0",
                found=f"{self.movement or REST}: {(self.ready_s, *lengths)}",
            )

    @property
    def length_s(self) -> float:
        """How long it takes."""
        return self.ready_s + self.onset_s + self.hold_s + self.release_s

    def to_json(self) -> dict[str, Any]:
        """Return what the page plays."""
        name = REST if self.movement is None else str(self.movement)
        return {
            "movement": name,
            "repetition": self.repetition,
            "effort": self.effort,
            "ready_s": self.ready_s,
            "onset_s": self.onset_s,
            "hold_s": self.hold_s,
            "release_s": self.release_s,
        }


@dataclass(frozen=True)
class Protocol:
    """A set of steps with a name."""

    name: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps or self.steps[0].movement is not None:
            raise UsageError(
                "A session begins with a rest", expected="a rest first", found=self.name
            )

    @property
    def length_s(self) -> float:
        """How long the session takes without pauses."""
        return sum(step.length_s for step in self.steps)

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The movements that are asked for, in order, each once."""
        return tuple(dict.fromkeys(s.movement for s in self.steps if s.movement is not None))


def standard(
    name: str, movements: Sequence[Movement], *, efforts: Sequence[str] = ("comfortable",) * 3
) -> Protocol:
    """Return a set of movements, each repeated, after the opening rest.

    Parameters
    ----------
    name : str
    movements : sequence of Movement
    efforts : sequence of str
        Of each repetition.
    """
    steps = [Step(None, 0, OPENING_REST_S)]
    for movement in movements:
        for number, effort in enumerate(efforts, start=1):
            ready_s = READY_S + (NEW_MOVEMENT_S if number == 1 else 0.0)
            steps.append(Step(movement, number, ready_s, ONSET_S, HOLD_S, RELEASE_S, effort=effort))
    return Protocol(name, (*steps, Step(None, 0, 1.5)))


SHORT = standard(
    "short",
    (
        Movement.EYE_CLOSE_GENTLE,
        Movement.SMILE_OPEN,
        Movement.LIP_PUCKER,
        Movement.BROW_RAISE,
    ),
)
FULL = standard(
    "full",
    (
        Movement.BROW_RAISE,
        Movement.EYE_CLOSE_GENTLE,
        Movement.EYE_CLOSE_TIGHT,
        Movement.SMILE_CLOSED,
        Movement.SMILE_OPEN,
        Movement.SNARL,
        Movement.LIP_PUCKER,
        Movement.LOWER_TEETH_SHOW,
    ),
)
EFFORT = standard(
    "full_effort",
    FULL.movements,
    efforts=("comfortable", "comfortable", "comfortable", "full"),
)
PROTOCOLS = {one.name: one for one in (SHORT, FULL, EFFORT)}
