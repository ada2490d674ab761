"""`facewire regrow`: an injury of the nerve, and how it may grow back. For teaching."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from facewire.cli.options import STDOUT
from facewire.cli.screen import print_json, results
from facewire.errors import UsageError
from facewire.files import refuse_existing

if TYPE_CHECKING:
    from facewire.results.regrowth import Regrowth

FILE_NAME = "regrowth.json"
PAGE_NAME = "regrowth.html"


def regrow(
    injury: Annotated[
        Path,
        typer.Argument(metavar="INJURY.toml", help="Where, how severe.", show_default=False),
    ],
    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="OUT.json",
            help="Write the courses here; - prints them instead of the table.",
            show_default=False,
        ),
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
    from facewire.regrowth import read_injury, simulate, summarise
    from facewire.report import write_page
    from facewire.report.regrowth_page import build_regrowth_page

    if json_path is None and out is None:
        raise UsageError("There is nowhere to write to", expected="--json or --out")
    files = [] if json_path is None or json_path == STDOUT else [json_path]
    files += [] if out is None else [out / FILE_NAME]
    pages = [] if out is None else [out / PAGE_NAME]
    refuse_existing(*files, *pages, overwrite=overwrite)
    asked = read_injury(injury)
    courses = simulate(asked.injury, months=months, runs=runs, seed=asked.seed)
    found = summarise(courses, asked.name)
    for page in pages:
        write_page(page, build_regrowth_page(found), overwrite=overwrite)
    for target in files:
        found.write(target)
    if json_path == STDOUT:
        print_json(found.plain())
    else:
        print_regrowth(results(), found)


def print_regrowth(console: Console, found: Regrowth) -> None:
    """Print when things happen in the simulated courses.

    Parameters
    ----------
    console : Console
        Where to.
    found : Regrowth
    """
    title = f"SIMULATED: {found.runs} possible courses, months after the injury"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("event", "median", "95 % of the courses", "happens in"):
        table.add_column(name)
    for event in found.events:
        month = event.month
        known = month.median is not None
        table.add_row(
            event.words,
            f"{month.median:.1f}" if known else "-",
            f"{month.ci_low:.1f} to {month.ci_high:.1f}" if known else "-",
            f"{event.happens_percent_of_runs:.0f} %",
        )
    console.print(table)
    console.print(found.statement, style="bold")
