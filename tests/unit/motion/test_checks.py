"""What motion hands on is checked when it is made: shapes, scale, order, ranges."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from facewire.errors import TrackError, UsageError
from facewire.face import CHANNELS, Side
from facewire.motion import FaceMesh, FaceMeshes, FixedHead, Hold, MotionSettings, MotionSignals
from facewire.motion.blinks import Blink
from facewire.motion.maps import FittedMaps, no_maps
from facewire.motion.pose import HeadPose
from facewire.results.measurement import Scale

N = 3
SCALE = Scale(source="iris", reference_mm=11.7, relative_sd=0.04, mm_per_px=0.5)
TWO = np.zeros(2)
FACE = np.zeros((468, 2))

SIGNALS = MotionSignals(
    times_s=np.arange(N) / 30,
    position_mm=np.zeros((N, len(CHANNELS))),
    sd_mm=np.full((N, len(CHANNELS)), 0.1),
    pose_deg=np.zeros((N, 3)),
    blink=np.zeros(N, dtype=bool),
    marks={"lost": np.zeros(N, dtype=bool)},
    scale=SCALE,
)
POSE = HeadPose(np.zeros((468, 3)), np.ones(N), np.zeros((N, 3, 3)), np.zeros((N, 2)), np.zeros(N))
EVERY = np.ones(N, dtype=bool)
HEAD = FixedHead(
    EVERY, np.zeros((N, 468, 2)), np.zeros((N, 2, 76, 2)), EVERY, True, POSE, SCALE, mm_per_unit=0.5
)
MESH = FaceMesh(FACE, dict.fromkeys(Side, np.zeros((16, 2))), dict.fromkeys(Side, TWO), 1)
MESHES = FaceMeshes(MESH, {}, np.zeros(468), 11.7)
BLINK = Blink(1.0, 1.1, 1.3)
HOLD = Hold("smile_open", 1.0, 2.0, 0.0, 0.5)

WRONG: list[tuple[Any, dict[str, Any]]] = [
    (SIGNALS, {"sd_mm": np.zeros((N, 2))}),
    (SIGNALS, {"sd_mm": np.full((N, len(CHANNELS)), -0.1)}),
    (SIGNALS, {"times_s": np.array([0.0, 0.2, 0.1])}),
    (SIGNALS, {"times_s": np.array([0.0, np.nan, 0.1])}),
    (SIGNALS, {"marks": {"lost": np.zeros(N + 1, dtype=bool)}}),
    (SIGNALS, {"marks": {"tired": np.zeros(N, dtype=bool)}}),
    (POSE, {"scale": np.array([1.0, -1.0, 1.0])}),
    (POSE, {"scale": np.array([1.0, np.nan, 1.0])}),
    (POSE, {"rotation": np.zeros((N, 2, 3))}),
    (POSE, {"template": np.zeros((478, 3))}),
    (HEAD, {"mm_per_unit": -0.5}),
    (HEAD, {"mm_per_unit": np.nan}),
    (HEAD, {"usable": np.array([True, False, True])}),
    (HEAD, {"eyes_px": np.zeros((N, 2, 71, 2))}),
    (no_maps(), {"odd": np.zeros((8, 8))}),
    (MESH, {"points_mm": np.zeros((478, 2))}),
    (MESH, {"lids_mm": dict.fromkeys(Side, np.zeros((15, 2)))}),
    (MESH, {"iris_mm": dict.fromkeys(Side, np.zeros(3))}),
    (MESH, {"repetitions": 0}),
    (MESHES, {"depth_mm": np.zeros(478)}),
    (BLINK, {"closed_s": 1.4}),
    (BLINK, {"start_s": 1.2}),
    (HOLD, {"end_s": 0.9}),
    (HOLD, {"rest_end_s": -0.1}),
]


@pytest.mark.parametrize(("right", "change"), WRONG)
def test_what_cannot_be_is_refused(right: Any, change: dict[str, Any]) -> None:
    assert type(replace(right)) is type(right)
    with pytest.raises(TrackError):
        replace(right, **change)


@pytest.mark.parametrize("iris_mm", [-5.0, 0.0, 8.9, 14.1, np.nan])
def test_an_iris_of_no_person_is_refused(iris_mm: float) -> None:
    with pytest.raises(UsageError, match="9 to 14 mm"):
        MotionSettings(iris_mm=iris_mm)


def test_maps_of_another_number_of_signals_are_named() -> None:
    with pytest.raises(TrackError, match=r"even \(9, 8\) instead of \(9, 9\)"):
        FittedMaps(np.zeros((9, 8)), np.zeros((9, 9)))
