"""`facewire compare`: what changed between visits of one person."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from facewire.cli.documents import refuse_existing, write_document
from facewire.cli.screen import remarks, results
from facewire.errors import UsageError
from facewire.face import Movement, Region

if TYPE_CHECKING:
    from facewire.comparison import Comparison, Floors


def compare(
    visits: Annotated[
        list[Path],
        typer.Argument(
            metavar="A.json B.json ...",
            help="Results of one person, in the order of time.",
            show_default=False,
        ),
    ],
    json: Annotated[
        Path | None,
        typer.Option(metavar="C.json", help="Comparison to write.", show_default=False),
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
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False,
) -> None:
    """Compare visits: each change with its interval, and whether it is more than measuring again.

    Involuntary changes are compared at the same voluntary amplitude; the first visit stays the
    reference.
    """
    from facewire.comparison import compare_visits, comparison_document, read_visit

    if json:
        refuse_existing(json, overwrite=overwrite)
    floors = _floors(retest) if retest else None
    found = compare_visits([read_visit(path) for path in visits], floors, _outcome(outcome))
    document = comparison_document(found)
    if json:
        write_document(json, document)
    _show(found, document)


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

    try:
        with pairs.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise UsageError(
            f"The table {pairs} cannot be read", found=error.strerror or str(error)
        ) from error
    if not rows or not {"first", "second"} <= set(rows[0]):
        raise UsageError(
            f"The table {pairs} does not name pairs of results",
            expected="columns first and second, one row a person",
            found=", ".join(rows[0]) if rows else "no row",
        )
    folder = pairs.parent
    return floors_from_retest(
        [(read_visit(folder / row["first"]), read_visit(folder / row["second"])) for row in rows]
    )


def _show(found: Comparison, document: dict[str, Any]) -> None:
    table = Table(box=None, title="Involuntary movement, later minus first visit, at equal effort")
    for name in ("visit", "movement", "region", "change [95 %]", "smallest detectable", "more?"):
        table.add_column(name)
    for row in document["changes"]:
        if row["change_mm"] is not None:
            change = f"{row['change_mm']:+.1f} mm [{row['ci_low']:+.1f} to {row['ci_high']:+.1f}]"
            answer = "yes" if row["beyond_sdc"] else "no"
            place = (row["visit"], row["movement"], row["region"])
            table.add_row(*place, change, f"{row['sdc_mm']:.1f} mm", answer)
    results().print(table)
    missing = sum(row["change_mm"] is None for row in document["changes"])
    if missing:
        results().print(f"{missing} not comparable; the file gives each reason.")
    for note in found.notes:
        remarks().print(note, soft_wrap=True)
