"""PHQ-2, PHQ-9, GAD-2 and GAD-7: screens of mood, and what a positive one asks for.

A screen is no diagnosis. An answer above 0 to the self-harm item of the PHQ-9 raises a flag
whatever the total, and even when the total cannot be had; the crisis information travels with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facewire.errors import UsageError
from facewire.grading.checks import check_grade
from facewire.grading.facts import fact

MOOD_SCREENS = ("phq2", "phq9", "gad2", "gad7")


@dataclass(frozen=True)
class MoodScreen:
    """The result of one screen.

    Parameters
    ----------
    screen : str
        One of `MOOD_SCREENS`.
    total : int or None
        None when items are missing.
    band : str or None
        Severity in words, where bands are published.
    positive : bool or None
        Whether the total reaches the cut-off; None without a total.
    next_step : str
        What a positive screen asks for; empty otherwise.
    self_harm : bool or None
        PHQ-9 alone: whether the self-harm item is above 0; None when it was not answered, or
        when the screen has no such item.
    crisis : tuple of str
        What has to be shown at once when `self_harm` is true; else empty.
    reason : str
        Why there is no total; empty when there is one.
    """

    screen: str
    total: int | None
    band: str | None
    positive: bool | None
    next_step: str
    self_harm: bool | None
    crisis: tuple[str, ...]
    reason: str


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
    if screen not in MOOD_SCREENS:
        raise UsageError(
            "There is no such mood screen", expected=", ".join(MOOD_SCREENS), found=repr(screen)
        )
    self_harm = _self_harm(screen, answers)
    crisis = crisis_information(contact) if self_harm else ()
    rows = _checked(screen, answers, crisis)
    if None in rows:
        missing = ", ".join(str(i) for i, v in enumerate(rows, 1) if v is None)
        reason = f"no answer to item {missing}"
        return MoodScreen(screen, None, None, None, "", self_harm, crisis, reason)
    total = sum(v for v in rows if v is not None)
    positive = total >= fact(screen)["positive_at"]
    step = str(fact(screen)["next_step"]) if positive else ""
    return MoodScreen(screen, total, _band(screen, total), positive, step, self_harm, crisis, "")


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
