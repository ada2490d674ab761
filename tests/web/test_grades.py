"""Grades by eye: entered item by item, kept, corrected, and shown beside the estimate."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from filled_clinic import FilledClinic
from web_app import ANNA, Clinic, TestClient

from facewire.record.clinical import grades_of
from facewire.record.store import add
from facewire.record.tables import Visit

SUNNYBROOK = {
    "resting-eye": "narrow",
    "resting-cheek_nasolabial_fold": "less_marked",
    "resting-mouth": "normal",
    "voluntary-brow_raise": "4",
    "voluntary-eye_close_gentle": "5",
    "voluntary-smile_open": "4",
    "voluntary-snarl": "4",
    "voluntary-lip_pucker": "4",
    "synkinesis-brow_raise": "1",
    "synkinesis-eye_close_gentle": "0",
    "synkinesis-smile_open": "3",
    "synkinesis-snarl": "1",
    "synkinesis-lip_pucker": "2",
}
"""Worked by hand: 4 x 21 - 5 x 2 - 7 = 67."""
FNGS = {
    "fngs2-brow": "2",
    "fngs2-eye": "1",
    "fngs2-nasolabial_fold": "2",
    "fngs2-oral": "2",
    "fngs2-secondary_movement": "2",
}
"""Worked by hand: 9 points are grade II."""


@pytest.fixture
def visit_id(clinic: Clinic) -> str:
    with clinic.record.writing() as session:
        return add(session, Visit(patient_id=ANNA, on=date(2026, 3, 4), kind="in_person")).id


def scales(clinic: Clinic, visit_id: str) -> dict[str, dict[str, object]]:
    with clinic.record.reading() as session:
        return {row.scale: dict(row.items) for row in grades_of(session, visit_id)}


@pytest.mark.slow
def test_grades_are_kept_and_summed(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    sent = SUNNYBROOK | FNGS | {"house_brackmann": "III"}
    as_therapist.post(f"/visits/{visit_id}/grades", data=sent)
    page = as_therapist.get(f"/visits/{visit_id}")
    for words in ("Sunnybrook 67 of 100", "House-Brackmann III", "FNGS 2.0 II"):
        assert f"<strong>{words}</strong>" in page.text
    assert set(scales(clinic, visit_id)) == {"sunnybrook", "house_brackmann", "fngs2"}
    form = as_therapist.get(f"/visits/{visit_id}/grades").text
    assert 'name="resting-eye" value="narrow" checked' in form
    assert 'name="house_brackmann" value="III" checked' in form
    assert "Graded by eye" in as_therapist.get(f"/patients/{ANNA}").text


@pytest.mark.slow
def test_a_part_of_sunnybrook_has_no_score(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    sent = {"synkinesis-smile_open": "2"}
    page = as_therapist.post(f"/visits/{visit_id}/grades", data=sent, follow_redirects=True)
    assert "Sunnybrook, in part" in page.text
    assert scales(clinic, visit_id) == {"sunnybrook": {"synkinesis": {"smile_open": 2}}}


def test_a_correction_replaces_and_keeps(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    for grade in ("III", "III", "IV"):
        as_therapist.post(f"/visits/{visit_id}/grades", data={"house_brackmann": grade})
    assert scales(clinic, visit_id) == {"house_brackmann": {"grade": "IV"}}
    from sqlalchemy import func, select

    from facewire.record.tables import Grade

    with clinic.record.reading() as session:
        assert session.scalar(select(func.count()).select_from(Grade)) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"fngs2-brow": "2"}, "all five, or none"),
        ({"house_brackmann": "VII"}, "choose one of the answers"),
        ({"synkinesis-smile_open": "4"}, "choose one of the answers"),
        (dict.fromkeys(FNGS, "6") | {"fngs2-secondary_movement": "3"}, "contradict"),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(
    as_therapist: TestClient, clinic: Clinic, visit_id: str, sent: dict[str, str], words: str
) -> None:
    page = as_therapist.post(f"/visits/{visit_id}/grades", data=sent)
    assert page.status_code == 422
    assert words in page.text
    assert scales(clinic, visit_id) == {}


@pytest.mark.slow
def test_another_clinician_sees_what_was_graded_and_grades_alone(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    as_therapist.post(f"/visits/{visit_id}/grades", data={"house_brackmann": "III"})
    surgeon = clinic.client("surgeon")
    form = surgeon.get(f"/visits/{visit_id}/grades").text
    assert "Graded by Thea Therapist" not in form
    assert 'value="III" checked' not in form
    closed = "To grade it yourself, leave this closed until you have."
    page = surgeon.get(f"/visits/{visit_id}").text
    assert re.search(closed + r"</summary>\s*<div[^>]*><p><strong>House-Brackmann III", page)
    assert "<details open" not in page
    assert closed not in as_therapist.get(f"/visits/{visit_id}").text
    answer = surgeon.post(
        f"/visits/{visit_id}/grades", data={"house_brackmann": "IV"}, follow_redirects=True
    )
    assert "Saved: House-Brackmann IV" in answer.text
    assert "Graded by Thea Therapist" in answer.text
    assert closed not in surgeon.get(f"/visits/{visit_id}").text
    with clinic.record.reading() as session:
        assert len(grades_of(session, visit_id)) == 2


def test_the_estimate_follows_the_own_grade_and_grades_join_the_report(
    filled_clinic: FilledClinic,
) -> None:
    client, ids = filled_clinic.clinic.client("therapist"), filled_clinic.ids
    address = f"/visits/{ids['visit_id']}/grades"
    form = client.get(address).text
    assert 'class="estimate"' not in form
    assert "not validated" in form
    client.post(address, data={"house_brackmann": "III", "synkinesis-smile_open": "2"})
    form = client.get(address).text
    assert form.count('class="estimate"') == 1
    (item,) = re.findall(r'id="synkinesis-smile_open".*?</legend>', form)
    assert "estimated" in item
    report = client.get(f"/measurements/{ids['measurement_id']}/report").text
    assert "House-Brackmann" in report
    assert ">III<" in report


@pytest.mark.slow
def test_keys_grade_and_the_composite_grows(
    clinic: Clinic, server: str, visit_id: str, open_page: Callable[..., Any]
) -> None:
    """The grades of `SUNNYBROOK` by keyboard alone: 67, as worked out by hand."""
    page = open_page(clinic, server, "therapist")
    page.goto(f"/visits/{visit_id}/grades")
    total = page.locator("[data-sum]")
    assert total.inner_text() == "Sunnybrook: 0 of 13 items graded"
    page.locator("#resting-eye input").first.focus()
    for key in "231" + "45444" + "1031":
        page.keyboard.press(key)
    assert total.inner_text() == "Sunnybrook: 12 of 13 items graded"
    page.keyboard.press("2")
    assert total.inner_text() == "Sunnybrook as graded here: 67 of 100"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: Sunnybrook 67 of 100").wait_for()
    assert scales(clinic, visit_id)["sunnybrook"]["voluntary"] == {
        "brow_raise": 4,
        "eye_close_gentle": 5,
        "smile_open": 4,
        "snarl": 4,
        "lip_pucker": 4,
    }
