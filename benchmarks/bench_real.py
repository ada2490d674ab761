"""Real skin with known edits: what is measured of a lid, a mouth corner, a brow, person by person.

Slope: least squares of the involuntary change on the true one over a person's recordings, the
unedited one among them, so that the person's own asymmetry goes into the intercept. Of a mouth
corner that is its part along the edit's way: a length grows by less than the edit where the corner
went another way by itself. Nothing is fitted here.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from facewire.phantom.warp import CORNER_WAY
from facewire.results.cells import SynkinesisCell
from facewire.results.measurement import Measurement
from real_skin import Clip, Edit, clips, measured
from rows import Row

LONG = True

LARGE_MM = 1.99
"""Edits of 2 mm and more are to be found."""

SLOPES = {
    "eye": ("upper lid", 0.9, 1.1),
    "commissure": ("mouth corner", 0.9, 1.1),
    "brow": ("brow", 0.85, 1.15),
}
"""Name and the slopes asked."""


def cell_of(found: Measurement, edit: Edit) -> SynkinesisCell | None:
    """Return what was measured where something was edited."""
    wanted = edit.movement, edit.region, edit.side
    cells = (c for c in found.synkinesis if (c.movement, c.region, c.side) == wanted)
    return next(cells, None)


def along(cell: SynkinesisCell) -> float | None:
    """Return what was measured along the edit's way: of a corner, up and out as it was pulled."""
    if cell.across_mm is None or cell.up_mm is None:
        return cell.change_mm
    return CORNER_WAY[0] * cell.across_mm + CORNER_WAY[1] * cell.up_mm


def rows(minutes: float = 0.0) -> list[Row]:
    """Measure every person; ``minutes`` is not used."""
    del minutes
    people: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips():
        people[clip.person].append(clip)
    if not people:
        return [Row("real", "recordings", float("nan"), "", remark="no folder: FACEWIRE_REAL")]
    return [row for person, own in people.items() for row in _person(person, own)]


def _person(person: str, own: list[Clip]) -> list[Row]:
    found = {clip.level: measured(clip) for clip in own}
    edits = {clip.level: clip.edits() for clip in own}
    asked = {(e.movement, e.region, e.side): e for row in edits.values() for e in row}
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    errors, holds, large = [], [], []
    for level, result in found.items():
        if result is None:
            continue
        for edit in edits[level]:
            cell = cell_of(result, edit)
            if abs(edit.true_mm) >= LARGE_MM:
                large.append(cell is not None and cell.detected is True)
            if cell is None or cell.change_mm is None or cell.ci_low is None:
                continue
            points[edit.region].append((edit.true_mm, along(cell) or 0.0))
            errors.append(abs(cell.change_mm - edit.true_mm))
            holds.append(cell.ci_low <= edit.true_mm <= (cell.ci_high or np.inf))
        if level == "0":
            for edit in asked.values():
                cell = cell_of(result, edit)
                if cell is not None and cell.change_mm is not None:
                    points[edit.region].append((0.0, along(cell) or 0.0))
    table = []
    for region, (name, least, most) in SLOPES.items():
        true, seen = np.array(points[region]).T if points[region] else ([0.0], [np.nan])
        slope = float(np.polyfit(true, seen, 1)[0]) if len(set(true)) > 1 else float("nan")
        remark = f"{len(points[region])} numbers"
        table.append(Row("real", f"{person}: slope, {name}", slope, "", least, most, remark))
    error = float(np.mean(errors)) if errors else float("nan")
    table.append(Row("real", f"{person}: mean error", error, "mm", at_most=0.35))
    share = float(np.mean(holds)) if holds else float("nan")
    how = (
        f"{sum(holds)} of {len(holds)} intervals; {sum(r is None for r in found.values())} refused"
    )
    table.append(Row("real", f"{person}: intervals hold", share, "", at_least=0.92, remark=how))
    seen = float(np.mean(large)) if large else float("nan")
    how = f"{sum(large)} of {len(large)}"
    table.append(Row("real", f"{person}: found, 2 mm and more", seen, "", 0.9, remark=how))
    unedited = found.get("0")
    named = float(unedited is not None and unedited.side_affected is not None)
    table.append(Row("real", f"{person}: side named, unedited", named, "", at_most=0.0))
    return table
