"""Writing a synthetic patient's clip with its truth beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import StorageError
from facewire.synthetic.face3d.rig import FaceRig, build_rig
from facewire.synthetic.face3d.truth import (
    PatientTruth,
    compute_truth,
    cue_sheet,
    truth_arrays,
    truth_table,
)
from facewire.synthetic.patient_spec import PatientSpec

Bytes = NDArray[np.uint8]
Progress = Callable[[int, int], None]

_QUALITY = "20"


def render_patient(
    spec: PatientSpec, bundle: Path, out_mp4: Path, progress: Progress | None = None
) -> PatientTruth:
    """Draw the patient's clip and write its truth beside it.

    Writes ``NAME.mp4``, ``NAME.truth.json``, ``NAME.truth.npz`` and ``NAME.protocol.json`` in
    the folder of ``out_mp4``; files that exist are replaced.

    Parameters
    ----------
    spec : PatientSpec
        Who, doing what, filmed how.
    bundle : Path
        The model bundle, whose face mesh is used.
    out_mp4 : Path
        The clip to write.
    progress : callable, optional
        Called with the number of frames drawn and of all frames.

    Returns
    -------
    PatientTruth
        What was also written.

    Raises
    ------
    UsageError
        numba is not installed.
    ModelError
        The bundle cannot be read.
    StorageError
        The files cannot be written.
    """
    rig = build_rig(bundle, spec.face.asymmetry)
    truth = compute_truth(spec, rig)
    try:
        out_mp4.parent.mkdir(parents=True, exist_ok=True)
        _encode(render_frames(truth, rig, progress), spec, out_mp4)
        write_truth(truth, out_mp4)
    except OSError as error:
        raise StorageError(
            f"The clip {out_mp4} cannot be written", found=str(error), do="free space or move it"
        ) from error
    return truth


def render_frames(
    truth: PatientTruth, rig: FaceRig, progress: Progress | None = None
) -> Iterator[Bytes]:
    """Yield every picture of the clip, shape (height, width, 3), RGB."""
    from facewire.synthetic.face3d.renderer import build_renderer, render_frame

    renderer = build_renderer(truth.spec, rig)
    times_s = truth.performance.times_s
    activations = truth.performance.activations(times_s)
    angles_deg, shifts_mm = truth.performance.head_pose(times_s)
    for i, activation in enumerate(activations):
        yield render_frame(renderer, activation, (angles_deg[i], shifts_mm[i]), i)
        if progress is not None:
            progress(i + 1, len(times_s))


def write_truth(truth: PatientTruth, out_mp4: Path) -> None:
    """Write the three truth files of a clip beside it."""
    stem = out_mp4.with_suffix("")
    table = json.dumps(truth_table(truth), indent=1)
    Path(f"{stem}.truth.json").write_text(table, encoding="utf-8")
    cues = json.dumps(cue_sheet(truth.performance), indent=1)
    Path(f"{stem}.protocol.json").write_text(cues, encoding="utf-8")
    arrays: dict[str, Any] = {k: v.astype(np.float32) for k, v in truth_arrays(truth).items()}
    np.savez_compressed(f"{stem}.truth.npz", **arrays)


def _encode(frames: Iterator[Bytes], spec: PatientSpec, out_mp4: Path) -> None:
    import av

    rate = Fraction(spec.camera.fps).limit_denominator(1001)
    with av.open(str(out_mp4), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = spec.camera.width_px, spec.camera.height_px
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": _QUALITY, "preset": "veryfast"}
        stream.codec_context.thread_count = 2
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
