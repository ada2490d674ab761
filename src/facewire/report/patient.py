"""The summary for the patient: what works first, then what goes along, in plain words.

No grade, no judgement of how strong something is, and never a clearance. Numbers are given apart
from the sentences, so that a reader sees them only on asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from facewire.face import MOVEMENTS, SIDES, VOLUNTARY_TARGETS, Movement, Region, Side
from facewire.report.cells import Cell, Mark, affected_side, present_cells, read_cells, row_side
from facewire.words import (
    either,
    join,
    mark,
    mm,
    number,
    percent,
    sentence,
    side_region,
    side_word,
    translate,
    when_you,
    your_region,
)

ALIKE_FROM, ALIKE_TO = 0.8, 1.25
"""Ratio of the two sides within which a movement is told as about equal."""
LESS_BELOW = 0.7
"""Ratio under which a side is told to move less; between the limits nothing is claimed."""
CLOSED_MM = 1.0
"""Gap of the lids that counts as closed: the resolution of the measurement, not a safety limit."""
REST_MM = 1.0
"""Difference of the sides at rest that is told."""

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


@dataclass(frozen=True)
class PatientView:
    """Everything the part "For you" shows, in its order.

    Parameters
    ----------
    works : tuple of Line
        What moves well; never empty.
    goes_along : tuple of Line
        What moves without being asked.
    small : tuple of Line
        What also moves in faces of people without a nerve injury.
    less : tuple of Line
        What moves less, stays open or differs at rest.
    unknown : tuple of Line
        What could not be told from this recording.
    """

    works: tuple[Line, ...]
    goes_along: tuple[Line, ...]
    small: tuple[Line, ...]
    less: tuple[Line, ...]
    unknown: tuple[Line, ...]

    @property
    def nothing_seen(self) -> bool:
        """Whether there is nothing to tell beside what works."""
        return not (self.goes_along or self.small or self.less)


def patient_view(result: Mapping[str, Any]) -> PatientView:
    """Put a measurement into plain words."""
    synkinesis, voluntary = (
        read_cells(result["synkinesis"], affected_side(result)),
        read_cells(result["voluntary"]),
    )
    side = affected_side(result)
    found = present_cells(synkinesis)
    along = [cell for cell in found if cell.mark is not Mark.SMALL]
    works = _alike(voluntary, side) + _closed(result) + _calm(synkinesis, side)
    return PatientView(
        works=tuple(works or [_took_part(result)]),
        goes_along=tuple(_grouped(along) + _blink_lines(result)),
        small=tuple(_grouped(c for c in found if c.mark is Mark.SMALL)),
        less=tuple(_less(voluntary, side) + _open(result) + _rest(result, side)),
        unknown=tuple(_unknown(synkinesis, side) + _unknown_closure(result)),
    )


def _main_targets(voluntary: Iterable[Cell], side: Side | None) -> list[Cell]:
    """Return one row per movement: its main target on the affected side, else on the right."""
    seen = side or Side.RIGHT
    return [c for c in voluntary if c.region is VOLUNTARY_TARGETS[c.movement][0] and c.side is seen]


def _alike(voluntary: Iterable[Cell], side: Side | None) -> list[Line]:
    lines = []
    for cell in _main_targets(voluntary, side):
        ratio = cell.get("symmetry")
        if cell.movement in _ALIKE and ratio is not None and ALIKE_FROM <= ratio <= ALIKE_TO:
            lines.append(Line(translate(_ALIKE[cell.movement]), (_ratio(cell, ratio),)))
    return lines


def _ratio(cell: Cell, ratio: float) -> str:
    return translate("{when}: {region} {length}, {percent} of the other side").format(
        when=sentence(when_you(cell.movement)),
        region=side_region(cell.region, cell.side),
        length=mm(cell.get("excursion_mm"), signed=cell.signed),
        percent=percent(ratio * 100),
    )


def _closures(result: Mapping[str, Any]) -> dict[Movement, dict[Side, Mapping[str, Any]]]:
    found: dict[Movement, dict[Side, Mapping[str, Any]]] = {}
    for row in result["eye_closure"]:
        found.setdefault(Movement(row["movement"]), {})[Side(row["side"])] = row
    return found


def _gap(row: Mapping[str, Any], side: Side) -> str:
    return translate("{eye}: gap {gap}").format(
        eye=sentence(side_region(Region.EYE, side)), gap=mm(number(row, "gap_mm"))
    )


def _is_closed(row: Mapping[str, Any]) -> bool:
    high = number(row, "ci_high")
    return number(row, "gap_mm") is not None and high is not None and high <= CLOSED_MM


def _is_open(row: Mapping[str, Any]) -> bool:
    low = number(row, "ci_low")
    return number(row, "gap_mm") is not None and low is not None and low > CLOSED_MM


def _closed(result: Mapping[str, Any]) -> list[Line]:
    lines = []
    for movement, sides in _closures(result).items():
        shut = [side for side in SIDES if side in sides and _is_closed(sides[side])]
        gaps = tuple(_gap(sides[side], side) for side in shut)
        if len(shut) == 2:
            text = translate("Both eyes close when you {movement}.")
            lines.append(Line(text.format(movement=when_you(movement)), gaps))
        elif shut:
            text = translate("{eye} closes when you {movement}.")
            eye = sentence(your_region(Region.EYE, shut[0]))
            lines.append(Line(text.format(eye=eye, movement=when_you(movement)), gaps))
    return lines


def _open(result: Mapping[str, Any]) -> list[Line]:
    lines = []
    for movement, sides in _closures(result).items():
        for side, row in sides.items():
            if _is_open(row):
                text = translate("A gap stays in {eye} when you {movement}.").format(
                    eye=your_region(Region.EYE, side), movement=when_you(movement)
                )
                lines.append(Line(text, (_gap(row, side),)))
    return lines


def _unknown_closure(result: Mapping[str, Any]) -> list[Line]:
    movements: dict[tuple[Side, ...], list[str]] = {}
    for movement, sides in _closures(result).items():
        unknown = tuple(s for s in SIDES if s in sides and _cannot_tell_gap(sides[s]))
        if unknown:
            movements.setdefault(unknown, []).append(when_you(movement))
    both = translate("Whether your eyes close all the way when you {movement}.")
    one = translate("Whether {eye} closes all the way when you {movement}.")
    return [
        Line(
            (both if len(sides) == 2 else one).format(
                eye=your_region(Region.EYE, sides[0]), movement=either(named)
            )
        )
        for sides, named in movements.items()
    ]


def _cannot_tell_gap(row: Mapping[str, Any]) -> bool:
    return not _is_closed(row) and not _is_open(row)


def _calm(synkinesis: Iterable[Cell], side: Side | None) -> list[Line]:
    """Name the movements in which every other region was measured and kept still."""
    calm = [
        movement
        for movement in MOVEMENTS
        if (others := _others(synkinesis, movement, side))
        and all(cell.mark is Mark.NONE for cell in others)
    ]
    if not calm:
        return []
    names = either([when_you(movement) for movement in calm])
    text = translate("Nothing else was seen to move along when you {movements}.")
    return [Line(text.format(movements=names))]


def _others(cells: Iterable[Cell], movement: Movement, side: Side | None) -> list[Cell]:
    return [
        c
        for c in cells
        if c.movement is movement and not c.is_target and (side is None or c.side is side)
    ]


def _took_part(result: Mapping[str, Any]) -> Line:
    rows = result["repetitions"]
    kept = sum(bool(row["kept"]) for row in rows)
    text = translate("You completed the recording; {kept} of {all} repetitions could be used.")
    return Line(text.format(kept=kept, all=len(rows)))


def _grouped(cells: Iterable[Cell]) -> list[Line]:
    """Gather findings that do the same to the same region into one sentence."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(does(cell), []).append(cell)
    lines = []
    for words, group in groups.items():
        group.sort(key=lambda cell: MOVEMENTS.index(cell.movement))
        moves = either([when_you(cell.movement) for cell in group])
        text = translate("When you {movements}, {what}.").format(movements=moves, what=words)
        lines.append(Line(text, tuple(_along_number(cell) for cell in group)))
    return lines


