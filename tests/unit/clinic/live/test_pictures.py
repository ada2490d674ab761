"""Pictures on disk: in order, whole after a crash, sealed when the data are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from camera_pictures import jpeg_of, numbered
from facewire.clinic.live import pictures as module
from facewire.clinic.live.pictures import PictureStore, jpeg_size
from facewire.errors import StorageError, VaultError, VideoError
from facewire.record.sealing import PieceCipher

SEAL = PieceCipher(b"k" * 32, "one")
OpenStore = Callable[..., PictureStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "live" / "pictures"


@pytest.fixture
def open_store() -> Iterator[OpenStore]:
    opened: list[PictureStore] = []

    def open_at(path: Path, seal: PieceCipher | None = None) -> PictureStore:
        opened.append(PictureStore(path, seal))
        return opened[-1]

    yield open_at
    for store in opened:
        store.close()


@pytest.mark.parametrize("seal", [None, SEAL])
def test_pictures_come_back_in_order(
    path: Path, open_store: OpenStore, seal: PieceCipher | None
) -> None:
    sent = numbered(4)
    store = open_store(path, seal)
    assert [store.add(p) for p in sent] == [True] * 4
    assert list(store.read()) == sent
    assert (store.count, store.size_px) == (4, (24, 16))
    assert (store.first_ms, store.last_ms) == (sent[0].time_ms, sent[-1].time_ms)


def test_a_picture_that_is_not_later_is_left_out(path: Path, open_store: OpenStore) -> None:
    first, second = numbered(2)
    store = open_store(path)
    assert store.add(second)
    assert not store.add(second)
    assert not store.add(first)
    assert store.count == 1


def test_a_half_written_picture_is_dropped_and_the_rest_goes_on(
    path: Path, open_store: OpenStore
) -> None:
    sent = numbered(4)
    store = open_store(path, SEAL)
    for picture in sent[:3]:
        store.add(picture)
    store.close()
    path.write_bytes(path.read_bytes()[:-5])
    again = open_store(path, SEAL)
    assert again.count == 2
    assert again.add(sent[3])
    assert list(again.read()) == [*sent[:2], sent[3]]


def test_sealed_pictures_cannot_be_read_or_moved(path: Path, open_store: OpenStore) -> None:
    sent = numbered(2)
    store = open_store(path, SEAL)
    for picture in sent:
        store.add(picture)
    assert sent[0].jpeg[:100] not in path.read_bytes()
    with pytest.raises(VaultError, match="cannot be decrypted"):
        open_store(path, PieceCipher(b"k" * 32, "another"))
    with pytest.raises(VaultError, match="another key"):
        open_store(path, PieceCipher(b"x" * 32, "one"))


def test_a_picture_of_another_size_is_refused(path: Path, open_store: OpenStore) -> None:
    import numpy as np

    store = open_store(path)
    store.add(numbered(1)[0])
    other = replace(numbered(2)[1], jpeg=jpeg_of(np.zeros((20, 24, 3), np.uint8)))
    with pytest.raises(VideoError, match="changed its size"):
        store.add(other)


@pytest.mark.parametrize("jpeg", [b"", b"not a picture", b"\xff\xd8\xff\xe0\x00\x10"])
def test_what_is_no_picture_is_refused(path: Path, open_store: OpenStore, jpeg: bytes) -> None:
    with pytest.raises(VideoError, match="cannot be used"):
        open_store(path).add(replace(numbered(1)[0], jpeg=jpeg))


def test_an_endless_session_ends(
    path: Path, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_FILE_BYTES", 1000)
    store = open_store(path)
    store.add(numbered(1)[0])
    with pytest.raises(StorageError, match="too long"):
        store.add(numbered(2)[1])


def test_the_size_is_read_without_decoding() -> None:
    assert jpeg_size(numbered(1)[0].jpeg) == (24, 16)
