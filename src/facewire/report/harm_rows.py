"""What a forecast may harm, in sentences with natural frequencies; the first thing to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facewire.results.harm import HarmCourse, Harms, PublishedHarm
from facewire.words import sentence, side_word, translate
from facewire.words.treatments import harm_name, natural_frequency


@dataclass(frozen=True)
class HarmsView:
    """Sentences: what is simulated, what is published, what is not simulated.

    Parameters
    ----------
    simulated, published, omitted : tuple of str
    beyond : str
        What no forecast holds.
    """

    simulated: tuple[str, ...]
    published: tuple[str, ...]
    omitted: tuple[str, ...]
    beyond: str


def harms_view(harms: Harms | None) -> HarmsView | None:
    """Put the harms of a forecast into words.

    Parameters
    ----------
    harms : Harms or None
        None for a file that was written before harms were.
    """
    if harms is None:
        return None
    text = translate("{harm}: not simulated: {reason}")
    return HarmsView(
        simulated=tuple(_simulated(row, harms) for row in told(harms)),
        published=tuple(map(_published, harms.published)),
        omitted=tuple(
            text.format(harm=sentence(harm_name(row.harm)), reason=translate(row.reason))
            for row in harms.not_simulated
        ),
        beyond=translate(harms.beyond),
    )


def told(harms: Harms) -> Iterable[HarmCourse]:
    """Return the harms that a plan can bring, the most frequent first.

    Parameters
    ----------
    harms : Harms
    """
    possible = [row for row in harms.simulated if max(row.ci_high) > 0]
    return sorted(possible, key=lambda row: -row.percent[row.worst])


def _simulated(row: HarmCourse, harms: Harms) -> str:
    worst = row.worst
    name = sentence(harm_name(row.harm))
    if row.side is not None:
        name = f"{name}, {side_word(row.side)}"
    text = translate("{harm}: {middle}, most on day {day} (between {low} and {high})")
    words = text.format(
        harm=name,
        middle=natural_frequency(row.percent[worst]),
        day=harms.days[worst],
        low=natural_frequency(row.ci_low[worst]),
        high=natural_frequency(row.ci_high[worst]),
    )
    if not row.today_percent:
        return words
    before = translate("there already on day 0: {share}")
    return f"{words}; {before.format(share=natural_frequency(row.today_percent))}"


def _published(row: PublishedHarm) -> str:
    people = "" if row.n is None else translate("{n} people").format(n=row.n)
    parts = (translate(row.condition), people, translate(row.citation))
    rate = translate("{harm}: published {share}").format(
        harm=sentence(harm_name(row.harm)), share=natural_frequency(row.percent)
    )
    return "; ".join([rate, *(part for part in parts if part)])