def _along_number(cell: Cell) -> str:
    return translate("{when}: {region} {change}").format(
        when=sentence(when_you(cell.movement)),
        region=side_region(cell.region, cell.side),
        change=cell.change_text,
    )


def does(cell: Cell) -> str:
    """Say what a region does, such as ``your right eye narrows``."""
    change = cell.get("change_mm") or 0.0
    region = your_region(cell.region, cell.side)
    if cell.region is Region.EYE:
        words = translate("{region} narrows") if change < 0 else translate("{region} widens")
    elif cell.signed:
        words = translate("{region} lowers") if change < 0 else translate("{region} rises")
    else:
        words = _pull(cell)
    return words.format(region=region)


def _pull(cell: Cell) -> str:
    across, up = cell.get("across_mm"), cell.get("up_mm")
    if across is None or up is None or cell.region is Region.CHIN:
        return translate("{region} moves")
    if abs(up) >= abs(across):
        return translate("{region} is drawn up") if up > 0 else translate("{region} is drawn down")
    return (
        translate("{region} is drawn outward")
        if across > 0
        else translate("{region} is drawn inward")
    )


def _blink_lines(result: Mapping[str, Any]) -> list[Line]:
    lines = []
    for row in result["blink"]:
        if row.get("present") and number(row, "change_mm") is not None:
            region, side = Region(row["region"]), row_side(row)
            text = translate("When you blink, {region} twitches along.")
            numbers = translate("When you blink: {region} {change}, from {count} blinks").format(
                region=side_region(region, side),
                change=mm(number(row, "change_mm")),
                count=row.get("count"),
            )
            lines.append(Line(text.format(region=your_region(region, side)), (numbers,)))
    return lines


