"""The wiring of one face: ``facewire.wiring/1``, which command drives which muscle.

Inferred by a model from the synkinesis map, not measured. Left (L) and right (R) are the
patient's own.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.face import MOVEMENTS, SIDES, Movement, Region, Side
from facewire.face.muscles import GROUPS, SIDE_CHANNELS, UNITS, MuscleGroup
from facewire.results.cells import ClosureCell, Columns, MeasuredRow
from facewire.results.coverage import Coverage
from facewire.results.document import AtLeastZero, Document, Row, Share
from facewire.results.estimate import Estimate, Kind

MOST_DRAWS = 200

PerChannel = tuple[tuple[tuple[float | None, ...], ...], ...]
"""Draws, sides, channels or groups."""
PerMovement = tuple[tuple[tuple[tuple[float | None, ...], ...], ...], ...]
"""Draws, sides, movements (or groups), groups (or channels)."""

CHANNEL_NAMES = tuple(f"{region}_{component}" for region, component in SIDE_CHANNELS)

RestSignName = Literal["fissure", "upper_lid", "lower_lid", "corner_up", "corner_out"]
RestSays = Literal["tight", "slack", "even", "untold"]
"""tight: credibly as a tight muscle makes it; slack: as a lame one; even: surely like the other
side; untold: none of these is sure, or nobody saw it."""

UnionName = Literal["orbicularis_oculi", "corner_elevators", "corner_depressors"]

FindingName = Literal[
    "platysma",
    "chin_skin",
    "nasolabial_fold",
    "cheek_tightness",
    "dao_block",
    "stapedial_noise",
    "tearing",
]


class ClinicianFinding(Row):
    """What the clinician saw or felt and video does not see."""

    LEFT_OUT = ("movement",)

    finding: FindingName
    grade: Annotated[int, Field(ge=0, le=3)]
    """0 none to 3 severe."""
    side: Side
    source: Literal["clinician"] = "clinician"
    movement: Movement | None = None
    """Null where it does not belong to one movement."""


class ClinicianFindings(Row):
    """What was entered, as a file of its own holds it."""

    findings: tuple[ClinicianFinding, ...]


class MeasuredFrom(Row):
    """One measurement that a wiring was inferred from."""

    recording: str | None = None
    """File name of the recording."""
    recording_sha256: str | None = None
    content_sha256: str | None = None
    """Of the measurement's values."""
    side_status: str | None = None
    side_confidence: Share | None = None
    eye_closure: tuple[ClosureCell, ...] = ()
    """The closure gaps as they were measured: what is safe depends on them."""
    coverage: Coverage | None = None
    """What the recording showed and could not show; null in files of earlier versions."""


class InferredFrom(Row):
    """What a wiring, and all that is made of it, rests on."""

    synthetic: bool = False
    subject: str | None = None
    measurements: tuple[MeasuredFrom, ...] = ()


class Edge(MeasuredRow):
    """One connection: a command, and a muscle group that it reaches."""

    LEFT_OUT = ("present",)
    NUMBERS = (Columns("percent", "percent_sd", "ci_low", "ci_high", "%"),)
    NUMBERS_ARE = Kind.INFERRED

    command: Movement
    """The movement that is asked for."""
    muscle: MuscleGroup
    """What it reaches."""
    side: Side
    """Side of the muscle."""
    kind: Literal["right", "wrong"]
    """right: the muscle belongs to the movement; wrong: it does not."""
    percent: AtLeastZero | None = None
    """Activation in percent of the full activation of the healthy side's own muscle."""
    percent_sd: AtLeastZero | None = None
    """Standard deviation of the draws; null in files of earlier versions."""
    ci_low: AtLeastZero | None = None
    """Lower end of the 95 % interval, percent."""
    ci_high: AtLeastZero | None = None
    """Upper end of the 95 % interval, percent."""
    probability: Share | None = None
    """That the activation is 5 % or more."""
    present: bool | None = None
    """Whether a wrong edge is there. Left out where these data cannot tell, and where the muscle
    belongs to the movement: it must not read as no."""
    distinguishable: bool = True
    """false where the recorded movements cannot tell this edge from another one, or cannot see
    it."""
    confused_with: tuple[MuscleGroup, ...] = ()
    """The groups of those other edges."""
    resolved_by: str = ""
    """What would tell them apart: a movement to record, a finding, a test block; empty if none."""
    reason: str = ""
    """Why there is no number, or no answer."""

    @property
    def names_its_muscle(self) -> bool:
        """Whether it is there, and told from every muscle that is not treated as one with it."""
        one_with_it = next(unit for unit in UNITS if self.muscle in unit)
        told = self.distinguishable or (
            bool(self.confused_with) and set(self.confused_with) <= set(one_with_it)
        )
        return self.present is True and told

    @model_validator(mode="after")
    def _answers_rest_on_numbers(self) -> Self:
        if self.present is not None and (self.percent is None or self.kind == "right"):
            raise ValueError("present is said of an edge without a number, or of a right one")
        return self

    @property
    def strength(self) -> Estimate | None:
        """Activation in percent, inferred; None where it cannot be told."""
        return self.number("percent")


