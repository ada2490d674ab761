"""Which frames become the rest picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from facewire.landmarks import flow
from facewire.landmarks.flow import REST_FRAMES, FlowSettings, RestFrames
from facewire.video import Frame

RATE_HZ = 20


class _Taken:
    """Stands for the rest picture and tells which frames it was made of."""

    def __init__(self, planes: list[NDArray[np.uint8]], *_: object) -> None:
        self.frames = [int(plane[0, 0]) for plane in planes]


@pytest.fixture(autouse=True)
def _no_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "RestPicture", _Taken)


def _frame(index: int) -> Frame:
    plane = np.full((4, 4), index, np.uint8)
    return Frame(index, index / RATE_HZ, plane, plane, plane, full_range=True)


def _face(openness: float, smile_px: float = 0.0) -> NDArray[np.float64]:
    """Outer eye corners 100 px apart; lids ``openness`` times that apart."""
    points = np.zeros((478, 3))
    points[:, :2] = np.random.default_rng(0).uniform(0, 100, (478, 2))
    points[33, :2], points[263, :2] = (0, 0), (100, 0)
    for up, low in flow.LIDS:
        points[up, :2], points[low, :2] = (50, -50 * openness), (50, 50 * openness)
    points[0:30, 1] += smile_px
    points[400:468, 1] -= smile_px
    return points


def _taken(faces: list[NDArray[np.float64]]) -> tuple[int, list[int]]:
    rest = RestFrames(FlowSettings())
    for i, face in enumerate(faces):
        picture = rest.offer(_frame(i), face)
        if isinstance(picture, _Taken):
            return i, picture.frames
    raise AssertionError("no rest picture")


def test_steady_face_is_taken_soon() -> None:
    at, frames = _taken([_face(0.1)] * 60)
    assert at / RATE_HZ == pytest.approx(flow.EARLIEST_S)
    assert len(frames) == REST_FRAMES


def test_a_blink_at_the_start_is_not_chosen() -> None:
    blink = [0.1, 0.1, 0.1, 0.06, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.04, 0.08]
    _, frames = _taken([_face(v) for v in [*blink, *[0.1] * 40]])
    assert frames[0] >= len(blink)


def test_closed_eyes_at_the_start_are_waited_out() -> None:
    """Whoever holds the eyes closed holds them still."""
    closed = [0.03] * 80
    _, frames = _taken([_face(v) for v in [*closed, 0.07, *[0.1] * 40]])
    assert frames[0] >= len(closed)


def test_eyes_that_never_open_are_taken_in_the_end() -> None:
    at, _ = _taken([_face(0.03)] * 240)
    assert at / RATE_HZ == pytest.approx(flow.LATEST_CLOSED_S)


def test_the_frames_before_the_rest_picture_are_held_once() -> None:
    rest = RestFrames(FlowSettings())
    offered = 0
    while rest.picture is None:
        rest.offer(_frame(offered), _face(0.1))
        assert rest.waiting is (rest.picture is None)
        offered += 1
    held = [rest.held(i / RATE_HZ) for i in range(offered)]
    assert [int(one[0][0, 0]) for one in held if one] == list(range(offered - 1))
    assert held[-1] is None
    assert rest.held(0.0) is None


def test_what_is_held_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "MOST_HELD_BYTES", 5 * 16)
    rest = RestFrames(FlowSettings())
    for i in range(8):
        rest.offer(_frame(i), _face(0.1))
    assert [i for i in range(8) if rest.held(i / RATE_HZ)] == [3, 4, 5, 6, 7]


def test_a_recording_that_ends_early_has_its_steadiest_frames() -> None:
    rest = RestFrames(FlowSettings())
    for i in range(REST_FRAMES + 1):
        assert rest.offer(_frame(i), _face(0.1)) is None
    rest.settle()
    assert isinstance(rest.picture, _Taken)


def test_never_still_takes_the_steadiest_in_time() -> None:
    random = np.random.default_rng(1)
    faces = [_face(0.1 + random.normal(0, 0.01)) for _ in range(80)]
    at, frames = _taken(faces)
    assert at / RATE_HZ == pytest.approx(flow.LATEST_S)
    opens = [np.ptp(_heights(faces[i : i + REST_FRAMES])) for i in range(at)]
    assert np.ptp(_heights(faces[frames[0] : frames[-1] + 1])) < np.median(opens)


def _heights(faces: list[NDArray[np.float64]]) -> list[float]:
    up, low = flow.LIDS[0]
    return [float(face[low, 1] - face[up, 1]) for face in faces]


def test_only_face_points_of_frames_with_a_face_are_needed() -> None:
    """Before there are enough frames, there is no rest picture."""
    rest = RestFrames(FlowSettings())
    assert [rest.offer(_frame(i), _face(0.1)) for i in range(REST_FRAMES - 1)] == [None] * 4
