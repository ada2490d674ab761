"""One region of one side across all movements, and the face that leads to it.

The face is the navigation: each region of each side is a place to touch, marked with the largest
involuntary movement found there; behind it lie that region's rows, traces and frames.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from facewire.face import MOVEMENTS, REGIONS, SIDES, Region, Side
from facewire.figures.drawn_face import REST, FaceShape, anchor, face_shape
from facewire.findings import complete
from facewire.report.professional import excursion_words
from facewire.report.stored import FramesView, frames_view, load_frames, load_signals
from facewire.report.traces import RegionTrace, region_traces
from facewire.results.cells import SynkinesisCell
from facewire.results.findings import Verdict
from facewire.results.measurement import Measurement
from facewire.words import (
    VERDICT_SYMBOLS,
    change_words,
    is_signed,
    movement_name,
    number_words,
    sentence,
    side_region,
    translate,
    verdict_words,
)

ORDER = (
    Verdict.SYNKINESIS,
    Verdict.UNCOMPARED,
    Verdict.SMALL,
    Verdict.TRACE,
    Verdict.UNKNOWN,
    Verdict.NONE,
    Verdict.REFERENCE,
    Verdict.ASKED,
    Verdict.ABSENT,
)
"""Which mark stands for a region: what was found, then what cannot be told."""


@dataclass(frozen=True)
class Spot:
    """A place of the face to touch.

    Parameters
    ----------
    region, side : str
        Which region; the chin has no other side.
    x, y : float
        Where it lies in the drawing, as `face_shape` draws it.
    name : str
        The region with its side, in words.
    mark, symbol, words : str
        The most telling mark of its rows.
    change : str
        The largest involuntary change with that mark, mm; empty when nothing is present.
    """

    region: str
    side: str
    x: float
    y: float
    name: str
    mark: str
    symbol: str
    words: str
    change: str


@dataclass(frozen=True)
class FaceSpots:
    """The drawing and its places."""

    shape: FaceShape
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class RegionRow:
    """What one movement does to the region.

    Parameters
    ----------
    movement : str
        Name of the movement.
    mark, symbol, words : str
        What the involuntary part is.
    change, total : str
        Involuntary and total change with 95 % interval, mm.
    reason : str
        Why something was not measured; may be empty.
    """

    movement: str
    mark: str
    symbol: str
    words: str
    change: str
    total: str
    reason: str


@dataclass(frozen=True)
class RegionView:
    """One region: rows, traces, frames; ``missing`` says why there are no traces."""

    title: str
    region: str
    side: str
    rows: tuple[RegionRow, ...]
    traces: tuple[RegionTrace, ...]
    missing: str
    frames: FramesView


def face_spots(result: Measurement) -> FaceSpots:
    """Lay every region of both sides on the face, with the most telling finding of each."""
    cells = complete(result).synkinesis
    spots = tuple(
        _spot(region, side, [c for c in cells if c.region is region and c.side is side])
        for region in REGIONS
        for side in SIDES
        if region is not Region.CHIN or side is Side.LEFT
    )
    return FaceSpots(face_shape(REST), spots)


def region_view(result: Measurement, folder: Path | None, region: Region, side: Side) -> RegionView:
    """Gather all that was measured of one region.

    Parameters
    ----------
    result : Measurement
    folder : Path, optional
        Where the signals and the key frames lie; without it they are left out and said so.
    region, side
        Which region; the chin's side is of no meaning.
    """
    signals = load_signals(result, folder)
    own = Side.LEFT if region is Region.CHIN else side
    return RegionView(
        title=sentence(side_region(region, side)),
        region=region.value,
        side=side.value,
        rows=tuple(_rows(complete(result), region, own)),
        traces=region_traces(result, signals, region),
        missing=signals.missing,
        frames=frames_view(result, load_frames(result, folder)),
    )


def _spot(region: Region, side: Side, cells: list[SynkinesisCell]) -> Spot:
    x, y = anchor(region, side)
    told = min((cell.says for cell in cells), key=ORDER.index)
    own = [cell for cell in cells if cell.says is told]
    largest = max(own, key=lambda cell: abs(cell.change_mm or 0))
    return Spot(
        region=region.value,
        side=side.value,
        x=round(x, 1),
        y=round(y, 1),
        name=sentence(side_region(region, side)),
        mark=told.value,
        symbol=VERDICT_SYMBOLS[told],
        words=verdict_words(told),
        change=change_words(largest) if told in ORDER[:4] else "",
    )


def _rows(result: Measurement, region: Region, side: Side) -> Iterable[RegionRow]:
    for movement in MOVEMENTS:
        cell = result.involuntary_cell(movement, region, side)
        yield RegionRow(
            movement=sentence(movement_name(movement)),
            mark=cell.says.value,
            symbol=VERDICT_SYMBOLS[cell.says],
            words=verdict_words(cell.says),
            change=number_words(cell, "change_mm", signed=is_signed(region)),
            total=excursion_words(result.voluntary_cell(movement, region, side)),
            reason=translate(cell.reason or ""),
        )
