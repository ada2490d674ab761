"""The summary for the professional: side, patterns, findings, weakness, lids, rest, blinks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from facewire.face import SIDES, VOLUNTARY_TARGETS, Component, Movement, Region, Side
from facewire.findings import complete, moved_cells, present_cells
from facewire.results.cells import BlinkCell, ClosureCell, RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.findings import UNASKED_VERDICTS, Delay, Pattern, Verdict
from facewire.results.measurement import Measurement
from facewire.words import (
    COMPONENT_NAMES,
    STATUS_TEXTS,
    VERDICT_SYMBOLS,
    cannot_tell,
    cell_title,
    excursion_words,
    interval,
    is_signed,
    mm,
    movement_name,
    number_words,
    percent,
    plain,
    region_name,
    region_term,
    sentence,
    side_and_region,
    side_word,
    translate,
    verdict_words,
    with_interval,
)
from facewire.words.cells import moved_sentence
from facewire.words.coverage import seen_sentences

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
    seen : tuple of str
        What could be used of the recording, and what it could not have shown.
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

    seen: tuple[str, ...]
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


def professional_view(result: Measurement) -> ProfessionalView:
    """Gather the technical summary of a measurement."""
    result = complete(result)
    delays = {(d.movement, d.region, d.side): d for d in result.judgements.delays}
    return ProfessionalView(
        seen=seen_sentences(result.coverage),
        side=side_text(result),
        patterns=_patterns(result.patterns),
        findings=tuple(
            _finding(cell, delays.get(cell.key)) for cell in present_cells(result.synkinesis)
        ),
        nothing_found=_nothing_found(result),
        counts=_counts(result.synkinesis),
        voluntary=tuple(_voluntary(result, movement) for movement in VOLUNTARY_TARGETS),
        closure=tuple(_closure(cell) for cell in result.eye_closure),
        rest=_rest(result.rest),
        blink=tuple(
            _blink(cell)
            for cell in result.blink
            if cell.region is not Region.CHIN or cell.side is Side.LEFT
        ),
        not_measured=tuple(translate(text) for text in result.limits),
    )


def side_text(result: Measurement) -> str:
    """Say which side is affected, how that is known and how sure it is."""
    side, status, confidence = result.side_affected, result.side_status, result.side_confidence
    parts = [] if side is None else [side_word(side)]
    parts.append(translate(STATUS_TEXTS[status]))
    if confidence is not None and status in ("inferred", "none", "undecided"):
        parts.append(translate("confidence {value}").format(value=_sure(confidence)))
    return sentence(", ".join(parts))


def _sure(confidence: float) -> str:
    """Write a confidence; nothing that is inferred is wholly certain."""
    if confidence > MOST_SURE:
        return translate("over {value}").format(value=percent(100 * MOST_SURE))
    return percent(100 * confidence)


def _patterns(patterns: Iterable[Pattern]) -> tuple[Row, ...]:
    """Gather the patterns that have a name by place; each value is a movement with its mm."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in patterns:
        if one.region is None or one.name == f"{one.movement}-{one.region}".replace("_", "-"):
            continue  # a movement and a region without a name of their own stand in the findings
        name = region_term(one.region)
        placed = one.region is not Region.CHIN and one.side is not None
        where = f"{side_word(one.side)} {name}" if placed and one.side else name
        movement = str(one.movement)
        if isinstance(one.movement, Movement):
            movement = movement_name(one.movement)
        change = mm(one.change_mm, signed=is_signed(one.region))
        found.setdefault((translate(one.name), where), []).append(f"{movement} {change}")
    return tuple(Row(f"{name}, {where}", tuple(values)) for (name, where), values in found.items())


def _finding(cell: SynkinesisCell, delay: Delay | None) -> FindingView:
    signed = is_signed(cell.region)
    return FindingView(
        title=cell_title(cell),
        symbol=VERDICT_SYMBOLS[cell.says],
        mark=verdict_words(cell.says),
        change=number_words(cell, "change_mm", signed=signed),
        components=_components(cell),
        percent=_percent(cell),
        gain=number_words(cell, "gain", 2),
        references=_references(cell),
        latency=delay_words(cell, delay),
        repetitions=str(cell.repetitions),
    )


def _references(cell: SynkinesisCell) -> str:
    """Say what each reference alone gives; for most regions no figure of healthy faces exists."""
    signed = is_signed(cell.region)
    other = mm(cell.vs_other_side_mm, signed=signed)
    if cell.vs_healthy_norm_mm is None:
        return translate("other side {other}; no figure of healthy faces").format(other=other)
    norm = mm(cell.vs_healthy_norm_mm, signed=signed)
    return translate("other side {other}; healthy faces {norm}").format(other=other, norm=norm)


def _components(cell: SynkinesisCell) -> str:
    if is_signed(cell.region) or cell.across_mm is None or cell.up_mm is None:
        return ""
    return translate("across {across}, up {up}").format(
        across=mm(cell.across_mm, signed=True), up=mm(cell.up_mm, signed=True)
    )


