"""Data folders with and without a passphrase."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from databases import PostgresServer
from example_result import example
from facewire.record.folder import create_data, open_data
from facewire.record.store import Record
from upload_place import Place, open_place

PASSPHRASE = "seven quiet herons wade"


@pytest.fixture(scope="session")
def empty_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two empty records, made once: laying their tables takes longer than a test."""
    made = tmp_path_factory.mktemp("empty")
    folders = open_data(made / "plain"), create_data(made / "sealed", PASSPHRASE)[0]
    for folder in folders:
        Record.open(folder.engine()).close()
    return made


@pytest.fixture
def place(empty_folders: Path, tmp_path: Path) -> Iterator[Place]:
    copied = shutil.copytree(empty_folders / "plain", tmp_path / "data")
    opened = open_place(open_data(copied))
    yield opened
    opened.record.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def queue_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A data folder over each of the two databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("place")
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    folder = replace(open_data(tmp_path / "data"), url=server.url(server.create()))
    opened = open_place(folder)
    yield opened
    opened.record.close()


@pytest.fixture
def sealed_place(empty_folders: Path, tmp_path: Path) -> Iterator[Place]:
    """The same with a passphrase."""
    copied = shutil.copytree(empty_folders / "sealed", tmp_path / "sealed")
    opened = open_place(open_data(copied, PASSPHRASE))
    yield opened
    opened.record.close()


@pytest.fixture(scope="session")
def result_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a measurement as a measuring process would leave it."""
    path = tmp_path_factory.mktemp("measured") / "result.json"
    example().write(path)
    return path
