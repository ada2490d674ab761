"""Parts of an upload: on the disk, in order, sealed."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewire.clinic.upload_parts import PartStore
from facewire.errors import StorageError, VaultError

UPLOAD = "0" * 32
OTHER = "1" * 32
KEY = bytes(range(32))


def _store(folder: Path, key: bytes | None = None) -> PartStore:
    return PartStore(folder, key, room_kept_bytes=0)


@pytest.mark.parametrize("key", [None, KEY])
def test_parts_come_back_in_order(tmp_path: Path, key: bytes | None) -> None:
    store = _store(tmp_path, key)
    assert store.add(UPLOAD, 0, b"one ") == 4
    assert store.add(UPLOAD, 4, b"two") == 7
    assert b"".join(store.read(UPLOAD)) == b"one two"
    assert store.received(UPLOAD) == 7


def test_nothing_is_received_of_an_unknown_upload(tmp_path: Path) -> None:
    assert _store(tmp_path).received(UPLOAD) == 0


def test_a_gap_ends_what_is_received(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.add(UPLOAD, 0, b"abc")
    store.add(UPLOAD, 10, b"later")
    assert store.received(UPLOAD) == 3
    assert b"".join(store.read(UPLOAD)) == b"abc"


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 999), unique=True, max_size=6))
def test_any_cutting_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    store = _store(tmp_path_factory.mktemp("parts"), KEY)
    whole = os.urandom(1000)
    ends = [*sorted(cuts), len(whole)]
    for start, end in zip([0, *ends], ends, strict=False):
        store.add(UPLOAD, start, whole[start:end])
    assert b"".join(store.read(UPLOAD)) == whole


def test_sealed_parts_hold_nothing_readable(tmp_path: Path) -> None:
    _store(tmp_path, KEY).add(UPLOAD, 0, b"a face that is known" * 20)
    (part,) = (tmp_path / UPLOAD).iterdir()
    assert b"a face" not in part.read_bytes()
    assert part.stat().st_mode & 0o077 == 0


def _flip(path: Path) -> None:
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)


@pytest.mark.parametrize("alter", [_flip, lambda path: path.write_bytes(b"short")])
def test_altered_parts_are_refused(tmp_path: Path, alter: object) -> None:
    store = _store(tmp_path, KEY)
    store.add(UPLOAD, 0, b"abcd")
    (part,) = (tmp_path / UPLOAD).iterdir()
    alter(part)  # type: ignore[operator]
    with pytest.raises(VaultError, match="altered bytes, or another key"):
        list(store.read(UPLOAD))


def test_a_part_of_another_upload_is_refused(tmp_path: Path) -> None:
    store = _store(tmp_path, KEY)
    store.add(UPLOAD, 0, b"abcd")
    (tmp_path / UPLOAD).rename(tmp_path / OTHER)
    with pytest.raises(VaultError, match="cannot be decrypted"):
        list(store.read(OTHER))


def test_a_part_at_another_place_is_refused(tmp_path: Path) -> None:
    store = _store(tmp_path, KEY)
    store.add(UPLOAD, 0, b"abcd")
    store.add(UPLOAD, 4, b"efgh")
    first, second = sorted((tmp_path / UPLOAD).iterdir())
    first.write_bytes(second.read_bytes())
    with pytest.raises(VaultError, match="cannot be decrypted"):
        list(store.read(UPLOAD))


def test_another_key_is_refused(tmp_path: Path) -> None:
    _store(tmp_path, KEY).add(UPLOAD, 0, b"abcd")
    with pytest.raises(VaultError, match="another key"):
        list(_store(tmp_path, bytes(32)).read(UPLOAD))


def test_what_is_half_written_does_not_count(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.add(UPLOAD, 0, b"abc")
    (tmp_path / UPLOAD / ".000000000000003-000000000000009-0a1b2c3d.part").write_bytes(b"def")
    assert store.received(UPLOAD) == 3


def test_room_for_the_record_is_kept(tmp_path: Path) -> None:
    store = PartStore(tmp_path, None, room_kept_bytes=2**62)
    with pytest.raises(StorageError, match="not enough room on the disk"):
        store.add(UPLOAD, 0, b"abc")
    assert store.received(UPLOAD) == 0


def test_the_upload_itself_counts_against_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 bytes free of which 40 are kept: 60 may come, 61 may not."""
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=100))
    store = PartStore(tmp_path, None, room_kept_bytes=40)
    store.check_room(60)
    with pytest.raises(StorageError, match="not enough room on the disk"):
        store.check_room(61)


@pytest.mark.parametrize("name", ["../etc", "", "a" * 31, "A" * 32])
def test_only_ids_name_folders(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError, match="This is no upload"):
        _store(tmp_path).received(name)


def test_a_removed_upload_is_gone(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.add(UPLOAD, 0, b"abc")
    assert store.kept() == [UPLOAD]
    store.remove(UPLOAD)
    assert store.kept() == []
