"""What a recording could show: what was asked, what could be used, and what would have been seen.

A conclusion is no wider than this: where a movement was not done, or a region not measured well
enough, "nothing was found" says nothing.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from facewire.face import Movement, Region, Side
from facewire.results.document import Count, Row, Share


class MovementCoverage(Row):
    """One movement: how often it was asked for, and how often it could be used."""

    movement: Movement
    asked: Count
    usable: Count
    why_not: tuple[str, ...] = ()
    """Why the others could not be used, each reason once."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.usable > self.asked:
            raise ValueError(f"{self.usable} of {self.asked} repetitions could be used")
        return self


class RegionCoverage(Row):
    """How much of the time one region was seen; what is covered is not assessed."""

    region: Region
    side: Side
    seen_share: Share
    """Share of the measured frames in which nothing covered it."""
    reason: str = ""
    """Why it was not seen all the time."""

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if (self.seen_share < 1) != bool(self.reason):
            raise ValueError(f"a reason for {self.region} contradicts its seen share")
        return self


class PatternCoverage(Row):
    """Whether this recording would have shown one pattern of synkinesis on one side."""

    name: str
    side: Side
    power_1_mm: Share | None
    """Probability that a true change of 1 mm would have been detected, in the movement of the
    pattern that shows it best; null where none was measured."""
    power_2_mm: Share | None
    could_show: bool
    """The same of 2 mm is at least 0.8, or something of the pattern was detected."""


class Coverage(Row):
    """What was asked, what could be used, and which patterns would have been seen."""

    asked: Count
    usable: Count
    movements: tuple[MovementCoverage, ...]
    """Movements that were asked for, or found."""
    lacking: tuple[str, ...]
    """Commands without enough usable repetitions for an affected side to be named or excluded."""
    patterns: tuple[PatternCoverage, ...]
    regions: tuple[RegionCoverage, ...] = ()
    """Every region and side; empty in files of earlier versions, which do not say."""
