"""Clinical scales: scoring of entered grades and questionnaires, estimates from a measurement."""

from facewire.grading.answers import QUESTIONNAIRES, questionnaire_document
from facewire.grading.change import ScoreShift, score_shift
from facewire.grading.document import grades_document, result_grades
from facewire.grading.draws import SYNKINESIS_REGIONS, DrawnFace, expected_scores
from facewire.grading.eface import EfaceScore, auto_eface_score, eface_score
from facewire.grading.eface_estimate import EfaceEstimate, estimate_eface_like
from facewire.grading.entered import EnteredGrades, read_entered
from facewire.grading.estimate import SunnybrookEstimate, estimate_sunnybrook
from facewire.grading.mood import MoodScreen, crisis_information, score_mood
from facewire.grading.motor import Fngs2, check_house_brackmann
from facewire.grading.questionnaires import (
    FaceForm,
    QuestionnaireScore,
    score_face,
    score_fdi_physical,
    score_fdi_social,
    score_saq,
)
from facewire.grading.sunnybrook import (
    SUNNYBROOK_MOVEMENTS,
    SunnybrookItems,
    SunnybrookScore,
    sunnybrook_score,
)

__all__ = [
    "QUESTIONNAIRES",
    "SUNNYBROOK_MOVEMENTS",
    "SYNKINESIS_REGIONS",
    "DrawnFace",
    "EfaceEstimate",
    "EfaceScore",
    "EnteredGrades",
    "FaceForm",
    "Fngs2",
    "MoodScreen",
    "QuestionnaireScore",
    "ScoreShift",
    "SunnybrookEstimate",
    "SunnybrookItems",
    "SunnybrookScore",
    "auto_eface_score",
    "check_house_brackmann",
    "crisis_information",
    "eface_score",
    "estimate_eface_like",
    "estimate_sunnybrook",
    "expected_scores",
    "grades_document",
    "questionnaire_document",
    "read_entered",
    "result_grades",
    "score_face",
    "score_fdi_physical",
    "score_fdi_social",
    "score_mood",
    "score_saq",
    "score_shift",
    "sunnybrook_score",
]
