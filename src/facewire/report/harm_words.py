"""What a forecast may harm, in sentences with natural frequencies; the first thing to be told."""

from __future__ import annotations

from facewire.results.harm import Harm, HarmCourse, Harms, OmittedHarm, PublishedHarm
from facewire.words import sentence, side_word, translate
from facewire.words.treatments import harm_name, kind_name, natural_frequency

_OUTSIDE_MODEL = (Harm.LID_PTOSIS, Harm.DIPLOPIA)


def unseen(harms: Harms) -> list[OmittedHarm]:
    """Return what would be simulated, had it been seen or were its size known: told first.

    Parameters
    ----------
    harms : Harms
        Those of the eye stand before the others.
    """
    rows = [row for row in harms.not_simulated if row.harm not in _OUTSIDE_MODEL]
    return sorted(rows, key=lambda row: list(Harm).index(row.harm))


def never_simulated(harms: Harms) -> list[OmittedHarm]:
    """Return what no recording lets the model simulate."""
    return [row for row in harms.not_simulated if row.harm in _OUTSIDE_MODEL]


def told(harms: Harms) -> list[HarmCourse]:
    """Return the harms that a plan can bring, the most frequent first.

    Parameters
    ----------
    harms : Harms
    """
    possible = [row for row in harms.simulated if max(row.ci_high) > 0]
    return sorted(possible, key=lambda row: -row.percent[row.worst])


def simulated(row: HarmCourse, harms: Harms) -> str:
    """Say how often a harm comes, when most, and whether it is there already."""
    worst = row.worst
    name = sentence(harm_name(row.harm))
    if row.side is not None:
        name = f"{name}, {side_word(row.side)}"
    several = translate("{harm}: {middle}, most on day {day} (between {low} and {high})")
    one = translate("{harm}: {middle} (between {low} and {high})")
    none = translate("{harm}: in none of the simulated faces, at most {high}")
    text = none if row.percent[worst] <= 0 else several if len(harms.days) > 1 else one
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


def omitted(row: OmittedHarm) -> str:
    """Say what is not simulated, and why."""
    text = translate("{harm}: not simulated: {reason}")
    return text.format(harm=sentence(harm_name(row.harm)), reason=translate(row.reason))


def published(row: PublishedHarm) -> str:
    """Say a published rate, in whom, and where it stands."""
    people = "" if row.n is None else translate("{n} people").format(n=row.n)
    ends = ""
    if row.low_percent is not None and row.high_percent is not None:
        ends = translate("between {low} and {high}").format(
            low=natural_frequency(row.low_percent), high=natural_frequency(row.high_percent)
        )
    parts = (ends, translate(row.condition), people, translate(row.citation))
    name = sentence(harm_name(row.harm))
    if row.treatment is not None:
        name = f"{kind_name(row.treatment)}: {harm_name(row.harm)}"
    rate = translate("{harm}: published {share}").format(
        harm=name, share=natural_frequency(row.percent)
    )
    return "; ".join([rate, *(part for part in parts if part)])
