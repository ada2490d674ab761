"""One region of one side across all movements, and the face that leads to it.

The face is the navigation: each region of each side is a place to touch, marked with the largest
involuntary movement found there; behind it lie that region's rows, traces and frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facewire.face import MOVEMENTS, REGIONS, SIDES, Region, Side
from facewire.figures.drawn_face import REST, FaceShape, anchor, face_shape
from facewire.report.cells import MARK_SYMBOLS, Cell, Mark, affected_side, mark_text, read_cells
from facewire.report.key_frames import FramesView, frames_view
from facewire.report.stored import load_frames, load_signals
from facewire.report.traces import RegionTrace, region_traces
from facewire.words import mm, movement_name, sentence, side_region, with_interval

ORDER = (
    Mark.SYNKINESIS,
    Mark.UNCOMPARED,
    Mark.SMALL,
    Mark.TRACE,
    Mark.UNKNOWN,
    Mark.NONE,
    Mark.REFERENCE,
    Mark.ASKED,
    Mark.ABSENT,
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


def face_spots(result: Mapping[str, Any]) -> FaceSpots:
    """Lay every region of both sides on the face, with the most telling finding of each."""
    cells = read_cells(result["synkinesis"], affected_side(result))
    spots = tuple(
        _spot(region, side, [c for c in cells if c.region is region and c.side is side])
        for region in REGIONS
        for side in SIDES
        if region is not Region.CHIN or side is Side.LEFT
    )
    return FaceSpots(face_shape(REST), spots)


def region_view(
    result: Mapping[str, Any], folder: Path | None, region: Region, side: Side
) -> RegionView:
    """Gather all that was measured of one region.

    Parameters
    ----------
    result : Mapping
        A ``facewire.measurement/1``.
    folder : Path, optional
        Where the signals and the key frames lie; without it they are left out and said so.
    region, side
        Which region; the chin's side is of no meaning.
    """
    signals = load_signals(result, folder)
    traces = region_traces(result, signals, region)
    return RegionView(
        title=sentence(side_region(region, side)),
        region=region.value,
        side=side.value,
        rows=tuple(_rows(result, region, side)),
        traces=traces,
        missing=signals.missing,
        frames=frames_view(result, load_frames(result, folder)),
    )


def _spot(region: Region, side: Side, cells: list[Cell]) -> Spot:
    x, y = anchor(region, side)
    told = min((cell.mark for cell in cells), key=ORDER.index, default=Mark.ABSENT)
    own = [cell for cell in cells if cell.mark is told]
    largest = max(own, key=lambda cell: abs(cell.get("change_mm") or 0), default=None)
    shown = told in ORDER[:4] and largest is not None
    return Spot(
        region=region.value,
        side=side.value,
        x=round(x, 1),
        y=round(y, 1),
        name=sentence(side_region(region, side)),
        mark=told.value,
        symbol=MARK_SYMBOLS[told],
        words=mark_text(told),
        change=largest.change_text if shown and largest is not None else "",
    )


def _rows(result: Mapping[str, Any], region: Region, side: Side) -> Iterable[RegionRow]:
    here = {
        name: {
            cell.movement: cell
            for cell in read_cells(result[name], affected_side(result))
            if cell.region is region and (cell.side is side or region is Region.CHIN)
        }
        for name in ("synkinesis", "voluntary")
    }
    for movement in MOVEMENTS:
        cell, total = (here[name].get(movement) for name in ("synkinesis", "voluntary"))
        if cell is not None:
            yield RegionRow(
                movement=sentence(movement_name(movement)),
                mark=cell.mark.value,
                symbol=MARK_SYMBOLS[cell.mark],
                words=mark_text(cell.mark),
                change=cell.change_with_interval,
                total=_total(total),
                reason=cell.reason,
            )


def _total(cell: Cell | None) -> str:
    if cell is None:
        return mm(None)
    change = mm(cell.get("excursion_mm"), signed=cell.signed)
    return with_interval(change, cell.get("ci_low"), cell.get("ci_high"))