def _less(voluntary: Iterable[Cell], side: Side | None) -> list[Line]:
    """Gather the movements in which the same region moves less than on the other side."""
    groups: dict[tuple[Region, Side], list[tuple[Cell, float]]] = {}
    for cell in _main_targets(voluntary, side):
        ratio = cell.get("symmetry")
        if ratio is None or cell.movement not in _ALIKE:
            continue
        if ratio < LESS_BELOW:
            groups.setdefault((cell.region, cell.side), []).append((cell, ratio))
        elif side is None and ratio > 1 / LESS_BELOW:
            groups.setdefault((cell.region, cell.side.other), []).append((cell, ratio))
    return [_less_line(region, less, found) for (region, less), found in groups.items()]


def _less_line(region: Region, less: Side, found: list[tuple[Cell, float]]) -> Line:
    text = translate("{region} moves less than the {other} when you {movements}.").format(
        region=your_region(region, less),
        other=side_word(less.other),
        movements=either([when_you(cell.movement) for cell, _ in found]),
    )
    return Line(sentence(text), tuple(_ratio(cell, ratio) for cell, ratio in found))


def _rest(result: Mapping[str, Any], side: Side | None) -> list[Line]:
    lines = []
    for row in result["rest"]:
        low, high = number(row, "difference_ci_low"), number(row, "difference_ci_high")
        size = number(row, "difference_mm")
        seen = row["side"] == (side or Side.RIGHT)
        if None in (low, high, size) or not seen or row["component"] == "across":
            continue
        if size is not None and abs(size) >= REST_MM and (low or 0) * (high or 0) > 0:
            lines.append(_rest_line(Region(row["region"]), Side(row["side"]), size))
    return lines


def _rest_line(region: Region, side: Side, size: float) -> Line:
    if region is Region.EYE:
        text = mark("At rest, {region} is a little narrower than the {other}.")
        more = mark("At rest, {region} is a little wider than the {other}.")
    else:
        text = mark("At rest, {region} stands a little lower than the {other}.")
        more = mark("At rest, {region} stands a little higher than the {other}.")
    words = translate(text if size < 0 else more).format(
        region=your_region(region, side), other=side_word(side.other)
    )
    return Line(words, (translate("Difference: {size}").format(size=mm(size, signed=True)),))


def _unknown(synkinesis: Iterable[Cell], side: Side | None) -> list[Line]:
    """Name what could not be told, one line per movement."""
    cells, lines = tuple(synkinesis), []
    for movement in MOVEMENTS:
        others = _others(cells, movement, side)
        unknown = [cell for cell in others if cell.mark is Mark.UNKNOWN]
        if others and len(unknown) == len(others):
            text = translate("What goes along when you {movement}.")
            lines.append(Line(text.format(movement=when_you(movement))))
        elif unknown:
            text = translate("When you {movement}: {regions}.")
            names = list(dict.fromkeys(your_region(c.region, c.side) for c in unknown))
            lines.append(Line(text.format(movement=when_you(movement), regions=join(names))))
    return lines
