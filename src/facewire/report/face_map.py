"""The synkinesis map as pictures of a face and as tables.

One small face per movement shows the movement that was asked; a band runs from the region that
was commanded to each region that moved along, its width growing with the millimetres, its value
printed beside the face. Faces and tables show the same marks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facewire.face import MOVEMENTS, REGIONS, SIDES, VOLUNTARY_TARGETS, Movement, Region, Side
from facewire.figures.drawn_face import (
    EYE_Y,
    MIDDLE,
    POSES,
    REST,
    FaceShape,
    Pose,
    anchor,
    face_shape,
)
from facewire.findings import complete, present_cells
from facewire.results.cells import SynkinesisCell
from facewire.results.findings import UNASKED_VERDICTS, Verdict
from facewire.results.measurement import Measurement
from facewire.words import (
    change_words,
    movement_name,
    sentence,
    side_and_region,
    side_word,
    translate,
    verdict_words,
)

BAND_MIN, BAND_PER_MM, BAND_MAX = 3.0, 2.6, 17.0
LABEL_STEP = 42.0
LABEL_X = {Side.LEFT: 387.0, Side.RIGHT: 113.0}
RING = 7.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Band:
    """A band from the commanded region to one that moved along.

    Parameters
    ----------
    path : str
        Outline of a tapered arrow, picture units; empty when both regions are the same place or
        the change is under the limit, where a ring suffices.
    target : tuple of float
        Where it ends, picture units.
    mark : str
        Its mark: ``synkinesis``, ``uncompared``, ``small`` or ``trace``.
    """

    path: str
    target: Point
    mark: str


@dataclass(frozen=True)
class Label:
    """Where a cell is told beside the face; ``line`` leads to the region (x1, y1, x2, y2)."""

    cell: SynkinesisCell
    x: float
    y: float
    anchor: str
    line: tuple[float, float, float, float]


@dataclass(frozen=True)
class FaceView:
    """One drawn face of the map.

    Parameters
    ----------
    movement : Movement or None
        What was asked; None for the face that holds the largest of each region.
    description : str
        Everything the picture says, in words.
    shape : FaceShape
        Features of the face.
    asked : tuple of (x, y)
        Commanded regions, both sides.
    bands, labels : tuple
        What moved along.
    note : str
        What could not be told, or that nothing was detected.
    """

    movement: Movement | None
    description: str
    shape: FaceShape
    asked: tuple[Point, ...]
    bands: tuple[Band, ...]
    labels: tuple[Label, ...]
    note: str


@dataclass(frozen=True)
class MapTable:
    """The map of one side as a table: rows are movements, columns regions."""

    caption: str
    rows: tuple[tuple[Movement, tuple[SynkinesisCell, ...]], ...]

    @property
    def verdicts(self) -> set[Verdict]:
        """What its cells say."""
        return {cell.says for _, cells in self.rows for cell in cells}

    @property
    def is_reference(self) -> bool:
        """Whether the table has nothing to say but that the other side is compared with it."""
        return Verdict.REFERENCE in self.verdicts and self.verdicts <= set(UNASKED_VERDICTS)


@dataclass(frozen=True)
class MapView:
    """The part "The map": one face with all findings, small faces, tables.

    Parameters
    ----------
    overview : FaceView
        The largest present finding of each region and side, on one face at rest.
    faces : tuple of FaceView
        One per movement.
    tables : tuple of MapTable
        One per side, the affected side first.
    """

    overview: FaceView
    faces: tuple[FaceView, ...]
    tables: tuple[MapTable, ...]


def map_view(result: Measurement) -> MapView:
    """Gather the map of a measurement."""
    side = result.side_affected
    sides = (side, side.other) if side else (Side.RIGHT, Side.LEFT)
    cells = sorted(complete(result).synkinesis, key=lambda cell: sides.index(cell.side))
    return MapView(
        overview=_overview(cells),
        faces=tuple(_movement_face(m, [c for c in cells if c.movement is m]) for m in MOVEMENTS),
        tables=tuple(_table(cells, s, side) for s in sides),
    )


def _overview(cells: Sequence[SynkinesisCell]) -> FaceView:
    """Show the largest finding of each region and side: more bands would hide one another."""
    largest: dict[tuple[Region, Side], SynkinesisCell] = {}
    for cell in sorted(present_cells(cells), key=lambda c: -abs(c.change_mm or 0)):
        largest.setdefault((cell.region, cell.side), cell)
    shown = tuple(largest.values())
    return FaceView(
        movement=None,
        description=_describe(shown) or translate("No finding is present."),
        shape=face_shape(REST),
        asked=(),
        bands=tuple(_band(cell, REST) for cell in shown),
        labels=_labels(shown, REST),
        note="" if shown else _without_bands(cells),
    )


def _without_bands(cells: Iterable[SynkinesisCell]) -> str:
    says = {cell.says for cell in cells} - {*UNASKED_VERDICTS}
    if says <= {Verdict.UNKNOWN}:
        return translate("Of no region could it be told whether it moved along.")
    if Verdict.UNKNOWN in says:
        return translate("In what could be told, no involuntary movement was found.")
    return translate("No involuntary movement was found.")


def _movement_face(movement: Movement, cells: list[SynkinesisCell]) -> FaceView:
    pose = POSES[movement]
    shown = [*present_cells(cells), *_once(c for c in cells if c.says is Verdict.TRACE)]
    targets = VOLUNTARY_TARGETS[movement][:1]
    note = _unknown_note(cells)
    return FaceView(
        movement=movement,
        description=_describe(shown) or note or translate("Nothing was detected."),
        shape=face_shape(pose),
        asked=tuple(anchor(region, side, pose) for region in targets for side in SIDES),
        bands=tuple(_band(cell, pose) for cell in shown),
        labels=_labels(shown, pose),
        note=note or ("" if shown else translate("○ Nothing was seen to move along.")),
    )


def _once(cells: Iterable[SynkinesisCell]) -> list[SynkinesisCell]:
    """Leave out the second row of the chin, which is one point."""
    seen: dict[tuple[Region, str], SynkinesisCell] = {}
    for cell in cells:
        key = "" if cell.region is Region.CHIN else str(cell.side)
        seen.setdefault((cell.region, key), cell)
    return list(seen.values())


def _describe(cells: Iterable[SynkinesisCell]) -> str:
    text = translate("{movement} moves {place}: {change}, {mark}.")
    return " ".join(
        text.format(
            movement=sentence(movement_name(c.movement)),
            place=side_and_region(c.region, c.side),
            change=change_words(c),
            mark=verdict_words(c.says),
        )
        for c in cells
    )


def _unknown_note(cells: list[SynkinesisCell]) -> str:
    unknown = [c for c in cells if c.says is Verdict.UNKNOWN]
    open_cells = [c for c in cells if c.says not in (Verdict.ASKED, Verdict.REFERENCE)]
    if open_cells and all(c.says is Verdict.ABSENT for c in open_cells):
        return translate("This movement was not recorded.")
    if not unknown:
        return ""
    if len(unknown) == len(open_cells):
        return translate("? Cannot tell from this recording.")
    places = dict.fromkeys(side_and_region(cell.region, cell.side) for cell in unknown)
    return translate("? Cannot tell: {places}.").format(places=", ".join(places))


def _band(cell: SynkinesisCell, pose: Pose) -> Band:
    start = anchor(VOLUNTARY_TARGETS[cell.movement][0], cell.side, pose)
    end = anchor(cell.region, cell.side, pose)
    width = min(BAND_MIN + BAND_PER_MM * abs(cell.change_mm or 0), BAND_MAX)
    here = cell.says is Verdict.TRACE or math.dist(start, end) < 4 * RING
    return Band("" if here else _tapered_arrow(start, end, width), end, cell.says.value)


def _tapered_arrow(start: Point, end: Point, width: float) -> str:
    """Return the outline of a curved arrow that grows from a thin start to ``width``."""
    control = _control(start, end)
    steps = [i / 16 for i in range(17)]
    length = math.dist(start, end)
    tip = _bezier(start, control, end, 1 - RING / length)
    head = min(max(width * 1.2, 10.0), length * 0.45)
    stop = 1 - (RING + head) / length
    line = [_bezier(start, control, end, t * stop) for t in steps]
    sides: tuple[list[Point], list[Point]] = ([], [])
    for t, point in zip(steps, line, strict=True):
        nx, ny = _normal(start, control, end, t * stop)
        half = (1.2 + (width - 1.2) * t) / 2
        sides[0].append((point[0] + nx * half, point[1] + ny * half))
        sides[1].append((point[0] - nx * half, point[1] - ny * half))
    nx, ny = _normal(start, control, end, stop)
    wide = width / 2 + 4.5
    x, y = line[-1]
    arrow = [(x + nx * wide, y + ny * wide), tip, (x - nx * wide, y - ny * wide)]
    points = [*sides[0], *arrow, *reversed(sides[1])]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _control(start: Point, end: Point) -> Point:
    """Bow the band: upwards along the cheek, down from the eye towards the nose.

    Bands that join the same two regions in both directions then lie apart; a long one from the
    brow passes outside the eye.
    """
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    outward = 1 if x >= MIDDLE else -1
    length = math.dist(start, end)
    from_brow = start[1] < EYE_Y - 15
    bow = 0.42 if from_brow else 0.3 if end[1] < start[1] else -0.1
    return (x + outward * bow * length, y)


def _bezier(start: Point, control: Point, end: Point, t: float) -> Point:
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
    return (
        a * start[0] + b * control[0] + c * end[0],
        a * start[1] + b * control[1] + c * end[1],
    )


def _normal(start: Point, control: Point, end: Point, t: float) -> Point:
    dx = 2 * (1 - t) * (control[0] - start[0]) + 2 * t * (end[0] - control[0])
    dy = 2 * (1 - t) * (control[1] - start[1]) + 2 * t * (end[1] - control[1])
    size = math.hypot(dx, dy) or 1.0
    return (-dy / size, dx / size)


def _labels(cells: Iterable[SynkinesisCell], pose: Pose) -> tuple[Label, ...]:
    """Place words beside the face, from top to bottom, never one over another."""
    labels = []
    for side in SIDES:
        own = sorted(
            (c for c in cells if c.side is side), key=lambda c: anchor(c.region, side, pose)[1]
        )
        for cell, y in zip(
            own, _spread([anchor(c.region, side, pose)[1] for c in own]), strict=True
        ):
            labels.append(_label(cell, y, pose))
    return tuple(labels)


def _spread(wanted: list[float]) -> list[float]:
    """Move heights apart to at least ``LABEL_STEP``, inside the drawing."""
    heights = []
    low = 52.0
    for i, y in enumerate(wanted):
        room = 342.0 - LABEL_STEP * (len(wanted) - 1 - i)
        heights.append(max(low, min(y, room)))
        low = heights[-1] + LABEL_STEP
    return heights


def _label(cell: SynkinesisCell, y: float, pose: Pose) -> Label:
    x = LABEL_X[cell.side]
    target = anchor(cell.region, cell.side, pose)
    inward = -4 if cell.side is Side.LEFT else 4
    return Label(
        cell=cell,
        x=x,
        y=y,
        anchor="start" if cell.side is Side.LEFT else "end",
        line=(x + inward, y - 3, target[0], target[1]),
    )


def _table(cells: Iterable[SynkinesisCell], side: Side, affected: Side | None) -> MapTable:
    found = {(c.movement, c.region): c for c in cells if c.side is side}
    rows = tuple((m, tuple(found[m, region] for region in REGIONS)) for m in MOVEMENTS)
    return MapTable(_caption(side, affected), rows)


def _caption(side: Side, affected: Side | None) -> str:
    if affected is None:
        text = translate("The patient's {side} side")
    elif side is affected:
        text = translate("The patient's {side} side (affected)")
    else:
        text = translate("The patient's {side} side (other side)")
    return text.format(side=side_word(side))
