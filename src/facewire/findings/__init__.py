"""Map to judgements: what a measurement says, with the thresholds that say it.

In: the rows of a map. Out: a verdict for each cell, patterns, and `results.findings.Findings`.
Nothing is measured here, and no page judges again.
"""

from facewire.findings.coverage import cover
from facewire.findings.judge import (
    THRESHOLDS,
    complete,
    find,
    find_patterns,
    judged,
    moved_cells,
    present_cells,
)

__all__ = [
    "THRESHOLDS",
    "complete",
    "cover",
    "find",
    "find_patterns",
    "judged",
    "moved_cells",
    "present_cells",
]
