"""`facewire report`: a result file becomes a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.screen import print_json, results
from facewire.errors import OutputExistsError


def report(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT.json", help="A result file.", show_default=False)
    ],
    html: Annotated[
        Path, typer.Option(metavar="REPORT.html", help="Page to write.", show_default=False)
    ],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print for programs.")] = False,
) -> None:
    """Make the report of a result; traces and frames are taken from the files beside it."""
    from facewire.report import write_report
    from facewire.schemas import read_document

    document = read_document(result)
    if html.exists() and not overwrite:
        raise OutputExistsError(
            f"The page {html} exists", do="name another one, or add --overwrite"
        )
    write_report(document, result.parent, html)
    if as_json:
        print_json({"report": str(html)})
    else:
        results().print(f"Report written to {html}", soft_wrap=True)
