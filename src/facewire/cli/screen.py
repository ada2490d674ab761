"""What every command shows: results on stdout; errors, progress and remarks on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from facewire.errors import FacewireError

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells count it."""

ProgressReport = Callable[[str, float], None]
"""Called with the name of a step and the part of it that is done, 0 to 1."""


def results() -> Console:
    """Return the console that results go to."""
    return Console(highlight=False)


def remarks() -> Console:
    """Return the console that everything but results goes to."""
    return Console(stderr=True, highlight=False)


def print_json(document: Mapping[str, Any]) -> None:
    """Print a document for programs; NaN is refused because JSON has none."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def print_error(error: FacewireError) -> None:
    """Print an error as its parts, one line each."""
    lines = [("Error", error.what), ("Expected", error.expected), ("Found", error.found)]
    console = remarks()
    for title, text in [*lines, ("What to do", error.do)]:
        if text:
            console.print(Text.assemble((f"{title}: ", "bold"), text), soft_wrap=True)


@contextmanager
def shown_progress() -> Iterator[ProgressReport]:
    """Show a bar for each step while the block runs; nothing where stderr is not a terminal."""
    console = remarks()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def report(step: str, done: float) -> None:
            if step not in bars:
                bars[step] = progress.add_task(step, total=1.0)
            progress.update(bars[step], completed=min(max(done, 0.0), 1.0))

        yield report


@contextmanager
def interruptible(kept: str) -> Iterator[None]:
    """End an interrupted job with exit code 130 and a line that says what was kept.

    Parameters
    ----------
    kept : str
        What was kept and how to go on.
    """
    try:
        yield
    except KeyboardInterrupt:
        remarks().print(Text.assemble(("Interrupted. ", "bold"), kept), soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None
