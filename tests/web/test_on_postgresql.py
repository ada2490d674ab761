"""The app over PostgreSQL: every page, and what a visit writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from filled_clinic import FilledClinic, fill
from page_addresses import fill_in, pages
from test_browser import ids_of
from web_app import ANNA, TestClient, open_clinic, write_clinic

from databases import PostgresServer
from facewire.record.audit import check_chain

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clinic(
    postgresql: PostgresServer, _quick_passwords: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FilledClinic]:
    folder = tmp_path_factory.mktemp("postgresql")
    (folder / "data").mkdir()
    url = postgresql.url(postgresql.create())
    (folder / "data" / "settings.toml").write_text(f"[record]\nurl = {json.dumps(url)}\n")
    made = open_clinic(write_clinic(folder / "data"))
    (folder / "measured").mkdir()
    yield FilledClinic(made, fill(made, folder / "measured"))
    made.record.close()


@pytest.fixture
def client(clinic: FilledClinic) -> TestClient:
    return clinic.clinic.client("therapist")


def test_the_record_is_postgresql(clinic: FilledClinic) -> None:
    assert clinic.clinic.services.folder.url.startswith("postgresql")


@pytest.mark.parametrize(("who", "path"), pages())
def test_every_page_is_shown(clinic: FilledClinic, who: str, path: str) -> None:
    client = clinic.clinic.client(who or None)
    assert client.get(fill_in(path, ids_of(clinic))).status_code == 200


def test_a_visit_is_written(clinic: FilledClinic, client: TestClient) -> None:
    on = {"on": date.today().isoformat(), "kind": "in_person"}
    visit = client.post(f"/patients/{ANNA}/visits/new", data=on).headers["location"]
    client.post(f"{visit}/findings", data={"platysma-L": "2"})
    client.post(f"{visit}/complaints", data={"pain": "3"})
    client.post(f"{visit}/grades", data={"house_brackmann": "III"})
    client.post(f"{visit}/notes", data={"text": "tight in the cold"})
    page = client.get(visit).text
    assert "House-Brackmann III" in page
    assert "tight in the cold" in page
    given = {"on": "2026-01-10", "product": "onabotulinumtoxinA", "muscle-0": "mentalis"}
    given |= {"side-0": "R", "units-0": "2,5"}
    client.post(f"/patients/{ANNA}/treatments/injections", data=given)
    assert "2.5" in client.get(f"/patients/{ANNA}/treatments").text
    with clinic.clinic.record.reading() as session:
        assert check_chain(session) == ()


def test_an_upload_arrives_in_parts(clinic: FilledClinic, client: TestClient) -> None:
    video = bytes(range(256)) * 5000
    visit = clinic.ids["visit_id"]
    begun = {"name": "a.mp4", "size_bytes": len(video), "fingerprint": "0" * 64}
    begun |= {"mirrored": False, "cues": None}
    upload = client.post(f"/api/v1/visits/{visit}/uploads", json=begun).json()
    half = len(video) // 2
    for offset, part in ((0, video[:half]), (half, video[half:])):
        headers = {"upload-offset": str(offset), "content-type": "application/offset+octet-stream"}
        sent = client.patch(f"/api/v1/uploads/{upload['id']}", content=part, headers=headers)
        assert sent.headers["upload-offset"] == str(offset + len(part))
