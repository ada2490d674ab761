"""Checking the instrument on a clinic's own patients: agreement, repeatability, detection."""

from facewire.validation.document import validation_document
from facewire.validation.grades_table import GradeRow, Item, read_grades
from facewire.validation.instrument import read_results
from facewire.validation.sample_size import (
    patients_for_icc,
    patients_for_limits,
    patients_for_share,
)
from facewire.validation.study import ItemStudy, run_study

__all__ = [
    "GradeRow",
    "Item",
    "ItemStudy",
    "patients_for_icc",
    "patients_for_limits",
    "patients_for_share",
    "read_grades",
    "read_results",
    "run_study",
    "validation_document",
]
