"""Checking the instrument on a clinic's own patients: agreement, repeatability, detection."""

from facewire.validation.grades_table import read_grades, read_results
from facewire.validation.study import validate_instrument

__all__ = ["read_grades", "read_results", "validate_instrument"]
