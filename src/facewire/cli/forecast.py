"""`facewire forecast`: a wiring and a plan of treatments become a simulated course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewire.cli.documents import refuse_existing, write_document
from facewire.cli.options import grouped_options
from facewire.cli.screen import print_json, results
from facewire.errors import UsageError

STDOUT = Path("-")
FILE_NAME = "forecast.json"
PAGE_NAME = "forecast.html"
_SIDES = {"L": "left", "R": "right"}


@dataclass(frozen=True)
class ForecastOutput:
    """Where a forecast goes."""

    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="FORECAST.json",
            help="Write the forecast here; - prints it instead of the table.",
            show_default=False,
        ),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for the forecast and its page.", show_default=False
        ),
    ] = None
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False

    def targets(self) -> list[Path]:
        """Return the files to write, refused when they are there already."""
        if self.json_path is None and self.out is None:
            raise UsageError("There is nowhere to write to", expected="--json or --out")
        found = [self.json_path, None if self.out is None else self.out / FILE_NAME]
        files = [path for path in found if path is not None and path != STDOUT]
        for path in files:
            refuse_existing(path, overwrite=self.overwrite)
        if self.page is not None:
            refuse_existing(self.page, overwrite=self.overwrite)
        return files

    @property
    def page(self) -> Path | None:
        """Where the page goes."""
        return None if self.out is None else self.out / PAGE_NAME


@grouped_options
def forecast(
    wiring: Annotated[
        Path, typer.Argument(metavar="WIRING.json", help="An inferred wiring.", show_default=False)
    ],
    output: ForecastOutput,
    treatments: Annotated[
        Path,
        typer.Option(metavar="PLAN.toml", help="Treatments with their dates.", show_default=False),
    ],
    days: Annotated[
        int | None,
        typer.Option(
            min=1, max=3650, help="Length of the time line; else the plan's.", show_default=False
        ),
    ] = None,
    mesh: Annotated[
        Path | None,
        typer.Option(
            metavar="MESH.json",
            help="The face's own points beside the result: with --out, the page moves them.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Simulate what treatments would change, day by day: a model's answer, not a promise."""
    from facewire import treatment
    from facewire.report import write_forecast_page
    from facewire.schemas import MESH, read_document
    from facewire.wiring import read_wiring

    targets = output.targets()
    model = read_wiring(wiring)
    points = None if mesh is None else read_document(mesh, MESH)
    plan = treatment.read_plan(treatments, model.affected_side, days=days)
    document = treatment.forecast_document(treatment.forecast(model, plan), model.source)
    for target in targets:
        write_document(target, document)
    if output.page is not None:
        write_forecast_page(document, output.page, points, overwrite=output.overwrite)
    if output.json_path == STDOUT:
        print_json(document)
    else:
        print_forecast(results(), document)


def print_forecast(console: Console, document: Mapping[str, Any]) -> None:
    """Print a forecast in a screenful: a few days, what has no size, what must be known.

    Parameters
    ----------
    console : Console
        Where to.
    document : mapping
        A forecast, ``facewire.forecast/1``.
    """
    if document["source"].get("synthetic"):
        console.print("Synthetic patient, not a person.", style="bold")
    for row in document["treatments"]:
        what = row.get("muscle") or ", ".join(row.get("muscles", []) or row.get("cuts", []))
        where = f"day {row['day']}, {_SIDES[row['side']]}"
        name = row["kind"].replace("_", " ")
        console.print(Text(f"{where}: {name} {what}".rstrip()), soft_wrap=True)
    console.print(_table(document))
    for way in document["directions"]:
        name = f"{way['region']} {way['quantity'].removesuffix('_mm')}, {_SIDES[way['side']]}"
        words = f"From day {way['from_day']}: {name}: {way['direction']}, size not published"
        console.print(Text(words), soft_wrap=True)
    for warning in document["warnings"]:
        console.print(Text(warning), soft_wrap=True)


def _table(document: Mapping[str, Any]) -> Table:
    title = "SIMULATED: middle with 95 % interval; Sunnybrook estimated, not validated"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    summary = document["summary"]
    columns = {
        "Sunnybrook": (summary["sunnybrook"]["composite"], "points"),
        "smile, % of other side": (summary["movement_symmetry"]["smile_open"], "percent"),
        "eye at rest, mm": (summary["rest_difference"]["eye"], "difference_mm"),
        "corner at rest, mm": (summary["rest_difference"]["commissure"], "difference_mm"),
    }
    for name in ("day", *columns):
        table.add_column(name)
    for day in document["shown_days"]:
        table.add_row(str(day), *(_cell(course, key, day) for course, key in columns.values()))
    return table


def _cell(course: Mapping[str, Any], key: str, day: int) -> str:
    value, low, high = (course[name][day] for name in (key, "ci_low", "ci_high"))
    return "no size known" if value is None else f"{value:.1f} ({low:.1f} to {high:.1f})"
