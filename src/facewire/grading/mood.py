"""PHQ-2, PHQ-9, GAD-2 and GAD-7: screens of mood, and what a positive one asks for.

A screen is no diagnosis. An answer above 0 to the self-harm item of the PHQ-9 raises a flag
whatever the total, and even when the total cannot be had; the crisis information travels with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from facewire.errors import UsageError
from facewire.grading.checks import check_grade
from facewire.grading.facts import fact
from facewire.results.questionnaire import MoodScreen, Screen

MOOD_SCREENS: tuple[Screen, ...] = get_args(Screen)


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
