"""With --incognito no page holds a patient's name, and no address gives a picture of a face."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filled_clinic import FilledClinic, fill
from page_addresses import fill_in, pages
from web_app import copy_clinic, open_clinic


@pytest.fixture(scope="module")
def hidden(
    prepared_clinic: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FilledClinic]:
    folder = tmp_path_factory.mktemp("hidden")
    made = open_clinic(copy_clinic(prepared_clinic, folder / "data"), incognito=True)
    (folder / "measured").mkdir()
    ids = fill(made, folder / "measured")
    with made.record.reading() as session:
        from named_account import account_named

        ids |= {"account_id": account_named(session, "anna").id}
    yield FilledClinic(made, ids)
    made.record.close()


@pytest.mark.parametrize(("who", "path"), pages())
def test_no_name_is_on_any_page(hidden: FilledClinic, who: str, path: str) -> None:
    answer = hidden.clinic.client(who or None).get(fill_in(path, hidden.ids))
    assert answer.status_code == 200
    shown = answer.text.replace("Example for", "")
    if path != "/patterns":
        assert "Example" not in shown
        assert "Anna" not in shown
    assert "Names hidden" in shown


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/recordings/{recording_id}/video",
        "/recordings/{recording_id}/still",
        "/api/v1/measurements/{measurement_id}/files/frames/rest_1.jpg",
    ],
)
def test_no_address_gives_a_face(hidden: FilledClinic, path: str) -> None:
    answer = hidden.clinic.client("therapist").get(fill_in(path, hidden.ids))
    assert answer.status_code == 404


def test_programs_get_no_names_either(hidden: FilledClinic) -> None:
    answer = hidden.clinic.client("therapist").get("/api/v1/patients")
    assert {one["family_name"] for one in answer.json()["items"]} == {None}
