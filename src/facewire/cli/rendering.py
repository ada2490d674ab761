"""Rendering a clip from the command line: where its files go and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from facewire.cli.screen import ProgressReport

if TYPE_CHECKING:
    from facewire.synthetic.patient_spec import PatientSpec


def render_clip(
    spec: PatientSpec, video: Path, model: Path | None, progress: ProgressReport
) -> dict[str, Path]:
    """Render a patient and return the files written: ``video``, ``truth``, ``cues``.

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

    bundle = find_network(FACE_BUNDLE, model)
    render_patient(spec, bundle, video, lambda done, of: progress("render", done / of))
    stem = video.with_suffix("")
    return {
        "video": video,
        "truth": Path(f"{stem}.truth.json"),
        "cues": Path(f"{stem}.protocol.json"),
    }
