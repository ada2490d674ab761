from __future__ import annotations

import getpass
import json
import platform
from pathlib import Path

import pytest

from facewire.errors import UsageError
from facewire.provenance import Provenance, Step, describe_machine, facewire_version, sha256_of

SOURCE = {"name": "clip.mp4", "sha256": "0" * 64}


def test_hash_is_the_published_one_of_abc(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert sha256_of(path) == expected


def test_unreadable_file_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        sha256_of(tmp_path / "not there")


def test_version_is_a_version() -> None:
    assert facewire_version()[0].isdigit()


def test_steps_are_added_to_a_copy() -> None:
    before = Provenance(SOURCE)
    after = before.with_step(Step("track", 1.23456, {"fast": True}))
    assert before.steps == ()
    assert after.to_dict()["steps"] == [{"step": "track", "seconds": 1.235, "fast": True}]


def test_folders_are_refused() -> None:
    with pytest.raises(UsageError, match=r"may not name a folder.*/srv/clips/anna.mp4"):
        Provenance({"name": "/srv/clips/anna.mp4", "sha256": "0" * 64})


def test_negative_time_is_refused() -> None:
    with pytest.raises(UsageError, match="a time of 0 s or more"):
        Step("track", -1.0)


def test_nothing_names_the_person_or_the_computer() -> None:
    text = json.dumps(Provenance(SOURCE).to_dict()).lower()
    assert str(Path.home()).lower() not in text
    assert platform.node().lower() not in text
    assert f'"{getpass.getuser().lower()}"' not in text


def test_machine_says_what_changes_speed() -> None:
    assert set(describe_machine()) == {"system", "processor", "cores", "python"}
