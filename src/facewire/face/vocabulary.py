"""The words of the field, as values: sides, regions, movements.

Left and right are always the patient's own. Lengths are millimetres, up and outward positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Side(StrEnum):
    """A side of the patient's own face."""

    LEFT = "L"
    RIGHT = "R"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT

    @property
    def word(self) -> str:
        """The side in words: ``left`` or ``right``."""
        return "left" if self is Side.LEFT else "right"


class Movement(StrEnum):
    """A voluntary movement that the patient is asked to make."""

    BROW_RAISE = "brow_raise"
    EYE_CLOSE_GENTLE = "eye_close_gentle"
    EYE_CLOSE_TIGHT = "eye_close_tight"
    SMILE_CLOSED = "smile_closed"
    SMILE_OPEN = "smile_open"
    SNARL = "snarl"
    LIP_PUCKER = "lip_pucker"
    LOWER_TEETH_SHOW = "lower_teeth_show"


class Region(StrEnum):
    """A part of the face whose movement is measured."""

    EYE = "eye"
    BROW = "brow"
    COMMISSURE = "commissure"
    UPPER_LIP = "upper_lip"
    LOWER_LIP = "lower_lip"
    ALA = "ala"
    CHIN = "chin"


SIDES = tuple(Side)
MOVEMENTS = tuple(Movement)
REGIONS = tuple(Region)

Component = Literal["height", "across", "up"]

VECTOR_REGIONS = (Region.COMMISSURE, Region.ALA, Region.CHIN)
"""Regions described by two components, across and up; the others by a height alone."""


@dataclass(frozen=True)
class Channel:
    """One measured signal: a component of a region on a side.

    ``side`` is None for the chin, which is one point on the midline. ``component`` is ``height``,
    ``across`` (outward positive; for the chin towards the patient's left) or ``up``.
    """

    region: Region
    side: Side | None
    component: Component

    @property
    def name(self) -> str:
        """Column name, such as ``eye_height_L`` or ``chin_up``; values are millimetres."""
        tail = "" if self.side is None else f"_{self.side}"
        return f"{self.region}_{self.component}{tail}"


def components(region: Region) -> tuple[Component, ...]:
    """Return what a region is described by: across and up, or a height alone."""
    return ("across", "up") if region in VECTOR_REGIONS else ("height",)


def _channels() -> tuple[Channel, ...]:
    found: list[Channel] = []
    for region in REGIONS:
        sides = (None,) if region is Region.CHIN else SIDES
        found += [Channel(region, side, part) for side in sides for part in components(region)]
    return tuple(found)


CHANNELS = _channels()
"""Every measured signal, in the order of the columns of a signals table."""

CHANNEL_INDEX = {channel: i for i, channel in enumerate(CHANNELS)}


def region_channels(region: Region, side: Side) -> tuple[Channel, ...]:
    """Return the channels of one region on one side; the chin's serve both sides."""
    return tuple(c for c in CHANNELS if c.region is region and c.side in (None, side))
