"""What a forecast may harm, in sentences with natural frequencies; the first thing to be told."""

from __future__ import annotations

from collections.abc import Iterable

from facewire.report.groups import grouped
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
    name = sentence(_sided(row))
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


FEW_PERCENT = 5.0
"""Harms that no simulated face shows are told together where at most so many may."""


def lines(harms: Harms) -> list[str]:
    """Say every harm that is brought, and in one line those that no simulated face shows.

    Parameters
    ----------
    harms : Harms
    """
    rows = told(harms)
    folded = [row for row in rows if _shown_by_none(row)]
    if not folded[1:]:
        return [simulated(row, harms) for row in rows]
    names = [_sided(row) for row in folded]
    text = translate("In none of the simulated faces, each at most {high}: {harms}")
    high = natural_frequency(max(row.ci_high[row.worst] for row in folded))
    return [
        *(simulated(row, harms) for row in rows if row not in folded),
        text.format(high=high, harms="; ".join(names)),
    ]


def _shown_by_none(row: HarmCourse) -> bool:
    """Whether no face shows it, today neither, and few may."""
    none = row.percent[row.worst] <= 0 and not row.today_percent
    return none and row.ci_high[row.worst] <= FEW_PERCENT


def _sided(row: HarmCourse) -> str:
    name = harm_name(row.harm)
    return name if row.side is None else f"{name}, {side_word(row.side)}"


def plain(row: HarmCourse) -> str:
    """Say how often a harm comes at its worst, for the patient: a natural frequency and no more."""
    name, worst = sentence(_sided(row)), row.percent[row.worst]
    if worst <= 0:
        text = translate("{harm}: in none of the faces tried; at most {share}")
        return text.format(harm=name, share=natural_frequency(row.ci_high[row.worst]))
    share = natural_frequency(worst)
    return translate("{harm}: {share} faces tried").format(harm=name, share=share)


def omitted(row: OmittedHarm) -> str:
    """Say what is not simulated, and why."""
    return _omitted([row], row.reason)


def omitted_lines(rows: Iterable[OmittedHarm]) -> list[str]:
    """Say what is not simulated, in one line for each reason.

    Parameters
    ----------
    rows : iterable of OmittedHarm
    """
    return [_omitted(of, reason) for reason, of in grouped(rows, lambda row: row.reason).items()]


def _omitted(rows: Iterable[OmittedHarm], reason: str) -> str:
    text = translate("{harm}: not simulated: {reason}")
    names = "; ".join(harm_name(row.harm) for row in rows)
    return text.format(harm=sentence(names), reason=translate(reason).rstrip("."))


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
