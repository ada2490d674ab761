"""Has it changed? Measurements of one person at several visits, compared."""

from facewire.comparison.change import Change, Comparison, compare_visits
from facewire.comparison.document import comparison_document
from facewire.comparison.floors import Floors, floors_from_retest, load_floors
from facewire.comparison.visits import Visit, read_visit

__all__ = [
    "Change",
    "Comparison",
    "Floors",
    "Visit",
    "compare_visits",
    "comparison_document",
    "floors_from_retest",
    "load_floors",
    "read_visit",
]
