"""The summary for the professional: side, patterns, findings, weakness, lids, rest, blinks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facewire.face import VECTOR_REGIONS, VOLUNTARY_TARGETS, Movement, Region, Side
from facewire.report.cells import (
    MARK_SYMBOLS,
    UNTOLD_MARKS,
    Cell,
    Mark,
    affected_side,
    mark_text,
    present_cells,
    read_cells,
    row_side,
)
from facewire.words import (
    COMPONENT_NAMES,
    STATUS_TEXTS,
    cannot_tell,
    interval,
    mm,
    movement_name,
    number,
    percent,
    plain,
    region_name,
    region_term,
    sentence,
    side_word,
    translate,
    with_interval,
)

LONG_LATENCY_S = 0.15
"""Well over 100 ms: such a delay may be voluntary or compensatory rather than miswired."""

MOST_SURE = 0.99
"""More than this is told as more than this."""


@dataclass(frozen=True)
class FindingView:
    """One present finding, as text with units; brackets hold 95 % intervals."""

    title: str
    symbol: str
    mark: str
    change: str
    components: str
    percent: str
    gain: str
    references: str
    latency: str
    repetitions: str


@dataclass(frozen=True)
class Row:
    """One table row of short texts: a heading and its values.

    Parameters
    ----------
    head : str
        Heading of the row.
    values : tuple of str
        Values with units; ``note`` explains a value that could not be measured.
    """

    head: str
    values: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class ProfessionalView:
    """Everything the part "For the professional" shows.

    Parameters
    ----------
    side : str
        Affected side, how it is known, and how sure that is.
    patterns : tuple of Row
        Named patterns with region and side; the values are the movements, each with its mm.
    findings : tuple of FindingView
        Every finding that is present.
    nothing_found : str
        What it means that there are no findings; empty where there are.
    counts : str
        How many cells of the map were present, not detected, and could not be told.
    voluntary, closure, rest, blink : tuple of Row
        Tables of the voluntary movement, the gaps of the lids, the resting face, the blink row.
    not_measured : tuple of str
        What video cannot measure or this recording did not.
    """

    side: str
    patterns: tuple[Row, ...]
    findings: tuple[FindingView, ...]
    nothing_found: str
    counts: str
    voluntary: tuple[Row, ...]
    closure: tuple[Row, ...]
    rest: tuple[Row, ...]
    blink: tuple[Row, ...]
    not_measured: tuple[str, ...]


def professional_view(result: Mapping[str, Any]) -> ProfessionalView:
    """Gather the technical summary of a measurement."""
    cells = read_cells(result["synkinesis"], affected_side(result))
    return ProfessionalView(
        side=side_text(result),
        patterns=_patterns(result["patterns"]),
        findings=tuple(_finding(cell) for cell in present_cells(cells)),
        nothing_found=_nothing_found(cells),
        counts=_counts(cells),
        voluntary=_voluntary(read_cells(result["voluntary"])),
        closure=_closure(result["eye_closure"]),
        rest=_rest(result["rest"]),
        blink=tuple(_blink(row) for row in _chin_once(result["blink"])),
        not_measured=tuple(translate(str(text)) for text in result["limits"]),
    )


def side_text(result: Mapping[str, Any]) -> str:
    """Say which side is affected, how that is known and how sure it is."""
    side, status = affected_side(result), str(result["side_status"])
    confidence = number(result, "side_confidence")
    parts = [translate(STATUS_TEXTS.get(status, status))]
    if side is not None:
        parts.insert(0, side_word(side))
    if confidence is not None and status in ("inferred", "none", "undecided"):
        parts.append(translate("confidence {value}").format(value=_sure(confidence)))
    return sentence(", ".join(parts))


def _sure(confidence: float) -> str:
    """Write a confidence; nothing that is inferred is wholly certain."""
    if confidence > MOST_SURE:
        return translate("over {value}").format(value=percent(100 * MOST_SURE))
    return percent(100 * confidence)


def finding_title(cell: Cell) -> str:
    """Name a finding by its movement and region, such as ``open smile → right eye``."""
    region = region_name(cell.region)
    where = region if cell.region is Region.CHIN else f"{side_word(cell.side)} {region}"
    return f"{sentence(movement_name(cell.movement))} → {where}"


def _patterns(rows: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Gather the patterns that have a name by place; each value is a movement with its mm."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["name"] == f"{row['movement']}-{row['region']}".replace("_", "-"):
            continue  # a movement and a region without a name of their own stand in the findings
        region, side = Region(row["region"]), row_side(row)
        name = region_term(region)
        where = name if region is Region.CHIN else f"{side_word(side)} {name}"
        known = row["movement"] in set(Movement)
        movement = movement_name(Movement(row["movement"])) if known else str(row["movement"])
        change = mm(number(row, "change_mm"), signed=region not in VECTOR_REGIONS)
        found.setdefault((translate(str(row["name"])), where), []).append(f"{movement} {change}")
    return tuple(Row(f"{name}, {where}", tuple(values)) for (name, where), values in found.items())


def _finding(cell: Cell) -> FindingView:
    gain = cell.get("gain")
    return FindingView(
        title=finding_title(cell),
        symbol=MARK_SYMBOLS[cell.mark],
        mark=mark_text(cell.mark),
        change=cell.change_with_interval,
        components=_components(cell),
        percent=_percent(cell),
        gain=cannot_tell()
        if gain is None
        else with_interval(
            f"{plain(gain, 2)} mm/mm", cell.get("gain_ci_low"), cell.get("gain_ci_high"), 2
        ),
        references=_references(cell),
        latency=latency_text(cell),
        repetitions=str(cell.row.get("repetitions") or 0),
    )


def _references(cell: Cell) -> str:
    """Say what each reference alone gives; for most regions no figure of healthy faces exists."""
    other = mm(cell.get("vs_other_side_mm"), signed=cell.signed)
    if cell.get("vs_healthy_norm_mm") is None:
        return translate("other side {other}; no figure of healthy faces").format(other=other)
    norm = mm(cell.get("vs_healthy_norm_mm"), signed=cell.signed)
    return translate("other side {other}; healthy faces {norm}").format(other=other, norm=norm)


def _components(cell: Cell) -> str:
    across, up = cell.get("across_mm"), cell.get("up_mm")
    if cell.signed or across is None or up is None:
        return ""
    return translate("across {across}, up {up}").format(
        across=mm(across, signed=True), up=mm(up, signed=True)
    )


def _percent(cell: Cell) -> str:
    of = cell.row.get("percent_of")
    value = percent(cell.get("percent"))
    if not of:
        return value
    text = translate("{value} of {reference}")
    return text.format(value=value, reference=translate(str(of)))


def latency_text(cell: Cell) -> str:
    """Write the delay of the involuntary onset in ms; ``not resolved`` when it may be none."""
    value = cell.get("latency_s")
    low, high = cell.get("latency_ci_low_s"), cell.get("latency_ci_high_s")
    if value is None:
        return cannot_tell()
    if low is None or high is None or low <= 0 <= high:
        return translate("not resolved")
    text = with_interval(f"{plain(value * 1e3, 0)} ms", low * 1e3, high * 1e3, 0)
    if value > LONG_LATENCY_S:
        text += " " + translate("(long: may be voluntary or compensatory)")
    return text


def _nothing_found(cells: Sequence[Cell]) -> str:
    if present_cells(cells):
        return ""
    told = [cell.mark for cell in cells if cell.mark not in UNTOLD_MARKS]
    if 2 * told.count(Mark.UNKNOWN) > len(told):
        return translate(
            "Most of this recording cannot be told: nothing was found, and nothing is ruled out. "
            "The reasons stand in the report; record once more."
        )
    return translate(
        "No involuntary movement was found. That is no clearance: one recording shows what "
        "it shows."
    )


def _counts(cells: Iterable[Cell]) -> str:
    values = [cell.mark.value for cell in cells if cell.mark not in UNTOLD_MARKS]
    text = translate(
        "Of {all} recorded pairs of a movement and a region outside it: {synkinesis} "
        "beyond healthy faces, {small} present but seen in healthy faces too or not compared, "
        "{trace} under the limit, {none} not detected, {unknown} cannot tell."
    )
    return text.format(
        all=len(values),
        synkinesis=values.count("synkinesis"),
        small=values.count("small") + values.count("uncompared"),
        trace=values.count("trace"),
        none=values.count("none"),
        unknown=values.count("unknown"),
    )


def _voluntary(cells: Iterable[Cell]) -> tuple[Row, ...]:
    """Return one row per movement and main target: right, left, ratio right / left."""
    found: dict[Movement, dict[Side, Cell]] = {}
    for cell in cells:
        if cell.region is VOLUNTARY_TARGETS[cell.movement][0]:
            found.setdefault(cell.movement, {})[cell.side] = cell
    return tuple(
        Row(
            f"{sentence(movement_name(movement))}: {region_name(VOLUNTARY_TARGETS[movement][0])}",
            (*(_excursion(sides.get(s)) for s in (Side.RIGHT, Side.LEFT)), _symmetry(sides)),
            "; ".join(dict.fromkeys(c.reason for c in sides.values() if c.reason)),
        )
        for movement, sides in found.items()
    )


def _excursion(cell: Cell | None) -> str:
    if cell is None:
        return cannot_tell()
    value = mm(cell.get("excursion_mm"), signed=cell.signed)
    return with_interval(value, cell.get("ci_low"), cell.get("ci_high"))


def _symmetry(sides: Mapping[Side, Cell]) -> str:
    """Right over left with a 95 % interval; not told where either may as well be nothing.

    Relative errors add in squares, as if the sides erred apart: what they share makes the true
    interval narrower.
    """
    ratio = sides[Side.RIGHT].get("symmetry") if Side.RIGHT in sides else None
    spreads = [_relative_spread(sides.get(side)) for side in (Side.RIGHT, Side.LEFT)]
    if ratio is None or None in spreads:
        return cannot_tell()
    factor = math.exp(math.hypot(*(s for s in spreads if s is not None)))
    return with_interval(plain(ratio, 2), ratio / factor, ratio * factor, 2)


def _relative_spread(cell: Cell | None) -> float | None:
    """Half of an excursion's interval as a part of it; None where that reaches zero."""
    if cell is None:
        return None
    value, low, high = (cell.get(name) for name in ("excursion_mm", "ci_low", "ci_high"))
    if value is None or low is None or high is None or low * high <= 0:
        return None
    return (high - low) / 2 / abs(value)


