"""Clinical scales: scoring of entered grades and questionnaires, estimates from a measurement."""

from facewire.grading.answers import score_questionnaire
from facewire.grading.draws import SYNKINESIS_REGIONS, DrawnFace, expected_scores
from facewire.grading.entered import EnteredGrades, read_entered
from facewire.grading.grades import grade_measurement, grade_summary
from facewire.grading.sunnybrook import SUNNYBROOK_MOVEMENTS

__all__ = [
    "SUNNYBROOK_MOVEMENTS",
    "SYNKINESIS_REGIONS",
    "DrawnFace",
    "EnteredGrades",
    "expected_scores",
    "grade_measurement",
    "grade_summary",
    "read_entered",
    "score_questionnaire",
]
