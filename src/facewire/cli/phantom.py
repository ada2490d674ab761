"""`facewire phantom`: what this camera, light and distance show of known changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from facewire.cli.options import ProgramOutput, TrackingChoices, grouped_options
from facewire.cli.screen import interruptible, results, shown_progress

if TYPE_CHECKING:
    from facewire.results.phantom import Phantom


@grouped_options
def phantom(
    video: Annotated[
        Path,
        typer.Argument(
            metavar="VIDEO",
            help="A healthy person in this room, filmed with this camera: rest, a smile or pucker "
            "and a closure of the eyes, each three times.",
            show_default=False,
        ),
    ],
    output: ProgramOutput,
    tracking: TrackingChoices,
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Folder for figures, page and measurements.", show_default=False
        ),
    ],
    cues: Annotated[
        Path | None,
        typer.Option(
            metavar="CUES.json",
            help="Cue sheet: when each movement was asked for. Without it, movements are found.",
            show_default=False,
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the copies' video files; they show the person.")
    ] = False,
) -> None:
    """Check a room: draw known changes into copies of a healthy person's recording, measure them.

    It says how small a change this camera, light and distance show.
    """
    from facewire.phantom import DOCUMENT, PAGE, CheckOptions, check_room
    from facewire.report import write_page
    from facewire.report.phantom_page import phantom_page

    output.refuse_existing(out / DOCUMENT, out / PAGE)
    kept = f"What was measured is kept in {out}; the same command continues from there."
    with interruptible(kept), shown_progress() as progress:
        options = CheckOptions(cues, tracking.to_pipeline(), keep, output.overwrite)
        found = check_room(video, out, options, progress)
    write_page(out / PAGE, phantom_page(found), overwrite=True)
    if output.give(found.plain()):
        _show(found, out / PAGE)


def _show(found: Phantom, page: Path) -> None:
    from facewire.report.phantom_page import (
        alarm_sentences,
        figures,
        headline,
    )
    from facewire.words import region_name

    console = results()
    if found.synthetic:
        console.print("Synthetic patient: a rendered face, not a person.", style="bold")
    console.print(headline(found), style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    for each in found.regions:
        table.add_column(region_name(each.region), justify="right", no_wrap=True)
    for title, words in figures(found).items():
        table.add_row(title, *(words(each) for each in found.regions))
    console.print(table)
    for line in alarm_sentences(found):
        console.print(line)
    for message in found.messages:
        console.print(f"{message.level}: {message.text}")
    console.print(f"Page: {page}", soft_wrap=True)
