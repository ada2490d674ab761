"""Answered questionnaires from plain values to a document: ``facewire.questionnaire/1``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from facewire.errors import UsageError
from facewire.grading.facts import fact
from facewire.grading.questionnaires import (
    MOOD_SCREENS,
    FaceForm,
    score_face,
    score_fdi_physical,
    score_fdi_social,
    score_mood,
    score_saq,
)
from facewire.results.questionnaire import (
    Questionnaire,
    QuestionnaireScore,
    ScoreShift,
    Screen,
    Verdict,
)
from facewire.words import mark

Answers = Mapping[str, Any]


def score_questionnaire(
    name: str, answers: Answers, before: Answers | None = None, contact: str = ""
) -> Questionnaire:
    """Score an answered questionnaire, and compare it with an earlier one of the same person.

    Parameters
    ----------
    name : str
        One of `QUESTIONNAIRES`.
    answers : mapping
        ``answers``: a list, null where not answered. FDI: ``physical``, ``physical_form`` and
        ``social`` instead. FaCE: ``form`` with ``reversed`` and ``domains`` as well.
    before : mapping, optional
        The same of an earlier date.
    contact : str
        The clinic's crisis contact, for the PHQ-9.

    Raises
    ------
    UsageError
        There is no such questionnaire, or there is no score: items missing or out of range, form
        not named.
    """
    if name not in QUESTIONNAIRES:
        raise UsageError(
            "There is no such questionnaire",
            expected=", ".join(QUESTIONNAIRES),
            found=repr(name),
        )
    mood, scores, shifts = None, [], []
    if name in MOOD_SCREENS:
        mood = score_mood(name, _listed(answers, "answers"), contact)
    else:
        scores = _SCORES[name](answers)
    if before is not None and scores:
        earlier = {score.scale: score for score in _SCORES[name](before)}
        shifts = [score_shift(earlier[s.scale], s) for s in scores if s.scale in earlier]
    return Questionnaire(
        questionnaire=next(one for one in QUESTIONNAIRES if one == name),
        title=fact("face_scale" if name == "face" else name)["name"],
        scores={score.scale: score for score in scores},
        shifts=tuple(shifts),
        mood=mood,
    )


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
            expected=f"the same scale and form as before: {before.scale} {before.form or ''}",
            found=f"{after.scale} {after.form or ''}",
        )
    sdc = after.sdc_individual
    shift = after.score - before.score
    beyond = None if sdc is None else abs(shift) > sdc
    verdict: Verdict = mark("within measurement error")
    if beyond is None:
        verdict = mark("cannot tell")
    elif beyond:
        improved = (shift > 0) == after.higher_is_better
        verdict = mark("better") if improved else mark("worse")
    return ScoreShift(
        scale=after.scale,
        before=before.score,
        after=after.score,
        shift=shift,
        sdc_individual=sdc,
        beyond_sdc=beyond,
        verdict=verdict,
    )


def _listed(answers: Answers, key: str) -> Sequence[object]:
    found = answers.get(key)
    if not isinstance(found, list):
        raise UsageError(
            f"The answers hold no list named {key}",
            expected=f"{key}: a list of answers, null where not answered",
            found=repr(found),
        )
    return found


def _saq(answers: Answers) -> list[QuestionnaireScore]:
    return [score_saq(_listed(answers, "answers"))]


def _fdi(answers: Answers) -> list[QuestionnaireScore]:
    found = []
    if "physical" in answers:
        form = str(answers.get("physical_form") or "")
        found.append(score_fdi_physical(_listed(answers, "physical"), form))
    if "social" in answers or not found:
        found.append(score_fdi_social(_listed(answers, "social")))
    return found


def _face(answers: Answers) -> list[QuestionnaireScore]:
    rows = _listed(answers, "answers")
    form = answers.get("form")
    return list(score_face(rows, None if form is None else _face_form(form)).values())


def _face_form(form: object) -> FaceForm:
    wanted = "reversed: a list of item numbers; domains: a list of item numbers for each domain"
    if not isinstance(form, Mapping):
        raise UsageError("The FaCE form cannot be read", expected=wanted, found=repr(form))
    turned, domains = form.get("reversed"), form.get("domains")
    lists = isinstance(domains, Mapping) and all(isinstance(n, list) for n in domains.values())
    if not isinstance(turned, list) or not isinstance(domains, Mapping) or not lists:
        raise UsageError("The FaCE form cannot be read", expected=wanted, found=repr(dict(form)))
    return FaceForm(tuple(turned), {str(k): tuple(v) for k, v in domains.items()})


_SCORES: dict[str, Callable[[Answers], list[QuestionnaireScore]]] = {
    "saq": _saq,
    "fdi": _fdi,
    "face": _face,
}

QUESTIONNAIRES: tuple[Literal["saq", "fdi", "face"] | Screen, ...] = (
    "saq",
    "fdi",
    "face",
    *MOOD_SCREENS,
)
"""Names of the questionnaires that can be scored."""
