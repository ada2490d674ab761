"""What treatments would change in one face, day by day: ``facewire.forecast/1``.

Simulated, never measured. Lengths are millimetres, up and outward positive; left (L) and right
(R) are the patient's own. A course holds the middle (median) of the draws with its 95 % interval.
A number without a known size is null, and an entry of ``directions`` says which way it goes.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.face import MOVEMENTS, Component, Movement, Region, Side
from facewire.results.cells import Columns
from facewire.results.document import Document, Row
from facewire.results.estimate import Estimate, Kind, estimate_of
from facewire.results.harm import Harms
from facewire.results.safety import Answer, TreatmentCheck
from facewire.results.wiring import CHANNEL_NAMES, InferredFrom

Days = tuple[Annotated[int, Field(ge=0)], ...]
Numbers = tuple[float | None, ...]
Deviations = tuple[Annotated[float, Field(ge=0)] | None, ...]

TreatmentKind = Literal[
    "botulinum_toxin",
    "selective_neurolysis",
    "neuromuscular_retraining",
    "myectomy",
    "selective_denervation",
    "upper_lid_weight",
    "tarsorrhaphy",
    "canthoplasty",
    "cross_face_nerve_graft",
    "gracilis_transfer",
    "nerve_transfer",
    "brow_lift",
    "facelift",
]


Quantity = Literal["rest_mm", "voluntary_mm", "involuntary_mm"]
Way = Literal["up", "down", "toward_zero"]


class CitedFact(Row):
    """A number that the simulation rests on, with its source."""

    LEFT_OUT = ("low", "high", "sd", "spread_kind", "n", "n_study", "condition")

    id: str
    unit: str
    status: Literal["seen", "computed", "recalled", "doubtful", "assumed"]
    use: Literal["calibration", "check", "parameter", "risk"]
    citation: Annotated[str, Field(min_length=1)]
    value: float
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    spread_kind: Literal["sd", "se", "range", "ci95", "not stated"] | None = None
    """What the source's own spread is."""
    n: Annotated[int, Field(ge=1)] | None = None
    """People the figure is of."""
    n_study: Annotated[int, Field(ge=1)] | None = None
    """People who took part, where the figure is of some of them."""
    condition: str | None = None
    """When, how and of whom it was measured."""


class PrintedDose(Row):
    """A dose printed in a source for one product and muscle: literature only."""

    product: str
    target: str
    basis: Literal["site", "session"]
    low: float
    high: float
    citation: str
    status: Literal["seen"]
    product_status: Literal["seen"]
    note: str


class Applied(Row):
    """Where the effect and the duration of one treatment in a forecast come from."""

    source: Literal["literature", "clinic", "person"]
    people: Annotated[int, Field(ge=5)] | None = None
    """Of the clinic, behind it; null for the literature."""
    courses: Annotated[int, Field(ge=2)] | None = None
    """Of the person, behind it; null for the literature and a clinic."""
    effect: Estimate | None = None
    """What is simulated, as a multiple of the literature's; null for the literature."""
    duration_days: Estimate | None = None
    literature_percent: Annotated[float, Field(ge=0, le=100)] = 100.0
    reason: str = ""
    """Why it is the literature's although something was learned; empty where nothing is to say."""


class GivenTreatment(Row):
    """A treatment as it was given to the forecast; settings that were not given are left out."""

    SETTINGS: ClassVar[tuple[str, ...]] = (
        "muscle",
        "muscles",
        "product",
        "units",
        "sites",
        "weakening_percent",
        "weakening_low",
        "weakening_high",
        "cuts",
        "adherence",
        "minutes_per_day",
        "lasts_days",
        "drive",
        "length_mm",
        "region",
    )
    """Fields that a kind of treatment may have of its own."""
    LEFT_OUT = (*SETTINGS, "uses", "printed_doses", "learned")

    kind: TreatmentKind
    day: int
    side: Side
    sources: tuple[CitedFact, ...]
    risks: tuple[CitedFact, ...]
    printed_doses: tuple[PrintedDose, ...] | None = None
    """Doses printed in a source for this product and muscle; literature only."""
    muscle: str | None = None
    muscles: tuple[str, ...] | None = None
    product: str | None = None
    units: float | None = None
    """Recorded units of this product; not used in the simulation, never converted."""
    sites: int | None = None
    weakening_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    weakening_low: float | None = None
    weakening_high: float | None = None
    cuts: tuple[str, ...] | None = None
    adherence: float | None = None
    minutes_per_day: float | None = None
    lasts_days: float | None = None
    drive: str | None = None
    length_mm: float | None = None
    region: Region | None = None
    uses: tuple[str, ...] | None = None
    """Names of the sources that set what is simulated."""
    learned: Applied | None = None
    """Where effect and duration come from; left out where nothing learned was given."""


