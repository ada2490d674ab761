"""What a recording covers, in words: what stands before every conclusion."""

from __future__ import annotations

from collections.abc import Sequence

from facewire.face import Side
from facewire.results.coverage import Coverage, MovementCoverage, RegionCoverage
from facewire.results.wiring import InferredFrom
from facewire.words.languages import mark, translate
from facewire.words.names import join, movement_name, side_region, side_word

COMMANDS = {
    "smile": mark("a smile"),
    "eye_close": mark("closing the eyes"),
    "pucker": mark("a pucker"),
}


def seen_sentences(coverage: Coverage | None) -> tuple[str, ...]:
    """Return what stands before every conclusion: what could be used, and what it cannot show.

    Empty for files of earlier versions, which do not say.
    """
    if coverage is None:
        return ()
    return (*cover_sentences(coverage), coverage_sentence(coverage), *limit_sentences(coverage))


def seen_of(source: InferredFrom) -> tuple[str, ...]:
    """Return the same for everything that an inference rests on, recording by recording."""
    return tuple(s for one in source.measurements for s in seen_sentences(one.coverage))


def affected_words(source: InferredFrom, side: Side) -> str:
    """Return the affected side, and that it was stated where nobody inferred it."""
    if any(one.side_status == "stated" for one in source.measurements):
        return translate("{side} (stated)").format(side=side_word(side))
    return side_word(side)


def cover_sentences(coverage: Coverage) -> tuple[str, ...]:
    """Return what was covered, throughout and for a time; empty where nothing was."""
    hidden = [one for one in coverage.regions if one.seen_share == 0]
    passing = [one for one in coverage.regions if 0 < one.seen_share < 1]
    found = []
    if hidden:
        text = translate("Covered, and therefore not assessed: {places}.")
        found.append(text.format(places=_places(hidden)))
    if passing:
        text = translate("Covered for a time, and not assessed then: {places}.")
        found.append(text.format(places=_places(passing)))
    return tuple(found)


def _places(regions: Sequence[RegionCoverage]) -> str:
    # The chin has no sides and is named once.
    return join(list(dict.fromkeys(side_region(one.region, one.side) for one in regions)))


def coverage_sentence(coverage: Coverage) -> str:
    """Return how many repetitions could be used, movement by movement."""
    if not coverage.asked:
        return translate("No movement was asked for or found.")
    parts = "; ".join(_movement(one) for one in coverage.movements)
    return translate("{usable} of {asked} repetitions could be used ({parts}).").format(
        usable=coverage.usable, asked=coverage.asked, parts=parts
    )


def watched_sentence(movements: Sequence[MovementCoverage], untold: int) -> str:
    """Return how many repetitions were seen while they were recorded, before any is measured.

    Parameters
    ----------
    movements : sequence of MovementCoverage
        ``usable`` counts what was seen.
    untold : int
        Of how many of the others nobody could tell.
    """
    asked, seen = sum(one.asked for one in movements), sum(one.usable for one in movements)
    text = translate("{seen} of {asked} repetitions were seen while recording ({parts}).")
    told = text.format(seen=seen, asked=asked, parts="; ".join(_movement(m) for m in movements))
    if not untold:
        return told
    more = translate("Of {untold} it is known when they are measured.")
    return f"{told} {more.format(untold=untold)}"


def _movement(one: MovementCoverage) -> str:
    return translate("{movement} {usable} of {asked}").format(
        movement=movement_name(one.movement), usable=one.usable, asked=one.asked
    )


def limit_sentences(coverage: Coverage) -> tuple[str, ...]:
    """Return what the recording could not have shown; empty where it could show every pattern."""
    found = []
    if coverage.lacking:
        text = translate(
            "Without enough of {movements} the recording does not tell which side is affected, nor "
            "that none is."
        )
        lacking = join([translate(COMMANDS[command]) for command in coverage.lacking])
        found.append(text.format(movements=lacking))
    hidden: dict[str, list[str]] = {}
    for pattern in coverage.patterns:
        if not pattern.could_show:
            hidden.setdefault(pattern.name, []).append(side_word(pattern.side))
    if hidden:
        names = join([f"{translate(name)} ({join(sides)})" for name, sides in hidden.items()])
        text = translate("A change of 2 mm might have gone unseen here: {names}.")
        found.append(text.format(names=names))
    return tuple(found)
