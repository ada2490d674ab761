"""How well this camera, light and distance show a known change: ``facewire.phantom/1``.

Known changes were drawn into copies of a healthy person's recording and measured as any recording
is. Lengths are millimetres; left (L) and right (R) are the person's own.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.face import Movement, Region, Side
from facewire.results.document import AtLeastZero, Count, Document, Positive, Row, Share
from facewire.results.measurement import Message, Scale
from facewire.results.provenance import Provenance


class PhantomCopy(Row):
    """One recording that was measured: the unedited one, or a copy with a change."""

    name: str
    """original; coded: the same, coded again; else the side and size of the change."""
    side: Side | None
    """Null: nothing was changed."""
    level_mm: AtLeastZero
    """How far lid, corner and brow were to be moved."""
    side_status: Literal["stated", "inferred", "none", "undecided", "both"] | None = None
    """What the measurement says of the affected side; null where there is none."""
    side_affected: Side | None = None
    present: Count = 0
    """Cells of its map that are called present."""
    told: Count = 0
    """Cells of its map that hold a number."""
    reason: str = ""
    """Why there is no measurement."""

    @model_validator(mode="after")
    def _measured_or_not(self) -> Self:
        if (self.side_status is None) is not bool(self.reason):
            raise ValueError("a copy was not measured without a reason, or was and has one")
        if (self.side is None) is not (self.level_mm == 0):
            raise ValueError("a change has a side and a size, or neither")
        return self


class PhantomCell(Row):
    """One change that was drawn, or known to be none, and what was measured of it."""

    copy_name: str
    side: Side
    movement: Movement
    region: Region
    true_mm: float
    """Median in the holds, mean over the repetitions; signed as the map is."""
    change_mm: float | None = None
    """The involuntary part that was measured; null where there is none."""
    ci_low: float | None = None
    ci_high: float | None = None
    detected: bool | None = None
    present: bool | None = None
    moved_mm: float | None = None
    """The side's own movement, less that of the unedited copy."""
    other_moved_mm: float | None = None
    """The same of the other side, which was not changed."""
    reason: str = ""

    @model_validator(mode="after")
    def _number_or_reason(self) -> Self:
        if self.change_mm is None and not self.reason:
            raise ValueError("change_mm is missing without a reason")
        return self


class Found(Row):
    """How often a change of one size was found."""

    level_mm: Positive
    found: Count
    """Detected, on its own side."""
    asked: Count

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.found > self.asked:
            raise ValueError(f"{self.found} of {self.asked} were found")
        return self


class RegionCheck(Row):
    """What the copies say of one region."""

    region: Region
    movements: tuple[Movement, ...]
    """In which it was changed."""
    cells: Count
    """Changes that were drawn."""
    numbers: Count
    """Those that a number was measured of."""
    slope: float | None
    """Measured millimetres for a true one; 1 is right. Of the involuntary part, each movement and
    side from its own level."""
    slope_low: float | None = None
    """Lower end of its 95 % interval."""
    slope_high: float | None = None
    own_slope: float | None
    """The same of the side's own movement against the unedited copy."""
    error_mm: AtLeastZero | None
    """Mean of what was measured less what is true, without sign."""
    bias_mm: float | None
    """The same with sign: positive where more was measured than there is."""
    held: Count
    """95 % intervals that hold the truth."""
    intervals: Count
    leak: float | None
    """What the other side seemed to move for a millimetre of change, as a part of it."""
    found: tuple[Found, ...]
    smallest_mm: Positive | None
    """The smallest change that is detected with a probability of 0.8 at least, from the measured
    slope, errors and intervals; null: none up to the largest that was looked at."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.held <= self.intervals or not self.numbers <= self.cells:
            raise ValueError("more than all were held or measured")
        return self


class Phantom(Document):
    """What this camera, light and distance show of known changes in a healthy face."""

    KIND: ClassVar[str] = "phantom"
    MADE_BY: ClassVar[str] = "`facewire phantom`"

    schema_: Annotated[Literal["facewire.phantom/1"], Field(alias="schema")] = "facewire.phantom/1"
    kind: Literal["measured"] = "measured"
    synthetic: bool
    """The recording shows a rendered face, not a person."""
    provenance: Provenance
    """Of the unedited recording."""
    scale: Scale
    side_confirmed: bool
    noise_mm: dict[Region, AtLeastZero | None] = Field(default_factory=dict)
    """Tracking noise of one picture, by region."""
    power: Share
    """Probability that smallest_mm refers to."""
    largest_mm: Positive
    """The largest change that smallest_mm is looked for among."""
    copies: tuple[PhantomCopy, ...]
    cells: tuple[PhantomCell, ...]
    regions: tuple[RegionCheck, ...]
    smallest_mm: Positive | None
    """The largest of the regions' smallest; null where one of them has none."""
    messages: tuple[Message, ...] = ()
    limits: tuple[str, ...]
    """What these copies do not say."""

    @model_validator(mode="after")
    def _of_its_copies(self) -> Self:
        names = {copy.name for copy in self.copies}
        if len(names) < len(self.copies) or not {c.copy_name for c in self.cells} <= names:
            raise ValueError("a cell is of no copy, or two copies have one name")
        return self

    @property
    def unedited(self) -> tuple[PhantomCopy, ...]:
        """Those without a change that could be measured."""
        return tuple(c for c in self.copies if c.side is None and c.side_status is not None)
