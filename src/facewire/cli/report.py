"""`facewire report`: a result file becomes a page, with what was inferred and simulated from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facewire.cli.options import ProgramOutput, grouped_options
from facewire.cli.screen import results
from facewire.errors import UsageError

if TYPE_CHECKING:
    from facewire.report import Clinical, PageView, Unmeasured


@dataclass(frozen=True)
class JoiningDocuments:
    """Documents made from the result; their sections join the page."""

    wiring: Annotated[
        Path | None,
        typer.Option(metavar="WIRING.json", help="Its inferred wiring.", show_default=False),
    ] = None
    forecast: Annotated[
        Path | None,
        typer.Option(
            metavar="FORECAST.json",
            help="A simulated course; the face moves from the mesh.json beside the result.",
            show_default=False,
        ),
    ] = None
    plan: Annotated[
        Path | None,
        typer.Option(metavar="PLAN.json", help="Options for it.", show_default=False),
    ] = None
    released: Annotated[
        bool,
        typer.Option(
            "--released", help="Tell the patient about the simulations too, in plain words."
        ),
    ] = False

    def read(self) -> Unmeasured:
        """Read the documents that were named."""
        from facewire.report import Unmeasured
        from facewire.results.forecast import Forecast
        from facewire.results.plan import Plan
        from facewire.results.wiring import Wiring

        return Unmeasured(
            wiring=None if self.wiring is None else Wiring.read(self.wiring),
            forecast=None if self.forecast is None else Forecast.read(self.forecast),
            plan=None if self.plan is None else Plan.read(self.plan),
            released=self.released,
        )


@dataclass(frozen=True)
class ClinicDocuments:
    """What the clinic adds to a report."""

    grades: Annotated[
        Path | None,
        typer.Option(
            metavar="G.json", help="Clinical scales (facewire grade).", show_default=False
        ),
    ] = None
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="C.json",
            help="Comparison with other visits (facewire compare).",
            show_default=False,
        ),
    ] = None
    room: Annotated[
        Path | None,
        typer.Option(
            metavar="CHECK.json",
            help="Check of the room that it was recorded in (facewire phantom).",
            show_default=False,
        ),
    ] = None

    def read(self) -> Clinical:
        """Read the documents that were named."""
        from facewire.report import Clinical
        from facewire.results.comparison import Comparison
        from facewire.results.grades import Grades
        from facewire.results.phantom import Phantom

        return Clinical(
            grades=None if self.grades is None else Grades.read(self.grades),
            comparison=None if self.compare is None else Comparison.read(self.compare),
            room=None if self.room is None else Phantom.read(self.room),
        )


class PaperSize(StrEnum):
    """Sizes of paper."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True)
class ReportTargets:
    """Where the report is written, and how it looks on paper."""

    html: Annotated[
        Path | None,
        typer.Option(metavar="REPORT.html", help="Page to write.", show_default=False),
    ] = None
    pdf: Annotated[
        Path | None,
        typer.Option(
            metavar="REPORT.pdf",
            help="Printed report to write: two pages for the chart, the full report behind.",
            show_default=False,
        ),
    ] = None
    settings: Annotated[
        Path | None,
        typer.Option(
            metavar="CLINIC.toml", help="The clinic's letterhead and paper.", show_default=False
        ),
    ] = None
    paper: Annotated[
        PaperSize | None,
        typer.Option(help="Paper; else the clinic's, else a4.", show_default=False),
    ] = None

    def check(self, output: ProgramOutput) -> None:
        """Refuse to start without a target, or over one that is there."""
        given = [path for path in (self.html, self.pdf) if path is not None]
        if not given:
            raise UsageError(
                "There is nothing to write",
                expected="--html REPORT.html, --pdf REPORT.pdf, or both",
            )
        if self.pdf is None and (self.settings or self.paper):
            raise UsageError(
                "The clinic's letterhead and the paper are for the printed report",
                expected="--pdf REPORT.pdf with --settings or --paper",
            )
        output.refuse_existing(*given)

    def write(self, view: PageView, *, overwrite: bool) -> dict[str, str]:
        """Write the page, the printed report, or both; return their places."""
        from facewire.report import render_page, write_page

        made = {}
        if self.pdf is not None:
            from facewire.report.pdf import Paper, read_clinic, write_pdf

            clinic = None if self.settings is None else read_clinic(self.settings)
            paper = None if self.paper is None else Paper(self.paper.value)
            made["pdf"] = str(write_pdf(view, self.pdf, clinic, paper, overwrite=overwrite))
        if self.html is not None:
            page = write_page(self.html, render_page(view), overwrite=overwrite)
            made["report"] = str(page)
        return made


@grouped_options
def report(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT.json", help="A result file.", show_default=False)
    ],
    targets: ReportTargets,
    clinic: ClinicDocuments,
    joining: JoiningDocuments,
    output: ProgramOutput,
) -> None:
    """Make the report of a result as a page, on paper, or both, from the same content.

    Traces and frames are taken from the files beside the result.
    """
    from facewire.report import page_view
    from facewire.results.measurement import Measurement

    targets.check(output)
    view = page_view(Measurement.read(result), result.parent, joining.read(), clinic.read())
    made = targets.write(view, overwrite=output.overwrite)
    if output.give(made):
        for place in made.values():
            results().print(f"Report written to {place}", soft_wrap=True)
