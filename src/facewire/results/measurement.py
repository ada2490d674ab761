"""What was measured in one recording: ``facewire.measurement/1``.

Lengths are millimetres, times seconds; left (L) and right (R) are the patient's own. A number
that could not be measured is null and its row says why. True, false and null are three answers:
null is "cannot tell".
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, SIDES, Movement, Region, Side
from facewire.results.cells import (
    BlinkCell,
    ClosureCell,
    Key,
    LidCell,
    RestCell,
    SynkinesisCell,
    VoluntaryCell,
)
from facewire.results.coverage import Coverage
from facewire.results.document import (
    AtLeastZero,
    Count,
    Document,
    Positive,
    Row,
    Sha256,
    Share,
)
from facewire.results.findings import Findings, Pattern
from facewire.results.grades import GradeSummary
from facewire.results.provenance import Provenance

RestKind = Literal["before", "opening"]


class Repetition(Row):
    """One repetition of one movement as it was found; times on the recording's own axis.

    ``onset_s`` and ``end_s`` are where the movement's main target, on the side that moves more,
    passes a tenth of its hold; ``apex_start_s`` to ``apex_end_s`` is the hold;
    ``rest_start_s`` to ``rest_end_s`` the rest that it is compared with.
    """

    movement: Movement
    repetition: Annotated[int, Field(ge=1, le=2**53)]
    start_s: float
    onset_s: float
    apex_start_s: float
    apex_end_s: float
    end_s: float
    rest_start_s: float
    rest_end_s: float
    rest_kind: RestKind
    """before: the rest just before it; opening: the opening rest, because the face had not
    returned to rest."""
    kept: bool
    reason: str | None = ""
    """Why the repetition was dropped; a remark when it was kept."""
    effort: str = ""
    """What the patient was asked for, such as comfortable or full; empty where nobody said."""

    @model_validator(mode="after")
    def _dropped_with_reason(self) -> Self:
        if not self.kept and not self.reason:
            raise ValueError("a repetition is dropped without a reason")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for start, end in (
            (self.start_s, self.end_s),
            (self.apex_start_s, self.apex_end_s),
            (self.rest_start_s, self.rest_end_s),
        ):
            if start > end:
                raise ValueError("it, its hold, or its rest ends before it starts")
        return self


class RepetitionValue(Row):
    """What one region did in one repetition, on one side; for models over repetitions.

    Of a dropped repetition, or a region that was not measured in it, the numbers are null.
    """

    movement: Movement
    repetition: Annotated[int, Field(ge=1, le=2**53)]
    effort: str = ""
    region: Region
    side: Side
    total_mm: float | None = None
    """Hold minus rest; sign and length as for excursion_mm."""
    total_sd_mm: AtLeastZero | None = None
    """Its deviation from tracking noise and from what the method leaves uncorrected."""
    involuntary_mm: float | None = None
    """The part that the movement does not do by itself; null where it was not asked for."""
    involuntary_sd_mm: AtLeastZero | None = None
    onset_s: float | None = None
    """Where the region passes a tenth of its own hold, on the recording's axis."""
    rise_s: AtLeastZero | None = None
    """From a tenth to nine tenths of its own hold."""
    peak_velocity_mm_s: AtLeastZero | None = None
    """Largest speed of its rise, after smoothing over 0.1 s."""
    hold_sd_mm: AtLeastZero | None = None
    """How steadily it was held: deviation about the hold's median, tracking noise included."""
    kept: bool
    reason: str = ""


class Scale(Row):
    """Millimetres per picture unit: value, where it comes from, how sure."""

    source: Literal["iris", "entered", "simulated"]
    """``iris`` (visible iris diameter), ``entered`` (given by the user) or ``simulated``."""
    reference_mm: Positive
    """The length that was assumed or entered, such as 11.7 for the iris."""
    relative_sd: AtLeastZero
    """Standard deviation of the scale divided by the scale; it multiplies every length alike."""
    mm_per_px: Positive
    """Median over the recording."""
    pupils_mm: Positive | None = None
    """Distance of the pupils by this scale, to check it by; null: an eye is covered, or unknown."""
    width_to_height: Positive | None = None
    """How wide the face is for its height, in parts of what is usual; null: unknown."""


