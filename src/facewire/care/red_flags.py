"""Red flags: questions before a recording. They lead to people; they never clear anyone.

Questions, classes of urgency and sources are in ``red_flags.toml``. A sign that is not answered
counts as not cleared, and so does "not sure".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from facewire.errors import UsageError
from facewire.files import packaged_table

DAYS_A_MONTH = 30.44


class Urgency(StrEnum):
    """How soon a person is needed; in order, the most urgent first."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    SOON = "soon"


ORDER = tuple(Urgency)


class Answer(StrEnum):
    """What can be answered; leaving a question out is not "no"."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Sign:
    """One sign to ask for.

    Parameters
    ----------
    key : str
        Its name in stored answers.
    urgency : Urgency
        How soon a person is needed when it is there.
    text : str
        The sign in plain words.
    status : str
        ``seen`` when the source was read, ``recalled`` when it waits to be confirmed.
    source : str
        Where it is published.
    """

    key: str
    urgency: Urgency
    text: str
    status: str
    source: str


@dataclass(frozen=True)
class Advice:
    """What to do, by urgency."""

    urgency: Urgency
    title: str
    text: str


@dataclass(frozen=True)
class Remark:
    """Advice that follows from how and when it began."""

    urgency: Urgency
    text: str
    status: str
    source: str


@dataclass(frozen=True)
class RedFlags:
    """The questions as they stand; ``version`` is stored with every answer."""

    version: str
    signs: tuple[Sign, ...]
    advice: Mapping[Urgency, Advice]
    no_palsy: Remark
    early: Remark
    early_months: float

    def of(self, urgency: Urgency) -> tuple[Sign, ...]:
        """Return the signs of one urgency."""
        return tuple(sign for sign in self.signs if sign.urgency == urgency)


@dataclass(frozen=True)
class Answers:
    """What a person answered.

    Parameters
    ----------
    signs : mapping of str to str
        ``yes``, ``no`` or ``unsure`` by the key of the sign; what is left out was not answered.
    palsy_before : str, optional
        Whether the face was weak before the movements became linked; None was not answered.
    began_on : date, optional
        When the weakness began; None is unknown.

    Raises
    ------
    UsageError
        When a key or an answer is not among the questions.
    """

    signs: Mapping[str, str] = field(default_factory=dict)
    palsy_before: str | None = None
    began_on: date | None = None

    def __post_init__(self) -> None:
        known = {sign.key for sign in red_flags().signs}
        unknown = sorted(set(self.signs) - known)
        if unknown:
            raise UsageError(
                "An answer belongs to no question",
                expected=", ".join(sorted(known)),
                found=", ".join(unknown),
                do="load the page again",
            )
        given = [*self.signs.values(), *([self.palsy_before] if self.palsy_before else [])]
        wrong = sorted(set(given) - set(Answer))
        if wrong:
            raise UsageError(
                "An answer cannot be read",
                expected=", ".join(Answer),
                found=", ".join(wrong),
                do="choose one of the answers",
            )


@dataclass(frozen=True)
class Guidance:
    """Where the answers lead.

    Parameters
    ----------
    urgency : Urgency, optional
        The most urgent class among the answers; None when no sign is named, which is no clearance.
    advice : tuple of Advice
        What to do, the most urgent first.
    signs : tuple of Sign
        The signs that were answered yes, or not surely no.
    remarks : tuple of Remark
        What follows from how it began.
    may_record : bool
        Whether a recording may begin now: not after an emergency or same-day sign, and not
        before every question of these classes is answered.
    """

    urgency: Urgency | None
    advice: tuple[Advice, ...]
    signs: tuple[Sign, ...]
    remarks: tuple[Remark, ...]
    may_record: bool


@cache
def red_flags() -> RedFlags:
    """Read the questions that are part of the package."""
    table = packaged_table("facewire.care", "red_flags.toml")
    advice = [Advice(**_urgent(row)) for row in table["advice"]]
    early = dict(table["early"])
    months = float(early.pop("months"))
    return RedFlags(
        version=table["version"],
        signs=tuple(Sign(**_urgent(row)) for row in table["sign"]),
        advice={one.urgency: one for one in advice},
        no_palsy=Remark(**_urgent(table["no_palsy"])),
        early=Remark(**_urgent(early)),
        early_months=months,
    )


def _urgent(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "urgency": Urgency(row["urgency"])}


def guide(answers: Answers, today: date) -> Guidance:
    """Say where answers lead: to the emergency services, a doctor today, a doctor soon, or on.

    Parameters
    ----------
    answers : Answers
        What was answered.
    today : date
        The day of the visit.

    Returns
    -------
    Guidance
        Never a clearance: without any sign `Guidance.urgency` is None.
    """
    questions = red_flags()
    named = tuple(
        sign
        for sign in questions.signs
        if answers.signs.get(sign.key) in (Answer.YES, Answer.UNSURE)
    )
    unanswered = tuple(sign for sign in questions.signs if sign.key not in answers.signs)
    remarks = tuple(_remarks(answers, today))
    found = {sign.urgency for sign in named} | {remark.urgency for remark in remarks}
    urgent = [one for one in ORDER if one in found]
    stops = {Urgency.EMERGENCY, Urgency.SAME_DAY}
    return Guidance(
        urgency=urgent[0] if urgent else None,
        advice=tuple(questions.advice[one] for one in urgent),
        signs=named,
        remarks=remarks,
        may_record=not stops & ({sign.urgency for sign in (*named, *unanswered)}),
    )


def _remarks(answers: Answers, today: date) -> list[Remark]:
    questions = red_flags()
    remarks = []
    if answers.palsy_before == Answer.NO:
        remarks.append(questions.no_palsy)
    if answers.began_on is not None:
        months = (today - answers.began_on).days / DAYS_A_MONTH
        if months < questions.early_months:
            remarks.append(questions.early)
    return remarks
