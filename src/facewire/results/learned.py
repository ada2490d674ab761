"""What a clinic's own patients teach about treatments: ``facewire.learned/1``.

Inferred: the measured change after each course, held against what the literature's forecast said
of it. Groups of people, never a name; of fewer than five people there is no figure, as two or three
are soon told apart. A file of one person's own courses names the pseudonym of that person alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.results.document import AtLeastZero, Count, Document, Row
from facewire.results.estimate import Estimate
from facewire.results.forecast import TreatmentKind

Role = Literal["affected", "other"]
LeastCount = Annotated[int, Field(ge=5)]

FEWEST_PEOPLE = 5
"""Fewer people than this stand behind no figure of a clinic."""


class Response(Row):
    """How treatments came out, as a multiple of what the literature's forecast says."""

    effect: Estimate
    """The middle, of this clinic's people or of this person: 1 is what the literature expects."""
    next_effect: Estimate
    """What the next course may be like; everything that is not known is in it."""
    duration_days: Estimate | None = None
    """How long the effect lasts in the middle; null where no late visit tells."""
    next_duration_days: Estimate | None = None
    next_duration_log_sd: AtLeastZero | None = None
    """Of the logarithm of ``next_duration_days``."""
    literature_percent: Annotated[float, Field(ge=0, le=100)]
    """How much the literature weighs in ``effect``; the rest is own data."""
    own_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    """How much a person's own courses weigh; null for a clinic."""
    duration_literature_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    courses: Count
    """Courses behind it that could be measured."""
    late_courses: Count = 0
    """Those of them with a visit late enough to tell how long the effect lasted."""


class ClinicResponse(Response):
    """How a clinic's people came out, and how many stand behind it."""

    people: LeastCount
    between_people_sd: AtLeastZero
    """Spread of ``effect`` between people, the error of measuring taken off."""


class LearnedTreatment(Row):
    """One treatment as a clinic gives it: kind, muscle, side and product are never mixed."""

    kind: TreatmentKind
    muscle: str | None = None
    role: Role
    """Whether the affected side was treated, or the other one."""
    product: str | None = None
    units_middle: float | None = None
    """Median of the units of this product, given on one side; null where they are not recorded or
    fewer than five people stand behind it."""
    treated_people: LeastCount | None = None
    """People who were given it, seen again or not; null for fewer than five, and where one to four
    of them were not seen."""
    clinic: ClinicResponse | None = None
    """Null for fewer than five people."""
    person: Response | None = None
    """Of the one person whom the file is about; null for fewer than two courses."""
    remarks: tuple[str, ...] = ()


class LeftOut(Row):
    """Why courses tell nothing here, and how many; null for fewer than five."""

    reason: str
    courses: LeastCount | None


class Learned(Document):
    """What a clinic's own patients teach about treatments: inferred from courses measured."""

    KIND: ClassVar[str] = "learned"
    MADE_BY: ClassVar[str] = "`facewire learn`"

    schema_: Annotated[Literal["facewire.learned/1"], Field(alias="schema")] = "facewire.learned/1"
    kind: Literal["inferred"] = "inferred"
    statement: Annotated[str, Field(min_length=1)]
    facewire: str
    made_on: dt.date
    subject: str | None = None
    """Pseudonym of the person whose own courses are in it; null for a clinic's file."""
    synthetic: bool = False
    """Whether any visit shows a rendered face."""
    treatments: tuple[LearnedTreatment, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _own_figures_have_an_owner(self) -> Self:
        if self.subject is None and any(one.person for one in self.treatments):
            raise ValueError("figures of one person without the pseudonym of that person")
        keys = [(one.kind, one.muscle, one.role, one.product) for one in self.treatments]
        if len(set(keys)) < len(keys):
            raise ValueError("a treatment is there twice")
        return self
