from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from facewire.errors import ModelError
from facewire.landmarks.models import NetworkFile, cache_folder, find_network, search_folders

CONTENT = b"a network"
WANTED = NetworkFile("net.tflite", hashlib.sha256(CONTENT).hexdigest(), "https://x", "Apache-2.0")


def _put(folder: Path, content: bytes = CONTENT) -> Path:
    folder.mkdir(parents=True)
    (folder / WANTED.name).write_bytes(content)
    return folder / WANTED.name


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FACEWIRE_MODEL", raising=False)


def test_order_given_variable_models_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEWIRE_MODEL", str(tmp_path / "variable"))
    folders = search_folders(tmp_path / "given")
    assert folders[:2] == [tmp_path / "given", tmp_path / "variable"]
    assert folders[2].name == "models"
    assert folders[3] == tmp_path / "cache" / "facewire" / "models"


def test_the_first_folder_that_has_it_is_taken(tmp_path: Path) -> None:
    in_cache = _put(cache_folder() / "models")
    assert find_network(WANTED) == in_cache
    (tmp_path / "empty").mkdir()
    assert find_network(WANTED, tmp_path / "empty") == in_cache
    given = _put(tmp_path / "given")
    assert find_network(WANTED, tmp_path / "given") == given


def test_the_file_itself_may_be_named(tmp_path: Path) -> None:
    given = _put(tmp_path / "given")
    assert find_network(WANTED, given) == given


def test_a_named_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    _put(cache_folder() / "models")
    with pytest.raises(ModelError, match=r"named is not there.*correct --model"):
        find_network(WANTED, tmp_path / "none")


def test_missing_says_where_it_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    with pytest.raises(ModelError, match=r"net\.tflite is missing.*given.*make setup") as error:
        find_network(WANTED, tmp_path / "given")
    assert str(cache_folder()) in str(error.value)


def test_altered_is_refused_even_if_a_good_one_lies_further_on(tmp_path: Path) -> None:
    _put(cache_folder() / "models")
    _put(tmp_path / "given", b"another network")
    with pytest.raises(ModelError, match=rf"Expected: SHA-256 {WANTED.sha256}.*Found: SHA-256"):
        find_network(WANTED, tmp_path / "given")
