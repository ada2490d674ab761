"""Every outcome over dated visits, as a comparison holds it in ``course``.

Measured points carry their uncertainty; a trend joins only visits at one toxin phase, none across
another treatment; a simulated course lies beside them and is named as such.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from facewire.face import Movement, Region, Side
from facewire.results.cells import Columns, MeasuredRow
from facewire.results.document import AtLeastZero, Positive, Row, Sha256, Share
from facewire.results.estimate import Estimate

Part = Literal["involuntary", "voluntary"]


class ToxinPhase(StrEnum):
    """How far a toxin's effect is at a visit."""

    NONE = "no_toxin"
    ONSET = "onset"
    PEAK = "peak"
    WEARING_OFF = "wearing_off"
    WORN_OFF = "worn_off"


class CourseVisit(Row):
    """A visit with its day."""

    name: str
    date: dt.date
    toxin_phase: ToxinPhase
    phase_stated: bool
    """Stated in the course file; else from the days since the last toxin."""
    weeks_since_toxin: float | None
    recording_sha256: Sha256 | None


class TreatmentGiven(Row):
    """A treatment that was given; nothing is computed from it but its date."""

    date: dt.date
    kind: str
    """Such as ``botulinum_toxin`` or ``selective_neurolysis``."""
    side: Side | None = None
    muscle: str = ""
    product: str = ""
    note: str = ""


class OutcomePoint(MeasuredRow):
    """One outcome at one visit, at the effort that all visits share."""

    NUMBERS = (Columns("value_mm", "value_sd_mm", "ci_low", "ci_high", "mm"),)

    visit: str
    date: dt.date
    toxin_phase: ToxinPhase
    value_mm: float | None = None
    value_sd_mm: AtLeastZero | None = None
    """Null in files of earlier versions."""
    ci_low: float | None = None
    ci_high: float | None = None
    reason: str = ""

    @property
    def number_mm(self) -> Estimate | None:
        """The outcome with its uncertainty."""
        return self.number("value_mm")


class Trend(MeasuredRow):
    """A straight line through three or more visits at one toxin phase."""

    NUMBERS = (Columns("change_mm", "change_sd_mm", "ci_low", "ci_high", "mm"),)

    joins: Literal["toxin_free", "peak"]
    visits: Annotated[tuple[str, ...], Field(min_length=3)]
    start: dt.date
    end: dt.date
    start_mm: float
    """The line at its start."""
    end_mm: float
    """The line at its end."""
    change_mm: float
    """End minus start."""
    change_sd_mm: AtLeastZero | None = None
    """Null in files of earlier versions."""
    ci_low: float
    ci_high: float
    slope_mm_per_month: float
    sdc_mm: Positive
    """Smallest detectable change."""
    scatter: Annotated[float, Field(ge=1)]
    """How much more the visits scatter than they should; widens the interval."""
    q_value: Share | None = None
    """False discovery rate over the other trends; of the outcome named in advance its p-value."""
    named: bool = False
    beyond_sdc: bool = False

    @property
    def change(self) -> Estimate | None:
        """The change from its start to its end."""
        return self.number("change_mm")


class SimulatedOutcome(Row):
    """What a forecast says of one outcome, at the effort of the simulation."""

    kind: Literal["simulated"] = "simulated"
    dates: tuple[dt.date, ...]
    value_mm: tuple[float | None, ...]
    value_sd_mm: tuple[float | None, ...] | None = None
    """Null in files of earlier versions."""
    ci_low: tuple[float | None, ...]
    ci_high: tuple[float | None, ...]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        columns = (self.dates, self.value_mm, self.ci_low, self.ci_high)
        if len({len(one) for one in columns}) > 1:
            raise ValueError("dates, values and intervals differ in number")
        for day, value, low, high in zip(*columns, strict=True):
            if value is None or low is None or high is None:
                continue
            if not low <= value <= high:
                raise ValueError(f"on {day} the value lies outside of its interval")
        return self


class OutcomeCourse(Row):
    """The course of one movement, region and side."""

    kind: Part
    movement: Movement
    region: Region
    side: Side
    at_mm: float | None
    """Voluntary amplitude that all visits share; null for voluntary outcomes."""
    points: tuple[OutcomePoint, ...]
    trends: tuple[Trend, ...]
    forecast: SimulatedOutcome | None = None


class ForecastLaid(Row):
    """The forecast that lies beside the course."""

    kind: Literal["simulated"] = "simulated"
    statement: str
    start_date: dt.date
    start_stated: bool
    """False: its day 0 is laid at the first visit."""


class Course(Row):
    """Visits, treatments and every outcome that was measured more than once."""

    visits: Annotated[tuple[CourseVisit, ...], Field(min_length=2)]
    treatments: tuple[TreatmentGiven, ...]
    outcomes: tuple[OutcomeCourse, ...]
    forecast: ForecastLaid | None
