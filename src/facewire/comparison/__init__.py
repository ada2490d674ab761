"""Has it changed? Measurements of one person at several visits, compared."""

from facewire.comparison.change import Change, Comparison, compare_visits
from facewire.comparison.course import Course, OutcomeCourse, Point, Trend, fit_trend, follow_course
from facewire.comparison.course_document import course_document
from facewire.comparison.course_file import (
    CourseFile,
    DatedVisit,
    ToxinPhase,
    TreatmentGiven,
    read_course,
    toxin_phase,
)
from facewire.comparison.document import comparison_document
from facewire.comparison.floors import Floors, floors_from_retest, load_floors
from facewire.comparison.visits import Visit, read_visit

__all__ = [
    "Change",
    "Comparison",
    "Course",
    "CourseFile",
    "DatedVisit",
    "Floors",
    "OutcomeCourse",
    "Point",
    "ToxinPhase",
    "TreatmentGiven",
    "Trend",
    "Visit",
    "compare_visits",
    "comparison_document",
    "course_document",
    "fit_trend",
    "floors_from_retest",
    "follow_course",
    "load_floors",
    "read_course",
    "read_visit",
    "toxin_phase",
]
