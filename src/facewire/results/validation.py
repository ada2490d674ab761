"""The instrument against clinicians' grades: ``facewire.validation/1``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.results.document import AtLeastZero, Count, Document, Row, Share

Interval = tuple[float | None, float | None]
"""Ends of a 95 % interval; both null where it does not exist."""

ItemKind = Literal["synkinesis", "excursion", "gap", "scale"]


class Statistic(Row):
    """A statistic with its 95 % interval by patients; null where it does not exist.

    The interval is that of percentiles: it may lie beside the value where few patients are drawn.
    """

    value: float | None = None
    sd: AtLeastZero | None = None
    """Deviation over the draws; null in files of earlier versions."""
    ci_low: float | None = None
    ci_high: float | None = None
    count: Count = 0
    """Recordings that it rests on."""


class LimitsOfAgreement(Row):
    """Mean difference of two methods and the range that holds 95 % of the differences."""

    bias: float
    """Mean of first minus second."""
    sd: AtLeastZero
    """Standard deviation of the differences."""
    low: float
    high: float
    """Limits of agreement, bias -+ 1.96 sd."""
    bias_ci: Interval = (None, None)
    low_ci: Interval = (None, None)
    high_ci: Interval = (None, None)
    slope: float | None = None
    """Of the difference on the mean: a bias that grows with size."""
    count: Count
    """Pairs."""
    people: Count

    @model_validator(mode="after")
    def _ends_in_order(self) -> Self:
        for low, high in (self.bias_ci, self.low_ci, self.high_ci):
            if low is not None and high is not None and low > high:
                raise ValueError(f"the interval {low:g} to {high:g} is reversed")
        return self


class RocCurve(Row):
    """True and false positive rates over every threshold, and the area under them.

    From no case called present to all; a case is called present from the threshold on.
    """

    false_positive: tuple[Share, ...]
    true_positive: tuple[Share, ...]
    threshold: tuple[float | None, ...]
    """Null: above every score."""
    area: Share
    present: Count = 0
    """Cases."""
    absent: Count = 0

    @model_validator(mode="after")
    def _of_one_length(self) -> Self:
        if not len(self.false_positive) == len(self.true_positive) == len(self.threshold):
            raise ValueError("rates and thresholds differ in number")
        return self


class CalibrationBin(Row):
    """Cases of similar score: their mean score, how many are present, and its 95 % interval."""

    mean_score: float
    share_present: Share
    ci_low: float
    ci_high: float
    count: Count


class Note(Row):
    """What must be known of a study: a text with places for its values, such as ``{count}``."""

    text: str
    values: dict[str, str] = Field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values)


class ItemStudy(Row):
    """Everything about one item, or one group of patients within it."""

    item: str
    """As the table names it."""
    item_kind: ItemKind
    group: str
    """all, or one group of patients, such as ``skin_tone: dark``."""
    subjects: Count
    """Recordings."""
    patients: Count
    raters: Count
    rater_icc: Statistic
    """The raters among themselves: the ceiling."""
    rater_kappa: Statistic = Statistic()
    """The same for synkinesis grades."""
    icc: Statistic
    """Instrument against the mean of the raters, absolute agreement; null for synkinesis grades,
    whose unit is not the instrument's."""
    rank_correlation: Statistic = Statistic()
    """Spearman's, instrument against the mean of the raters."""
    roc_area: Statistic = Statistic()
    limits: LimitsOfAgreement | None
    roc: RocCurve | None = None
    calibration: tuple[CalibrationBin, ...] = ()
    repeat_sd: AtLeastZero | None = None
    """Standard deviation of the instrument over recordings of one patient in one session; null
    where the table names no session."""
    pairs: tuple[tuple[float, float], ...] = ()
    """Instrument and mean grade of each recording, sorted, without names: for pictures."""
    notes: tuple[Note, ...]


class Context(Row):
    """A published figure for orientation; not a claim about this instrument."""

    text: str
    source: str


class SampleSize(Row):
    """How many patients a next study needs for a wish."""

    wish: str
    patients: Annotated[int, Field(ge=1)]


class Validation(Document):
    """The instrument against clinicians' grades, item by item and group by group."""

    KIND: ClassVar[str] = "validation"
    MADE_BY: ClassVar[str] = "`facewire validate`"

    schema_: Annotated[Literal["facewire.validation/1"], Field(alias="schema")] = (
        "facewire.validation/1"
    )
    kind: Literal["measured"] = "measured"
    facewire: str
    """Version."""
    table_sha256: str
    """Of the table of grades."""
    synthetic: bool
    """Whether any recording shows a rendered face."""
    studies: tuple[ItemStudy, ...]
    context: tuple[Context, ...]
    sample_size: tuple[SampleSize, ...]
