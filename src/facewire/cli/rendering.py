"""Rendering a clip from the command line: where its files go and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from facewire.cli.extras import needs
from facewire.cli.screen import ProgressReport

if TYPE_CHECKING:
    from facewire.synthetic.patient_spec import PatientSpec


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
