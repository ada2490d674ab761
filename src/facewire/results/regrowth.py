"""How an injured facial nerve may grow back, simulated many times: ``facewire.regrowth/1``.

For teaching; not a forecast for one patient. Left (L) and right (R) are the patient's own. A band
holds the median, the middle half (ci50_low, ci50_high) and 95 % (ci_low, ci_high) of the
simulated courses; lists run over months first.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from facewire.face import Movement, Region, Side
from facewire.face.anatomy import Branch
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.results.document import AtLeastZero, Document, Row, Share

Percent = Annotated[float, Field(ge=0, le=100)]
OverMonths = tuple[float, ...]
OverMuscles = tuple[tuple[float, ...], ...]
"""Months, muscles."""
OverCommands = tuple[tuple[tuple[float, ...], ...], ...]
"""Months, commands, muscles."""


class Severity(StrEnum):
    """What happened to the axons (Seddon 1943)."""

    NONE = "none"
    NEURAPRAXIA = "neurapraxia"
    CRUSH = "crush"
    CUT = "cut"


class Place(StrEnum):
    """A named place along the nerve; a branch is named with ``branch``."""

    GENICULATE = "geniculate"
    STYLOMASTOID = "stylomastoid"
    BRANCH = "branch"
    DISTANCE = "distance"


class Band(Row):
    """A course over months."""

    median: OverMonths
    ci50_low: OverMonths
    ci50_high: OverMonths
    ci_low: OverMonths
    ci_high: OverMonths


class MuscleBand(Row):
    """A course over months for each muscle."""

    median: OverMuscles
    ci50_low: OverMuscles
    ci50_high: OverMuscles
    ci_low: OverMuscles
    ci_high: OverMuscles


class DriveBand(Row):
    """A course over months for each command and muscle."""

    median: OverCommands
    ci50_low: OverCommands
    ci50_high: OverCommands
    ci_low: OverCommands
    ci_high: OverCommands


class MonthBand(Row):
    """When something happens, months; null where it does not within the time line."""

    median: float | None
    ci50_low: float | None
    ci50_high: float | None
    ci_low: float | None
    ci_high: float | None


class InjuryRow(Row):
    """Where the nerve was injured, how severely, and what was done about it."""

    side: Side
    severity: Severity
    place: Place
    branch: Branch | None = None
    distance_mm: float | None = None
    degenerated_percent: Percent
    tubes_kept: Share | None = None
    repaired: bool
    repair_month: AtLeastZero


class MuscleCourses(Row):
    """What becomes of each muscle."""

    force_percent: MuscleBand
    strength_percent: MuscleBand
    wrong_percent: MuscleBand
    tone_percent: MuscleBand


class FaceCourses(Row):
    """Means over the muscles."""

    force_percent: Band
    wrong_percent: Band


class Growth(Row):
    """Places along the nerve, from the geniculate ganglion.

    ``front_mm`` is how far a typical axon has grown past the injury.
    """

    injury_mm: float
    stylomastoid_mm: float
    division_mm: float
    muscles_mm: float
    front_mm: Band


class PatternCourse(Row):
    """A pattern of synkinesis: how often it can be seen, and how far it goes."""

    id: str
    name: str
    movements: Annotated[tuple[Movement, ...], Field(min_length=1)]
    region: Region
    visible_from_mm: float
    visible_percent_of_runs: tuple[Percent, ...]
    change_mm: Band
    published_percent: float | None


class Event(Row):
    """Something that happens in some of the runs."""

    id: str
    words: str
    happens_percent_of_runs: Percent
    month: MonthBand


class CitedNumber(Row):
    """A number that the simulation rests on or is compared with, with its source."""

    LEFT_OUT = ("low", "high", "words")

    id: str
    value: float
    unit: str
    citation: Annotated[str, Field(min_length=1)]
    status: Literal["seen", "recalled", "assumed"]
    use: Literal["parameter", "calibration", "check"]
    low: float | None = None
    high: float | None = None
    words: str | None = None
    """What a published figure is about."""


class Regrowth(Document):
    """How an injured facial nerve may grow back: for teaching, not a forecast for one patient."""

    KIND: ClassVar[str] = "regrowth"
    MADE_BY: ClassVar[str] = "`facewire regrow`"

    schema_: Annotated[Literal["facewire.regrowth/1"], Field(alias="schema")] = (
        "facewire.regrowth/1"
    )
    kind: Literal["simulated"] = "simulated"
    teaching: Literal[True] = True
    statement: Annotated[str, Field(min_length=1)]
    facewire: str
    """Version."""
    name: str
    """What the injury is called."""
    injury: InjuryRow
    runs: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)]
    months: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=2)]
    percent_of: str = "full activation of the healthy muscle"
    commands: Annotated[tuple[MuscleGroup, ...], Field(min_length=14, max_length=14)] = GROUPS
    muscles: Annotated[tuple[MuscleGroup, ...], Field(min_length=14, max_length=14)] = GROUPS
    drive_percent: DriveBand
    """What the full command of a pool (second index) activates in a muscle group (third)."""
    muscle_courses: MuscleCourses
    face_courses: FaceCourses
    growth: Growth
    patterns: tuple[PatternCourse, ...]
    events: tuple[Event, ...]
    published: tuple[CitedNumber, ...]
    parameters: Annotated[tuple[CitedNumber, ...], Field(min_length=1)]
    notes: tuple[str, ...]
