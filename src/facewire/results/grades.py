"""Clinical scales of one measurement: ``facewire.grades/1``.

Estimated grades are ranges of probable grades and are not validated; items that video cannot tell
are blank and the clinician's.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.face import Side
from facewire.results.coverage import Coverage
from facewire.results.document import AtLeastZero, Document, Row, Sha256, Share
from facewire.results.provenance import HashedFile

NOT_VALIDATED: Literal["estimated, not validated"] = "estimated, not validated"

Status = Literal["stated", "inferred", "none", "undecided", "both"]
Grade = Annotated[str, Field(pattern="^[0-5]$")]
Roman = Literal["I", "II", "III", "IV", "V", "VI"]


PART_LIMITS = {"resting": (0.0, 20.0), "voluntary": (20.0, 100.0), "synkinesis": (0.0, 15.0)}
"""Lowest and highest score of each part of the Sunnybrook scale (Ross 1996)."""


class ScoreRange(Row):
    """A score as a 95 % range; ``expected`` is null where items are blank."""

    LEFT_OUT = ("of_blanks",)

    expected: float | None
    ci_low: float
    ci_high: float
    of_blanks: float | None = None
    """Points of ``expected`` that stand for items nobody graded: the middle of their grades. Null
    where there are none, and in files of earlier versions."""


class EfaceRange(Row):
    """An eFACE-like score; null with a reason where it was not measured."""

    expected: float | None
    ci_low: float | None
    ci_high: float | None
    reason: str | None = None


class SunnybrookSummary(Row):
    """Sunnybrook sub-scores and composite, estimated."""

    composite: ScoreRange
    resting: ScoreRange
    voluntary: ScoreRange
    synkinesis: ScoreRange


class EfaceSummary(Row):
    """eFACE-like sub-scores, estimated."""

    static: EfaceRange
    dynamic: EfaceRange
    synkinesis: EfaceRange
    total: EfaceRange


class GradeSummary(Row):
    """The estimated scores alone, as a measurement holds them."""

    kind: Literal["estimated, not validated"] = NOT_VALIDATED
    sunnybrook: SunnybrookSummary
    eface_like: EfaceSummary


class Sighting(Row):
    """A measured number that an item rests on."""

    region: str
    unit: str
    value: float
    sd: AtLeastZero | None = None
    """Null in files of earlier versions."""
    ci_low: float
    ci_high: float


class GradedItem(Row):
    """One item of a scale: estimated with probabilities, filled by the clinician, or blank."""

    kind: Literal["estimated", "entered", "blank"]
    expected: float | None
    """Mean grade; null for a blank."""
    ci_low: int
    ci_high: int
    """95 % range of grades; all grades for a blank."""
    probabilities: dict[Grade, Share]
    """Of each grade; empty for a blank."""
    entered: int | None
    """The clinician's own grade."""
    measured: tuple[Sighting, ...]
    """What it rests on; empty where each side was graded in turn."""
    not_seen: tuple[str, ...]
    basis: str | None
    """Where the cut-points come from."""
    validated: Literal[False] = False
    reason: str | None
    """Why it is blank."""

    @model_validator(mode="after")
    def _blank_with_reason(self) -> Self:
        told = self.expected is not None or self.probabilities
        if self.kind == "blank" and (told or not self.reason):
            raise ValueError("a blank item has a reason, and neither grade nor probabilities")
        return self


class SunnybrookPart(ScoreRange):
    """A sub-score with its items."""

    entered: int | None
    """The clinician's own sub-score; null unless every item was entered."""
    items: dict[str, GradedItem]


class SunnybrookComposite(ScoreRange):
    """Voluntary - resting - synkinesis, shown from 0 to 100, with its 95 % range."""

    raw: ScoreRange
    """The same, unclipped: the arithmetic reaches -15."""
    lowest_with_unseen: AtLeastZero
    """Lower end when everything that video does not see is at its worst."""
    blanks: tuple[str, ...]
    """Items left for the clinician; the range runs over all their grades."""
    entered: int | None
    """The clinician's own composite, shown from 0; null unless every item was entered."""


class HealthyRange(Row):
    """Composite of healthy adults."""

    low: float
    high: float
    source: str


class Sunnybrook(Row):
    """The Sunnybrook scale."""

    kind: Literal["estimated, not validated"] = NOT_VALIDATED
    composite: SunnybrookComposite
    resting: SunnybrookPart
    voluntary: SunnybrookPart
    synkinesis: SunnybrookPart
    source: str
    healthy: HealthyRange

    @model_validator(mode="after")
    def _within_the_scale(self) -> Self:
        for name, (low, high) in PART_LIMITS.items():
            part: SunnybrookPart = getattr(self, name)
            if not low <= part.ci_low <= part.ci_high <= high:
                raise ValueError(f"{name} leaves its scale of {low:g} to {high:g}")
        return self


class EfacePart(EfaceRange):
    """Mean of its items."""

    entered: float | None
    items: dict[str, EfaceRange]


class EfaceTotal(EfaceRange):
    """Mean of the three: the Auto-eFACE rule."""

    entered: float | None


class EfaceLike(Row):
    """Sub-scores after the Auto-eFACE rule."""

    kind: Literal["estimated, not validated"] = NOT_VALIDATED
    static: EfacePart
    dynamic: EfacePart
    synkinesis: EfacePart
    total: EfaceTotal
    source: str


class HouseBrackmann(Row):
    """House-Brackmann, entered by the clinician and never estimated."""

    kind: Literal["entered", "blank"]
    entered: Roman | None
    reason: str | None
    source: str


class FngsGrades(Row):
    """FNGS 2.0 as it was entered."""

    brow: Annotated[int, Field(ge=1, le=6)]
    eye: Annotated[int, Field(ge=1, le=6)]
    nasolabial_fold: Annotated[int, Field(ge=1, le=6)]
    oral: Annotated[int, Field(ge=1, le=6)]
    secondary_movement: Annotated[int, Field(ge=0, le=3)]
    total: Annotated[int, Field(ge=4, le=24)]
    grade: Roman


class Fngs(Row):
    """FNGS 2.0, entered by the clinician and never estimated."""

    kind: Literal["entered", "blank"]
    entered: FngsGrades | None
    reason: str | None
    source: str


class Grades(Document):
    """Clinical scales of one measurement."""

    KIND: ClassVar[str] = "grades"
    MADE_BY: ClassVar[str] = "`facewire grade`"

    schema_: Annotated[Literal["facewire.grades/1"], Field(alias="schema")] = "facewire.grades/1"
    kind: Literal["estimated"] = "estimated"
    validated: Literal[False] = False
    statements: tuple[str, ...]
    """What has to be said beside every number of this document."""
    facewire: str
    """Version."""
    source: HashedFile | None
    """The result file."""
    recording_sha256: Sha256 | None = None
    """Of the recording that was measured; null in files of earlier versions."""
    subject: str | None
    synthetic: bool
    side_affected: Side | None
    side_status: Status
    side_confirmed: bool
    coverage: Coverage | None = None
    """What the recording showed and could not show; null in files of earlier versions."""
    rater: str | None
    """Pseudonym of who entered grades."""
    sunnybrook: Sunnybrook
    eface_like: EfaceLike
    house_brackmann: HouseBrackmann
    fngs2: Fngs
