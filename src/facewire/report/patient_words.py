"""A measurement in words for the patient: what works first, then what goes along.

No grade, no judgement of how strong something is, and never a clearance. Numbers are given apart
from the sentences, so that a reader sees them only on asking. What is told was judged before
(`results.findings`); here it is put into words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facewire.face import MOVEMENTS, SIDES, Movement, Region, Side
from facewire.findings import present_cells
from facewire.report.groups import grouped
from facewire.results.cells import SynkinesisCell
from facewire.results.findings import Findings, Lids, RestDifference, SideComparison, Verdict
from facewire.results.measurement import Measurement
from facewire.words import (
    change_words,
    either,
    is_signed,
    join,
    mark,
    mm,
    percent,
    sentence,
    side_region,
    side_word,
    translate,
    when_you,
    your_region,
)

_ALIKE = {
    Movement.BROW_RAISE: mark("Both brows rise about equally."),
    Movement.SMILE_CLOSED: mark(
        "Both corners of your mouth take part about equally when you smile with closed lips."
    ),
    Movement.SMILE_OPEN: mark(
        "Both corners of your mouth take part about equally when you smile showing your teeth."
    ),
    Movement.SNARL: mark("Both sides of your nose move about equally when you wrinkle it."),
    Movement.LIP_PUCKER: mark("Both halves of your mouth move about equally when you pucker."),
    Movement.LOWER_TEETH_SHOW: mark(
        "Both halves of your lower lip move about equally when you show your lower teeth."
    ),
}


@dataclass(frozen=True)
class Line:
    """One sentence for the patient and the numbers behind it.

    Parameters
    ----------
    text : str
        A plain sentence without numbers.
    numbers : tuple of str
        Short statements with numbers and units; shown on asking.
    """

    text: str
    numbers: tuple[str, ...] = ()


def works(result: Measurement) -> tuple[Line, ...]:
    """Say what moves well."""
    found = result.judgements
    told = (*_alike(result, found), *_closed(result, found), *_calm(found))
    return told or tuple(_took_part(result))


def goes_along(result: Measurement) -> tuple[Line, ...]:
    """Say what moves without being asked."""
    along = [c for c in present_cells(result.synkinesis) if c.verdict is not Verdict.SMALL]
    return (*_grouped(along), *_blink_lines(result))


def small(result: Measurement) -> tuple[Line, ...]:
    """Say what also moves in faces of people without a nerve injury."""
    return tuple(
        _grouped(c for c in present_cells(result.synkinesis) if c.verdict is Verdict.SMALL)
    )


def less(result: Measurement) -> tuple[Line, ...]:
    """Say what moves less, stays open or differs at rest."""
    found = result.judgements
    return (*_less(result, found), *_open(result, found), *map(_rest_line, found.rest))


def unknown(result: Measurement) -> tuple[Line, ...]:
    """Say what could not be told from this recording."""
    found = result.judgements
    return (*_nothing_kept(result), *_unknown(found), *_unknown_closure(found))


def nothing_seen(result: Measurement) -> bool:
    """Return whether movements were seen, and there is nothing to tell beside what works."""
    moved = result.judgements.overall != "nothing told"
    return moved and not (goes_along(result) or small(result) or less(result))


def _alike(result: Measurement, found: Findings) -> Iterable[Line]:
    for one in found.comparisons:
        if one.says == "alike":
            yield Line(translate(_ALIKE[one.movement]), (_ratio(result, one),))


def _ratio(result: Measurement, one: SideComparison) -> str:
    cell = result.voluntary_cell(one.movement, one.region, one.side)
    return translate("{when}: {region} {length}, {percent} of the other side").format(
        when=sentence(when_you(one.movement)),
        region=side_region(one.region, one.side),
        length=mm(cell.excursion_mm, signed=is_signed(one.region)),
        percent=percent(None if one.ratio is None else one.ratio * 100),
    )


def _by_movement(found: Findings) -> dict[Movement, dict[Side, Lids]]:
    lids: dict[Movement, dict[Side, Lids]] = {}
    for one in found.lids:
        lids.setdefault(one.movement, {})[one.side] = one
    return lids


def _gap(result: Measurement, lids: Lids) -> str:
    rows = result.eye_closure
    gap = next(r.gap_mm for r in rows if (r.movement, r.side) == (lids.movement, lids.side))
    return translate("{eye}: gap {gap}").format(
        eye=sentence(side_region(Region.EYE, lids.side)), gap=mm(gap)
    )


def _closed(result: Measurement, found: Findings) -> Iterable[Line]:
    for movement, sides in _by_movement(found).items():
        shut = [sides[side] for side in SIDES if side in sides and sides[side].says == "closed"]
        gaps = tuple(_gap(result, lids) for lids in shut)
        if len(shut) == 2:
            text = translate("Both eyes close when you {movement}.")
            yield Line(text.format(movement=when_you(movement)), gaps)
        elif shut:
            text = translate("{eye} closes when you {movement}.")
            eye = sentence(your_region(Region.EYE, shut[0].side))
            yield Line(text.format(eye=eye, movement=when_you(movement)), gaps)


def _open(result: Measurement, found: Findings) -> Iterable[Line]:
    for lids in found.lids:
        if lids.says == "open":
            text = translate("A gap stays in {eye} when you {movement}.").format(
                eye=your_region(Region.EYE, lids.side), movement=when_you(lids.movement)
            )
            yield Line(text, (_gap(result, lids),))


def _unknown_closure(found: Findings) -> Iterable[Line]:
    movements: dict[tuple[Side, ...], list[str]] = {}
    for movement, sides in _by_movement(found).items():
        untold = tuple(s for s in SIDES if s in sides and sides[s].says == "untold")
        if untold:
            movements.setdefault(untold, []).append(when_you(movement))
    both = translate("Whether your eyes close all the way when you {movement}.")
    one = translate("Whether {eye} closes all the way when you {movement}.")
    for untold, named in movements.items():
        text = both if len(untold) == 2 else one
        eye = your_region(Region.EYE, untold[0])
        yield Line(text.format(eye=eye, movement=either(named)))


def _calm(found: Findings) -> Iterable[Line]:
    """Name the movements in which every other region was measured and kept still."""
    calm = [when_you(one.movement) for one in found.company if one.says == "calm"]
    if calm:
        text = translate("Nothing else was seen to move along when you {movements}.")
        yield Line(text.format(movements=either(calm)))


def _took_part(result: Measurement) -> Iterable[Line]:
    kept = sum(row.kept for row in result.repetitions)
    if kept:
        text = translate("You completed the recording; {kept} of {all} repetitions could be used.")
        yield Line(text.format(kept=kept, all=len(result.repetitions)))


def _nothing_kept(result: Measurement) -> Iterable[Line]:
    if not any(row.kept for row in result.repetitions):
        yield Line(translate("How your face moves: no movement in it could be used."))


def _grouped(cells: Iterable[SynkinesisCell]) -> Iterable[Line]:
    """Gather findings that do the same to the same region into one sentence."""
    for words, group in grouped(cells, does).items():
        group.sort(key=lambda cell: MOVEMENTS.index(cell.movement))
        moves = either([when_you(cell.movement) for cell in group])
        text = translate("When you {movements}, {what}.").format(movements=moves, what=words)
        yield Line(text, tuple(_along_number(cell) for cell in group))


def _along_number(cell: SynkinesisCell) -> str:
    return translate("{when}: {region} {change}").format(
        when=sentence(when_you(cell.movement)),
        region=side_region(cell.region, cell.side),
        change=change_words(cell),
    )


def does(cell: SynkinesisCell) -> str:
    """Say what a region does, such as ``your right eye narrows``."""
    change = cell.change_mm or 0.0
    if cell.region is Region.EYE:
        words = translate("{region} narrows") if change < 0 else translate("{region} widens")
    elif is_signed(cell.region):
        words = translate("{region} lowers") if change < 0 else translate("{region} rises")
    else:
        words = _pull(cell)
    return words.format(region=your_region(cell.region, cell.side))


def _pull(cell: SynkinesisCell) -> str:
    across, up = cell.across_mm, cell.up_mm
    if across is None or up is None or cell.region is Region.CHIN:
        return translate("{region} moves")
    if abs(up) >= abs(across):
        return translate("{region} is drawn up") if up > 0 else translate("{region} is drawn down")
    return (
        translate("{region} is drawn outward")
        if across > 0
        else translate("{region} is drawn inward")
    )


def _blink_lines(result: Measurement) -> Iterable[Line]:
    for row in result.blink:
        if row.present:
            text = translate("When you blink, {region} twitches along.")
            numbers = translate("When you blink: {region} {change}, from {count} blinks").format(
                region=side_region(row.region, row.side), change=mm(row.change_mm), count=row.count
            )
            yield Line(text.format(region=your_region(row.region, row.side)), (numbers,))


def _less(result: Measurement, found: Findings) -> Iterable[Line]:
    """Gather the movements in which the same region moves less than on the other side."""
    groups: dict[tuple[Region, Side], list[SideComparison]] = {}
    for one in found.comparisons:
        if one.says == "less":
            groups.setdefault((one.region, one.side), []).append(one)
        elif one.says == "more" and result.side_affected is None:
            groups.setdefault((one.region, one.side.other), []).append(one)
    for (region, side), group in groups.items():
        text = translate("{region} moves less than the {other} when you {movements}.").format(
            region=your_region(region, side),
            other=side_word(side.other),
            movements=either([when_you(one.movement) for one in group]),
        )
        yield Line(sentence(text), tuple(_ratio(result, one) for one in group))


def _rest_line(one: RestDifference) -> Line:
    if one.region is Region.EYE:
        text = mark("At rest, {region} is a little narrower than the {other}.")
        more = mark("At rest, {region} is a little wider than the {other}.")
    else:
        text = mark("At rest, {region} stands a little lower than the {other}.")
        more = mark("At rest, {region} stands a little higher than the {other}.")
    words = translate(text if one.difference_mm < 0 else more).format(
        region=your_region(one.region, one.side), other=side_word(one.side.other)
    )
    size = mm(one.difference_mm, signed=True)
    return Line(words, (translate("Difference: {size}").format(size=size),))


def _unknown(found: Findings) -> Iterable[Line]:
    """Name what could not be told, one line per movement."""
    for one in found.company:
        if one.says == "untold":
            text = translate("What goes along when you {movement}.")
            yield Line(text.format(movement=when_you(one.movement)))
        elif one.untold:
            text = translate("When you {movement}: {regions}.")
            names = list(dict.fromkeys(your_region(*place) for place in one.untold))
            yield Line(text.format(movement=when_you(one.movement), regions=join(names)))
