"""`facewire model`: fetching and checking the network files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.screen import print_json, results, shown_progress

app = typer.Typer(help="Fetch and check the network files.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print for programs.")]


@app.command("fetch")
def fetch(
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where to put them; else the user cache.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch both network files from their official addresses: the only command that connects."""
    from facewire.landmarks.fetch import fetch_network
    from facewire.landmarks.models import NETWORK_FILES, cache_folder

    target = folder or cache_folder() / "models"
    with shown_progress() as progress:
        paths = [
            fetch_network(wanted, target, partial(progress, wanted.name))
            for wanted in NETWORK_FILES
        ]
    _print_paths(paths, as_json=as_json)


@app.command("check")
def check(
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to look in first.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which network files are used, after checking their hashes."""
    from facewire.landmarks.models import NETWORK_FILES, find_network

    _print_paths([find_network(wanted, folder) for wanted in NETWORK_FILES], as_json=as_json)


def _print_paths(paths: list[Path], *, as_json: bool) -> None:
    if as_json:
        print_json({path.name: str(path) for path in paths})
        return
    for path in paths:
        results().print(f"{path.name}: {path}, hash as expected", soft_wrap=True)
