"""`facewire plan`: options and trades for one face, simulated, for discussion."""

from __future__ import annotations

import json
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
FILE_NAME = "plan.json"
PAGE_NAME = "plan.html"
_SIDES = {"L": "left", "R": "right"}
_MOST_SHOWN = 8


@dataclass(frozen=True)
class PlanOutput:
    """Where a plan goes."""

    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="PLANS.json",
            help="Write the plan here; - prints it instead of the table.",
            show_default=False,
        ),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the plan and its page.", show_default=False),
    ] = None
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False

    def targets(self) -> list[Path]:
        """Return the files to write, refused when they are there already."""
        if self.json_path is None and self.out is None:
            raise UsageError("There is nowhere to write to", expected="--json or --out")
        found = [self.json_path] if self.json_path not in (None, STDOUT) else []
        found += [] if self.out is None else [self.out / FILE_NAME]
        files = [path for path in found if path is not None]
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
def plan(
    wiring: Annotated[
        Path, typer.Argument(metavar="WIRING.json", help="An inferred wiring.", show_default=False)
    ],
    output: PlanOutput,
    facts: Annotated[
        Path | None,
        typer.Option(
            metavar="FACTS.toml",
            help="What is known about the person, and your own limits. Unknown is not cleared.",
            show_default=False,
        ),
    ] = None,
    result: Annotated[
        Path | None,
        typer.Option(
            metavar="RESULT.json",
            help="The measurement behind the wiring: its closure gaps decide what is safe.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show options in the published order and the whole front of trades. It never prescribes."""
    from facewire.plan import Facts, Preferences, make_plan, plan_document, read_facts
    from facewire.report import write_plan_page
    from facewire.wiring import read_wiring

    targets = output.targets()
    known, preferences = (Facts(), Preferences()) if facts is None else read_facts(facts)
    measured = None if result is None else _read(result)
    document = plan_document(make_plan(read_wiring(wiring), known, preferences, measured))
    for target in targets:
        write_document(target, document)
    if output.page is not None:
        write_plan_page(document, output.page, overwrite=output.overwrite)
    if output.json_path == STDOUT:
        print_json(document)
    else:
        print_plan(results(), document)


def _read(path: Path) -> dict[str, Any]:
    from facewire.schemas import MEASUREMENT, validate

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The result file {path.name} cannot be read",
            expected="a JSON file that `facewire measure` wrote",
            found=str(error),
        ) from error
    validate(document, MEASUREMENT)
    return dict(document)


def print_plan(console: Console, document: Mapping[str, Any]) -> None:
    """Print a plan in a screenful: options, the best candidates, what is to be asked.

    Parameters
    ----------
    console : Console
        Where to.
    document : mapping
        A plan, ``facewire.plan/1``.
    """
    if document["source"].get("synthetic"):
        console.print("Synthetic patient, not a person.", style="bold")
    if document["nothing_to_plan"]:
        console.print(document["nothing_to_plan"])
        return
    console.print(f"Affected side: the patient's {_SIDES[document['affected_side']]}.")
    for option in document["options"]:
        steps = ", then ".join(_step_words(step) for step in option["steps"])
        console.print(Text(f"{option['name']} ({_SIDES[option['side']]}): {steps}"), soft_wrap=True)
    if document["candidates"]:
        console.print(_table(document["candidates"]))
    else:
        console.print("No weakening helps credibly: nothing is offered beside doing nothing.")
    for question in document["ask"]:
        console.print(Text(f"To ask: {question['question']} ({question['how']})"), soft_wrap=True)
    console.print(Text(document["statement"]), soft_wrap=True)


def _step_words(step: Mapping[str, Any]) -> str:
    return f"{step['means'].replace('_', ' ')} ({step['answer'].replace('_', ' ')})"


def _table(candidates: list[Mapping[str, Any]]) -> Table:
    shown = candidates[:_MOST_SHOWN]
    title = "SIMULATED: weakening in % of force, change in mm with 95 % interval"
    if len(candidates) > len(shown):
        title += f"; {len(candidates) - len(shown)} more in the file"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("", "weakened", "synkinesis", "voluntary lost", "closure lost", "safety"):
        table.add_column(name)
    for row in shown:
        change = {entry["objective"]: entry for entry in row["predicted"]}
        table.add_row(
            row["id"],
            "\n".join(_weakening_words(w) for w in row["weakenings"]),
            _change(change["synkinesis"]),
            _change(change["voluntary_loss"]),
            _change(change["closure_loss"]),
            row["answer"].replace("_", " ") + _doubtful(row),
        )
    return table


def _doubtful(row: Mapping[str, Any]) -> str:
    return "; rests on undecided edges" if row["sensitivity"]["rests_on_undecided"] else ""


def _weakening_words(row: Mapping[str, Any]) -> str:
    muscle = row["muscle"].replace("_", " ")
    return f"{muscle}, {_SIDES[row['side']]}, {row['weakening_percent']:.0f} %"


def _change(row: Mapping[str, Any]) -> str:
    return f"{row['change_mm']:+.1f} [{row['ci_low']:+.1f}, {row['ci_high']:+.1f}]"