class UnionEdge(MeasuredRow):
    """One command, and muscles of one effect that it reaches: one or several of them.

    Only wrong connections; video can tell that one of the muscles is driven before it can tell
    which.
    """

    NUMBERS = (Columns("percent", "percent_sd", "ci_low", "ci_high", "%"),)
    NUMBERS_ARE = Kind.INFERRED

    command: Movement
    union: UnionName
    muscles: Annotated[tuple[MuscleGroup, ...], Field(min_length=2)]
    """Those of the union that do not belong to the movement."""
    side: Side
    percent: AtLeastZero
    """Activations of its muscles added up, in percent of one full activation."""
    percent_sd: AtLeastZero
    ci_low: AtLeastZero
    ci_high: AtLeastZero
    probability: Share
    """That they add up to 5 % or more."""
    present: bool
    """Whether it is called there, at the expected share of false calls of the single edges."""


class MeasuredPattern(Row):
    """An involuntary movement of the map beyond healthy faces: measured, whatever explains it."""

    name: str
    movement: Movement
    region: Region
    side: Side
    change_mm: float


class RestSign(MeasuredRow):
    """One sign of the affected side at rest against the other side's: measured, not inferred."""

    NUMBERS = (Columns("difference_mm", "difference_sd_mm", "ci_low", "ci_high", "mm"),)
    NUMBERS_ARE = Kind.MEASURED

    sign: RestSignName
    """Height of the fissure; distance of a lid from the middle of the pupil; the corner's height,
    and how far out it stands."""
    side: Side
    """The affected side."""
    difference_mm: float | None = None
    """That side minus the other; null where one of them was not seen at rest."""
    difference_sd_mm: AtLeastZero | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    says: RestSays


ZoneName = Literal["brow", "eye", "mouth"]


class SeenZone(Row):
    """Whether the recording shows what one zone of the affected side does."""

    zone: ZoneName
    moves: bool
    """Whether its own movement was measured on both sides: brow raise, gentle closure, smile."""
    goes_along: bool
    """Whether anything was measured of it in a movement that should not move it."""
    covered: bool = False
    """Whether what was not measured was asked for and covered; earlier versions do not say."""


class DrawnFaces(Row):
    """The draws themselves; millimetres are up and outward positive, 1 is full activation.

    An array that is the same in all draws is written once.
    """

    right: Annotated[PerMovement, Field(min_length=1)]
    """Activation that belongs to each movement."""
    wrong: Annotated[PerMovement, Field(min_length=1)]
    """Activation that does not belong there."""
    tone: Annotated[PerChannel, Field(min_length=1)]
    """Activation at rest of each group."""
    strength: Annotated[PerChannel, Field(min_length=1)]
    """What is left of each group's force."""
    action_mm: Annotated[PerMovement, Field(min_length=1)]
    """What each group moves at full activation, channel by channel."""
    added_mm: Annotated[PerMovement, Field(min_length=1)]
    """Movement by something else than the face's own muscles."""
    shift_mm: Annotated[PerChannel, Field(min_length=1)]
    """Displacement at rest by something else than tone."""
    rest_mm: Annotated[PerChannel, Field(min_length=1)]
    """Where the channels stand at rest; null where not measured."""
    physiological_mm: Annotated[PerMovement, Field(min_length=1)]
    """What healthy faces do too in regions that a movement does not move on purpose."""


