"""Rows of the synkinesis map as they stand in a result: each number with its uncertainty.

Lengths are millimetres, times seconds; left (L) and right (R) are the patient's own. A number
that could not be measured is null and its row says why. True, false and null are three answers:
null is "cannot tell".
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Self

from pydantic import model_validator

from facewire.face import Component, Movement, Region, Side
from facewire.results.document import AtLeastZero, Count, Row, Share
from facewire.results.estimate import (
    Displacement,
    Estimate,
    Kind,
    Unit,
    estimate_of,
    refuse_covariance,
)
from facewire.results.findings import Verdict

Key = tuple[Movement, Region, Side]


class Columns(NamedTuple):
    """Names of the columns in which a row keeps one number with its uncertainty."""

    value: str
    sd: str
    low: str
    high: str
    unit: Unit


class MeasuredRow(Row):
    """A row of measured numbers, each with its deviation and interval beside it."""

    NUMBERS: ClassVar[tuple[Columns, ...]]
    """The row's numbers; the first is its main one: where it is null, ``reason`` says why."""
    NUMBERS_ARE: ClassVar[Kind] = Kind.MEASURED

    def number(self, name: str) -> Estimate | None:
        """Return one of the row's numbers whole, by the name of its value's column."""
        columns = next(one for one in self.NUMBERS if one.value == name)
        return estimate_of(
            getattr(self, columns.value),
            getattr(self, columns.sd),
            getattr(self, columns.low),
            getattr(self, columns.high),
            columns.unit,
            self.NUMBERS_ARE,
        )

    @classmethod
    def columns(cls, name: str, number: Estimate | None) -> dict[str, Any]:
        """Return the entries of the columns that keep a number; all null where there is none."""
        columns = next(one for one in cls.NUMBERS if one.value == name)
        names = (columns.value, columns.sd, columns.low, columns.high)
        if number is None:
            return dict.fromkeys(names)
        return dict(zip(names, (number.value, number.sd, number.low, number.high), strict=True))

    @model_validator(mode="after")
    def _numbers_in_order(self) -> Self:
        for columns in self.NUMBERS:
            self.number(columns.value)
        main = self.NUMBERS[0].value
        known, reason = getattr(self, main) is not None, getattr(self, "reason", "x")
        if not known and not reason:
            raise ValueError(f"{main} is missing without a reason")
        if known and self.number(main) is None:
            raise ValueError(f"{main} stands without its interval")
        across, up = getattr(self, "across_sd_mm", None), getattr(self, "up_sd_mm", None)
        if across is not None and up is not None:
            refuse_covariance(getattr(self, "covariance_mm2", None) or 0.0, across, up)
        return self


