"""Measurements of one person at several visits, compared: ``facewire.comparison/1``.

Lengths are millimetres, signed as in the measurements; left (L) and right (R) are the patient's
own.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from facewire.face import Movement, Region, Side
from facewire.results.cells import Columns, MeasuredRow
from facewire.results.course import Course, Part
from facewire.results.document import AtLeastZero, Count, Document, Positive, Row, Sha256, Share
from facewire.results.estimate import Estimate


class Change(MeasuredRow):
    """Later minus first visit, for one movement, region and side."""

    NUMBERS = (Columns("change_mm", "change_sd_mm", "ci_low", "ci_high", "mm"),)

    visit: str
    """The later visit."""
    kind: Part = "involuntary"
    movement: Movement
    region: Region
    side: Side
    before_mm: float | None = None
    """First visit; the involuntary part at the amplitude at_mm."""
    before_sd_mm: AtLeastZero | None = None
    after_mm: float | None = None
    """Later visit, the same way."""
    after_sd_mm: AtLeastZero | None = None
    change_mm: float | None
    """Later minus first; null with a reason where not comparable."""
    change_sd_mm: AtLeastZero | None = None
    """Null in files of earlier versions."""
    ci_low: float | None
    ci_high: float | None
    at_mm: float | None = None
    """Voluntary amplitude at which involuntary parts are compared."""
    sdc_mm: float | None = None
    """Smallest change that can be told from measuring again."""
    q_value: Share | None = None
    """False discovery rate over the outcomes not named in advance; of the named one its p-value."""
    named: bool = False
    """The outcome named in advance."""
    beyond_sdc: bool | None
    """More than the smallest detectable change; null: cannot be told."""
    reason: str

    @property
    def change(self) -> Estimate | None:
        """The change."""
        return self.number("change_mm")


class Floor(Row):
    """Smallest detectable change of one region, and where the figure is from."""

    region: Region
    sdc_mm: Positive
    ci_low: float | None = None
    """95 % interval; null where the source gives none."""
    ci_high: float | None = None
    source: str
    people: Count = 0
    """How many people stand behind it; 0 when provisional."""


class VisitRecording(Row):
    """What one visit was measured from."""

    visit: str
    recording_sha256: Sha256 | None


class Comparison(Document):
    """Measurements of one person at several visits, compared with the first."""

    KIND: ClassVar[str] = "comparison"
    MADE_BY: ClassVar[str] = "`facewire compare`"
    LEFT_OUT = ("course",)

    schema_: Annotated[Literal["facewire.comparison/1"], Field(alias="schema")] = (
        "facewire.comparison/1"
    )
    kind: Literal["measured"] = "measured"
    subject: str | None = None
    side_affected: Side | None = None
    visits: Annotated[tuple[str, ...], Field(min_length=2)]
    """Names, in the order of time."""
    reference: str
    """The first visit."""
    provisional: bool
    """True until the smallest detectable changes come from the clinic's own repeated recordings."""
    smallest_detectable_change: tuple[Floor, ...]
    changes: tuple[Change, ...]
    """Involuntary parts."""
    voluntary_changes: tuple[Change, ...] = ()
    notes: tuple[str, ...]
    recordings: tuple[VisitRecording, ...] = ()
    """In the order of visits."""
    synthetic: bool = False
    """Whether any visit shows a rendered face."""
    course: Course | None = None
    """Every outcome over all visits; left out where no course file was given."""
