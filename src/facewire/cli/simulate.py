"""`facewire simulate`: a described patient becomes a clip with exact truth beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facewire.cli.extras import needs
from facewire.cli.options import ProgramOutput, grouped_options
from facewire.cli.screen import ProgressReport, interruptible, results, shown_progress

if TYPE_CHECKING:
    from facewire.synthetic.patient_spec import PatientSpec


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


def files_of_clip(video: Path) -> dict[str, Path]:
    """Return the files of a rendered clip: ``video``, ``truth``, ``arrays`` of it, ``cues``."""
    stem = video.with_suffix("")
    return {
        "video": video,
        "truth": Path(f"{stem}.truth.json"),
        "arrays": Path(f"{stem}.truth.npz"),
        "cues": Path(f"{stem}.protocol.json"),
    }


def render_clip(
    spec: PatientSpec, video: Path, model: Path | None, progress: ProgressReport
) -> dict[str, Path]:
    """Render a patient and return the files written, see `files_of_clip`.

    Parameters
    ----------
    spec : PatientSpec
        Who, doing what.
    video : Path
        Clip to write.
    model : Path or None
        Folder of the network files, whose face mesh is used.
    progress : callable
        Told the step ``render`` and the part done.
    """
    from facewire.landmarks.models import FACE_BUNDLE, find_network
    from facewire.synthetic.face3d import render_patient

    needs("simulate")
    bundle = find_network(FACE_BUNDLE, model)
    render_patient(spec, bundle, video, lambda done, of: progress("render", done / of))
    return files_of_clip(video)
