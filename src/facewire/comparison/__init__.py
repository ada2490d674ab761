"""Has it changed? Measurements of one person at several visits, compared."""

from facewire.comparison.change import compare_visits
from facewire.comparison.course import compare_course
from facewire.comparison.course_file import CourseFile, read_course
from facewire.comparison.floors import Floors, floors_from_retest
from facewire.comparison.visits import Visit, read_visit

__all__ = [
    "CourseFile",
    "Floors",
    "Visit",
    "compare_course",
    "compare_visits",
    "floors_from_retest",
    "read_course",
    "read_visit",
]
