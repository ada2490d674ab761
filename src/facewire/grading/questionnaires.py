"""SAQ, FDI, FaCE, and screens of mood (PHQ, GAD): scores of answers. No item wording is kept here.

A screen of mood is no diagnosis. An answer above 0 to the self-harm item of the PHQ-9 raises a flag
whatever the total, and even when the total cannot be had; the crisis information travels with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from facewire.errors import UsageError
from facewire.grading.checks import check_grade
from facewire.grading.facts import fact
from facewire.results.questionnaire import MoodScreen, QuestionnaireScore, Screen

MOOD_SCREENS: tuple[Screen, ...] = get_args(Screen)

FDI_PHYSICAL_FORMS: dict[str, str] = dict(fact("fdi.physical.forms"))
"""Forms of the FDI's physical part that are in use, and how each treats 0."""

FACE_DOMAINS: dict[str, int] = dict(fact("face_scale.domains"))
"""Domains of the FaCE scale and their numbers of items (recalled)."""


def score_saq(answers: Sequence[object]) -> QuestionnaireScore:
    """Return the SAQ score: sum of nine answers 1 to 5, over 45, times 100.

    20 to 100, lower is better (Mehta 2007, Laryngoscope 117:923).

    Raises
    ------
    UsageError
        Not all nine items are answered, or an answer is out of range: there is no published rule
        for missing items.
    """
    rows = _complete("SAQ", answers, fact("saq.n_items"), fact("saq.item_range"))
    return _score("saq", fact("saq"), 100.0 * sum(rows) / 45.0, len(rows))


def score_fdi_physical(answers: Sequence[object], form: str) -> QuestionnaireScore:
    """Return the physical part of the FDI.

    Parameters
    ----------
    answers : sequence
        Five answers, 0 to 5; None where not applicable.
    form : str
        One of `FDI_PHYSICAL_FORMS`: the form in use has to be named. In ``zero_not_applicable``
        0 counts as not applicable and leaves the number of items, so that the score stays within
        0 to 100; ``plain_sum`` adds up, 0 to 25.

    Raises
    ------
    UsageError
        The form is not named, an answer is out of range or missing, or nothing applies.
    """
    if form not in FDI_PHYSICAL_FORMS:
        raise UsageError(
            "The form of the FDI's physical part is not named",
            expected=", ".join(FDI_PHYSICAL_FORMS),
            found=repr(form),
        )
    size, limits = fact("fdi.physical.n_items"), fact("fdi.physical.item_range")
    if form == "plain_sum":
        rows = _complete("FDI physical", answers, size, limits)
        sdc_unknown = {**fact("fdi.physical"), "change": {}}
        return _score("fdi_physical", sdc_unknown, float(sum(rows)), size, form, (0.0, 25.0))
    _check_count("FDI physical", answers, size)
    rows = [
        check_grade(f"FDI physical, item {i}", value, *limits)
        for i, value in enumerate(answers, 1)
        if value is not None and value != 0
    ]
    if not rows:
        raise UsageError("No item of the FDI's physical part applies", do="leave it without score")
    score = (sum(rows) - len(rows)) / len(rows) * 100.0 / 4.0
    return _score("fdi_physical", fact("fdi.physical"), score, len(rows), form)


def score_fdi_social(answers: Sequence[object]) -> QuestionnaireScore:
    """Return the social part of the FDI, 0 to 100: five answers 1 to 6, already oriented.

    Higher answers are better: the form's own numbering turns the negative items.

    Raises
    ------
    UsageError
        An item is missing or out of range.
    """
    table = fact("fdi.social")
    rows = _complete("FDI social", answers, table["n_items"], table["item_range"])
    score = (sum(rows) - len(rows)) / len(rows) * 100.0 / 5.0
    return _score("fdi_social", table, score, len(rows))


@dataclass(frozen=True)
class FaceForm:
    """What a clinic's licensed FaCE form says about its items.

    Parameters
    ----------
    reversed_items : tuple of int
        Numbers, from 1, of the items whose wording is reversed: 6 - answer counts.
    domains : mapping of str to tuple of int
        Item numbers of each domain.

    Raises
    ------
    UsageError
        The domains do not hold each of the fifteen items once, or a number is impossible.
    """

    reversed_items: tuple[int, ...]
    domains: Mapping[str, tuple[int, ...]]

    def __post_init__(self) -> None:
        size = fact("face_scale.n_items")
        for number in self.reversed_items:
            check_grade("a reversed FaCE item", number, 1, size)
        found = sorted(n for numbers in self.domains.values() for n in numbers)
        counts = {name: len(numbers) for name, numbers in self.domains.items()}
        if found != list(range(1, size + 1)) or counts != FACE_DOMAINS:
            raise UsageError(
                "The domains of the FaCE form are not complete",
                expected=f"each item 1 to {size} once, in domains of the sizes {FACE_DOMAINS}",
                found=str({name: list(numbers) for name, numbers in self.domains.items()}),
            )


def score_face(answers: Sequence[object], form: FaceForm | None) -> dict[str, QuestionnaireScore]:
    """Return the FaCE total and its domains, each 0 to 100.

    The total is weighted by items, not the mean of the domains.

    Parameters
    ----------
    answers : sequence
        Fifteen answers 1 to 5 as the form has them.
    form : FaceForm or None
        Orientation of the items, from the clinic's own licensed form.

    Raises
    ------
    UsageError
        There is no form, or an item is missing or out of range.
    """
    table = fact("face_scale")
    if form is None:
        raise UsageError(
            "The FaCE scale has no score without its form",
            expected="which items are reversed, and the items of each domain",
            do="load the file of the clinic's licensed form",
        )
    rows = _complete("FaCE", answers, table["n_items"], table["item_range"])
    turned = [6 - v if i in form.reversed_items else v for i, v in enumerate(rows, 1)]
    groups = {"face": range(1, len(turned) + 1), **form.domains}
    return {
        name: _face_score(name, [turned[n - 1] for n in group]) for name, group in groups.items()
    }


