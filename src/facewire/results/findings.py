"""What a measurement says: one verdict a cell, patterns, what works, what is less, what is untold.

Judgements are data of the result, with the thresholds that made them; pages only put them into
words. They are made in `facewire.findings`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from facewire.face import Component, Movement, Region, Side
from facewire.results.document import AtLeastZero, Positive, Row


class Verdict(StrEnum):
    """What a cell of the map says."""

    SYNKINESIS = "synkinesis"
    """Present, and beyond what healthy faces show."""
    UNCOMPARED = "uncompared"
    """Present; it cannot be told whether it is beyond healthy faces."""
    SMALL = "small"
    """Present, and seen in healthy faces too."""
    TRACE = "trace"
    """Differs from zero, under the size that matters."""
    NONE = "none"
    """Measured, and not detected."""
    UNKNOWN = "unknown"
    """It cannot be told."""
    ASKED = "asked"
    """The movement moves this region on purpose."""
    ABSENT = "absent"
    """The movement was not recorded, or no repetition could be used."""
    REFERENCE = "reference"
    """The side that the affected one is compared with."""


PRESENT_VERDICTS = (Verdict.SYNKINESIS, Verdict.UNCOMPARED, Verdict.SMALL)
"""Something is there; every summary names them, in this order."""

UNASKED_VERDICTS = (Verdict.ASKED, Verdict.ABSENT, Verdict.REFERENCE)
"""Nothing was to be found there."""


class Pattern(Row):
    """A finding with a name, such as oral-ocular."""

    name: str
    movement: Movement | Literal["rest", "blink"] | None = None
    region: Region | None = None
    side: Side | None = None
    change_mm: float | None = None
    text: str


class Thresholds(Row):
    """The limits that the judgements were made with."""

    alike_from: Positive
    """Ratio of the two sides from which a movement is told as about equal, to its inverse."""
    less_below: Positive
    """Ratio under which a side is told to move less; between the limits nothing is claimed."""
    closed_mm: Positive
    """Gap of the lids that counts as closed: the resolution of the measurement, no safety limit."""
    rest_mm: Positive
    """Difference of the sides at rest that is told."""
    long_delay_s: Positive
    """Well over 100 ms: such a delay may be voluntary or compensatory rather than miswired."""


class SideComparison(Row):
    """How far a movement's main target goes on one side, against the other."""

    movement: Movement
    region: Region
    side: Side
    """The affected side; else the patient's right."""
    says: Literal["alike", "less", "more", "between", "untold"]
    ratio: AtLeastZero | None = None
    """This side over the other; null where it is untold."""


class Lids(Row):
    """Whether one eye closes when asked to."""

    movement: Movement
    side: Side
    says: Literal["closed", "open", "untold"]


class RestDifference(Row):
    """A difference between the sides at rest that is sure and large enough to tell."""

    region: Region
    component: Component
    side: Side
    difference_mm: float
    """This side minus the other."""


class Company(Row):
    """What goes along with one movement outside of what it moves on purpose."""

    movement: Movement
    says: Literal["calm", "moves", "part untold", "untold", "absent"]
    """calm: every other region was measured and nothing was detected; absent: not recorded."""
    untold: tuple[tuple[Region, Side], ...] = ()
    """Regions that could not be told."""


class Delay(Row):
    """What the delay of a present finding after the voluntary movement is worth."""

    movement: Movement
    region: Region
    side: Side
    says: Literal["resolved", "long", "not resolved", "untold"]
    """not resolved: it may as well be none."""


class Findings(Row):
    """Everything that a measurement says."""

    thresholds: Thresholds
    overall: Literal["found", "nothing found", "mostly untold", "nothing told"]
    """Whether anything involuntary is present; mostly untold: nothing was found, and more than half
    of what was recorded cannot be told; nothing told: no movement was recorded that could be used.
    """
    delays: tuple[Delay, ...]
    comparisons: tuple[SideComparison, ...]
    lids: tuple[Lids, ...]
    rest: tuple[RestDifference, ...]
    company: tuple[Company, ...]
