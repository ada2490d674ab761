"""One region of one side across all movements, and the face that leads to it.

The face is the navigation: each region of each side is a place to touch, marked with the largest
involuntary movement found there; behind it lie that region's rows, traces and frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facewire.face import MOVEMENTS, REGIONS, SIDES, Region, Side
from facewire.figures.drawn_face import REST, FaceShape, anchor, face_shape
from facewire.findings import complete
from facewire.report.stored import FramesView, frames_view, load_frames, load_signals
from facewire.report.traces import MovementTraces, region_traces
from facewire.results.cells import SynkinesisCell, VoluntaryCell
from facewire.results.findings import Verdict
from facewire.results.measurement import Measurement

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
    region, side
        Which region; the chin has no other side.
    x, y : float
        Where it lies in the drawing, as `face_shape` draws it.
    cell : SynkinesisCell
        The row with the most telling verdict, the largest of those.
    """

    region: Region
    side: Side
    x: float
    y: float
    cell: SynkinesisCell

    @property
    def moves(self) -> bool:
        """Whether something moves here without being asked."""
        return self.cell.says in ORDER[:4]


@dataclass(frozen=True)
class FaceSpots:
    """The drawing and its places."""

    shape: FaceShape
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class RegionView:
    """One region: rows, traces, frames; ``missing`` says why there are no traces.

    ``rows`` holds the involuntary and the total change for every movement.
    """

    region: Region
    side: Side
    rows: tuple[tuple[SynkinesisCell, VoluntaryCell | None], ...]
    traces: tuple[MovementTraces, ...]
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
    found, signals = complete(result), load_signals(result, folder)
    own = Side.LEFT if region is Region.CHIN else side
    return RegionView(
        region=region,
        side=side,
        rows=tuple(
            (
                found.involuntary_cell(movement, region, own),
                found.voluntary_cell(movement, region, own),
            )
            for movement in MOVEMENTS
        ),
        traces=region_traces(result, signals, region),
        missing=signals.missing,
        frames=frames_view(result, load_frames(result, folder)),
    )


def _spot(region: Region, side: Side, cells: list[SynkinesisCell]) -> Spot:
    x, y = anchor(region, side)
    told = min((cell.says for cell in cells), key=ORDER.index)
    own = [cell for cell in cells if cell.says is told]
    largest = max(own, key=lambda cell: abs(cell.change_mm or 0))
    return Spot(region, side, round(x, 1), round(y, 1), largest)
