"""Options and trades for one face: ``facewire.plan/1``, simulated from an inferred wiring.

For discussion between professionals, never a prescription. Left (L) and right (R) are the
patient's own. Degrees are parts of a muscle's force, never units of a product.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.face import Movement, Region, Side
from facewire.face.muscles import MuscleGroup
from facewire.results.cells import ClosureCell, Columns, MeasuredRow
from facewire.results.document import AtLeastZero, Count, Document, Row, Share
from facewire.results.estimate import Kind
from facewire.results.harm import Harm, Harms
from facewire.results.safety import (
    Answer,
    KnownFact,
    Means,
    Question,
    RuleAnswer,
    SidedMuscle,
    Status,
)
from facewire.results.stage import RestingFace, Stage
from facewire.results.wiring import InferredFrom

Percent = Annotated[float, Field(ge=0, le=100)]


class Objective(StrEnum):
    """What is weighed; less is better in each."""

    SYNKINESIS = "synkinesis"
    VOLUNTARY_LOSS = "voluntary_loss"
    SMILE_ASYMMETRY = "smile_asymmetry"
    CLOSURE_LOSS = "closure_loss"
    BROW_ASYMMETRY = "brow_asymmetry"
    REST_ASYMMETRY = "rest_asymmetry"


class ObjectiveToday(MeasuredRow):
    """One objective and how it stands today."""

    LEFT_OUT = ("now_sd_mm", "ci_low", "ci_high")
    NUMBERS = (Columns("now_mm", "now_sd_mm", "ci_low", "ci_high", "mm"),)
    NUMBERS_ARE = Kind.SIMULATED

    objective: Objective
    meaning: str
    better: Literal["less"] = "less"
    now_mm: float | None
    """Null for a healthy face, and where nothing that was recorded tells it."""
    now_sd_mm: AtLeastZero | None = None
    ci_low: float | None = None
    ci_high: float | None = None


class Step(Row):
    """One way to treat a pattern."""

    place: Annotated[int, Field(ge=1)]
    """1 is tried first."""
    means: Means
    words: str
    reason: str
    """Why it stands here."""
    targets: tuple[SidedMuscle, ...]
    """What it is for; never zygomaticus major where it weakens."""
    answer: Answer
    """The worst of the rules' answers."""
    safety: tuple[RuleAnswer, ...]


class Option(Row):
    """A pattern of this face and what is tried for it, in the published order."""

    pattern: str
    name: str
    words: str
    side: Side
    evidence: tuple[str, ...]
    """What shows it, in words."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    notes: tuple[str, ...]
    status: Status
    status_words: str


class OptionOrder(Row):
    """The published order of what is tried."""

    steps: tuple[str, ...]
    reason: str
    source: str
    status: Status


Strength = Literal["light", "moderate", "strong"]


class Weakening(Row):
    """One group on one side and by how much of its force; never in units of a product."""

    muscle: MuscleGroup
    side: Side
    strength: Strength | None = None
    """In words; null in files of earlier versions."""
    weakening_percent: Annotated[float, Field(gt=0, le=100)]
    """Part of the force that is taken away."""
    range_low_percent: Percent | None
    """Degrees within which, the others unchanged, the candidate stays better than nothing in at
    least 80 % of the draws; null where there are none."""
    range_high_percent: Percent | None

    @model_validator(mode="after")
    def _smile_kept(self) -> Self:
        if self.muscle is MuscleGroup.ZYGOMATICUS_MAJOR:
            raise ValueError("zygomaticus major is never proposed for weakening")
        return self


class Change(MeasuredRow):
    """A simulated number today, after, and its change: mean over the draws, 95 % interval."""

    NUMBERS: ClassVar[tuple[Columns, ...]] = (
        Columns("change_mm", "change_sd_mm", "ci_low", "ci_high", "mm"),
        Columns("now_mm", "now_sd_mm", "now_ci_low", "now_ci_high", "mm"),
        Columns("after_mm", "after_sd_mm", "after_ci_low", "after_ci_high", "mm"),
    )
    NUMBERS_ARE = Kind.SIMULATED

    now_mm: float
    now_sd_mm: AtLeastZero | None = None
    now_ci_low: float
    now_ci_high: float
    after_mm: float
    after_sd_mm: AtLeastZero | None = None
    after_ci_low: float
    after_ci_high: float
    change_mm: float
    change_sd_mm: AtLeastZero | None = None
    ci_low: float
    ci_high: float


class ObjectiveChange(Change):
    """One objective today and after."""

    LEFT_OUT = ("percent_sd", "percent_ci_low", "percent_ci_high")
    NUMBERS = (
        *Change.NUMBERS,
        Columns("change_percent", "percent_sd", "percent_ci_low", "percent_ci_high", "%"),
    )

    objective: Objective
    change_percent: float | None = None
    """Of today's; null where today is near 0."""
    percent_sd: AtLeastZero | None = None
    percent_ci_low: float | None = None
    percent_ci_high: float | None = None