class SynkinesisCell(MeasuredRow):
    """The involuntary part of one region's change in one movement, on one side.

    The references that were taken off are named in ``reference``.
    """

    LEFT_OUT = ("present",)
    NUMBERS = (
        Columns("change_mm", "change_sd_mm", "ci_low", "ci_high", "mm"),
        Columns("gain", "gain_sd", "gain_ci_low", "gain_ci_high", "mm/mm"),
        Columns("latency_s", "latency_sd_s", "latency_ci_low_s", "latency_ci_high_s", "s"),
    )

    movement: Movement
    region: Region
    side: Side
    change_mm: float | None = None
    """Involuntary part of the change, hold minus rest. Signed for eye, brow and lips (up and
    opening positive); the length of the displacement in the frontal plane for commissure, ala and
    chin."""
    change_sd_mm: AtLeastZero | None = None
    """Standard deviation of change_mm; along its own direction where it is a length."""
    ci_low: float | None = None
    """Lower end of the 95 % interval, mm."""
    ci_high: float | None = None
    """Upper end of the 95 % interval, mm."""
    across_mm: float | None = None
    """Component across, outward positive; null where the region has a height alone."""
    up_mm: float | None = None
    """Component up."""
    across_sd_mm: AtLeastZero | None = None
    up_sd_mm: AtLeastZero | None = None
    covariance_mm2: float | None = None
    """Covariance of the two components' errors."""
    percent: float | None = None
    """change_mm in percent of percent_of."""
    percent_of: str | None = None
    """What 100 % is: for the eye its own resting fissure, elsewhere the other side's largest
    voluntary displacement in this recording."""
    gain: float | None = None
    """Involuntary millimetres per millimetre of voluntary movement."""
    gain_sd: AtLeastZero | None = None
    gain_ci_low: float | None = None
    gain_ci_high: float | None = None
    voluntary_mm: float | None = None
    """Voluntary movement that the gain refers to."""
    voluntary_low_mm: float | None = None
    """The same in the weakest repetition."""
    voluntary_high_mm: float | None = None
    """The same in the strongest repetition."""
    present: bool | None = None
    """The involuntary part is credibly at least 0.7 mm (eye: or 8 % of the resting fissure), false
    discovery rate held over the map; left out when it cannot be told, which is not no."""
    detected: bool | None = None
    """The involuntary part differs from zero; null: cannot tell."""
    beyond_healthy: bool | None = None
    """It exceeds the spread of healthy faces; null: cannot tell."""
    verdict: Verdict | None = None
    """What the cell says, in one word; null in files of earlier versions."""
    q_value: Share | None = None
    """False discovery rate at which the row would be present."""
    score: float | None = 0.0
    """Ranks how sure the finding is; comparable within and between results."""
    vs_other_side_mm: float | None = None
    """Total change minus what the other side's movement predicts."""
    vs_healthy_norm_mm: float | None = None
    """Total change minus what healthy faces predict."""
    reference: str | None = None
    """What the physiological part was taken from."""
    latency_s: float | None = None
    """Delay of the involuntary onset after the voluntary one; null: not resolved."""
    latency_sd_s: AtLeastZero | None = None
    latency_ci_low_s: float | None = None
    latency_ci_high_s: float | None = None
    coupling: float | None = None
    """Correlation of the two courses within the movement, -1 to 1."""
    repetitions: Count = 0
    """Repetitions the row rests on."""
    reason: str | None = ""
    """Why a number of this row is null, or an answer cannot be given."""

    @model_validator(mode="after")
    def _answers_rest_on_numbers(self) -> Self:
        answers = (self.present, self.detected, self.beyond_healthy)
        if self.change_mm is None and any(answer is not None for answer in answers):
            raise ValueError("an answer is given without a number that it rests on")
        return self

    @property
    def key(self) -> Key:
        """Movement, region and side."""
        return self.movement, self.region, self.side

    @property
    def says(self) -> Verdict:
        """The verdict; before it was judged, that it cannot be told."""
        return self.verdict or Verdict.UNKNOWN

    @property
    def change(self) -> Estimate | None:
        """The involuntary part."""
        return self.number("change_mm")

    @property
    def displacement(self) -> Displacement | None:
        """The involuntary part as a vector; None where it is a height, or was not measured."""
        return displacement_of(self)


class VoluntaryCell(MeasuredRow):
    """The total change of one region in one movement, on one side: hold minus rest."""

    NUMBERS = (
        Columns("excursion_mm", "excursion_sd_mm", "ci_low", "ci_high", "mm"),
        Columns("symmetry", "symmetry_sd", "symmetry_ci_low", "symmetry_ci_high", "ratio"),
    )

    movement: Movement
    region: Region
    side: Side
    excursion_mm: float | None = None
    """Total change, hold minus rest; sign and length as for change_mm."""
    excursion_sd_mm: AtLeastZero | None = None
    ci_low: float | None = None
    """Lower end of the 95 % interval, mm."""
    ci_high: float | None = None
    """Upper end of the 95 % interval, mm."""
    across_mm: float | None = None
    up_mm: float | None = None
    across_sd_mm: AtLeastZero | None = None
    up_sd_mm: AtLeastZero | None = None
    covariance_mm2: float | None = None
    """Covariance of the two components' errors."""
    symmetry: float | None = None
    """This side over the other side; 1 is symmetric. Null where the other side hardly moves."""
    symmetry_sd: AtLeastZero | None = None
    symmetry_ci_low: float | None = None
    symmetry_ci_high: float | None = None
    repetitions: Count = 0
    reason: str | None = ""

    @property
    def key(self) -> Key:
        """Movement, region and side."""
        return self.movement, self.region, self.side

    @property
    def excursion(self) -> Estimate | None:
        """The total change."""
        return self.number("excursion_mm")

    @property
    def displacement(self) -> Displacement | None:
        """The total change as a vector; None where it is a height, or was not measured."""
        return displacement_of(self)