class References(Row):
    """What the physiological part may be taken from in this face, and why not."""

    other_side: bool = True
    """The other side in the same movement."""
    other_side_reason: str = ""
    healthy_norms: bool = True
    """What healthy adults do."""
    healthy_norms_reason: str = ""

    @model_validator(mode="after")
    def _refused_with_reason(self) -> Self:
        for usable, reason in (
            (self.other_side, self.other_side_reason),
            (self.healthy_norms, self.healthy_norms_reason),
        ):
            if usable is bool(reason):
                raise ValueError("a reference is refused with a reason, and only then")
        return self


class StoredFile(Row):
    """A file beside the result."""

    path: Annotated[str, Field(pattern=r"^[^/\\].*$")]
    """Relative to the result file."""
    sha256: Sha256


class StoredFiles(Row):
    """The files beside the result; null where one was not written."""

    track: StoredFile | None = None
    signals: StoredFile | None = None
    frames: StoredFile | None = None
    mesh: StoredFile | None = None


class Message(Row):
    """Something that a reader of the result must know."""

    level: Literal["info", "warning", "problem"]
    code: str
    text: str


class Quality(Row):
    """How good the recording was."""

    frames: Count
    frames_measured: Count
    frames_lost: Count
    frames_turned: Count = 0
    frames_blink: Count = 0
    mismatch: AtLeastZero | None = None
    """Brightness difference to the rest picture, 0 to 255, median."""
    sharpness: float | None = None
    light: float | None = None
    noise_mm: dict[Region, AtLeastZero | None] = Field(default_factory=dict)
    """Tracking noise of one picture, by region."""
    messages: tuple[Message, ...] = ()


