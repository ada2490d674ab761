"""What is followed in which order: in turn while it keeps up, the newest first when it does not."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from camera_pictures import camera_pictures
from facewire.clinic.live import follower as module
from facewire.clinic.live.follower import Arrived, Follower, Message
from facewire.landmarks.models import ModelBytes, read_models
from facewire.landmarks.tracker import TrackerSettings
from facewire.pipeline import TrackOptions, track_video
from facewire.results.provenance import Source
from facewire.video.pictures import write_pictures
from whole_tracks import load_track

pytestmark = pytest.mark.models
LENGTH_S = 3.2


SESSION = Source(name="live session", width_px=280)


@pytest.fixture(scope="module")
def models() -> ModelBytes:
    return read_models()


class AtOnce(Executor):
    """Does at once what else is done meanwhile: how fast the machine is then changes nothing."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@pytest.fixture
def follower(models: ModelBytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Follower:
    made = Follower(models)
    monkeypatch.setattr(made, "_beside", AtOnce())
    made.begin(tmp_path / "track.parquet", {"recording": "test"})
    return made


def arrived(*, kept: bool = True) -> list[Arrived]:
    pictures = camera_pictures(LENGTH_S)
    return [Arrived(i, p.time_ms, p.jpeg, kept) for i, p in enumerate(pictures)]


def answers(follower: Follower) -> list[Message]:
    found = []
    while follower.busy:
        answer = follower.work()
        if answer is not None:
            found.append(answer)
    return found


@pytest.mark.slow
def test_one_by_one_each_is_answered_and_the_track_is_the_files(
    follower: Follower, tmp_path: Path
) -> None:
    found: list[Message] = []
    for picture in arrived():
        follower.take(picture)
        found += answers(follower)
    assert [m["frame"] for m in found] == list(range(len(arrived())))
    assert found[0]["quality"]["problems"] is not None
    assert found[-1]["values"]["fissure_L"] > 3
    assert follower.finish(SESSION)["complete"]
    write_pictures(tmp_path / "session.mkv", camera_pictures(LENGTH_S))
    track_video(tmp_path / "session.mkv", tmp_path / "file.parquet", TrackOptions())
    live, recorded = (load_track(tmp_path / f"{n}.parquet") for n in ("track", "file"))
    assert np.array_equal(live.times_s, recorded.times_s)
    assert np.array_equal(live.corrected_px, recorded.corrected_px, equal_nan=True)
    assert np.array_equal(live.eyes_px, recorded.eyes_px)


@pytest.mark.slow
def test_behind_the_newest_is_shown_and_none_is_lost(
    follower: Follower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEPING_UP", 3)
    monkeypatch.setattr(module, "TURNS_A_GLANCE", 0)
    pictures = arrived()
    for picture in pictures[:56]:
        follower.take(picture)
    answers(follower)
    for picture in pictures[56:]:
        follower.take(picture)
    found = answers(follower)
    assert [m["frame"] for m in found] == [len(pictures) - 1]
    assert found[0]["values"]["fissure_R"] > 3
    assert follower.finish(SESSION)["pictures"] == len(pictures)
    assert len(load_track(tmp_path / "track.parquet").times_s) == len(pictures)


@pytest.mark.slow
def test_the_first_seconds_are_followed_in_turn(follower: Follower) -> None:
    for picture in arrived()[:20]:
        follower.take(picture)
    assert [m["frame"] for m in answers(follower)] == list(range(20))


@pytest.mark.slow
def test_far_behind_the_track_is_left_for_later(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    for picture in arrived()[:20]:
        follower.take(picture)
    assert len(answers(follower)) == 1
    assert not follower.finish(SESSION)["complete"]


@pytest.mark.slow
def test_of_pictures_that_are_not_kept_the_newest_is_looked_at(models: ModelBytes) -> None:
    follower = Follower(models)
    for picture in arrived(kept=False)[:5]:
        follower.take(picture)
    assert [m["frame"] for m in answers(follower)] == [4]


@pytest.mark.slow
def test_with_few_cores_the_newest_alone_is_followed(models: ModelBytes, tmp_path: Path) -> None:
    follower = Follower(models, TrackerSettings.fast(), newest_only=True)
    follower.begin(tmp_path / "track.parquet", {})
    found: list[Message] = []
    pictures = arrived()
    for late, soon in zip(pictures[::2], pictures[1::2], strict=False):
        follower.take(late)
        follower.take(soon)
        found += answers(follower)
    assert [m["frame"] for m in found] == [p.number for p in pictures[1::2]]
    last = pictures[-1]
    for later in range(1, 200):
        # The zero is found meanwhile: the person goes on looking at the camera.
        follower.take(replace(last, number=last.number + later, time_ms=last.time_ms + 50 * later))
        found += answers(follower)
        if found[-1]["values"] is not None:
            break
    assert found[-1]["values"]["fissure_L"] > 3
    assert not follower.finish(SESSION)["complete"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_broken_picture_is_told_and_skipped(follower: Follower, tmp_path: Path) -> None:
    pictures = arrived()[:3]
    broken = Arrived(1, pictures[1].time_ms, pictures[1].jpeg[:50], kept=True)
    for picture in (pictures[0], broken, pictures[2]):
        follower.take(picture)
    kinds = [m["type"] for m in answers(follower)]
    assert kinds == ["values", "picture_refused", "values"]
    assert follower.finish(SESSION)["pictures"] == 2
    assert load_track(tmp_path / "track.parquet").source.damaged_frames == 1