def displacement_of(cell: SynkinesisCell | VoluntaryCell) -> Displacement | None:
    """Return a cell's vector with its covariance.

    None where the region has a height alone, where it was not measured, or where the file is of
    an earlier version and holds no deviations of the components.
    """
    across, up = cell.across_mm, cell.up_mm
    if across is None or up is None or cell.across_sd_mm is None or cell.up_sd_mm is None:
        return None
    return Displacement(
        across_mm=across,
        up_mm=up,
        across_sd_mm=cell.across_sd_mm,
        up_sd_mm=cell.up_sd_mm,
        covariance_mm2=cell.covariance_mm2 or 0.0,
    )


class RestCell(MeasuredRow):
    """Where a region stands at rest, head fixed; the difference is this side minus the other."""

    NUMBERS = (
        Columns("position_mm", "position_sd_mm", "ci_low", "ci_high", "mm"),
        Columns(
            "difference_mm",
            "difference_sd_mm",
            "difference_ci_low",
            "difference_ci_high",
            "mm",
        ),
    )

    region: Region
    component: Component
    side: Side | None
    """Null for the chin, which is one point."""
    position_mm: float | None = None
    position_sd_mm: AtLeastZero | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    difference_mm: float | None = None
    """This side minus the other; null for the chin, which has no other side."""
    difference_sd_mm: AtLeastZero | None = None
    difference_ci_low: float | None = None
    difference_ci_high: float | None = None
    reason: str | None = None

    @property
    def position(self) -> Estimate | None:
        """Where it stands."""
        return self.number("position_mm")

    @property
    def difference(self) -> Estimate | None:
        """How far it stands from where the other side does."""
        return self.number("difference_mm")


class LidCell(MeasuredRow):
    """Where one eye's lids stand about its pupil at rest: margin reflex distances 1 and 2."""

    NUMBERS = (
        Columns("mrd1_mm", "mrd1_sd_mm", "mrd1_ci_low", "mrd1_ci_high", "mm"),
        Columns("mrd2_mm", "mrd2_sd_mm", "mrd2_ci_low", "mrd2_ci_high", "mm"),
        Columns(
            "difference_mm",
            "difference_sd_mm",
            "difference_ci_low",
            "difference_ci_high",
            "mm",
        ),
    )

    side: Side
    mrd1_mm: float | None = None
    """The upper lid's edge above the pupil's middle; below 0 where the lid hides it."""
    mrd1_sd_mm: AtLeastZero | None = None
    mrd1_ci_low: float | None = None
    mrd1_ci_high: float | None = None
    mrd2_mm: float | None = None
    """The lower lid's edge under the pupil's middle."""
    mrd2_sd_mm: AtLeastZero | None = None
    mrd2_ci_low: float | None = None
    mrd2_ci_high: float | None = None
    difference_mm: float | None = None
    """mrd1_mm of this eye minus that of the other."""
    difference_sd_mm: AtLeastZero | None = None
    difference_ci_low: float | None = None
    difference_ci_high: float | None = None
    reason: str | None = None


class ClosureCell(MeasuredRow):
    """The gap that is left between the lids in the hold of a closure."""

    NUMBERS = (Columns("gap_mm", "gap_sd_mm", "ci_low", "ci_high", "mm"),)

    movement: Movement
    """A closure of the eyes."""
    side: Side
    gap_mm: AtLeastZero | None = None
    """Height of the fissure that stays open."""
    gap_sd_mm: AtLeastZero | None = None
    ci_low: AtLeastZero | None = None
    """Lower end of the 95 % interval, mm; lids cannot overlap."""
    ci_high: AtLeastZero | None = None
    """Upper end of the 95 % interval, mm."""
    repetitions: Count = 0
    reason: str | None = ""

    @property
    def gap(self) -> Estimate | None:
        """The gap."""
        return self.number("gap_mm")


class BlinkCell(MeasuredRow):
    """What a region does while the eyes blink by themselves, mean over blinks."""

    NUMBERS = (Columns("change_mm", "change_sd_mm", "ci_low", "ci_high", "mm"),)

    region: Region
    side: Side
    change_mm: float | None = None
    change_sd_mm: AtLeastZero | None = None
    ci_low: float | None = None
    """Lower end of the 95 % interval, mm."""
    ci_high: float | None = None
    """Upper end of the 95 % interval, mm."""
    across_mm: float | None = None
    up_mm: float | None = None
    count: Count = 0
    """Spontaneous blinks that were averaged."""
    detected: bool | None = None
    present: bool | None = None
    beyond_healthy: bool | None = None
    reason: str | None = ""

    @property
    def change(self) -> Estimate | None:
        """The mean change."""
        return self.number("change_mm")
