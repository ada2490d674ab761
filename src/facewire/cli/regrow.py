"""`facewire regrow`: an injury of the nerve, and how it may grow back. For teaching."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from facewire.cli.documents import refuse_existing, write_document
from facewire.cli.screen import results
from facewire.errors import UsageError

FILE_NAME = "regrowth.json"
PAGE_NAME = "regrowth.html"


def regrow(
    injury: Annotated[
        Path,
        typer.Argument(metavar="INJURY.toml", help="Where, how severe.", show_default=False),
    ],
    json_path: Annotated[
        Path | None,
        typer.Option("--json", metavar="OUT.json", help="File to write.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the file and its page.", show_default=False),
    ] = None,
    months: Annotated[int, typer.Option(metavar="N", help="Months after the injury.")] = 24,
    runs: Annotated[int, typer.Option(metavar="N", help="Possible courses to simulate.")] = 100,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False,
) -> None:
    """Simulate how an injured facial nerve grows back: for teaching, no forecast."""
    from facewire.regrowth import read_injury, regrowth_document, simulate
    from facewire.report.regrowth_page import write_regrowth_page

    if json_path is None and out is None:
        raise UsageError("There is nowhere to write to", expected="--json or --out")
    files = [] if json_path is None else [json_path]
    files += [] if out is None else [out / FILE_NAME]
    pages = [] if out is None else [out / PAGE_NAME]
    for target in (*files, *pages):
        refuse_existing(target, overwrite=overwrite)
    asked = read_injury(injury)
    found = simulate(asked.injury, months=months, runs=runs, seed=asked.seed)
    document = regrowth_document(found, asked.name)
    for target in files:
        write_document(target, document)
    for page in pages:
        write_regrowth_page(document, page, overwrite=overwrite)
    print_regrowth(results(), document)


def print_regrowth(console: Console, document: Mapping[str, Any]) -> None:
    """Print when things happen in the simulated courses.

    Parameters
    ----------
    console : Console
        Where to.
    document : mapping
        A regrowth, ``facewire.regrowth/1``.
    """
    title = f"SIMULATED: {document['runs']} possible courses, months after the injury"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("event", "median", "95 % of the courses", "happens in"):
        table.add_column(name)
    for event in document["events"]:
        band = event["month"]
        known = band["median"] is not None
        table.add_row(
            event["words"],
            f"{band['median']:.1f}" if known else "-",
            f"{band['ci_low']:.1f} to {band['ci_high']:.1f}" if known else "-",
            f"{event['happens_percent_of_runs']:.0f} %",
        )
    console.print(table)
    console.print(document["statement"], style="bold")