class DirectionRow(Row):
    """A change whose direction is known and whose size is not published.

    Its numbers are null from that day on.
    """

    from_day: int
    quantity: Quantity
    region: Region
    side: Side
    movements: tuple[Movement, ...]
    direction: Way
    reason: Annotated[str, Field(min_length=1)]


class Course(Row):
    """One number over the days: middle, deviation and interval of the draws, day by day."""

    COLUMNS: ClassVar[Columns]

    @property
    def middle(self) -> Numbers:
        """The middle of each day."""
        found: Numbers = getattr(self, self.COLUMNS.value)
        return found

    def ends(self) -> tuple[Numbers, Numbers]:
        """Return the lower and the upper ends of the intervals."""
        return getattr(self, self.COLUMNS.low), getattr(self, self.COLUMNS.high)

    def at(self, place: int) -> Estimate | None:
        """Return the number of one day, by its place in the list of days."""
        low, high = self.ends()
        sd = getattr(self, self.COLUMNS.sd)
        return estimate_of(
            self.middle[place],
            None if sd is None else sd[place],
            low[place],
            high[place],
            self.COLUMNS.unit,
            Kind.SIMULATED,
        )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        columns = [self.middle, *self.ends()]
        sd = getattr(self, self.COLUMNS.sd)
        if len({len(one) for one in columns if one is not None} | {len(sd or self.middle)}) != 1:
            raise ValueError("middle, deviation and interval are not of the same days")
        for middle, low, high in zip(*columns, strict=True):
            if middle is None and low is None and high is None:
                continue
            if middle is None or low is None or high is None or not low <= middle <= high:
                raise ValueError(f"{middle} lies outside its interval {low} to {high}")
        return self


class InvoluntaryCourse(Course):
    """What the wrong wiring moves, on map_days."""

    COLUMNS = Columns("change_mm", "change_sd_mm", "ci_low", "ci_high", "mm")

    movement: Movement
    region: Region
    side: Side
    change_mm: Numbers
    change_sd_mm: Deviations | None = None
    ci_low: Numbers
    ci_high: Numbers


class VoluntaryCourse(Course):
    """Hold minus rest, on map_days."""

    COLUMNS = Columns("excursion_mm", "excursion_sd_mm", "ci_low", "ci_high", "mm")

    movement: Movement
    region: Region
    side: Side
    excursion_mm: Numbers
    excursion_sd_mm: Deviations | None = None
    ci_low: Numbers
    ci_high: Numbers


class RestCourse(Course):
    """Change of the resting position since day 0, on map_days."""

    COLUMNS = Columns("shift_mm", "shift_sd_mm", "ci_low", "ci_high", "mm")

    region: Region
    component: Component
    side: Side
    shift_mm: Numbers
    shift_sd_mm: Deviations | None = None
    ci_low: Numbers
    ci_high: Numbers


class PointsCourse(Course):
    """Estimated points, every day."""

    COLUMNS = Columns("points", "points_sd", "ci_low", "ci_high", "points")

    points: Numbers
    points_sd: Deviations | None = None
    ci_low: Numbers
    ci_high: Numbers


class DifferenceCourse(Course):
    """Affected minus other side at rest, every day."""

    COLUMNS = Columns("difference_mm", "difference_sd_mm", "ci_low", "ci_high", "mm")

    difference_mm: Numbers
    difference_sd_mm: Deviations | None = None
    ci_low: Numbers
    ci_high: Numbers


class SymmetryCourse(Course):
    """Affected side's main target in percent of the other's, every day."""

    COLUMNS = Columns("percent", "percent_sd", "ci_low", "ci_high", "%")

    percent: Numbers
    percent_sd: Deviations | None = None
    ci_low: Numbers
    ci_high: Numbers


