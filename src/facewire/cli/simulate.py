"""`facewire simulate`: a described patient becomes a clip with exact truth beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.screen import interruptible, print_json, results, shown_progress
from facewire.errors import OutputExistsError


def simulate(
    patient: Annotated[
        Path,
        typer.Argument(metavar="PATIENT.toml", help="Who, doing what.", show_default=False),
    ],
    video: Annotated[
        Path, typer.Option(metavar="OUT.mp4", help="Clip to write.", show_default=False)
    ],
    model: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Folder of the network files.", show_default=False),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print for programs.")] = False,
) -> None:
    """Render a synthetic patient: a clip, its cue sheet and the truth about every movement."""
    from facewire.cli.rendering import render_clip
    from facewire.synthetic.patient import load_patient

    spec = load_patient(patient)
    if video.exists() and not overwrite:
        raise OutputExistsError(
            f"The clip {video} exists", do="name another one, or add --overwrite"
        )
    with interruptible("The unfinished clip is not usable."), shown_progress() as progress:
        written = render_clip(spec, video, model, progress)
    if as_json:
        print_json({name: str(path) for name, path in written.items()})
    else:
        for name, path in written.items():
            results().print(f"{name:<10} {path}", soft_wrap=True)
