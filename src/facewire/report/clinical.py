"""What joins a report from the clinic: grades, and the comparison with other visits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from facewire.report.change_section import ChangesView, changes_view, check_comparison
from facewire.report.grades_section import GradesView, check_grades, grades_view
from facewire.results.comparison import Comparison
from facewire.results.grades import Grades
from facewire.results.measurement import Measurement

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Clinical:
    """Documents of the clinic that join a report.

    Parameters
    ----------
    grades : Grades, optional
        Of the measurement.
    comparison : Comparison, optional
        The measurement being one of its visits.
    """

    grades: Grades | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class ClinicalView:
    """What the templates may use of them; ``changes`` is None without a comparison."""

    grades: GradesView
    changes: ChangesView | None = None


def clinical_view(result: Document, clinical: Clinical | None = None) -> ClinicalView:
    """Put grades and comparison into words.

    Parameters
    ----------
    result : mapping
        ``facewire.measurement/1``.
    clinical : Clinical, optional

    Raises
    ------
    UsageError
        A document does not fit its schema, or is not of this measurement.
    """
    given = clinical or Clinical()
    measured = Measurement.from_json(json.dumps(result).encode())
    if given.grades is not None:
        check_grades(measured, given.grades)
    if given.comparison is not None:
        check_comparison(measured, given.comparison)
    return ClinicalView(
        grades=grades_view(given.grades or measured.grades),
        changes=None if given.comparison is None else changes_view(given.comparison),
    )