class Measurement(Document):
    """What facewire measured in one recording."""

    KIND: ClassVar[str] = "measurement"
    MADE_BY: ClassVar[str] = "`facewire measure`"

    schema_: Annotated[Literal["facewire.measurement/1"], Field(alias="schema")] = (
        "facewire.measurement/1"
    )
    subject: str | None
    """Pseudonym given by the user, or null."""
    synthetic: bool
    """The recording shows a rendered face, not a person."""
    files: StoredFiles
    provenance: Provenance
    scale: Scale | None
    side_confirmed: bool
    """Whether it was confirmed that the picture is, or is not, mirrored. Until then left and right
    may be exchanged."""
    side_affected: Side | None
    side_status: Literal["stated", "inferred", "none", "undecided", "both"]
    """How side_affected is known; none: no affected side was found. Stated without a side: it was
    stated that none is affected."""
    side_confidence: Share | None
    """Confidence of the inference."""
    references: References = References()
    rest: tuple[RestCell, ...]
    lids: tuple[LidCell, ...] = ()
    """Both eyes; empty in files of earlier versions."""
    eye_closure: tuple[ClosureCell, ...]
    blink: tuple[BlinkCell, ...]
    synkinesis: tuple[SynkinesisCell, ...]
    """Every movement x region x side, for healthy faces too."""
    voluntary: tuple[VoluntaryCell, ...]
    """Every movement x region x side."""
    repetitions: tuple[Repetition, ...]
    repetition_values: tuple[RepetitionValue, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    findings: Findings | None = None
    """Judgements on the numbers; null in files of earlier versions."""
    coverage: Coverage | None = None
    """What was asked, what could be used, and what would have been seen; null in files of earlier
    versions."""
    grades: GradeSummary | None = None
    limits: tuple[str, ...] = ()
    """What this measurement does not say."""
    quality: Quality

    @classmethod
    def upgraded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Earlier versions wrote an empty object for no grades, and no reason in ``rest``."""
        newer = dict(values)
        if isinstance(values.get("rest"), list):
            newer["rest"] = [_with_reason(row) for row in values["rest"]]
        if values.get("grades") == {}:
            newer["grades"] = None
        return newer

    @model_validator(mode="after")
    def _whole(self) -> Self:
        every = [(m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES]
        for name, cells in (("synkinesis", self.synkinesis), ("voluntary", self.voluntary)):
            if sorted(cell.key for cell in cells) != sorted(every):
                raise ValueError(f"{name} does not hold every movement, region and side once")
        for name, places in (
            ("rest", [(cell.region, cell.component, cell.side) for cell in self.rest]),
            ("lids", [cell.side for cell in self.lids]),
            ("eye_closure", [(cell.movement, cell.side) for cell in self.eye_closure]),
            ("blink", [(cell.region, cell.side) for cell in self.blink]),
        ):
            if len(set(places)) < len(places):
                raise ValueError(f"{name} holds the same place twice")
        if self.side_status in ("none", "undecided", "both") and self.side_affected is not None:
            raise ValueError(f"side_affected is given where side_status is {self.side_status}")
        if self.side_status == "inferred" and None in (self.side_affected, self.side_confidence):
            raise ValueError("side_status is inferred without a side and its confidence")
        return self

    @cached_property
    def _synkinesis_by_key(self) -> dict[Key, SynkinesisCell]:
        return {cell.key: cell for cell in self.synkinesis}

    @cached_property
    def _voluntary_by_key(self) -> dict[Key, VoluntaryCell]:
        return {cell.key: cell for cell in self.voluntary}

    def involuntary_cell(self, movement: Movement, region: Region, side: Side) -> SynkinesisCell:
        """Return one cell of the synkinesis map."""
        return self._synkinesis_by_key[movement, region, side]

    def voluntary_cell(self, movement: Movement, region: Region, side: Side) -> VoluntaryCell:
        """Return one cell of the total changes."""
        return self._voluntary_by_key[movement, region, side]

    def rest_cell(self, region: Region, component: str, side: Side | None) -> RestCell | None:
        """Return where a region stands at rest; None where the file does not say."""
        return next(
            (
                cell
                for cell in self.rest
                if (cell.region, cell.component, cell.side) == (region, component, side)
            ),
            None,
        )

    def lid_cell(self, side: Side) -> LidCell | None:
        """Return where an eye's lids stand about its pupil; None where the file does not say."""
        return next((cell for cell in self.lids if cell.side == side), None)

    def refuse_without_deviations(self, called: str = "") -> None:
        """Refuse a file of an earlier version for what cannot go on without deviations.

        Parameters
        ----------
        called : str, optional
            What the message calls it; else by its recording.

        Raises
        ------
        UsageError
            A number of its maps has an interval alone.
        """
        numbers = [cell.change for cell in self.synkinesis]
        numbers += [cell.excursion for cell in self.voluntary]
        if any(number is not None and number.sd is None for number in numbers):
            called = called or f"The measurement of {self.provenance.source.name}"
            raise UsageError(
                f"{called} holds no standard deviations",
                expected="a result of this version, which stores them",
                found="one of an earlier version, with intervals alone",
                do="measure the recording again, from its video or its track",
            )

    @property
    def judgements(self) -> Findings:
        """What the numbers say.

        Raises
        ------
        UsageError
            It was read from a file of an earlier version and not judged yet: see
            `facewire.findings.complete`.
        """
        if self.findings is None:
            raise UsageError(
                "This measurement is not judged yet",
                expected="findings, as this version stores them",
                found="a file of an earlier version",
                do="complete it with facewire.findings.complete, or read it with facewire.read",
            )
        return self.findings


def _with_reason(row: Any) -> Any:
    if not isinstance(row, dict) or row.get("position_mm") is not None or row.get("reason"):
        return row
    return {**row, "reason": "the region was not measured"}
