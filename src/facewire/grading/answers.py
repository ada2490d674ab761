"""Answered questionnaires from plain values to a document: ``facewire.questionnaire/1``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from facewire.errors import UsageError
from facewire.grading.change import ScoreShift, score_shift
from facewire.grading.facts import fact
from facewire.grading.mood import MOOD_SCREENS, MoodScreen, score_mood
from facewire.grading.questionnaires import (
    FaceForm,
    QuestionnaireScore,
    score_face,
    score_fdi_physical,
    score_fdi_social,
    score_saq,
)

SCHEMA = "facewire.questionnaire/1"
DIGITS = 2

Answers = Mapping[str, Any]


def questionnaire_document(
    name: str, answers: Answers, before: Answers | None = None, contact: str = ""
) -> dict[str, Any]:
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
    if name in MOOD_SCREENS:
        return _mood_document(name, score_mood(name, _listed(answers, "answers"), contact))
    scores = _SCORES[name](answers)
    shifts = _shifts(_SCORES[name](before), scores) if before is not None else []
    return {
        **_heading(name),
        "scores": {score.scale: _score(score) for score in scores},
        "shifts": [_shift(shift) for shift in shifts],
        "mood": None,
    }


def _heading(name: str) -> dict[str, Any]:
    table = fact("face_scale" if name == "face" else name)
    return {"schema": SCHEMA, "questionnaire": name, "title": table["name"]}


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

QUESTIONNAIRES = (*_SCORES, *MOOD_SCREENS)
"""Names of the questionnaires that can be scored."""


def _shifts(before: list[QuestionnaireScore], after: list[QuestionnaireScore]) -> list[ScoreShift]:
    earlier = {score.scale: score for score in before}
    return [score_shift(earlier[s.scale], s) for s in after if s.scale in earlier]


def _score(score: QuestionnaireScore) -> dict[str, Any]:
    return {**asdict(score), "score": round(score.score, DIGITS), "form": score.form or None}


def _shift(shift: ScoreShift) -> dict[str, Any]:
    return {**asdict(shift), "shift": round(shift.shift, DIGITS)}


def _mood_document(name: str, found: MoodScreen) -> dict[str, Any]:
    return {
        **_heading(name),
        "scores": {},
        "shifts": [],
        "mood": {
            **asdict(found),
            "crisis": list(found.crisis),
            "crisis_source": f"{fact('crisis.citation')} ({fact('crisis.status')})",
            "next_step": found.next_step or None,
            "reason": found.reason or None,
        },
    }