def _closure(rows: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    return tuple(
        Row(
            translate("{movement}, {side} eye").format(
                movement=sentence(movement_name(Movement(row["movement"]))),
                side=side_word(row_side(row)),
            ),
            (
                mm(number(row, "gap_mm")),
                interval(number(row, "ci_low"), number(row, "ci_high")),
                str(row.get("repetitions") or 0),
            ),
            translate(str(row.get("reason") or "")),
        )
        for row in rows
    )


def _rest(rows: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Return one row per region and component: right, left, right minus left."""
    found: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        if row["region"] != Region.CHIN:
            found.setdefault((row["region"], row["component"]), {})[row["side"]] = row
    return tuple(_rest_row(*key, sides) for key, sides in found.items())


def _rest_row(region: str, component: str, sides: Mapping[str, Mapping[str, Any]]) -> Row:
    right, left = sides.get(Side.RIGHT, {}), sides.get(Side.LEFT, {})
    name = translate(COMPONENT_NAMES.get(component, component))
    difference = with_interval(
        mm(number(right, "difference_mm"), signed=True),
        number(right, "difference_ci_low"),
        number(right, "difference_ci_high"),
    )
    values = (_position(right), _position(left), difference)
    return Row(f"{sentence(region_name(Region(region)))}, {name}", values)


def _position(row: Mapping[str, Any]) -> str:
    return with_interval(
        mm(number(row, "position_mm")), number(row, "ci_low"), number(row, "ci_high")
    )


def _chin_once(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Leave out the right chin, which is the same point as the left one."""
    return [r for r in rows if Region(r["region"]) is not Region.CHIN or r.get("side") != "R"]


def _blink(row: Mapping[str, Any]) -> Row:
    region, present = Region(row["region"]), row.get("present")
    value = mm(number(row, "change_mm"), signed=region is Region.BROW)
    change = with_interval(value, number(row, "ci_low"), number(row, "ci_high"))
    seen = {True: translate("present"), False: translate("not detected")}
    words = cannot_tell() if present is None else seen[bool(present)]
    if present is False and row.get("detected"):
        words = translate("small, under the limit")
    side = "" if region is Region.CHIN else f"{side_word(row_side(row))} "
    return Row(
        sentence(f"{side}{region_name(region)}"),
        (change, str(row.get("count") or 0), words),
        translate(str(row.get("reason") or "")),
    )
