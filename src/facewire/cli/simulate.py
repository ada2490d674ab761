"""`facewire simulate`: a described patient becomes a clip with exact truth beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.grouping import grouped_options
from facewire.cli.options import ProgramOutput
from facewire.cli.rendering import files_of_clip, render_clip
from facewire.cli.screen import interruptible, results, shown_progress


@grouped_options
def simulate(
    patient: Annotated[
        Path,
        typer.Argument(metavar="PATIENT.toml", help="Who, doing what.", show_default=False),
    ],
    output: ProgramOutput,
    video: Annotated[
        Path, typer.Option(metavar="OUT.mp4", help="Clip to write.", show_default=False)
    ],
    model: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Folder of the network files.", show_default=False),
    ] = None,
) -> None:
    """Render a synthetic patient: a clip, its cue sheet and the truth about every movement."""
    from facewire.synthetic.patient import load_patient

    spec = load_patient(patient)
    output.refuse_existing(*files_of_clip(video).values())
    with interruptible("The unfinished clip is not usable."), shown_progress() as progress:
        files = render_clip(spec, video, model, progress)
    if output.give({name: str(path) for name, path in files.items()}):
        for name, path in files.items():
            results().print(f"{name:<10} {path}", soft_wrap=True)
