"""A short rendered clip that the tests of the whole path share."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

SMALL_PATIENT = """
name = "small"
affected_side = "R"
seed = 7

[[miswiring]]
from = "smile"
to = "orbicularis_oculi_palpebral"
gain = 0.4

[camera]
width_px = 400
height_px = 448
fps = 24.0

[protocol]
movements = ["smile_open"]
repetitions = 3
"""

LONGEST_RENDER_S = 600


@pytest.fixture(scope="session")
def small_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Path of the clip; its cue sheet and truth lie beside it. Workers share one rendering."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "small-clip"
    clip, done = folder / "small.mp4", folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(done)
        return clip
    from facewire.landmarks.models import FACE_BUNDLE, find_network
    from facewire.synthetic.face3d import render_patient
    from facewire.synthetic.patient import load_patient

    description = folder / "small.toml"
    description.write_text(SMALL_PATIENT)
    render_patient(load_patient(description), find_network(FACE_BUNDLE), clip)
    done.touch()
    return clip


def _wait_for(path: Path) -> None:
    end = time.monotonic() + LONGEST_RENDER_S
    while not path.exists():
        assert time.monotonic() < end, f"{path} was never made"
        time.sleep(0.2)
