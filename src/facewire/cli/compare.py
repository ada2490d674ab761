"""`facewire compare`: what changed between visits of one person."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from facewire.cli.options import STDOUT, grouped_options
from facewire.cli.screen import print_json, remarks, results
from facewire.errors import UsageError
from facewire.face import Movement, Region
from facewire.files import decoded, read_input, refuse_existing

if TYPE_CHECKING:
    from facewire.comparison import CourseFile, Floors
    from facewire.results.comparison import Comparison
    from facewire.results.forecast import Forecast


@dataclass(frozen=True)
class CourseChoices:
    """The course that the visits belong to."""

    course: Annotated[
        Path | None,
        typer.Option(
            metavar="COURSE.toml",
            help="Dated visits and treatments, instead of naming the results: trends over visits.",
            show_default=False,
        ),
    ] = None
    forecast: Annotated[
        Path | None,
        typer.Option(
            metavar="FORECAST.json",
            help="A simulated course, laid under the measured one (with --course).",
            show_default=False,
        ),
    ] = None

    def read(self, visits: list[Path]) -> CourseFile | None:
        """Read the course; None where the results are named instead."""
        from facewire.comparison import read_course

        if (self.course is None) == (not visits):
            raise UsageError(
                "The visits are named twice or not at all",
                expected="results of two or more visits, or --course COURSE.toml",
            )
        if self.forecast and self.course is None:
            raise UsageError(
                "A forecast is laid under a course", expected="--course COURSE.toml beside it"
            )
        return None if self.course is None else read_course(self.course)

    def read_forecast(self) -> Forecast | None:
        """Read the forecast, where one is named."""
        from facewire.results.forecast import Forecast

        return None if self.forecast is None else Forecast.read(self.forecast)


@dataclass(frozen=True)
class CompareTargets:
    """Where the comparison is written."""

    json: Annotated[
        Path | None,
        typer.Option(
            metavar="C.json",
            help="Write the comparison here; - prints it instead of the table.",
            show_default=False,
        ),
    ] = None
    html: Annotated[
        Path | None,
        typer.Option(metavar="C.html", help="Page to write.", show_default=False),
    ] = None
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False

    def check(self) -> None:
        """Refuse to start over output that is there."""
        file = None if self.json == STDOUT else self.json
        refuse_existing(file, self.html, overwrite=self.overwrite)

    def write(self, document: Comparison) -> None:
        """Write the document and its page, as far as they are wanted, and show it."""
        if self.html:
            from facewire.report import comparison_page, write_page

            write_page(self.html, comparison_page(document), overwrite=self.overwrite)
        if self.json == STDOUT:
            print_json(document.plain())
            return
        if self.json:
            document.write(self.json)
        _show(document)


@grouped_options
def compare(
    targets: CompareTargets,
    choices: CourseChoices,
    visits: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="A.json B.json ...",
            help="Results of one person, in the order of time.",
            show_default=False,
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="MOVEMENT:REGION",
            help="The one outcome named in advance, such as smile_open:eye.",
            show_default=False,
        ),
    ] = None,
    retest: Annotated[
        Path | None,
        typer.Option(
            metavar="PAIRS.csv",
            help="Own repeated recordings of 30 or more people: columns first, second (results).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Compare visits: each change with its interval, and whether it is more than measuring again.

    Involuntary changes are compared at the same voluntary amplitude; the first visit stays the
    reference. With a course file, also the trend of every outcome.
    """
    from facewire.comparison import compare_course, compare_visits, read_visit

    targets.check()
    file = choices.read(visits or [])
    floors, named = _floors(retest) if retest else None, _outcome(outcome)
    if file is None:
        found = compare_visits([read_visit(path) for path in visits or []], floors, named)
    else:
        found = compare_course(file, floors, named, choices.read_forecast())
    targets.write(found)


def _outcome(text: str | None) -> tuple[Movement, Region] | None:
    if text is None:
        return None
    movement, _, region = text.partition(":")
    try:
        return Movement(movement), Region(region)
    except ValueError as error:
        raise UsageError(
            "The outcome is not known",
            expected="MOVEMENT:REGION, such as smile_open:eye",
            found=text,
        ) from error


def _floors(pairs: Path) -> Floors:
    from facewire.comparison import floors_from_retest, read_visit

    wanted = "a table in UTF-8 with the columns first and second, one row a person"
    try:
        lines = decoded(read_input(pairs, wanted)).splitlines()
        rows = list(csv.DictReader(lines, strict=True))
    except (ValueError, csv.Error) as error:
        raise UsageError(
            f"The table {pairs} cannot be read",
            expected=wanted,
            found=str(error),
            do="store it again as CSV in UTF-8",
        ) from error
    if not rows or not {"first", "second"} <= set(rows[0]):
        raise UsageError(
            f"The table {pairs} does not name pairs of results",
            expected=wanted,
            found=", ".join(rows[0]) if rows else "no row",
        )
    folder = pairs.parent
    return floors_from_retest(
        [(read_visit(folder / row["first"]), read_visit(folder / row["second"])) for row in rows]
    )


def _show(document: Comparison) -> None:
    from facewire.report import change_words
    from facewire.words import mm, translate, with_interval

    for one in change_words.later_visits(document):
        first = document.visits[0]
        table = _table(
            translate("{visit} against {first}").format(visit=one.visit, first=first),
            translate("difference [95 %]"),
            translate("smallest detectable"),
        )
        for row in one.rows:
            table.add_row(
                f"{change_words.title(row, named=row.named)}, {change_words.kind(row)}",
                with_interval(change_words.difference(row), row.ci_low, row.ci_high),
                mm(row.sdc_mm),
                change_words.answer(row),
            )
        results().print(table)
        if one.others:
            results().print(one.others_title, soft_wrap=True)
    _show_trends(document)
    if untold := change_words.untold(document):
        results().print(untold, soft_wrap=True)
    for note in document.notes:
        remarks().print(translate(note), soft_wrap=True)


def _table(title: str, *numbers: str) -> Table:
    from facewire.words import translate

    table = Table(box=None, title=title, title_justify="left", padding=(0, 2, 0, 0))
    table.add_column(translate("movement → region"))
    for name in numbers:
        table.add_column(name, max_width=22, no_wrap=name == numbers[0])
    table.add_column(translate("change?"))
    return table


def _show_trends(document: Comparison) -> None:
    from facewire.report import change_words
    from facewire.report.comparison_page import joined_words, told_outcomes
    from facewire.words import translate, with_interval

    told, _ = told_outcomes(document)
    trends = [(one, trend) for one in told for trend in one.trends]
    if not trends:
        return
    title = translate("Trends: from the first to the last visit that can be joined")
    table = _table(title, translate("difference [95 %]"), translate("joined"))
    for one, trend in trends:
        table.add_row(
            f"{change_words.title(one, named=trend.named)}, {change_words.kind(one)}",
            with_interval(change_words.difference(trend), trend.ci_low, trend.ci_high),
            joined_words(trend),
            change_words.answer(trend),
        )
    results().print(table)