class SunnybrookCourses(Row):
    """The Sunnybrook score estimated from the simulated face."""

    label: Literal["estimate, not validated"] = "estimate, not validated"
    composite: PointsCourse
    against_day_0: PointsCourse | None = None
    """The composite against the other side as it was on day 0: what the affected side itself gains.
    The composite also rises when the other side loses movement. Null in files of earlier versions.
    """
    resting: PointsCourse
    voluntary: PointsCourse
    synkinesis: PointsCourse


class RestDifferences(Row):
    """How far the sides differ at rest; height of the eye and the brow, height of the corner."""

    eye: DifferenceCourse
    brow: DifferenceCourse
    commissure: DifferenceCourse


class ForecastSummary(Row):
    """Numbers of every day."""

    sunnybrook: SunnybrookCourses
    rest_difference: RestDifferences
    movement_symmetry: dict[Movement, SymmetryCourse]

    @model_validator(mode="after")
    def _every_movement(self) -> Self:
        if set(self.movement_symmetry) != set(MOVEMENTS):
            raise ValueError("movement_symmetry does not hold every movement")
        return self


class SidesPicture(Row):
    """Mean displacement of every channel, mm: a list of channels for each pictured day."""

    L: tuple[Numbers, ...]
    R: tuple[Numbers, ...]

    def of(self, side: Side) -> tuple[Numbers, ...]:
        """Return one side's displacements."""
        return self.L if side is Side.LEFT else self.R


class MovementPicture(SidesPicture):
    """The same in one movement, from that day's rest."""

    movement: Movement


class Pictures(Row):
    """What moving pictures of the simulated face are drawn from."""

    about: str
    days: Days
    channels: tuple[str, ...] = CHANNEL_NAMES
    movements: Annotated[tuple[MovementPicture, ...], Field(min_length=8, max_length=8)]
    rest: SidesPicture

    @model_validator(mode="after")
    def _known_channels(self) -> Self:
        if self.channels != CHANNEL_NAMES:
            raise ValueError(f"the channels are not {', '.join(CHANNEL_NAMES)}")
        return self


class Forecast(Document):
    """What treatments would change in one face, day by day: simulated, never measured."""

    KIND: ClassVar[str] = "forecast"
    MADE_BY: ClassVar[str] = "`facewire forecast`"

    schema_: Annotated[Literal["facewire.forecast/1"], Field(alias="schema")] = (
        "facewire.forecast/1"
    )
    kind: Literal["simulated"] = "simulated"
    statement: Annotated[str, Field(min_length=1)]
    """That all numbers are simulated, in words."""
    facewire: str
    """Version."""
    affected_side: Side | None
    side_confirmed: bool | None
    """Null where the face came without a measurement."""
    source: InferredFrom
    """What the wiring was inferred from."""
    draws: Annotated[int, Field(ge=1)]
    seed: int
    start_date: str | None
    """Date of day 0, the measurement."""
    onset_day: Annotated[int, Field(le=0)] | None
    days: Days
    shown_days: Days
    """Days whose numbers are told."""
    map_days: Days
    """Days of the rows of the map."""
    harms: Harms | None = None
    """What the plan may bring that nobody wants; null in files of earlier versions."""
    warnings: Annotated[tuple[str, ...], Field(min_length=1)]
    treatments: tuple[GivenTreatment, ...]
    safety: tuple[TreatmentCheck, ...] = ()
    """What the rules say of each treatment from day 0 on; empty in files of earlier versions."""
    directions: tuple[DirectionRow, ...]
    involuntary: Annotated[tuple[InvoluntaryCourse, ...], Field(min_length=112, max_length=112)]
    voluntary: Annotated[tuple[VoluntaryCourse, ...], Field(min_length=112, max_length=112)]
    rest: Annotated[tuple[RestCourse, ...], Field(min_length=20, max_length=20)]
    summary: ForecastSummary
    pictures: Pictures

    @property
    def barred(self) -> tuple[TreatmentCheck, ...]:
        """The treatments that were simulated although a rule bars them."""
        return tuple(one for one in self.safety if one.answer is Answer.BARRED)

    @model_validator(mode="after")
    def _days_fit(self) -> Self:
        for name in ("involuntary", "voluntary", "rest"):
            if any(len(row.middle) != len(self.map_days) for row in getattr(self, name)):
                raise ValueError(f"a row of {name} is not of map_days")
        return self
