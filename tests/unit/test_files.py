"""Files: whole or not at all, never over one that is there unasked."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from facewire.errors import OutputExistsError, StorageError, UsageError
from facewire.files import (
    read_input,
    read_json,
    read_toml,
    refuse_existing,
    sha256_of,
    sweep_parts,
    whole_path,
    write_whole,
)


def test_hash_is_the_published_one_of_abc(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert sha256_of(tmp_path / "abc") == expected


def test_unreadable_file_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        sha256_of(tmp_path / "not there")


def test_a_folder_is_made_and_nothing_passing_stays(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "a.txt", (b"a", b"b"))
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"ab"
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["a.txt"]


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def half() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageError, match=r"No space left.*make room"):
        write_whole(path, half())
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_private_file_is_its_owners_alone_from_the_first_byte(tmp_path: Path) -> None:
    with whole_path(tmp_path / "a", private=True) as part:
        assert part.stat().st_mode & 0o777 == 0o600
        part.write_bytes(b"x")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_outputs_that_are_there_are_named_together(tmp_path: Path) -> None:
    one, two, new = (tmp_path / name for name in ("one", "two", "new"))
    one.write_text("1")
    two.write_text("2")
    with pytest.raises(OutputExistsError, match=r"one, .*two is there already.*--overwrite"):
        refuse_existing(one, new, None, two, overwrite=False)
    refuse_existing(one, overwrite=True)


def test_two_outputs_are_never_one_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Two outputs are one file"):
        refuse_existing(tmp_path / "a", None, tmp_path / "a", overwrite=True)


@pytest.mark.parametrize("place", ["-", "-/wiring.html"])
def test_only_json_goes_to_standard_output(place: str) -> None:
    with pytest.raises(UsageError, match="cannot go to standard output"):
        refuse_existing(Path(place), overwrite=True)
    refuse_existing(Path("a-"), overwrite=True)


def test_a_name_that_no_file_can_have_is_told() -> None:
    refuse_existing(Path("a" * 5000), overwrite=False)
    with pytest.raises(UsageError, match="null"):
        read_input(Path("a\0b"), "a file")


@pytest.mark.parametrize("content", [b"\xe4 = 1", b"a = " + b"[" * 5000, b"a"])
def test_what_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"The course a\.toml cannot be read.*What to do"):
        read_toml(path, "course", "[[visit]] tables")


def test_parts_of_one_file_alone_are_swept(tmp_path: Path) -> None:
    for name in (".a.json-12345678.part", ".b.json-12345678.part", "a.json"):
        (tmp_path / name).write_text("")
    sweep_parts(tmp_path / "a.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".b.json-12345678.part", "a.json"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_json_in_any_unicode_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.json").write_bytes('{"name": "Bjørn"}'.encode(encoding))
    assert read_json(tmp_path / "a.json", "a file") == {"name": "Bjørn"}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b"[" * 10**5, rb'["\ud800"]']
)
def test_what_is_no_json_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(UsageError, match=r"is not JSON.*Expected: a cue sheet"):
        read_json(tmp_path / "a.json", "a cue sheet")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="correct the rights"):
        write_whole(tmp_path / "a", b"")
