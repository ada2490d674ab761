"""The page of a comparison: changes in plain and technical words, and the course over visits.

In: ``facewire.comparison/1``. Out: one self-contained HTML file without script.
"""

from __future__ import annotations

from pathlib import Path

from facewire.report.change_section import changes_view
from facewire.report.course_section import course_view
from facewire.report.environment import environment, write_page
from facewire.results.comparison import Comparison
from facewire.words import translate


def comparison_page(comparison: Comparison) -> str:
    """Return the page of a comparison as HTML.

    Parameters
    ----------
    comparison : Comparison
    """
    return (
        environment()
        .get_template("comparison.html")
        .render(
            subject=comparison.subject or translate("no name given"),
            synthetic=comparison.synthetic,
            changes=changes_view(comparison),
            course=course_view(comparison),
        )
    )


def write_comparison_page(comparison: Comparison, path: Path, *, overwrite: bool = False) -> Path:
    """Write the page of a comparison.

    Parameters
    ----------
    comparison : Comparison
    path : Path
    overwrite : bool

    Raises
    ------
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    return write_page(path, comparison_page(comparison), overwrite=overwrite)
