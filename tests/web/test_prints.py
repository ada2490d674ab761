"""Short prints of a visit: what stands in them, one page that is one, and who may have them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from filled_clinic import FilledClinic, fill
from web_app import ANNA, Clinic, TestClient, copy_clinic, open_clinic

from facewire.record.clinical import Story, save_consent, save_history
from facewire.record.deciding import Choice, decide
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.store import add, change, get
from facewire.record.tables import Media, Recording, Visit
from facewire.report.pdf import build
from facewire.report.pdf.build import PAGES
from facewire.report.prints import Print, PrintPart
from facewire.words.numbers import MINUS

NAMES = ("summary", "letter", "patient", "photos")


@pytest.fixture(scope="module")
def told(prepared_clinic: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FilledClinic]:
    """A filled clinic with a story, a treatment and a decision."""
    folder = tmp_path_factory.mktemp("prints")
    made = open_clinic(copy_clinic(prepared_clinic, folder / "data"))
    (folder / "measured").mkdir()
    ids = fill(made, folder / "measured")
    with made.record.writing() as session:
        save_history(session, ANNA, Story("bell", date(2024, 5, 1), "month", "R"))
        given = Given(ANNA, date.today() - timedelta(days=20))
        record_injections(session, given, "Botox", [Injection("mentalis", "R", 2.5)])
        visit = get(session, Visit, ids["visit_id"])
        choice = Choice("words", "Mirror training", "the eye closes", "Sam", date.today())
        decide(session, visit, choice, plan_id=None, forecast_id=None)
    yield FilledClinic(made, ids)
    made.record.close()


def text_of(client: TestClient, told: FilledClinic, name: str) -> str:
    answer = client.get(f"/visits/{told.ids['visit_id']}/{name}.html")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["content-security-policy"]
    return re.sub(r"\s+", " ", answer.text)


def test_the_summary_says_who_why_what_and_what_next(told: FilledClinic) -> None:
    text = text_of(told.clinic.client("therapist"), told, "summary")
    wanted = (
        "Example, Anna",
        "17 May 1980",
        "Why the patient came was not entered.",
        "Cause: Bell",
        "What was seen",
        f"Open smile → right eye: {MINUS}2.4 mm [{MINUS}2.9 to {MINUS}2.0]",
        "Platysma bands left 2",
        "Tightness 4",
        "No difference is larger than what measuring again gives.",
        "mentalis 2.5 units",
        "Since the last toxin: Right: 20 days.",
        "Mirror training",
        "Reason: the eye closes",
    )
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)


@pytest.mark.slow
def test_one_page_is_one_page_however_much_there_is() -> None:
    for length in (0, 40, 4000):
        lines = tuple(f"{i} " + "word " * (length // 5) for i in range(40))
        parts = [PrintPart(f"Part {i}", lines) for i in range(7)]
        parts.insert(1, PrintPart("What was seen", ("seen " * 60,), whole=True))
        assert page_count(Print("S", (), parts=tuple(parts), one_page=True)) == 1


def page_count(one: Print) -> int:
    """Return the pages of the print as it would be set."""
    found: dict[str, Any] = {}

    def kept(files: dict[str, bytes]) -> bytes:
        found.update(files)
        return b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_compiled", kept)
        build.build_print(one)
    found["main.typ"] += PAGES
    return int(json.loads(typst.query(found, "<pages>", field="value", one=True)))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_print_is_a_tagged_pdf(told: FilledClinic, name: str) -> None:
    answer = told.clinic.client("therapist").get(f"/visits/{told.ids['visit_id']}/{name}.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in answer.content


def test_a_patient_has_the_own_page_and_not_the_team_s(told: FilledClinic) -> None:
    client = told.clinic.client("patient")
    text = text_of(client, told, "patient")
    assert "your right eye narrows" in text
    assert "Mirror training" not in text
    for name in ("summary", "letter"):
        for ending in ("html", "pdf"):
            address = f"/visits/{told.ids['visit_id']}/{name}.{ending}"
            assert client.get(address).status_code == 403
    other = told.clinic.client("other_patient")
    assert other.get(f"/visits/{told.ids['visit_id']}/patient.html").status_code == 404


def test_photographs_need_the_kept_video_and_the_consent(told: FilledClinic) -> None:
    client = told.clinic.client("therapist")
    assert "was not kept" in text_of(client, told, "photos")
    keep_video(told.clinic, told.ids)
    text = text_of(client, told, "photos")
    assert "Rest" in text
    assert text.count("data:image/jpeg") > 1
    with told.clinic.record.writing() as session:
        save_consent(session, ANNA, "care", given=False, wording="care/1")
    assert "without the patient&#39;s consent" in text_of(client, told, "photos")
    with told.clinic.record.writing() as session:
        save_consent(session, ANNA, "care", given=True, wording="care/1")


def keep_video(clinic: Clinic, ids: dict[str, str]) -> None:
    """Give the measured recording a video."""
    kept = clinic.services.media.write([b"video"])
    with clinic.record.writing() as session:
        media = Media(id=kept.id, patient_id=ANNA, kind="video", name="a.mp4")
        media.size_bytes, media.sha256 = kept.size_bytes, kept.sha256
        add(session, media)
        change(session, get(session, Recording, ids["recording_id"]), video_media_id=kept.id)
