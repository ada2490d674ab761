"""`facewire measure`: a recording or a stored track becomes a synkinesis map and a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.options import STDOUT, MeasuringChoices, TrackingChoices, grouped_options
from facewire.cli.screen import interruptible, print_json, results, shown_progress
from facewire.cli.summary import print_summary
from facewire.errors import UsageError


def _kept(out: Path | None, json_path: Path | None) -> str:
    """Say where an interrupted run leaves what was tracked."""
    place = out or (None if json_path is None else json_path.parent)
    if place is None:
        return "Nothing is kept: with --out or a file for --json, tracking could be continued."
    return f"What was tracked is kept in {place}; the same command continues from there."


@grouped_options
def measure(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="VIDEO|TRACK", help="The recording, or a stored track.", show_default=False
        ),
    ],
    measuring: MeasuringChoices,
    tracking: TrackingChoices,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for result, track, signals, report.", show_default=False
        ),
    ] = None,
    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="RESULT.json",
            help="Also write the result here; - prints it instead of the table.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Measure a recording: which movement moves which other part of the face, and how much."""
    from facewire import pipeline

    if out is None and json_path is None:
        raise UsageError(
            "There is nowhere to write to",
            expected="--out or --json",
            do="name a folder with --out",
        )
    to_stdout = json_path == STDOUT
    with interruptible(_kept(out, None if to_stdout else json_path)), shown_progress() as progress:
        result = pipeline.measure(
            source,
            out,
            None if to_stdout else json_path,
            tracking.to_pipeline(),
            measuring.to_pipeline(source),
            progress,
        )
    if to_stdout:
        print_json(result.plain())
    else:
        print_summary(results(), result, out)
