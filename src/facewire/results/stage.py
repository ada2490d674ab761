"""The stage of a face, what follows from it, and the face at rest: parts of a plan.

A clinician says which stage it is, a program only what is likely.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from facewire.face import Side
from facewire.results.cells import Columns, MeasuredRow
from facewire.results.document import AtLeastZero, Row, Share
from facewire.results.estimate import Kind
from facewire.results.safety import Status
from facewire.results.wiring import RestSays, RestSign, ZoneName


class StageName(StrEnum):
    """Where a palsy stands; a clinician says so, a program only what is likely."""

    FLACCID = "flaccid"
    EARLY_RECOVERY = "early_recovery"
    PARETIC = "paretic"
    SYNKINETIC = "synkinetic"
    RESTRICTED = "restricted"
    MIXED = "mixed"
    POST_OPERATIVE = "post_operative"
    HEALTHY = "healthy"


CLEAR = 0.8
"""Probability from which a stage is told without a clinician: four to one (a choice)."""
POSSIBLE = 0.05
"""Probability from which a stage counts as possible where none is told."""


class StageChance(Row):
    """A stage and how likely it is."""

    stage: StageName
    probability: Share


class Zone(MeasuredRow):
    """How far one zone of the affected side moves, against the other side."""

    NUMBERS = (Columns("share_percent", "share_sd", "ci_low", "ci_high", "%"),)
    NUMBERS_ARE = Kind.INFERRED

    zone: ZoneName
    share_percent: float
    share_sd: AtLeastZero
    ci_low: float
    ci_high: float


class Branch(Row):
    """What a stage asks for, in the order of a clinician: eye, time, function, synkinesis."""

    about: Literal["eye", "time", "function", "synkinesis"]
    text: str
    source: str
    status: Status
    months_left: float | None = None
    """Of a window of time, from the months since the onset; 0 when it is over; null where the
    onset is not known or it is no window."""
    stages: tuple[StageName, ...] = ()
    """Of several possible stages those that ask for it; empty where the stage is told."""


class Stage(Row):
    """The stage of a face: what the model finds likely, what the clinician says, what follows."""

    chances: Annotated[tuple[StageChance, ...], Field(min_length=8, max_length=8)]
    """The likeliest first."""
    confirmed: StageName | None
    """As the clinician stated it; null where nobody did."""
    zones: tuple[Zone, ...]
    evidence: tuple[str, ...]
    branches: tuple[Branch, ...]

    @property
    def taken(self) -> StageName | None:
        """The stage that the plan follows: the clinician's, else one that is clearly told."""
        first = self.chances[0]
        return self.confirmed or (first.stage if first.probability >= CLEAR else None)

    @property
    def possible(self) -> tuple[StageName, ...]:
        """The stage that is taken; where none is, those that cannot be told apart."""
        if self.taken is not None:
            return (self.taken,)
        return tuple(one.stage for one in self.chances if one.probability >= POSSIBLE)


RestPartName = Literal["eye", "fold", "corner"]


class RestPart(Row):
    """What one part of the affected side says at rest, against the other side's."""

    part: RestPartName
    says: RestSays
    graded: str | None
    """As it was graded by eye, an option of the Sunnybrook scale; null where nobody did."""
    notes: tuple[str, ...]


class RestingFace(Row):
    """The affected side at rest: what was measured, and what was graded by eye."""

    side: Side
    parts: Annotated[tuple[RestPart, ...], Field(min_length=3, max_length=3)]
    signs: tuple[RestSign, ...]
    graded_on: Literal["person", "photograph"] | None
    """What was looked at for the grades; null where that was not said."""

    def says(self, part: RestPartName) -> RestSays:
        """Return what a part says."""
        return next(one.says for one in self.parts if one.part == part)
