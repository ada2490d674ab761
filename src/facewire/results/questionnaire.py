"""The score of an answered questionnaire: ``facewire.questionnaire/1``.

The answers themselves are not in it.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from facewire.results.document import Document, Row

Screen = Literal["phq2", "phq9", "gad2", "gad7"]
Verdict = Literal["better", "worse", "within measurement error", "cannot tell"]


class QuestionnaireScore(Row):
    """One score of a questionnaire."""

    scale: str
    """Such as ``saq`` or ``fdi_physical``."""
    score: float
    low: float
    """Lowest score that the scale has."""
    high: float
    """Highest score that the scale has."""
    higher_is_better: bool
    answered: Annotated[int, Field(ge=1)]
    """Items that count."""
    form: str | None
    """The form in use, where there are several."""
    sdc_individual: float | None
    """Smallest change of one person beyond measurement error; null where none is published."""
    citation: str
    """Where the rule is from."""
    formula_status: Literal["seen", "recalled"]


class ScoreShift(Row):
    """Two scores of one person on one scale, the later one after the earlier."""

    scale: str
    before: float
    after: float
    shift: float
    """After minus before."""
    sdc_individual: float | None
    beyond_sdc: bool | None
    """Whether the shift is larger than that; null where no figure is published."""
    verdict: Verdict

    @model_validator(mode="after")
    def _told_only_beyond(self) -> Self:
        if self.beyond_sdc is False and self.verdict != "within measurement error":
            raise ValueError(f"a shift within measurement error is called {self.verdict}")
        return self


class MoodScreen(Row):
    """The result of one mood screen; a screen is no diagnosis."""

    screen: Screen
    total: Annotated[int, Field(ge=0, le=27)] | None
    """Null when items are missing."""
    band: str | None
    """Severity in words, where bands are published."""
    positive: bool | None
    """Whether the total reaches the cut-off; null without a total."""
    next_step: str | None
    """What a positive screen asks for."""
    self_harm: bool | None
    """PHQ-9: the self-harm item is above 0, whatever the total; null: not answered, or no such
    item."""
    crisis: tuple[str, ...]
    """To be shown at once."""
    crisis_source: str
    reason: str | None
    """Why there is no total."""

    @model_validator(mode="after")
    def _crisis_is_answered(self) -> Self:
        if self.self_harm and not self.crisis:
            raise ValueError("self_harm is true without what has to be shown at once")
        return self


class Questionnaire(Document):
    """The score of an answered questionnaire, and what changed since an earlier one."""

    KIND: ClassVar[str] = "questionnaire"
    MADE_BY: ClassVar[str] = "`facewire grade --questionnaire`"

    schema_: Annotated[Literal["facewire.questionnaire/1"], Field(alias="schema")] = (
        "facewire.questionnaire/1"
    )
    questionnaire: Literal["saq", "fdi", "face"] | Screen
    title: str
    scores: dict[str, QuestionnaireScore]
    shifts: tuple[ScoreShift, ...]
    """Against earlier answers of the same person."""
    mood: MoodScreen | None