class MovementChange(Change):
    """One movement of one region that changes."""

    movement: Movement
    region: Region
    side: Side
    kind: Literal["involuntary", "voluntary"]
    """involuntary: a size without direction, affected side only; voluntary: in the main target,
    the wanted way."""


class Shifted(Row):
    """What changes when each degree turns out other than meant."""

    synkinesis_change_mm: float
    score_mm: float


class Doubt(Row):
    """An edge that is not told apart, and what the candidate is worth without it."""

    command: Movement
    muscle: MuscleGroup
    confused_with: tuple[MuscleGroup, ...]
    resolved_by: str
    share_better_without: Share
    """Share of draws in which the candidate stays better than nothing when the edge is not
    there."""
    changes_the_answer: bool
    """Whether it is then better in fewer than half of the draws, though with it in at least
    half."""


class Sensitivity(Row):
    """How a candidate stands up to what is not known."""

    share_better: Share
    """Share of the draws in which it is better than nothing by the stated weights."""
    share_less_synkinesis: Share
    share_better_certain: Share
    """The same when every undecided edge to the weakened groups is taken as not there."""
    rests_on_undecided: bool
    """Whether it is better in at least half of the draws only thanks to undecided edges."""
    degree_step_percent: float
    if_weaker_than_meant: Shifted
    if_stronger_than_meant: Shifted
    doubts: tuple[Doubt, ...]
    """Edges to the weakened groups that these data cannot tell, those that matter first."""
    findings_missing: tuple[str, ...]
    """What a clinician could look for, or a test could tell, that would speak about them."""


class MeansCheck(Row):
    """A means for a candidate, what of it that treats, and what safety says."""

    means: Means
    targets: Annotated[tuple[SidedMuscle, ...], Field(min_length=1)]
    complete: bool
    """Whether it treats all of the candidate."""
    answer: Answer
    """The worst of the rules' answers."""
    safety: tuple[RuleAnswer, ...]


class Risk(Row):
    """A risk of some means."""

    means: tuple[Means, ...]
    text: str
    source: str
    status: Status
    status_words: str


class PublishedDose(Row):
    """A published dose as it stands in its source, for reading.

    No proposal; valid for the product named alone.
    """

    product: str
    indication: str
    scope: str
    published_low: float
    published_high: float
    muscles: tuple[MuscleGroup, ...]
    statement: str
    source: str
    status: Literal["seen"]
    product_status: Literal["seen"]


class HarmStep(Row):
    """One harm, in how many percent of the faces a candidate and its lighter step bring it."""

    harm: Harm
    side: Side | None
    before_percent: Percent
    percent: Percent


class StepUp(Row):
    """What a candidate changes beyond the same muscles one step lighter."""

    lighter: str
    """Id of the lighter candidate, which stands before it."""
    changes: dict[Objective, float]
    """More or less than that, mean, mm; less is better."""
    harms: tuple[HarmStep, ...]
    """Harms that come more often."""


class Candidate(Row):
    """One trade of the front. Simulated; for discussion between professionals."""

    id: str
    answer: Answer
    """The best answer of the means that treat all of it."""
    answer_words: str
    weakenings: Annotated[tuple[Weakening, ...], Field(min_length=1, max_length=3)]
    why: str
    """Why it is on the front."""
    score_mm: float
    """Weighted mean change; less is better."""
    harms: Harms | None = None
    """What it may bring that nobody wants, at its full effect; null in earlier files."""
    step: StepUp | None = None
    """Null where no lighter candidate of the same muscles stands before it."""
    better_than_nothing: bool
    predicted: Annotated[tuple[ObjectiveChange, ...], Field(min_length=3, max_length=6)]
    """Every objective of which something was recorded: loss of closure needs a gentle closure, the
    brows a brow raise, the sides at rest a place that was seen at rest."""
    gains: tuple[MovementChange, ...]
    losses: tuple[MovementChange, ...]
    sensitivity: Sensitivity
    means: Annotated[tuple[MeansCheck, ...], Field(min_length=1)]
    missing: tuple[str, ...]
    """Facts to ask for."""
    risks: tuple[Risk, ...]
    literature: tuple[PublishedDose, ...]
    source: str
    beside: str = ""
    """What goes with it."""

    def objective(self, objective: Objective) -> ObjectiveChange | None:
        """Return what it changes in one objective; None where nothing recorded tells."""
        return next((one for one in self.predicted if one.objective is objective), None)

    @property
    def worst_percent(self) -> float:
        """In how many percent of the faces the most frequent simulated harm comes."""
        rows = () if self.harms is None else self.harms.simulated
        return max((row.percent[row.worst] for row in rows), default=0.0)

    @property
    def targets(self) -> tuple[tuple[MuscleGroup, Side], ...]:
        """Groups and sides that are weakened."""
        return tuple((one.muscle, one.side) for one in self.weakenings)


