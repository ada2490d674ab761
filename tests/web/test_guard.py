"""What every request passes: host, origin, size, headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine
from web_app import ORIGIN, Clinic, TestClient

from facewire.record.store import Record


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "127.0.0.1", "[::1]:8000"])
def test_own_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["clinic.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "localhost@x"],
)
def test_other_names_are_not_served(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"origin": "https://localhost:8000"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": ORIGIN, "sec-fetch-site": "none"},
    ],
)
def test_forged_changes_are_refused(as_therapist: TestClient, headers: dict[str, str]) -> None:
    assert as_therapist.post("/logout", headers=headers).status_code == 403
    assert as_therapist.get("/").status_code == 200


def test_a_change_without_origin_is_refused(clinic: Clinic) -> None:
    client = clinic.client("therapist")
    del client.headers["origin"]
    assert client.post("/logout").status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_link_but_not_embed(as_therapist: TestClient, site: str) -> None:
    embed = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}
    link = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    assert as_therapist.get("/", headers=embed).status_code == 403
    assert as_therapist.get("/", headers=link).status_code == 200


@pytest.mark.slow
def test_every_answer_carries_the_headers(client: TestClient) -> None:
    for address in ("/login", "/nowhere", "/api/v1/nowhere", "/health"):
        headers = client.get(address).headers
        assert headers["content-security-policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "connect-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "microphone=()" in headers["permissions-policy"]


def test_a_refused_request_carries_the_headers_too(client: TestClient) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_large_form_is_refused(client: TestClient) -> None:
    assert client.post("/login", content=b"x" * 300_000).status_code == 413


def test_a_large_form_without_length_is_refused(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(30):
            yield b"name=" + b"x" * 10_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=parts(), headers=kind).status_code == 413


@pytest.mark.slow
def test_a_shipped_file_is_kept_by_the_browser(client: TestClient) -> None:
    page = client.get("/login").text
    address = page.split('href="/static/css/tokens.css')[1].split('"')[0]
    answer = client.get(f"/static/css/tokens.css{address}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/css/tokens.css").headers["cache-control"] == "no-cache"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "css/../../app.py"])
def test_nothing_outside_the_shipped_files_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_a_database_that_is_down_is_said_and_not_blamed_on_the_person(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clinic.client("therapist")
    gone = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    down = replace(clinic.services, record=Record(gone))
    monkeypatch.setattr(clinic.app.state, "facewire", down)
    for address, kind in (("/patients", "text/html"), ("/api/v1/patients", "application/json")):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (503, kind)
        assert "did not answer" in answer.text
        assert "Traceback" not in answer.text
