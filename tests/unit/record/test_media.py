from __future__ import annotations

import errno
import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facewire.errors import StorageError, UsageError, VaultError
from facewire.record.media import MediaStore
from facewire.record.sealing import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    SealedWriter,
    open_stream,
    seal_stream,
)

KEY = bytes(range(32))
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 9]
Change = Callable[[bytes], bytes]


def pattern(size: int) -> bytes:
    return (hashlib.sha256(b"a face").digest() * (size // 32 + 1))[:size]


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> MediaStore:
    return MediaStore(tmp_path / "media", request.param)


@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back_as_they_were(store: MediaStore, size: int) -> None:
    content = pattern(size)
    stored = store.write([content[:7], content[7:]])
    assert stored.size_bytes == store.size(stored.id) == size
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(store.read(stored.id, sha256=stored.sha256)) == content


@pytest.mark.parametrize("size", SIZES)
def test_a_range_is_that_part_of_the_whole(store: MediaStore, size: int) -> None:
    content, border = pattern(size), min(CHUNK_BYTES, size)
    stored = store.write(io.BytesIO(content))
    for start, end in [(0, size), (0, 0), (size, size), (size // 3, size // 2), (border, size)]:
        assert b"".join(store.read_range(stored.id, start, end)) == content[start:end]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 11)])
def test_a_range_outside_the_file_is_refused(store: MediaStore, start: int, end: int) -> None:
    stored = store.write([b"0123456789"])
    with pytest.raises(UsageError, match="Expected: inside 0 to 10"):
        store.read_range(stored.id, start, end)


def test_a_file_is_copied_out(store: MediaStore, tmp_path: Path) -> None:
    stored = store.write([b"abc"])
    store.copy_to(stored.id, tmp_path / "out.mp4", sha256=stored.sha256)
    assert (tmp_path / "out.mp4").read_bytes() == b"abc"


def test_other_bytes_than_the_record_says_are_refused(store: MediaStore, tmp_path: Path) -> None:
    stored = store.write([b"abc"])
    with pytest.raises(StorageError, match="is damaged"):
        store.copy_to(stored.id, tmp_path / "out.mp4", sha256=hashlib.sha256(b"abd").hexdigest())
    assert not (tmp_path / "out.mp4").exists()


def test_files_are_for_their_owner_only(store: MediaStore) -> None:
    path = store.path_of(store.write([b"abc"]).id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (path.parent, store.folder)} == {0o700}


def test_an_erased_file_is_gone(store: MediaStore) -> None:
    stored = store.write([b"abc"])
    assert store.erase(stored.id)
    assert not store.erase(stored.id)
    with pytest.raises(StorageError, match="cannot be read"):
        store.read(stored.id)


@pytest.mark.parametrize("name", ["", "ab", "../../etc/passwd", "ab/cd", ".hidden", "A" * 32])
def test_ids_are_no_paths(store: MediaStore, name: str) -> None:
    with pytest.raises(UsageError, match="no id of a media file"):
        store.path_of(name)


def test_what_is_there_is_not_written_over(store: MediaStore) -> None:
    store.write([b"first"], media_id="upload-1")
    with pytest.raises(StorageError, match="is there already"):
        store.write([b"second"], media_id="upload-1")
    assert b"".join(store.read("upload-1")) == b"first"
    assert list(store.ids()) == ["upload-1"]


def broken_source() -> Iterator[bytes]:
    yield pattern(3 * CHUNK_BYTES)
    raise UsageError("the camera went away")


def full_disk() -> Iterator[bytes]:
    yield b"abc"
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_source_that_fails_leaves_nothing(store: MediaStore) -> None:
    with pytest.raises(UsageError, match="the camera went away"):
        store.write(broken_source())
    assert [p for p in store.folder.rglob("*") if p.is_file()] == []


def test_a_full_disk_is_said_and_leaves_nothing(store: MediaStore) -> None:
    with pytest.raises(StorageError, match=r"No space left.*make room"):
        store.write(full_disk())
    assert list(store.ids()) == []


# What follows holds for encrypted files only.


@pytest.fixture
def sealed(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media", KEY)


def chunk(number: int) -> slice:
    start = HEADER_BYTES + number * SEALED_CHUNK_BYTES
    return slice(start, start + SEALED_CHUNK_BYTES)


def swapped(raw: bytes) -> bytes:
    return raw[:HEADER_BYTES] + raw[chunk(1)] + raw[chunk(0)] + raw[chunk(2)]


def test_nothing_readable_is_on_the_disk(sealed: MediaStore) -> None:
    stored = sealed.write([pattern(CHUNK_BYTES + 100)])
    assert pattern(16) not in sealed.path_of(stored.id).read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: HEADER_BYTES + SEALED_CHUNK_BYTES],
        lambda raw: raw[: HEADER_BYTES + 2 * SEALED_CHUNK_BYTES],
        lambda raw: raw[: HEADER_BYTES + 3],
        lambda raw: raw[:HEADER_BYTES],
        lambda raw: raw[:10],
        lambda raw: b"",
        lambda raw: raw + b"\x00",
        lambda raw: raw + raw[chunk(0)],
        lambda raw: raw[:HEADER_BYTES] + raw[chunk(1).start :],
        swapped,
    ],
)
def test_cut_moved_or_longer_files_are_refused(sealed: MediaStore, change: Change) -> None:
    stored = sealed.write([pattern(2 * CHUNK_BYTES + 100)])
    path = sealed.path_of(stored.id)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(VaultError, match="altered, moved or cut off"):
        list(sealed.read(stored.id))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_every_flipped_bit_is_found(sealed: MediaStore, place: int, bit: int) -> None:
    stored = sealed.write([b"a short file"])
    path = sealed.path_of(stored.id)
    raw = bytearray(path.read_bytes())
    raw[place % len(raw)] ^= 1 << bit
    path.write_bytes(raw)
    with pytest.raises(VaultError, match="cannot be opened"):
        list(sealed.read(stored.id))


