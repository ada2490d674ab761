"""The page of a checked room: how small a change it shows, and what rests on what.

In: a ``facewire.phantom/1`` document. Out: one self-contained HTML file without script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from facewire.face import Region
from facewire.figures.axes import Axes, Plot, Rule, around
from facewire.report.environment import environment
from facewire.results.phantom import Phantom, RegionCheck
from facewire.words import (
    join,
    mark,
    mm,
    percent,
    plain,
    region_name,
    sentence,
    translate,
    with_interval,
)

DASH = "\N{EN DASH}"
REGION_CHANGES = {
    Region.EYE: mark("upper lid down, lower lid up by a third, in movements of the mouth"),
    Region.COMMISSURE: mark("mouth corner pulled up and out, in closures of the eyes"),
    Region.BROW: mark("brow down, in movements of the mouth"),
}


def phantom_page(found: Phantom) -> str:
    """Return the page of a checked room as HTML."""
    return (
        environment()
        .get_template("phantom.html")
        .render(
            found=found,
            source=found.provenance.source,
            headline=headline(found),
            figures=figures(found),
            alarms=alarm_sentences(found),
            changes=REGION_CHANGES,
            plots=[_plot(found, each) for each in found.regions if each.numbers],
        )
    )


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


def room_figures(found: Phantom) -> str:
    """Return the smallest changes that are found, and the slopes with their intervals."""
    slopes = "; ".join(f"{region_name(each.region)} {slope(each)}" for each in found.regions)
    words = translate("Slope, which is 1 where a millimetre is measured as one: {slopes}.")
    return f"{headline(found)} {words.format(slopes=slopes)}"


def check_notes(found: Phantom) -> Iterator[str]:
    """Yield what stands against the figures of a check."""
    if found.synthetic:
        yield translate("The check filmed a rendered face, no person.")
    for message in found.messages:
        if message.level == "problem" or message.code == "misread":
            yield translate(message.text)


def figures(found: Phantom) -> dict[str, Callable[[RegionCheck], str]]:
    """Return what a millimetre of a region is measured as: titles, and how each is written."""
    levels = sorted({one.level_mm for each in found.regions for one in each.found})
    return {
        translate("smallest"): lambda each: _smallest(found, each),
        translate("slope [95 %]"): slope,
        translate("error"): lambda each: DASH if each.error_mm is None else mm(each.error_mm, 2),
        translate("intervals hold"): _held,
        translate("leak"): lambda each: DASH if each.leak is None else percent(100 * each.leak),
        **{
            translate("found at {size}").format(size=mm(level, 0)): partial(_found, level)
            for level in levels
        },
    }


def slope(each: RegionCheck) -> str:
    """Write how many millimetres are measured for a true one, with the 95 % interval."""
    if each.slope is None:
        return DASH
    return with_interval(plain(each.slope, 2), each.slope_low, each.slope_high, 2)


def _held(each: RegionCheck) -> str:
    return translate("{held} of {all}").format(held=each.held, all=each.intervals)


def _found(level_mm: float, each: RegionCheck) -> str:
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
