"""`facewire forecast`: a wiring and a plan of treatments become a simulated course."""

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
from facewire.face import Movement
from facewire.files import refuse_existing
from facewire.results.safety import Answer

if TYPE_CHECKING:
    from facewire.results.estimate import Estimate
    from facewire.results.forecast import Course, Forecast
    from facewire.results.learned import Learned
    from facewire.results.pictures import Mesh
    from facewire.results.safety import TreatmentCheck
    from facewire.safety import Facts

FILE_NAME = "forecast.json"
PAGE_NAME = "forecast.html"


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
        refuse_existing(*files, self.page, overwrite=self.overwrite)
        return files

    @property
    def page(self) -> Path | None:
        """Where the page goes."""
        return None if self.out is None else self.out / PAGE_NAME


@dataclass(frozen=True)
class Known:
    """What is known of the person and of the clinic's own patients."""

    facts: Annotated[
        Path | None,
        typer.Option(
            metavar="FACTS.toml",
            help="What is known about the person. Unknown is not cleared.",
            show_default=False,
        ),
    ] = None
    learned: Annotated[
        Path | None,
        typer.Option(
            metavar="LEARNED.json",
            help="What this clinic's own patients taught (`facewire learn`).",
            show_default=False,
        ),
    ] = None
    mesh: Annotated[
        Path | None,
        typer.Option(
            metavar="MESH.json",
            help="The face's own points beside the result: with --out, the page moves them.",
            show_default=False,
        ),
    ] = None

    def read_facts(self) -> Facts | None:
        """Read the facts, where they are named."""
        from facewire.plan import read_facts

        return None if self.facts is None else read_facts(self.facts)[0]

    def read_learned(self) -> Learned | None:
        """Read what the clinic's own patients taught, where it is named."""
        from facewire.results.learned import Learned

        return None if self.learned is None else Learned.read(self.learned)

    def read_mesh(self) -> Mesh | None:
        """Read the face's own points, where they are named."""
        from facewire.results.pictures import Mesh

        return None if self.mesh is None else Mesh.read(self.mesh)


@grouped_options
def forecast(
    wiring: Annotated[
        Path, typer.Argument(metavar="WIRING.json", help="An inferred wiring.", show_default=False)
    ],
    output: ForecastOutput,
    known: Known,
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
    simulate_barred: Annotated[
        bool,
        typer.Option(
            "--simulate-barred",
            help="For professionals: simulate what a rule bars too; every page says so.",
        ),
    ] = False,
) -> None:
    """Simulate what treatments would change, day by day: a model's answer, not a promise."""
    from facewire import treatment
    from facewire.report import Unmeasured, document_page, write_page
    from facewire.results.wiring import Wiring

    targets = output.targets()
    model = Wiring.read(wiring)
    points, facts, learned = known.read_mesh(), known.read_facts(), known.read_learned()
    plan = treatment.read_plan(treatments, model.affected_side, days=days)
    found = treatment.forecast(
        model, plan, facts=facts, simulate_barred=simulate_barred, learned=learned
    )
    if output.page is not None:
        page = document_page(Unmeasured(forecast=found, mesh=points))
        write_page(output.page, page, overwrite=output.overwrite)
    for target in targets:
        found.write(target)
    if output.json_path == STDOUT:
        print_json(found.plain())
    else:
        print_forecast(results(), found)


def print_forecast(console: Console, found: Forecast) -> None:
    """Print a forecast in a screenful: a few days, what has no size, what must be known.

    Parameters
    ----------
    console : Console
        Where to.
    found : Forecast
    """
    from facewire.report import forecast_words
    from facewire.words.coverage import affected_words, seen_of

    if found.source.synthetic:
        console.print("Synthetic patient, not a person.", style="bold")
    for sentence in seen_of(found.source):
        console.print(sentence, soft_wrap=True)
    if found.affected_side is not None:
        side = affected_words(found.source, found.affected_side)
        console.print(f"Affected side: the patient's {side}.")
    _print_harms(console, found)
    for row in found.treatments:
        what = row.muscle or ", ".join(row.muscles or row.cuts or ())
        name = row.kind.replace("_", " ")
        words = f"day {row.day}, {row.side.word}: {name} {what}"
        console.print(Text(words.rstrip()), soft_wrap=True)
        if row.learned is not None:
            console.print(Text(f"  {forecast_words.applied(row.learned)}"), soft_wrap=True)
    for check in found.safety:
        console.print(Text(_check_words(check)), soft_wrap=True)
    if found.barred:
        console.print(Text(found.statement), style="bold", soft_wrap=True)
    console.print(_table(found))
    for way in found.directions:
        name = f"{way.region} {way.quantity.removesuffix('_mm')}, {way.side.word}"
        words = f"From day {way.from_day}: {name}: {way.direction}, size not published"
        console.print(Text(words), soft_wrap=True)
    for warning in found.warnings:
        console.print(Text(warning), soft_wrap=True)


def _check_words(check: TreatmentCheck) -> str:
    """Return the answer of the rules for one treatment, with what bars it or is not known."""
    worst = [rule for rule in check.safety if rule.answer is check.answer]
    found = "; ".join(dict.fromkeys(rule.found for rule in worst)) if worst else ""
    head = f"day {check.day}, {check.side.word}: {check.what}"
    if check.answer is Answer.CLEARED:
        return f"{head}: cleared: no rule here speaks against it"
    return f"{head}: {check.answer.replace('_', ' ').upper()}: {found}"


def _print_harms(console: Console, found: Forecast) -> None:
    """Print what may go wrong, before anything that may go well."""
    from facewire.report import harm_words
    from facewire.words import translate

    harms = found.harms
    if harms is None:
        return
    console.print("SIMULATED: what it may harm, brought or made worse", style="bold")
    told = harm_words.lines(harms)
    for line in (
        *harm_words.omitted_lines(harm_words.unseen(harms)),
        *map(harm_words.published, harms.of_operations),
        *(told or ["In the simulation nothing is brought that was not there."]),
        *map(harm_words.omitted, harm_words.never_simulated(harms)),
        translate(harms.beyond),
        *map(harm_words.published, harms.of_toxin),
    ):
        console.print(Text(line), soft_wrap=True)


def _table(found: Forecast) -> Table:
    title = "SIMULATED: middle with 95 % interval; Sunnybrook estimated, not validated"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    summary = found.summary
    columns: dict[str, Course] = {
        "Sunnybrook": summary.sunnybrook.composite,
        **_own(summary.sunnybrook.against_day_0),
        "smile, % of other side": summary.movement_symmetry[Movement.SMILE_OPEN],
        "eye at rest, mm": summary.rest_difference.eye,
        "corner at rest, mm": summary.rest_difference.commissure,
    }
    for name in ("day", *columns):
        table.add_column(name)
    for day in found.shown_days:
        table.add_row(str(day), *(_cell(course.at(day)) for course in columns.values()))
    return table


def _own(course: Course | None) -> dict[str, Course]:
    return {} if course is None else {"other side as on day 0": course}


def _cell(number: Estimate | None) -> str:
    if number is None:
        return "not told"
    return f"{number.value:.1f} ({number.low:.1f} to {number.high:.1f})"
