"""A measurement in words for the professional: side, patterns, findings, weakness, lids, rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from facewire.face import SIDES, VOLUNTARY_TARGETS, Component, Movement, Region, Side
from facewire.findings import moved_cells
from facewire.report.groups import grouped
from facewire.results.cells import BlinkCell, ClosureCell, RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.findings import UNASKED_VERDICTS, Pattern, Verdict
from facewire.results.measurement import Measurement
from facewire.words import (
    STATUS_TEXTS,
    cannot_tell,
    is_signed,
    mm,
    movement_name,
    number_words,
    percent,
    plain,
    region_term,
    sentence,
    side_word,
    translate,
    with_interval,
)
from facewire.words.cells import moved_sentence
from facewire.words.coverage import limit_sentences

MOST_SURE = 0.99
"""More than this is told as more than this."""


def side_text(result: Measurement) -> str:
    """Say which side is affected, how that is known and how sure it is."""
    side, status, confidence = result.side_affected, result.side_status, result.side_confidence
    parts = [] if side is None else [side_word(side)]
    parts.append(translate(STATUS_TEXTS[status]))
    if confidence is not None and status in ("inferred", "none"):
        parts.append(translate("confidence {value}").format(value=_sure(confidence)))
    return sentence(", ".join(parts))


def _sure(confidence: float) -> str:
    """Write a confidence; nothing that is inferred is wholly certain."""
    if confidence > MOST_SURE:
        return translate("over {value}").format(value=percent(100 * MOST_SURE))
    return percent(100 * confidence)


def named_patterns(patterns: Iterable[Pattern]) -> dict[str, list[Pattern]]:
    """Gather the patterns that have a name of their own by that name and place, in words.

    The others, called by their movement and region, stand in the findings.
    """
    named = (
        p for p in patterns if p.region and p.name != f"{p.movement}-{p.region}".replace("_", "-")
    )
    return grouped(named, _pattern_title)


def _pattern_title(one: Pattern) -> str:
    name = translate(one.name)
    if one.region is None:
        return name
    where = region_term(one.region)
    placed = one.side is not None and one.region is not Region.CHIN
    return f"{name}, {side_word(one.side)} {where}" if placed and one.side else f"{name}, {where}"


def pattern_size(one: Pattern) -> str:
    """Say in which movement a pattern was seen, and by how many mm."""
    movement = str(one.movement)
    if isinstance(one.movement, Movement):
        movement = movement_name(one.movement)
    signed = one.region is not None and is_signed(one.region)
    return f"{movement} {mm(one.change_mm, signed=signed)}"


def references(cell: SynkinesisCell) -> str:
    """Say what each reference alone gives; for most regions no figure of healthy faces exists."""
    signed = is_signed(cell.region)
    other = mm(cell.vs_other_side_mm, signed=signed)
    if cell.vs_healthy_norm_mm is None:
        return translate("other side {other}; no figure of healthy faces").format(other=other)
    norm = mm(cell.vs_healthy_norm_mm, signed=signed)
    return translate("other side {other}; healthy faces {norm}").format(other=other, norm=norm)


def components(cell: SynkinesisCell) -> str:
    """Say how far a region moved across and up; empty for a height."""
    if is_signed(cell.region) or cell.across_mm is None or cell.up_mm is None:
        return ""
    return translate("across {across}, up {up}").format(
        across=mm(cell.across_mm, signed=True), up=mm(cell.up_mm, signed=True)
    )


def share(cell: SynkinesisCell) -> str:
    """Write the share in percent, and of what."""
    value = percent(cell.percent)
    if not cell.percent_of:
        return value
    text = translate("{value} of {reference}")
    return text.format(value=value, reference=translate(cell.percent_of))


def delay(cell: SynkinesisCell, result: Measurement) -> str:
    """Write the delay of the involuntary onset in ms; ``not resolved`` when it may be none."""
    found = cell.number("latency_s")
    if cell.latency_s is None:
        return cannot_tell()
    says = {(d.movement, d.region, d.side): d.says for d in result.judgements.delays}.get(cell.key)
    if found is None or says in (None, "not resolved"):
        return translate("not resolved")
    text = f"{plain(found.value * 1e3, 0)} ms"
    text = with_interval(text, found.low * 1e3, found.high * 1e3, 0)
    if says == "long":
        text += " " + translate("(long: may be voluntary or compensatory)")
    return text


def nothing_found(result: Measurement) -> str:
    """Say what it means that there are no findings; empty where there are."""
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
    found = (
        translate("In what could be seen, no involuntary movement was found.")
        if _is_limited(result)
        else translate("No involuntary movement was found.")
    )
    clearance = translate("That is no clearance: one recording shows what it shows.")
    # Where no side is affected, what moves is a face's own asymmetry.
    known = moved if result.side_affected is not None else ""
    return f"{known} {found} {clearance}".strip()


def without_patterns(result: Measurement) -> str:
    """Say what it means that no pattern was found, in two or a few words."""
    if result.judgements.overall not in ("found", "nothing found"):
        return cannot_tell()
    if _is_limited(result):
        return translate("none found in what could be seen")
    return translate("none found")


def _is_limited(result: Measurement) -> bool:
    """Whether there is something that the recording could not have shown."""
    return result.coverage is not None and bool(limit_sentences(result.coverage))


def counts(cells: Iterable[SynkinesisCell]) -> str:
    """Say how many cells of the map were present, not detected, and could not be told."""
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


def main_targets(result: Measurement) -> Iterable[tuple[VoluntaryCell, VoluntaryCell]]:
    """Yield the main target of every movement: right, left."""
    for movement, (region, *_) in VOLUNTARY_TARGETS.items():
        left, right = (result.voluntary_cell(movement, region, side) for side in SIDES)
        yield right, left


def ratio(right: VoluntaryCell, left: VoluntaryCell) -> str:
    """Return right over left; not told where either may as well be nothing."""
    sizes = (right.excursion, left.excursion)
    if not all(size is not None and size.excludes(0.0) for size in sizes):
        return cannot_tell()
    return number_words(right, "symmetry", 2)


def reasons(left: VoluntaryCell, right: VoluntaryCell) -> str:
    """Say why a side could not be measured; empty where both could."""
    return "; ".join(dict.fromkeys(translate(c.reason) for c in (left, right) if c.reason))


def lids_title(cell: ClosureCell) -> str:
    """Name a closure, such as ``Gentle eye closure, left eye``."""
    text = translate("{movement}, {side} eye")
    return text.format(movement=sentence(movement_name(cell.movement)), side=side_word(cell.side))


RestPair = tuple[RestCell | None, RestCell | None]
"""One region and component at rest: right, left."""


def rest_pairs(cells: Iterable[RestCell]) -> dict[tuple[Region, Component], RestPair]:
    """Return right and left of each region and component; the chin has no sides."""
    sided = [cell for cell in cells if cell.side is not None and cell.region is not Region.CHIN]
    found = {}
    for key, own in grouped(sided, lambda cell: (cell.region, cell.component)).items():
        by_side = {cell.side: cell for cell in own}
        found[key] = (by_side.get(Side.RIGHT), by_side.get(Side.LEFT))
    return found


def blinks(result: Measurement) -> list[BlinkCell]:
    """Return the rows of the blinks; the chin, one point, counts once."""
    return [c for c in result.blink if c.region is not Region.CHIN or c.side is Side.LEFT]


def blink_answer(cell: BlinkCell) -> str:
    """Say whether a region moves in a blink."""
    if cell.present is False and cell.detected:
        return translate("small, under the limit")
    seen = {True: translate("present"), False: translate("not detected"), None: cannot_tell()}
    return seen[cell.present]
