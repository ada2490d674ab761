"""Parts that a test needs and a machine may lack: skipped by name, and a failure in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from databases import PostgresServer, postgresql_programs, running_postgresql
from facewire.errors import ModelError
from facewire.landmarks.models import NETWORK_FILES, find_network
from missing_parts import MISSING_PART, skip_missing_part


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a test that was skipped because a part is missing counts as failed."""
    report: pytest.TestReport = yield
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    if report.skipped and MISSING_PART in reason and in_ci():
        report.outcome = "failed"
        report.longrepr = f"In CI every part must be there. {reason}"
    return report


@pytest.fixture(autouse=True)
def _network_files(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("models") is None:
        return
    try:
        for wanted in NETWORK_FILES:
            find_network(wanted)
    except ModelError as error:
        skip_missing_part("network files", str(error))


@pytest.fixture(scope="session")
def moving_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clip of 6 s of a warped, made-up face; its cue sheet lies beside it. Not to be changed."""
    from moving_face import write_clip

    return write_clip(tmp_path_factory.mktemp("moving") / "face.mp4")


@pytest.fixture
def debian_part(request: pytest.FixtureRequest) -> Path:
    """Path of a program from a Debian package, named by an indirect parameter."""
    found = shutil.which(request.param)
    if found is None:
        skip_missing_part(f"Debian's {request.param}", "`make system` installs it")
    return Path(str(found))


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of Debian's Chromium."""
    found = shutil.which("chromium")
    if found is None:
        skip_missing_part("Debian's chromium", "`make system` installs it")
    return Path(str(found))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """One server for all tests of a process."""
    programs = postgresql_programs()
    if programs is None:
        skip_missing_part("Debian's postgresql", "`make system` installs it")
    with running_postgresql(programs) as server:
        yield server