def _percent(cell: SynkinesisCell) -> str:
    value = percent(cell.percent)
    if not cell.percent_of:
        return value
    text = translate("{value} of {reference}")
    return text.format(value=value, reference=translate(cell.percent_of))


def delay_words(cell: SynkinesisCell, delay: Delay | None) -> str:
    """Write the delay of the involuntary onset in ms; ``not resolved`` when it may be none."""
    found = cell.number("latency_s")
    if cell.latency_s is None:
        return cannot_tell()
    if found is None or delay is None or delay.says == "not resolved":
        return translate("not resolved")
    text = f"{plain(found.value * 1e3, 0)} ms"
    text = with_interval(text, found.low * 1e3, found.high * 1e3, 0)
    if delay.says == "long":
        text += " " + translate("(long: may be voluntary or compensatory)")
    return text


def _nothing_found(result: Measurement) -> str:
    if result.judgements.overall == "found":
        return ""
    if result.judgements.overall == "nothing told":
        return translate(
            "Nothing can be said of involuntary movement: no movement could be used. Record once "
            "more."
        )
    moved = moved_sentence(moved_cells(result.synkinesis))
    if result.judgements.overall == "mostly untold":
        untold = translate(
            "Most of this recording cannot be told: nothing is ruled out. The reasons stand in the "
            "report; record once more."
        )
        return f"{moved} {untold}".strip()
    return translate(
        "No involuntary movement was found. That is no clearance: one recording shows what "
        "it shows."
    )


def _counts(cells: Iterable[SynkinesisCell]) -> str:
    says = Counter(cell.says for cell in cells if cell.says not in UNASKED_VERDICTS)
    text = translate(
        "Of {all} recorded pairs of a movement and a region outside it: {synkinesis} "
        "beyond healthy faces, {small} present but seen in healthy faces too or not compared, "
        "{trace} under the limit, {none} not detected, {unknown} cannot tell."
    )
    return text.format(
        all=says.total(),
        synkinesis=says[Verdict.SYNKINESIS],
        small=says[Verdict.SMALL] + says[Verdict.UNCOMPARED],
        trace=says[Verdict.TRACE],
        none=says[Verdict.NONE],
        unknown=says[Verdict.UNKNOWN],
    )


def _voluntary(result: Measurement, movement: Movement) -> Row:
    """Return the row of a movement's main target: right, left, ratio right / left."""
    region = VOLUNTARY_TARGETS[movement][0]
    left, right = (result.voluntary_cell(movement, region, side) for side in SIDES)
    return Row(
        f"{sentence(movement_name(movement))}: {region_name(region)}",
        (excursion_words(right), excursion_words(left), _ratio_words(right, left)),
        "; ".join(dict.fromkeys(translate(c.reason) for c in (left, right) if c.reason)),
    )


def _ratio_words(right: VoluntaryCell, left: VoluntaryCell) -> str:
    """Return right over left; not told where either may as well be nothing."""
    sizes = (right.excursion, left.excursion)
    if not all(size is not None and size.excludes(0.0) for size in sizes):
        return cannot_tell()
    return number_words(right, "symmetry", 2)


def _closure(cell: ClosureCell) -> Row:
    return Row(
        translate("{movement}, {side} eye").format(
            movement=sentence(movement_name(cell.movement)), side=side_word(cell.side)
        ),
        (mm(cell.gap_mm), interval(cell.ci_low, cell.ci_high), str(cell.repetitions)),
        translate(cell.reason or ""),
    )


def _rest(cells: Iterable[RestCell]) -> tuple[Row, ...]:
    """Return one row per region and component: right, left, right minus left."""
    found: dict[tuple[Region, Component], dict[Side, RestCell]] = {}
    for cell in cells:
        if cell.side is not None and cell.region is not Region.CHIN:
            found.setdefault((cell.region, cell.component), {})[cell.side] = cell
    return tuple(_rest_row(*key, sides) for key, sides in found.items())


def _rest_row(region: Region, component: Component, sides: Mapping[Side, RestCell]) -> Row:
    right, left = sides.get(Side.RIGHT), sides.get(Side.LEFT)
    name = translate(COMPONENT_NAMES[component])
    values = (
        number_words(right, "position_mm"),
        number_words(left, "position_mm"),
        number_words(right, "difference_mm", signed=True),
    )
    return Row(f"{sentence(region_name(region))}, {name}", values)


def _blink(cell: BlinkCell) -> Row:
    seen = {True: translate("present"), False: translate("not detected"), None: cannot_tell()}
    words = seen[cell.present]
    if cell.present is False and cell.detected:
        words = translate("small, under the limit")
    change = number_words(cell, "change_mm", signed=cell.region is Region.BROW)
    return Row(
        sentence(side_and_region(cell.region, cell.side)),
        (change, str(cell.count), words),
        translate(cell.reason or ""),
    )
