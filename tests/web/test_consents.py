"""Consent for each purpose, the audit trail, and names that are hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from web_app import ANNA, Clinic, TestClient, copy_clinic, open_clinic

from facewire.errors import ForbiddenError
from facewire.record.audit import head
from facewire.record.clinical import consents_of, has_consent, require_care
from facewire.web.routes.consents import WORDINGS


def consented(clinic: Clinic, purpose: str) -> bool:
    with clinic.record.reading() as session:
        return has_consent(session, ANNA, purpose)


def test_nothing_is_agreed_to_before_it_was_asked(clinic: Clinic) -> None:
    assert not any(consented(clinic, purpose) for purpose in WORDINGS)
    with clinic.record.reading() as session, pytest.raises(ForbiddenError, match="consent"):
        require_care(session, ANNA)


def test_each_purpose_is_agreed_to_alone(clinic: Clinic, as_patient: TestClient) -> None:
    as_patient.post(f"/consents/{ANNA}/research", data={"given": "yes"})
    assert [consented(clinic, purpose) for purpose in WORDINGS] == [False, False, True]


def test_withdrawing_takes_effect_at_once(clinic: Clinic, as_patient: TestClient) -> None:
    for given in ("yes", "no"):
        as_patient.post(f"/consents/{ANNA}/care", data={"given": given})
        assert consented(clinic, "care") == (given == "yes")
    with clinic.record.reading() as session, pytest.raises(ForbiddenError):
        require_care(session, ANNA)


def test_the_wording_that_was_read_is_kept(clinic: Clinic, as_therapist: TestClient) -> None:
    as_therapist.post(f"/consents/{ANNA}/care", data={"given": "yes"})
    with clinic.record.reading() as session:
        row = consents_of(session, ANNA)["care"]
    assert row is not None
    assert row.wording == WORDINGS["care"].version
    assert row.created_by is not None


def test_an_unknown_purpose_is_refused(as_patient: TestClient) -> None:
    answer = as_patient.post(f"/consents/{ANNA}/advertising", data={"given": "yes"})
    assert answer.status_code == 404


def test_who_saw_a_patient_is_in_the_trail(
    as_therapist: TestClient, as_administrator: TestClient
) -> None:
    as_therapist.get(f"/consents/{ANNA}")
    page = as_administrator.get("/audit?code=P-A001").text
    assert "Thea Therapist" in page
    assert "saw" in page
    assert "Anna Example" not in page.split("<tbody>")[1]


def test_the_trail_is_checked_whole(clinic: Clinic, as_administrator: TestClient) -> None:
    assert "The trail is whole." in as_administrator.get("/audit?check=yes").text
    with clinic.record.reading() as session:
        end = head(session)
    noted = {"check": f"{end.number} {end.sha256[:16]}"}
    assert "The trail is whole." in as_administrator.get("/audit", params=noted).text
    noted = {"check": f"{end.number} {'0' * 16}"}
    assert "noted earlier" in as_administrator.get("/audit", params=noted).text
    page = as_administrator.get("/audit?check=nonsense").text
    assert "as shown below" in page
    assert "The trail is whole." not in page
    with clinic.record.engine.begin() as connection:
        for (name,) in connection.execute(
            text("select name from sqlite_master where type='trigger' and tbl_name='audit'")
        ).all():
            connection.execute(text(f'drop trigger "{name}"'))
        connection.execute(text("update audit set action = 'saw' where number = 2"))
    page = as_administrator.get("/audit?check=yes").text
    assert "The trail was changed from outside." in page
    assert "Row 2: its content was changed" in page


@pytest.mark.slow
def test_a_filter_that_fits_nothing_says_so(as_administrator: TestClient) -> None:
    assert "No row fits this filter." in as_administrator.get("/audit?code=nobody").text


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/", "/patients", "/patients?q=Anna", f"/consents/{ANNA}"])
def test_names_are_hidden_everywhere(prepared_clinic: Path, tmp_path: Path, address: str) -> None:
    clinic = open_clinic(copy_clinic(prepared_clinic, tmp_path / "hidden"), incognito=True)
    page = clinic.client("therapist").get(address).text
    assert "Names hidden" in page
    assert "Example" not in page
    clinic.record.close()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["record", "upload"])
def test_without_consent_nothing_is_recorded(
    clinic: Clinic, as_patient: TestClient, what: str
) -> None:
    begun = as_patient.post("/visits/home").headers["location"]
    visit = begun.removesuffix("/questions")
    answer = as_patient.get(f"{visit}/{what}")
    asked = answer.headers["location"]
    assert asked == f"/consents/{ANNA}?next={visit}/{what}"
    page = as_patient.get(asked).text
    assert f'name="then" value="{visit}/{what}"' in page
    assert "Go on" not in page
    sent = {"given": "yes", "then": f"{visit}/{what}"}
    kept = as_patient.post(f"/consents/{ANNA}/care", data=sent).headers["location"]
    assert f'href="{visit}/{what}"' in as_patient.get(kept).text


@pytest.mark.slow
def test_without_consent_no_program_may_send_or_begin(
    clinic: Clinic, as_patient: TestClient
) -> None:
    visit = as_patient.post("/visits/home").headers["location"].removesuffix("/questions")
    new = {"name": "smile.mp4", "size_bytes": 9, "fingerprint": "0" * 64}
    assert as_patient.post(f"/api/v1{visit}/uploads", json=new).status_code == 403
    begun = as_patient.post(f"{visit}/record", data={"protocol": "short"})
    assert begun.headers["location"].startswith(f"/consents/{ANNA}")
    video = {"video": ("smile.mp4", b"no video", "video/mp4")}
    assert as_patient.post(f"{visit}/upload", files=video).status_code == 403
