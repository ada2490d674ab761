"""Drawing: small pictures, few frames."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from facewire.errors import ModelError, UsageError
from facewire.face import Movement
from facewire.synthetic.face3d import compute_truth, render_frames, render_patient
from facewire.synthetic.face3d.renderer import burn_caption
from facewire.synthetic.face3d.rig import FaceRig
from facewire.synthetic.patient import Camera, PatientSpec, Protocol


def test_caption_leaves_the_face_alone() -> None:
    picture = np.full((360, 320, 3), 128, dtype=np.uint8)
    marked = burn_caption(picture)
    assert np.array_equal(marked[:340], picture[:340])
    assert (marked[340:] == 245).any()


def test_missing_numba_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith("facewire.synthetic.face3d.r")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(UsageError, match=r"numba.*pip install facewire\[simulate\]"):
        import facewire.synthetic.face3d.raster  # noqa: F401


def test_bundle_that_is_missing_is_named(tmp_path: Path, healthy: PatientSpec) -> None:
    with pytest.raises(ModelError, match=r"none\.task"):
        render_patient(healthy, tmp_path / "none.task", tmp_path / "clip.mp4")


@pytest.fixture
def blink_of_a_clip(healthy: PatientSpec) -> PatientSpec:
    asked = Protocol(
        (Movement.SMILE_OPEN,), 1, opening_rest_s=0.5, rest_s=0.2, ramp_s=0.2, hold_s=0.2
    )
    camera = Camera(width_px=96, height_px=108, fps=5, noise_sigma=1.0)
    return replace(healthy, protocol=asked, camera=camera)


@pytest.mark.slow
@pytest.mark.models
def test_clip_and_truth_lie_side_by_side(
    bundle_path: Path, tmp_path: Path, blink_of_a_clip: PatientSpec
) -> None:
    pytest.importorskip("numba")
    seen: list[tuple[int, int]] = []
    out = tmp_path / "case.mp4"
    truth = render_patient(blink_of_a_clip, bundle_path, out, lambda *step: seen.append(step))
    n = len(truth.performance.times_s)
    assert seen == [(i + 1, n) for i in range(n)]
    cues = json.loads((tmp_path / "case.protocol.json").read_text())
    assert [c["movement"] for c in cues] == ["smile_open"]
    with np.load(tmp_path / "case.truth.npz") as arrays:
        assert arrays["t"].shape == (n,)
        assert arrays["without_miswiring_commissure_L"].shape == (n, 3)
    assert json.loads((tmp_path / "case.truth.json").read_text())["case"] == "healthy"
    assert out.stat().st_size > 1000


@pytest.mark.slow
@pytest.mark.models
def test_same_seed_same_pictures(rig: FaceRig, blink_of_a_clip: PatientSpec) -> None:
    pytest.importorskip("numba")
    truth = compute_truth(blink_of_a_clip, rig)
    one, again = (list(islice(render_frames(truth, rig), 2)) for _ in range(2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one[0], one[1])
    assert one[0].shape == (108, 96, 3)
    assert one[0].std() > 20
