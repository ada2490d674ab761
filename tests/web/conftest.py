"""A clinic for every test of the web app, a live server, and a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from filled_clinic import FilledClinic, fill
from web_app import Clinic, TestClient, copy_clinic, open_clinic, running, write_clinic

from facewire.record import people

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What opens a browser takes a second or more of a core, whoever asks first."""
    for item in items:
        if "browsers" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords at the lowest cost: the real one would be most of the time of these tests."""
    usual, people.HASHER = people.HASHER, PasswordHasher(1, 8, 1)
    yield
    people.HASHER = usual


@pytest.fixture(scope="session")
def prepared_clinic(_quick_passwords: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clinic(tmp_path_factory.mktemp("clinic") / "data")


@pytest.fixture
def clinic(prepared_clinic: Path, tmp_path: Path) -> Iterator[Clinic]:
    made = open_clinic(copy_clinic(prepared_clinic, tmp_path / "data"))
    yield made
    made.record.close()


@pytest.fixture(scope="session")
def shared_clinic(
    prepared_clinic: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    """An app for tests that only ask: opened once for all of them."""
    made = open_clinic(copy_clinic(prepared_clinic, tmp_path_factory.mktemp("shared") / "data"))
    yield made
    made.record.close()


@pytest.fixture
def empty_clinic(tmp_path: Path) -> Iterator[Clinic]:
    """An app at its first start."""
    made = open_clinic(tmp_path / "empty")
    yield made
    made.record.close()


@pytest.fixture
def client(clinic: Clinic) -> TestClient:
    """Nobody is signed in."""
    return clinic.client()


@pytest.fixture
def as_administrator(clinic: Clinic) -> TestClient:
    return clinic.client("administrator")


@pytest.fixture
def as_therapist(clinic: Clinic) -> TestClient:
    return clinic.client("therapist")


@pytest.fixture
def as_patient(clinic: Clinic) -> TestClient:
    return clinic.client("patient")


@pytest.fixture
def as_other_patient(clinic: Clinic) -> TestClient:
    return clinic.client("other_patient")


@pytest.fixture
def server(clinic: Clinic) -> Iterator[str]:
    """Address of the clinic's app on a free port; no jobs are worked on."""
    with running(clinic, work=False) as address:
        yield address


@pytest.fixture(scope="session")
def browsers() -> Iterator[Any]:
    """What starts browsers: Playwright, of which a process can have only one at a time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(browsers: Any, chromium: Path) -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    started = browsers.launch(executable_path=str(chromium), args=list(FLAGS))
    yield started
    started.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a browser page at a clinic's app, signed in as one of `PEOPLE` or as nobody.

    ``page.asked`` holds the address of every request of the page, ``page.said`` its messages.
    """
    contexts = []

    def start(clinic: Clinic, address: str, who: str | None = None, **options: Any) -> Any:
        context = browser.new_context(base_url=address, **options)
        contexts.append(context)
        if who is not None:
            cookie = {"name": clinic.services.settings.cookie, "value": clinic.token(who)}
            context.add_cookies([{**cookie, "url": address, "sameSite": "Strict"}])
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def filled_clinic(
    prepared_clinic: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FilledClinic]:
    """A clinic in the middle of its work, for tests that only look."""
    folder = tmp_path_factory.mktemp("filled")
    made = open_clinic(copy_clinic(prepared_clinic, folder / "data"))
    (folder / "measured").mkdir()
    yield FilledClinic(made, fill(made, folder / "measured"))
    made.record.close()


@pytest.fixture(scope="session")
def filled_server(filled_clinic: FilledClinic) -> Iterator[str]:
    """Address of the filled clinic's app."""
    with running(filled_clinic.clinic, work=False) as address:
        yield address
