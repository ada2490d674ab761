"""What a clinic's own patients teach, in words."""

from __future__ import annotations

from facewire.results.estimate import Estimate
from facewire.results.learned import LearnedTreatment, LeftOut, Response
from facewire.words import mark, plain, translate, with_interval
from facewire.words.names import muscle_words
from facewire.words.treatments import kind_name

ROLES = {"affected": mark("affected side"), "other": mark("other side")}


def title(row: LearnedTreatment) -> str:
    """Name a treatment: kind, muscle, side, product."""
    parts = [kind_name(row.kind)]
    parts += [muscle_words(row.muscle)] if row.muscle else []
    parts += [translate(ROLES[row.role])]
    parts += [row.product] if row.product else []
    return ", ".join(parts)


def lines(row: LearnedTreatment) -> list[str]:
    """Say what was learned of a treatment, of how many, and what is not known."""
    found = []
    if row.clinic is not None:
        whose = translate("This clinic, {n} people seen").format(n=row.clinic.people)
        text = translate("{whose}, fewer than five more treated and not seen")
        if row.treated_people is not None:
            text = translate("{whose} of {treated} treated")
        whose = text.format(whose=whose, treated=row.treated_people)
        found.append(f"{whose}: {_response(row.clinic)}")
        spread = translate(
            "people differ by {sd} (standard deviation, error of measuring taken off)"
        )
        found.append(spread.format(sd=plain(row.clinic.between_people_sd, 2)))
    if row.person is not None:
        whose = translate("This person, {n} courses").format(n=row.person.courses)
        found.append(f"{whose}: {_response(row.person)}")
    if row.units_middle is not None:
        text = translate("middle dose {units} units of this product; other doses may differ")
        found.append(text.format(units=f"{row.units_middle:g}"))
    return [*found, *map(translate, row.remarks)]


def _response(found: Response) -> str:
    weights = [
        translate("the literature weighs {n} %").format(n=plain(found.literature_percent, 0))
    ]
    if found.own_percent is not None:
        own = translate("own courses weigh {n} %").format(n=plain(found.own_percent, 0))
        weights.append(own)
    text = translate(
        "{effect} times the effect that the literature expects, the next course {coming}"
    )
    parts = [text.format(effect=_number(found.effect, 2), coming=_number(found.next_effect, 2))]
    if found.duration_days is not None:
        text = translate("gone after {days} days ({n} courses seen late)")
        days = _number(found.duration_days, 0)
        parts.append(text.format(days=days, n=found.late_courses))
    return "; ".join([*parts, *weights])


def _number(found: Estimate, digits: int) -> str:
    return with_interval(plain(found.value, digits), found.low, found.high, digits)


def left_out(row: LeftOut) -> str:
    """Say why courses tell nothing, and how many."""
    few = translate("fewer than five")
    many = few if row.courses is None else f"{row.courses}"
    text = translate("Left out, {n} courses: {reason}")
    return text.format(n=many, reason=translate(row.reason))
