"""Has a questionnaire's score changed? Only beyond the smallest detectable change of one person."""

from __future__ import annotations

from dataclasses import dataclass

from facewire.errors import UsageError
from facewire.grading.questionnaires import QuestionnaireScore
from facewire.words import mark


@dataclass(frozen=True)
class ScoreShift:
    """Two scores of one person on one scale.

    Parameters
    ----------
    scale : str
    before, after : float
    sdc_individual : float or None
        Smallest detectable change of one person; None where none is published.
    beyond_sdc : bool or None
        Whether the shift is larger; None where no figure is published.
    verdict : str
        ``better``, ``worse``, ``within measurement error`` or ``cannot tell``.
    """

    scale: str
    before: float
    after: float
    sdc_individual: float | None
    beyond_sdc: bool | None
    verdict: str

    @property
    def shift(self) -> float:
        """After minus before."""
        return self.after - self.before


def score_shift(before: QuestionnaireScore, after: QuestionnaireScore) -> ScoreShift:
    """Compare two scores of one person.

    A shift that does not exceed the individual smallest detectable change is never called a
    change, whatever smaller figures are published for groups.

    Raises
    ------
    UsageError
        The scores are of different scales or forms.
    """
    if (before.scale, before.form) != (after.scale, after.form):
        raise UsageError(
            "The two scores cannot be compared",
            expected=f"the same scale and form as before: {before.scale} {before.form}".rstrip(),
            found=f"{after.scale} {after.form}".rstrip(),
        )
    sdc = after.sdc_individual
    shift = after.score - before.score
    beyond = None if sdc is None else abs(shift) > sdc
    improved = (shift > 0) == after.higher_is_better
    verdict = mark("cannot tell") if beyond is None else mark("within measurement error")
    if beyond:
        verdict = mark("better") if improved else mark("worse")
    return ScoreShift(after.scale, before.score, after.score, sdc, beyond, verdict)
