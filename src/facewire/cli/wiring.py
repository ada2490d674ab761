"""`facewire wiring`: measured maps become the wiring of one face, inferred."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewire.cli.options import STDOUT, grouped_options
from facewire.cli.screen import print_json, results
from facewire.errors import UsageError
from facewire.files import refuse_existing

if TYPE_CHECKING:
    from facewire.results.wiring import Edge, Wiring

FILE_NAME = "wiring.json"
PAGE_NAME = "wiring.html"


@dataclass(frozen=True)
class WiringOutput:
    """Where a wiring goes."""

    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="WIRING.json",
            help="Write the wiring here; - prints it instead of the table.",
            show_default=False,
        ),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the wiring and its page.", show_default=False),
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
        refuse_existing(*files, self.page, overwrite=self.overwrite)
        return files

    @property
    def page(self) -> Path | None:
        """Where the page goes."""
        return None if self.out is None else self.out / PAGE_NAME


@grouped_options
def wiring(
    result: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT.json...",
            help="Result files of one person; several are pooled.",
            show_default=False,
        ),
    ],
    output: WiringOutput,
    findings: Annotated[
        Path | None,
        typer.Option(
            metavar="FINDINGS.json",
            help="What the clinician saw and video does not: a list of {finding, grade 0-3, "
            'side, source: "clinician"}.',
            show_default=False,
        ),
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(
            metavar="FACTS.toml",
            help="What is known about the person: neck, cheek and test block become findings.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Infer which command drives which muscle: a model's answer, not a measurement."""
    from facewire.plan import read_facts
    from facewire.report import Unmeasured, document_page, write_page
    from facewire.results.measurement import Measurement
    from facewire.safety import act_findings
    from facewire.wiring import infer_wiring, read_findings

    targets = output.targets()
    known = () if findings is None else read_findings(findings)
    measured = [Measurement.read(path) for path in result]
    if facts is not None:
        known += act_findings(read_facts(facts)[0], measured[0].side_affected, known)
    found = infer_wiring(measured, known)
    if output.page is not None:
        page = document_page(Unmeasured(wiring=found))
        write_page(output.page, page, overwrite=output.overwrite)
    for target in targets:
        found.write(target)
    if output.json_path == STDOUT:
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
    from facewire.words.coverage import affected_words, seen_of

    if found.source.synthetic:
        console.print("Synthetic patient, not a person.", style="bold")
    for sentence in seen_of(found.source):
        console.print(sentence, soft_wrap=True)
    if found.affected_side is not None:
        side = affected_words(found.source, found.affected_side)
        console.print(f"Affected side: the patient's {side}.")
    there = [edge for edge in found.edges if edge.present]
    if there:
        console.print(_table(sorted(there, key=lambda edge: -(edge.percent or 0.0))))
    elif found.affected_side is not None:
        console.print("No wrong edge is called present.")
    for union in (one for one in found.unions if one.present):
        words = f"{union.command} reaches one or another of {union.union.replace('_', ' ')}"
        size = f"{union.percent:.0f} % ({union.ci_low:.0f} to {union.ci_high:.0f})"
        console.print(Text(f"{words}, {union.side.word}: {size}"), soft_wrap=True)
    for one in found.measured:
        moved = f"{one.movement} moves the {one.region} by {abs(one.change_mm):.1f} mm"
        console.print(Text(f"Measured, {one.side.word}: {moved}"), soft_wrap=True)
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
