"""The page of a checked room: how small a change it shows, and what rests on what.

In: a ``facewire.phantom/1`` document. Out: one self-contained HTML file without script.
"""

from __future__ import annotations

from pathlib import Path

from facewire.face import Region
from facewire.figures.axes import Axes, Plot, Rule, around
from facewire.report.environment import environment, write_page
from facewire.results.phantom import Phantom, PhantomCell, RegionCheck
from facewire.words import (
    join,
    mark,
    mm,
    movement_name,
    percent,
    plain,
    region_name,
    sentence,
    side_and_region,
    translate,
    with_interval,
)

DASH = "\N{EN DASH}"
REGION_CHANGES = {
    Region.EYE: mark("upper lid down, lower lid up by a third, in movements of the mouth"),
    Region.COMMISSURE: mark("mouth corner pulled up and out, in closures of the eyes"),
    Region.BROW: mark("brow down, in movements of the mouth"),
}


def write_phantom_page(found: Phantom, path: Path, *, overwrite: bool = False) -> Path:
    """Write the page of a checked room.

    Raises
    ------
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    return write_page(path, phantom_page(found), overwrite=overwrite)


def phantom_page(found: Phantom) -> str:
    """Return the page of a checked room as HTML."""
    source = found.provenance.source
    return (
        environment()
        .get_template("phantom.html")
        .render(
            found=found,
            source=source,
            headline=headline(found),
            titles=titles(found),
            rows=phantom_rows(found),
            alarms=alarm_sentences(found),
            changes={each.region: REGION_CHANGES[each.region] for each in found.regions},
            plots=[_plot(found, each) for each in found.regions if each.numbers],
            cells=[_cell_row(cell) for cell in found.cells],
            conditions=_conditions(found),
        )
    )


def _conditions(found: Phantom) -> list[tuple[str, str]]:
    """Return what the recording was like."""
    source, scale = found.provenance.source, found.scale
    size, rate = f"{source.width_px} x {source.height_px}", source.frame_rate_hz
    iris = translate("{mm} mm for a pixel, by an iris of {iris} mm")
    rows = [
        (translate("picture"), translate("{size} pixels").format(size=size)),
        (translate("pictures a second"), DASH if rate is None else plain(rate)),
        (
            translate("scale"),
            iris.format(mm=plain(scale.mm_per_px, 2), iris=plain(scale.reference_mm)),
        ),
    ]
    for region in REGION_CHANGES:
        words = translate("noise of one picture: {region}").format(region=region_name(region))
        rows.append((words, mm(found.noise_mm.get(region), 2)))
    return rows


def headline(found: Phantom) -> str:
    """Return how small a change is found, in a sentence or two."""
    sizes = [
        f"{sentence(region_name(each.region))}: {_smallest(found, each)}" for each in found.regions
    ]
    text = translate("Smallest change found with a probability of {power}. {sizes}.")
    return text.format(power=percent(100 * found.power), sizes="; ".join(sizes))


def _smallest(found: Phantom, each: RegionCheck) -> str:
    if each.smallest_mm is not None:
        return mm(each.smallest_mm)
    return translate("none up to {largest}").format(largest=mm(found.largest_mm, 0))


def titles(found: Phantom) -> tuple[str, ...]:
    """Return the titles of the columns of `phantom_rows`."""
    levels = sorted({one.level_mm for each in found.regions for one in each.found})
    return (
        translate("region"),
        translate("smallest"),
        translate("slope [95 %]"),
        translate("error"),
        translate("intervals hold"),
        translate("leak"),
        *(translate("found at {size}").format(size=mm(level, 0)) for level in levels),
    )


def phantom_rows(found: Phantom) -> list[tuple[str, ...]]:
    """Return a row of words for each region: what a millimetre of it is measured as."""
    levels = sorted({one.level_mm for each in found.regions for one in each.found})
    return [
        (
            region_name(each.region),
            _smallest(found, each),
            _slope(each),
            DASH if each.error_mm is None else mm(each.error_mm, 2),
            translate("{held} of {all}").format(held=each.held, all=each.intervals),
            DASH if each.leak is None else percent(100 * each.leak),
            *(_found(each, level) for level in levels),
        )
        for each in found.regions
    ]


def _slope(each: RegionCheck) -> str:
    if each.slope is None:
        return DASH
    return with_interval(plain(each.slope, 2), each.slope_low, each.slope_high, 2)


def _found(each: RegionCheck, level_mm: float) -> str:
    for one in each.found:
        if one.level_mm == level_mm:
            return translate("{found} of {asked}").format(found=one.found, asked=one.asked)
    return DASH


def alarm_sentences(found: Phantom) -> list[str]:
    """Return what was said where nothing was changed, and of which side where something was."""
    named = [one for one in found.unedited if one.side_affected is not None]
    present, told = (sum(getattr(c, n) for c in found.unedited) for n in ("present", "told"))
    edited = [one for one in found.copies if one.side is not None and one.side_status is not None]
    right = sum(one.side_affected is one.side for one in edited)
    wrong = sum(one.side_affected is not None for one in edited) - right
    lost = [one.name for one in found.copies if one.reason]
    lines = [
        translate(
            "Without a change: an affected side was named in {named} of {all} measurements, and "
            "{present} of {told} cells were called present."
        ).format(named=len(named), all=len(found.unedited), present=present, told=told),
        translate(
            "With a change: the changed side was named in {right} of {all} copies, the other one "
            "in {wrong}."
        ).format(right=right, all=len(edited), wrong=wrong),
    ]
    if lost:
        lines.append(translate("Not measured: {names}.").format(names=join(lost)))
    return lines


def _cell_row(cell: PhantomCell) -> tuple[str, ...]:
    value = DASH
    if cell.change_mm is not None:
        number = plain(cell.change_mm, 2, signed=True)
        value = with_interval(number, cell.ci_low, cell.ci_high, 2)
    return (
        cell.copy_name,
        f"{sentence(movement_name(cell.movement))} → {side_and_region(cell.region, cell.side)}",
        plain(cell.true_mm, 2, signed=True),
        value,
        DASH if cell.moved_mm is None else plain(cell.moved_mm, 2, signed=True),
        DASH if cell.other_moved_mm is None else plain(cell.other_moved_mm, 2, signed=True),
        translate("detected") if cell.detected else translate(cell.reason),
    )


def _plot(found: Phantom, each: RegionCheck) -> Plot:
    """Plot what was measured on what is true, with the intervals."""
    cells = [c for c in found.cells if c.region is each.region and c.change_mm is not None]
    true = [c.true_mm for c in cells]
    ends = [v for c in cells for v in (c.change_mm, c.ci_low, c.ci_high) if v is not None]
    axes = Axes(*around(true), *around([*ends, *true]))
    points = tuple((axes.x(c.true_mm), axes.y(c.change_mm or 0.0)) for c in cells)
    bars = tuple(
        (axes.x(c.true_mm), axes.y(c.ci_high), axes.y(c.ci_low))
        for c in cells
        if c.ci_low is not None and c.ci_high is not None
    )
    text = translate("Measured on true change of the {region}; the line is where both are equal.")
    return Plot(
        sentence(region_name(each.region)),
        translate("true change, mm"),
        translate("measured, mm"),
        points,
        axes.path([(min(true), min(true)), (max(true), max(true))]),
        (Rule(axes.y(0.0), "", "limit"),),
        bars,
        axes.x_marks(),
        axes.y_marks(),
        text.format(region=region_name(each.region)),
    )
