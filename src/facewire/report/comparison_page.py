"""The page of a comparison: changes in plain and technical words, and the course over visits.

In: ``facewire.comparison/1``. Out: one self-contained HTML file without script.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facewire.report.change_section import changes_view
from facewire.report.course_section import course_view
from facewire.report.environment import environment, write_page
from facewire.schemas import COMPARISON, validate
from facewire.words import translate

Document = Mapping[str, Any]


def comparison_page(document: Document) -> str:
    """Return the page of a comparison as HTML.

    Parameters
    ----------
    document : mapping
        ``facewire.comparison/1``.

    Raises
    ------
    UsageError
        The document is no comparison.
    """
    validate(document, COMPARISON)
    return (
        environment()
        .get_template("comparison.html")
        .render(
            subject=str(document.get("subject") or translate("no name given")),
            synthetic=bool(document.get("synthetic")),
            changes=changes_view(document),
            course=course_view(document),
        )
    )


def write_comparison_page(document: Document, path: Path, *, overwrite: bool = False) -> Path:
    """Write the page of a comparison.

    Parameters
    ----------
    document : mapping
        ``facewire.comparison/1``.
    path : Path
    overwrite : bool

    Raises
    ------
    UsageError
        The document is no comparison.
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    return write_page(path, comparison_page(document), overwrite=overwrite)
