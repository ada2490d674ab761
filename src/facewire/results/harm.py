"""What a plan of treatments may do that nobody wants: counted over simulated faces, day by day.

Shares are percent of the draws that stand for what is not known. Counted is what the plan brings or
makes worse; ``today_percent`` says how often it is there before.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from facewire.face import Side
from facewire.results.document import Row

Percents = tuple[Annotated[float, Field(ge=0, le=100)], ...]


class Harm(StrEnum):
    """What may go wrong."""

    LAGOPHTHALMOS_2 = "lagophthalmos_2_mm"
    LAGOPHTHALMOS_4 = "lagophthalmos_4_mm"
    INCOMPLETE_BLINK = "incomplete_blink"
    BROW_PTOSIS = "brow_ptosis"
    LID_PTOSIS = "lid_ptosis"
    DIPLOPIA = "diplopia"
    LIP_PTOSIS = "lip_ptosis"
    ORAL_INCOMPETENCE = "oral_incompetence"
    UNCLEAR_SPEECH = "unclear_speech"
    HEALTHY_ASYMMETRY = "healthy_side_asymmetry"
    SMILE_LOSS = "smile_loss"
    ASTIGMATISM = "astigmatism"
    EXTRUSION = "implant_extrusion"
    BULGING = "implant_bulging"
    ALLERGY = "implant_allergy"
    REVISION = "operated_again"
    FAILED_TRANSFER = "failed_transfer"
    UNFAVOURABLE = "unfavourable_result"
    ANY_OF_OPERATION = "any_harm_of_operation"


class HarmCourse(Row):
    """How often a harm is brought or made worse, on every day."""

    harm: Harm
    side: Side | None
    """Null where both sides act together, as the lips do."""
    today_percent: Annotated[float, Field(ge=0, le=100)] | None
    """How often it is there on day 0; null where it is a change since then."""
    percent: Percents
    ci_low: Percents
    ci_high: Percents
    """95 % interval: of the draws, and of how large everybody's reserve may be."""

    @property
    def worst(self) -> int:
        """The first day at which it is most frequent, or may be."""
        both = list(zip(self.percent, self.ci_high, strict=True))
        return both.index(max(both))

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for low, middle, high in zip(self.ci_low, self.percent, self.ci_high, strict=True):
            if not low <= middle <= high:
                raise ValueError(f"{middle} % lies outside its interval {low} to {high}")
        return self


class OmittedHarm(Row):
    """A harm that is not simulated: unknown, not absent."""

    harm: Harm
    reason: Annotated[str, Field(min_length=1)]


class PublishedHarm(Row):
    """A published rate of a harm in the people named: told beside the simulation."""

    harm: Harm
    fact: str
    """The id of the figure among the facts of treatments."""
    percent: Annotated[float, Field(ge=0, le=100)]
    low_percent: Annotated[float, Field(ge=0, le=100)] | None
    high_percent: Annotated[float, Field(ge=0, le=100)] | None
    n: Annotated[int, Field(ge=1)] | None
    """People it is of; null where the source was not seen to say."""
    condition: str
    citation: str
    status: Literal["seen", "computed"]
    treatment: str | None = None
    """The operation that it is of; null where it is of toxin."""


class Harms(Row):
    """What a plan may harm: the first thing to be told of it."""

    days: tuple[Annotated[int, Field(ge=0)], ...]
    simulated: tuple[HarmCourse, ...]
    not_simulated: tuple[OmittedHarm, ...]
    published: tuple[PublishedHarm, ...]
    beyond: Annotated[str, Field(min_length=1)]
    """What no forecast holds, in words."""

    @property
    def of_operations(self) -> tuple[PublishedHarm, ...]:
        """Published rates of the operations themselves: told before everything else."""
        return tuple(row for row in self.published if row.treatment is not None)

    @property
    def of_toxin(self) -> tuple[PublishedHarm, ...]:
        """Published rates of toxin, in other faces."""
        return tuple(row for row in self.published if row.treatment is None)

    @model_validator(mode="after")
    def _of_the_same_days(self) -> Self:
        for row in self.simulated:
            if len(row.percent) != len(self.days):
                raise ValueError(f"{row.harm} is not of the days of the harms")
        return self