class WiringDraws(Row):
    """Faces that stand for the wiring and what is not known about it.

    Arrays are in the order of the names beside them.
    """

    count: Annotated[int, Field(ge=1, le=MOST_DRAWS)]
    sides: tuple[Side, ...] = SIDES
    movements: tuple[Movement, ...] = MOVEMENTS
    groups: tuple[MuscleGroup, ...] = GROUPS
    channels: tuple[str, ...] = CHANNEL_NAMES
    arrays: DrawnFaces

    @model_validator(mode="after")
    def _in_known_order(self) -> Self:
        wanted = (SIDES, MOVEMENTS, GROUPS, CHANNEL_NAMES)
        if (self.sides, self.movements, self.groups, self.channels) != wanted:
            raise ValueError("the draws are of other sides, movements, muscles or channels")
        for name in DrawnFaces.model_fields:
            found = len(getattr(self.arrays, name))
            if found not in (1, self.count):
                raise ValueError(f"{name} holds {found} draws, not 1 or {self.count}")
        return self


class Wiring(Document):
    """The wiring of one face, inferred from its synkinesis map by a model, not measured."""

    KIND: ClassVar[str] = "wiring"
    MADE_BY: ClassVar[str] = "`facewire wiring`"

    schema_: Annotated[Literal["facewire.wiring/1"], Field(alias="schema")] = "facewire.wiring/1"
    kind: Literal["inferred"] = "inferred"
    facewire: str = ""
    """Version that wrote the file."""
    affected_side: Side | None
    """null for a healthy face."""
    side_confirmed: bool
    """Whether left and right are confirmed; a plan needs it."""
    percent_of: str = "full activation of the healthy side's own muscle"
    edges: tuple[Edge, ...]
    """Every command and group of the affected side; of both sides for a healthy face."""
    unions: tuple[UnionEdge, ...] = ()
    """Wrong edges to muscles of one effect taken together; empty in files of earlier versions."""
    measured: tuple[MeasuredPattern, ...] = ()
    """What the maps show beyond healthy faces; nothing of it is lost where no edge is called."""
    rest: tuple[RestSign, ...] = ()
    """The affected side at rest; empty for a healthy face, and in files of earlier versions."""
    zones: tuple[SeenZone, ...] = ()
    """What could be seen of each zone; empty for a healthy face, and in earlier versions."""
    source: InferredFrom
    findings: tuple[ClinicianFinding, ...] = ()
    """What the clinician saw or felt, as given."""
    notes: tuple[str, ...] = ()
    """What a reader must know."""
    draws: WiringDraws

    @property
    def recorded(self) -> tuple[Movement, ...]:
        """The movements it rests on: one of which no edge has a number was not recorded."""
        listed = {edge.command for edge in self.edges}
        told = {edge.command for edge in self.edges if edge.percent is not None}
        return tuple(m for m in MOVEMENTS if m in told or m not in listed)

    @classmethod
    def upgraded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Earlier versions let the mean of an edge that may be absent lie under its interval."""
        edges = values.get("edges")
        if not isinstance(edges, list):
            return values
        return {**values, "edges": [_with_mean_inside(row) for row in edges]}


def _with_mean_inside(row: Any) -> Any:
    names = ("percent", "ci_low", "ci_high")
    if not isinstance(row, dict) or not all(isinstance(row.get(n), int | float) for n in names):
        return row
    percent, low, high = (row[name] for name in names)
    if low > high:
        return row
    return {**row, "ci_low": min(low, percent), "ci_high": max(high, percent)}
