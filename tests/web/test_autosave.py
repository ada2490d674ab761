"""A visit's forms are saved as they are entered, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from web_app import ANNA, Clinic

from facewire.record.clinical import complaints_of, findings_of
from facewire.record.sessions import close_all
from facewire.record.store import add
from facewire.record.tables import Note, Visit
from named_account import account_named

OpenPage = Callable[..., Any]


@pytest.fixture
def visit_id(clinic: Clinic) -> str:
    with clinic.record.writing() as session:
        return add(session, Visit(patient_id=ANNA, on=date(2026, 3, 4), kind="in_person")).id


@pytest.fixture
def page(clinic: Clinic, server: str, open_page: OpenPage, visit_id: str) -> Any:
    opened = open_page(clinic, server, "therapist")
    opened.goto(f"/visits/{visit_id}")
    return opened


def said(page: Any, form: str, words: str) -> None:
    page.locator(f"#{form} [data-saved]", has_text=words).wait_for(timeout=15_000)


@pytest.mark.slow
def test_what_is_chosen_is_kept_at_once_and_typed_words_stay(
    clinic: Clinic, page: Any, visit_id: str
) -> None:
    page.fill("#note textarea", "half a")
    page.select_option("#platysma-L", "2")
    said(page, "findings", "Saved at")
    page.locator("#complaints label", has_text="7").first.click()
    said(page, "complaints", "Saved at")
    assert page.input_value("#note textarea") == "half a"
    with clinic.record.reading() as session:
        found = [(one.name, one.side, one.degree) for one in findings_of(session, visit_id)]
        felt = [one.score for one in complaints_of(session, visit_id)]
    assert (found, felt) == ([("platysma", "L", 2)], [7])
    assert page.said == []


@pytest.mark.slow
def test_undo_takes_back_what_was_chosen(clinic: Clinic, page: Any, visit_id: str) -> None:
    page.select_option("#platysma-L", "2")
    said(page, "findings", "Saved at")
    page.click("#findings [data-undo]")
    page.wait_for_function("document.getElementById('platysma-L').value === ''")
    page.reload()
    assert page.input_value("#platysma-L") == ""
    with clinic.record.reading() as session:
        assert findings_of(session, visit_id) == []


@pytest.mark.slow
def test_a_note_is_kept_as_it_is_typed_and_stays_one_note(
    clinic: Clinic, page: Any, visit_id: str
) -> None:
    page.fill("#note textarea", "The smile")
    page.locator("#note textarea").blur()
    said(page, "note", "Saved at")
    first = page.input_value("#note [name=replaces]")
    page.fill("#note textarea", "The smile closes\nthe right eye")
    page.locator("#note textarea").blur()
    page.wait_for_function(
        "first => document.querySelector('#note [name=replaces]').value !== first", arg=first
    )
    page.reload()
    assert page.locator(".note-kept p").first.inner_text() == "The smile closes\nthe right eye"
    with clinic.record.reading() as session:
        notes = session.query(Note).order_by(Note.created_at).all()
    assert [(one.text, one.voided_at is None) for one in notes] == [
        ("The smile", False),
        ("The smile closes\nthe right eye", True),
    ]


@pytest.mark.slow
def test_what_was_not_kept_is_not_called_saved(clinic: Clinic, page: Any, visit_id: str) -> None:
    with clinic.record.writing() as session:
        close_all(session, account_named(session, "therapist").id, datetime.now(UTC))
    page.select_option("#platysma-L", "2")
    said(page, "findings", "Not saved. Press Save to try again.")
    assert page.is_visible("#findings button[type=submit]")
    with clinic.record.reading() as session:
        assert findings_of(session, visit_id) == []


def test_saved_is_said_of_what_the_answer_shows(clinic: Clinic, page: Any, visit_id: str) -> None:
    """The request arrives and is answered well, but without what was chosen."""
    page.route("**/findings", lambda route: route.continue_(post_data="platysma-L="))
    page.select_option("#platysma-L", "2")
    said(page, "findings", "Not saved. Press Save to try again.")
    with clinic.record.reading() as session:
        assert findings_of(session, visit_id) == []


def test_only_who_began_a_note_goes_on_with_it(clinic: Clinic, visit_id: str) -> None:
    address = f"/visits/{visit_id}/notes"
    clinic.client("therapist").post(address, data={"text": "mine"})
    with clinic.record.reading() as session:
        note_id = session.query(Note).one().id
    refused = clinic.client("surgeon").post(address, data={"text": "his", "replaces": note_id})
    assert refused.status_code == 404
    with clinic.record.reading() as session:
        assert [one.text for one in session.query(Note)] == ["mine"]
