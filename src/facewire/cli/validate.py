"""`facewire validate`: the instrument against clinicians' grades."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from facewire.cli.documents import refuse_existing, write_document
from facewire.cli.screen import remarks, results

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
    from facewire.provenance import sha256_of
    from facewire.report import write_validation_page
    from facewire.validation import read_grades, read_results, run_study, validation_document

    for name in (FILE_NAME, PAGE_NAME):
        refuse_existing(out / name, overwrite=overwrite)
    rows = read_grades(grades)
    measured = read_results(results_dir, {row.result for row in rows})
    document = validation_document(
        run_study(rows, measured),
        table_sha256=sha256_of(grades),
        synthetic=any(result.get("synthetic") for result in measured.values()),
    )
    write_document(out / FILE_NAME, document)
    write_validation_page(document, out / PAGE_NAME)
    _show(document)
    remarks().print(f"Page: {out / PAGE_NAME}", soft_wrap=True)


def _show(document: dict[str, Any]) -> None:
    table = Table(box=None, title="Instrument against the mean of the raters [95 % by patients]")
    for name in ("item", "group", "patients", "raters' ICC", "ICC", "rank", "ROC area"):
        table.add_column(name)
    for study in document["studies"]:
        names = ("rater_icc", "icc", "rank_correlation", "roc_area")
        cells = [_cell(study[name]) for name in names]
        table.add_row(study["item"], study["group"], str(study["patients"]), *cells)
    results().print(table)


def _cell(estimate: dict[str, Any]) -> str:
    if estimate["value"] is None:
        return "-"
    text = f"{estimate['value']:.2f}"
    if estimate["ci_low"] is not None:
        text += f" [{estimate['ci_low']:.2f} to {estimate['ci_high']:.2f}]"
    return text