class FrontSummary(Row):
    """How the search went."""

    resolution_mm: float
    """Differences smaller than this were taken as none."""
    evaluated: Count
    """Combinations that were tried."""
    considered: tuple[SidedMuscle, ...]
    order: str = ""
    """How candidates are put in order; empty in files of earlier versions."""
    doing_nothing: str = "is always on the front: no change, no loss"


class Absent(Row):
    """A usual candidate that is not among these, and why."""

    name: str
    side: Side
    reason: str


class Act(Row):
    """Something to do that tells what video cannot, and what its result changes."""

    id: str
    fact: str
    """Where its result is entered."""
    text: str
    tells: str
    changes: str
    source: str
    status: Status
    status_words: str
    result: str | None
    """As it was entered; null where it was not done yet."""


class NeverWeakened(Row):
    """A group that is never proposed for weakening."""

    muscle: MuscleGroup
    reason: str
    source: str
    status: Status


class ToxinGiven(Row):
    """An earlier course as stated. How much was given stays in the facts file."""

    side: Side
    date: str | None
    product: str | None
    dose_recorded: bool


class FactsSummary(Row):
    """What was known."""

    known: tuple[KnownFact, ...]
    toxin_given: tuple[ToxinGiven, ...]


class PreferenceSummary(Row):
    """The treating person's own limits and weights; a limit that is not set is null."""

    excluded: tuple[SidedMuscle, ...]
    largest_weakening_percent: float
    largest_smile_loss_mm: float | None
    largest_closure_loss_mm: float | None
    largest_harm_percent: float | None = None
    """A candidate that harms in more of the faces stands after those that do not; null in files of
    earlier versions."""
    most_muscles: int
    weights: dict[Objective, float]
    region_weights: dict[Region, float]


class Plan(Document):
    """Options and trades for one face: for discussion between professionals, no prescription."""

    KIND: ClassVar[str] = "plan"
    MADE_BY: ClassVar[str] = "`facewire plan`"

    schema_: Annotated[Literal["facewire.plan/1"], Field(alias="schema")] = "facewire.plan/1"
    kind: Literal["simulated"] = "simulated"
    statement: str
    facewire: str
    """Version."""
    source: InferredFrom
    affected_side: Side | None
    side_confirmed: Literal[True] = True
    nothing_to_plan: str = ""
    """Says so for a healthy face; else empty."""
    stage: Stage | None = None
    """Null in files of earlier versions."""
    rest: RestingFace | None = None
    """Null where neither video nor anybody's eye saw the face at rest, and in earlier versions."""
    nothing_to_weaken: str = ""
    """Why this stage has no candidates; else empty."""
    order: OptionOrder
    objectives: Annotated[tuple[ObjectiveToday, ...], Field(min_length=4, max_length=6)]
    """Six; four in files of earlier versions."""
    options: tuple[Option, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    """The front and lighter steps of it; empty where nothing helps, or for a healthy face."""
    front: FrontSummary | None = None
    absent: tuple[Absent, ...] = ()
    """Usual candidates that are not among them, and why; empty in earlier versions."""
    acts: tuple[Act, ...] = ()
    """What would tell where video cannot; empty in earlier versions."""
    never_weakened: tuple[NeverWeakened, ...]
    eye_closure: tuple[ClosureCell, ...] = ()
    """Measured closure gaps."""
    lid_weight: tuple[RuleAnswer, ...] = ()
    """What safety says of a weight in the affected lid, which plans often ask about."""
    facts: FactsSummary
    ask: tuple[Question, ...] = ()
    preferences: PreferenceSummary
    literature_note: str
    limits: tuple[str, ...]
