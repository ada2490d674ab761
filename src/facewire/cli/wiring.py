"""`facewire wiring`: measured maps become the wiring of one face, inferred."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewire.cli.options import STDOUT
from facewire.cli.screen import print_json, results
from facewire.errors import UsageError
from facewire.files import refuse_existing

if TYPE_CHECKING:
    from facewire.results.wiring import Edge, Wiring

FILE_NAME = "wiring.json"
PAGE_NAME = "wiring.html"


def wiring(
    result: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT.json...",
            help="Result files of one person; several are pooled.",
            show_default=False,
        ),
    ],
    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="WIRING.json",
            help="Write the wiring here; - prints it instead of the table.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the wiring and its page.", show_default=False),
    ] = None,
    findings: Annotated[
        Path | None,
        typer.Option(
            metavar="FINDINGS.json",
            help="What the clinician saw and video does not: a list of {finding, grade 0-3, "
            'side, source: "clinician"}.',
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False,
) -> None:
    """Infer which command drives which muscle: a model's answer, not a measurement."""
    from facewire.report import Unmeasured, document_page, write_page
    from facewire.results.measurement import Measurement
    from facewire.wiring import infer_wiring, read_findings

    if out is None and json_path is None:
        raise UsageError("There is nowhere to write to", expected="--json or --out")
    targets = [] if json_path is None or json_path == STDOUT else [json_path]
    targets += [] if out is None else [out / FILE_NAME]
    pages = [] if out is None else [out / PAGE_NAME]
    refuse_existing(*targets, *pages, overwrite=overwrite)
    known = () if findings is None else read_findings(findings)
    found = infer_wiring([Measurement.read(path) for path in result], known)
    for page in pages:
        write_page(page, document_page(Unmeasured(wiring=found)), overwrite=overwrite)
    for target in targets:
        found.write(target)
    if json_path == STDOUT:
        print_json(found.plain())
    else:
        print_wiring(results(), found)


def print_wiring(console: Console, found: Wiring) -> None:
    """Print a wiring in a screenful: what is there, and what must be known about it.

    Parameters
    ----------
    console : Console
        Where to.
    found : Wiring
    """
    from facewire.words.coverage import seen_of

    if found.source.synthetic:
        console.print("Synthetic patient, not a person.", style="bold")
    for sentence in seen_of(found.source):
        console.print(sentence, soft_wrap=True)
    if found.affected_side is not None:
        console.print(f"Affected side: the patient's {found.affected_side.word}.")
    there = [edge for edge in found.edges if edge.present]
    if there:
        console.print(_table(sorted(there, key=lambda edge: -(edge.percent or 0.0))))
    elif found.affected_side is not None:
        console.print("No wrong edge is called present.")
    for note in found.notes:
        console.print(Text(note), soft_wrap=True)


def _table(edges: list[Edge]) -> Table:
    title = "INFERRED: wrong edges called present, % of the healthy side's full activation"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("command", "reaches", "side", "percent (95 %)", "not told from"):
        table.add_column(name, no_wrap=name != "not told from")
    for edge in edges:
        table.add_row(
            edge.command,
            edge.muscle,
            edge.side.word,
            f"{edge.percent:.0f} ({edge.ci_low:.0f} to {edge.ci_high:.0f})",
            ", ".join(edge.confused_with),
        )
    return table