def _face_score(name: str, rows: Sequence[int]) -> QuestionnaireScore:
    table = fact("face_scale")
    if name != "face":
        table = {**table, "change": {}}
    score = (sum(rows) - len(rows)) / (4.0 * len(rows)) * 100.0
    scale = name if name == "face" else f"face_{name}"
    return _score(scale, table, score, len(rows))


def _check_count(name: str, answers: Sequence[object], size: int) -> None:
    if isinstance(answers, (str, bytes)) or len(answers) != size:
        raise UsageError(
            f"The answers of the {name} are not complete",
            expected=f"{size} answers",
            found=str(len(answers)),
        )


def _complete(name: str, answers: Sequence[object], size: int, limits: Sequence[int]) -> list[int]:
    _check_count(name, answers, size)
    missing = [str(i) for i, value in enumerate(answers, 1) if value is None]
    if missing:
        raise UsageError(
            f"The {name} has no score: items are not answered",
            expected=f"all {size} items; there is no published rule for missing ones",
            found=f"no answer to {', '.join(missing)}",
        )
    low, high = limits
    return [check_grade(f"{name}, item {i}", v, low, high) for i, v in enumerate(answers, 1)]


def _score(
    scale: str,
    table: Mapping[str, Any],
    score: float,
    answered: int,
    form: str | None = None,
    limits: tuple[float, float] | None = None,
) -> QuestionnaireScore:
    """Fill in what the facts say; the parts of the FDI share the whole's entries."""
    whole = {**fact("fdi"), **table} if scale.startswith("fdi") else table
    low, high = limits or whole["range"]
    smallest = table.get("change", {}).get("sdc_individual")
    return QuestionnaireScore(
        scale=scale,
        score=score,
        low=float(low),
        high=float(high),
        higher_is_better=bool(whole["higher_is_better"]),
        answered=answered,
        form=form,
        sdc_individual=None if smallest is None else float(smallest),
        citation=whole["citation"],
        formula_status=whole["formula_status"],
    )


def crisis_information(contact: str = "") -> tuple[str, ...]:
    """Return the sentences to show at once when an answer about self-harm is above 0.

    Parameters
    ----------
    contact : str
        The clinic's own crisis contact; without it the text says that none was entered.
    """
    last = f"Crisis contact: {contact}" if contact.strip() else fact("crisis.contact_missing")
    return (*fact("crisis.text"), last)


def score_mood(screen: str, answers: Sequence[object], contact: str = "") -> MoodScreen:
    """Score a mood screen.

    Parameters
    ----------
    screen : str
        One of `MOOD_SCREENS`.
    answers : sequence
        Answers 0 to 3 in the order of the form; None where not answered.
    contact : str
        The clinic's crisis contact.

    Raises
    ------
    UsageError
        There is no such screen, the number of answers is wrong, or an answer is out of range. When
        the self-harm item is above 0 the message carries the crisis information.
    """
    known = next((one for one in MOOD_SCREENS if one == screen), None)
    if known is None:
        raise UsageError(
            "There is no such mood screen", expected=", ".join(MOOD_SCREENS), found=repr(screen)
        )
    self_harm = _self_harm(known, answers)
    crisis = crisis_information(contact) if self_harm else ()
    rows = _checked(known, answers, crisis)
    missing = [str(i) for i, v in enumerate(rows, 1) if v is None]
    total = None if missing else sum(v for v in rows if v is not None)
    positive = None if total is None else total >= fact(known)["positive_at"]
    return MoodScreen(
        screen=known,
        total=total,
        band=None if total is None else _band(known, total),
        positive=positive,
        next_step=fact(known)["next_step"] if positive else None,
        self_harm=self_harm,
        crisis=crisis,
        crisis_source=f"{fact('crisis.citation')} ({fact('crisis.status')})",
        reason=f"no answer to item {', '.join(missing)}" if missing else None,
    )


def _self_harm(screen: str, answers: Sequence[object]) -> bool | None:
    """Look at the self-harm item alone, before anything else can fail."""
    item = fact(screen).get("self_harm_item")
    if item is None or len(answers) < item or answers[item - 1] is None:
        return None
    return bool(answers[item - 1] != 0)


def _checked(screen: str, answers: Sequence[object], crisis: tuple[str, ...]) -> list[int | None]:
    table = fact(screen)
    low, high = table["item_range"]
    try:
        if len(answers) != table["n_items"]:
            raise UsageError(
                f"The answers of the {table['name']} are not complete",
                expected=f"{table['n_items']} answers, null where not answered",
                found=str(len(answers)),
            )
        name = table["name"]
        return [
            None if v is None else check_grade(f"{name}, item {i}", v, low, high)
            for i, v in enumerate(answers, 1)
        ]
    except UsageError as error:
        if not crisis:
            raise
        raise UsageError(
            error.what, expected=error.expected, found=error.found, do=" ".join(crisis)
        ) from error


def _band(screen: str, total: int) -> str | None:
    rows = fact(screen).get("bands", ())
    return next((str(r["name"]) for r in rows if r["low"] <= total <= r["high"]), None)
