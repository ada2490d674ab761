"""`facewire validate`: the instrument against clinicians' grades."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from facewire.cli.screen import remarks, results
from facewire.files import refuse_existing

if TYPE_CHECKING:
    from facewire.results.validation import Validation

FILE_NAME = "validation.json"
PAGE_NAME = "validation.html"


def validate(
    grades: Annotated[
        Path,
        typer.Argument(
            metavar="GRADES.csv",
            help="One row a grade: result, patient, rater, item, grade; optionally occasion, "
            "session, skin_tone, age, sex, device.",
            show_default=False,
        ),
    ],
    results_dir: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS_DIR", help="The measurements that are graded.", show_default=False
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for figures and page.", show_default=False)
    ],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False,
) -> None:
    """Compare measurements with clinicians' grades: agreement, detection, repeatability.

    The raters' own agreement stands beside it as the ceiling; every interval is by patients.
    """
    from facewire.files import sha256_of
    from facewire.report import validation_page, write_page
    from facewire.validation import read_grades, read_results, validate_instrument

    refuse_existing(out / FILE_NAME, out / PAGE_NAME, overwrite=overwrite)
    rows = read_grades(grades)
    measured = read_results(results_dir, {row.result for row in rows})
    found = validate_instrument(rows, measured, sha256_of(grades))
    write_page(out / PAGE_NAME, validation_page(found), overwrite=overwrite)
    found.write(out / FILE_NAME)
    _show(found)
    remarks().print(f"Page: {out / PAGE_NAME}", soft_wrap=True)


def _show(found: Validation) -> None:
    """Print each item over all patients; the groups stand on the page."""
    from facewire.report.validation_page import STATISTICS, interval_words, item_words
    from facewire.words import translate

    for study in found.studies:
        if study.group != "all":
            continue
        people = translate("{patients} patients, {raters} raters").format(
            patients=study.patients, raters=study.raters
        )
        table = Table(
            box=None,
            title=f"{item_words(study.item)} ({people})",
            title_justify="left",
            show_header=False,
        )
        for name, words in STATISTICS.items():
            text = interval_words(getattr(study, name))
            if text:
                table.add_row(translate(words), text)
        results().print(table)
        for note in study.notes:
            remarks().print(translate(note.text).format(**note.values), soft_wrap=True)