def test_a_range_of_a_file_that_was_cut_is_refused(sealed: MediaStore) -> None:
    stored = sealed.write([pattern(2 * CHUNK_BYTES + 100)])
    path = sealed.path_of(stored.id)
    path.write_bytes(path.read_bytes()[: HEADER_BYTES + 2 * SEALED_CHUNK_BYTES])
    with pytest.raises(VaultError, match="cut off"):
        list(sealed.read_range(stored.id, 0, 10))


def test_a_file_under_another_id_is_refused(sealed: MediaStore) -> None:
    one, two = sealed.write([b"one"]), sealed.write([b"two"])
    sealed.path_of(one.id).replace(sealed.path_of(two.id))
    with pytest.raises(VaultError, match=two.id):
        list(sealed.read(two.id))


def test_another_key_opens_nothing(sealed: MediaStore) -> None:
    stored = sealed.write([b"abc"])
    with pytest.raises(VaultError, match="another key"):
        list(MediaStore(sealed.folder, bytes(32)).read(stored.id))


def test_the_same_bytes_never_look_the_same(sealed: MediaStore) -> None:
    stored = [sealed.write([b"abc"]) for _ in range(2)]
    one, two = (sealed.path_of(s.id).read_bytes() for s in stored)
    assert one[HEADER_BYTES:] != two[HEADER_BYTES:]


def test_the_layout_is_the_one_described(sealed: MediaStore) -> None:
    stored = sealed.write([b"abc"])
    raw = sealed.path_of(stored.id).read_bytes()
    info = f"facewire stream {stored.id}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=raw[4:36], info=info).derive(KEY)
    assert raw[:4] == b"FWS1"
    assert AESGCM(key).decrypt(bytes(11) + b"\x01", raw[36:], None) == b"abc"


@pytest.mark.parametrize("size", SIZES)
def test_writing_piece_by_piece_gives_the_same_stream(size: int) -> None:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY, "x")
    for start in range(0, size, 70_000):
        writer.write(pattern(size)[start : start + 70_000])
    writer.close()
    assert b"".join(open_stream([out.getvalue()], KEY, "x")) == pattern(size)
    assert len(out.getvalue()) == len(b"".join(seal_stream([pattern(size)], KEY, "x")))


def test_a_stream_without_its_end_is_refused() -> None:
    out = io.BytesIO()
    SealedWriter(out, KEY, "x").write(pattern(CHUNK_BYTES + 1))
    with pytest.raises(VaultError, match="cut off"):
        list(open_stream([out.getvalue()], KEY, "x"))


ENDLESS = """
import sys, time
from pathlib import Path
from facewire.record.media import MediaStore
store = MediaStore(Path(sys.argv[1]), bytes(range(32)))
store.write([b"kept"], media_id="kept")
def source():
    while True:
        yield b"VIDEO BYTES " * 90_000
        print("writing", flush=True)
store.write(source(), media_id="half")
"""


def test_killed_while_writing_it_is_whole_or_not_there(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ENDLESS, str(tmp_path / "media")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        for _ in range(3):
            process.stdout.readline()  # type: ignore[union-attr]
        process.send_signal(signal.SIGKILL)
        process.wait()
    store = MediaStore(tmp_path / "media", KEY)
    assert list(store.ids()) == ["kept"]
    assert b"".join(store.read("kept")) == b"kept"
    files = [p for p in store.folder.rglob("*") if p.is_file()]
    assert not any(b"VIDEO BYTES" in p.read_bytes() for p in files)
    assert store.sweep() == 1
    assert list(store.ids()) == ["kept"]


def test_seeking_costs_the_same_at_every_place(sealed: MediaStore) -> None:
    stored = sealed.write(pattern(CHUNK_BYTES) for _ in range(64))
    began = time.perf_counter()
    assert len(b"".join(sealed.read_range(stored.id, 60 * CHUNK_BYTES, 60 * CHUNK_BYTES + 10)))
    assert time.perf_counter() - began < 0.5
