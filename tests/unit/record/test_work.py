from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from facewire.record import work
from facewire.record.work import WorkRoom, open_work

PLENTY = 1
TOO_MUCH = 2**62


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "memory"
    place.mkdir()
    monkeypatch.setattr(work, "MEMORY", place)
    monkeypatch.setattr(work, "ROOM_BYTES", PLENTY)
    return place


@pytest.fixture
def data(tmp_path: Path) -> Path:
    place = tmp_path / "data"
    place.mkdir()
    return place


def test_without_a_passphrase_it_is_in_the_data_folder(data: Path) -> None:
    room = open_work(data, encrypted=False)
    assert (room.path, room.in_memory, room.message) == (data / "work", False, "")


def test_with_a_passphrase_it_is_in_memory(data: Path, memory: Path) -> None:
    room = open_work(data, encrypted=True)
    assert room.in_memory
    assert room.path.parent == memory
    assert not (data / "work").exists()


def test_short_of_memory_it_is_on_the_disk_and_says_so(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ROOM_BYTES", TOO_MUCH)
    room = open_work(data, encrypted=True)
    assert (room.path, room.in_memory) == (data / "work", False)
    assert "lies unencrypted in the data folder's work/" in room.message


def test_each_data_folder_has_its_own_and_finds_it_again(data: Path, tmp_path: Path) -> None:
    rooms = [open_work(p, encrypted=True) for p in (data, data, tmp_path)]
    assert rooms[0].path == rooms[1].path != rooms[2].path


@pytest.mark.parametrize("encrypted", [False, True])
def test_only_the_owner_can_enter(data: Path, encrypted: bool) -> None:
    room = open_work(data, encrypted=encrypted)
    with room.folder() as inside:
        modes = {stat.S_IMODE(p.stat().st_mode) for p in (room.path, inside, room.place("job"))}
    assert modes == {0o700}


def test_what_somebody_else_put_there_is_not_used(data: Path, tmp_path: Path) -> None:
    place = open_work(data, encrypted=True).path
    place.rmdir()
    trap = tmp_path / "trap"
    trap.mkdir()
    place.symlink_to(trap)
    room = open_work(data, encrypted=True)
    assert room.path == data / "work"


@pytest.fixture
def room(data: Path) -> Iterator[WorkRoom]:
    made = open_work(data, encrypted=True)
    yield made
    shutil.rmtree(made.path, ignore_errors=True)


def fail_in(room: WorkRoom) -> None:
    with room.folder() as inside:
        (inside / "clip.mp4").write_bytes(b"video")
        raise RuntimeError("stop")


def test_a_folder_is_gone_after_a_failure(room: WorkRoom) -> None:
    with pytest.raises(RuntimeError, match="stop"):
        fail_in(room)
    assert list(room.path.iterdir()) == []


def test_a_place_is_kept_until_it_is_removed(room: WorkRoom) -> None:
    (room.place("job") / "track").write_bytes(b"half")
    assert (room.place("job") / "track").read_bytes() == b"half"
    room.remove("job")
    assert list(room.path.iterdir()) == []


def test_cleaning_keeps_what_goes_on(room: WorkRoom) -> None:
    (room.place("goes-on") / "track").write_bytes(b"half")
    (room.place("left") / "clip.mp4").write_bytes(b"video")
    (room.path / "file").write_bytes(b"")
    room.clean(keep={"goes-on"})
    assert [p.name for p in room.path.iterdir()] == ["goes-on"]


def test_memory_is_given_back_when_empty(room: WorkRoom) -> None:
    room.place("job")
    room.leave()
    assert room.path.exists()
    room.remove("job")
    room.leave()
    assert not room.path.exists()
