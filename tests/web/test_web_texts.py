"""Every page of the app in a language that nobody speaks: no text is outside the catalogue."""

from __future__ import annotations

import json
import re

import pytest
from filled_clinic import FilledClinic
from page_addresses import fill_in, pages
from sqlalchemy import select
from test_browser import ids_of

from facewire.care import red_flags
from facewire.record.rows import Base
from facewire.record.tables import Computed
from facewire.treatment import MUSCLE_NAMES
from facewire.web.routes import audit_trail
from facewire.words import MUSCLES, languages
from unit.report.pseudo_language import Pseudo, outside, texts_of
from unit.report.test_languages import data_of, filled_in, published


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_load", lambda _name, _own: Pseudo())


ENTERED = re.compile(
    r"\b(facewire|mm|ms|Esc|smile\.mp4|care/\d|[0-9a-f]{16}|Example|Anna|Ben|anna|ben|"
    r"II|III|IV|VI|Thea Therapist|Sam Surgeon|Ada Admin|admin|surgeon|therapist|"
    r"\w+botulinumtoxin[AB]|Tablet \d)\b"
)
"""What people entered, product names, grades and units: no words of ours."""

LOOKED_AT = [(who, path) for who, path in pages() if not path.startswith("/patterns")]
"""Without the patterns, which are for developers."""
SOURCES = re.compile("|".join(re.escape(sign.source) for sign in red_flags().signs))
ALLOWED = re.compile(f"{SOURCES.pattern}|{ENTERED.pattern}")


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(("who", "path"), LOOKED_AT)
def test_no_page_has_text_outside_the_catalogue(
    filled_clinic: FilledClinic, who: str, path: str
) -> None:
    client = filled_clinic.clinic.client(who or None)
    page = client.get(fill_in(path, ids_of(filled_clinic))).text
    allowed = re.compile(f"{carried(filled_clinic).pattern}|{ALLOWED.pattern}")
    assert list(outside(texts_of(page), allowed)) == []


def carried(filled: FilledClinic) -> re.Pattern[str]:
    """What computed documents carry as it is: publications, and sentences with a face's numbers."""
    found: list[str] = []
    with filled.clinic.record.reading() as session:
        for row in session.scalars(select(Computed)):
            text = b"".join(filled.clinic.services.media.read(row.media_id))
            document = json.loads(text)
            found += [*published(document), *filled_in(document)]
    return data_of(found)


def test_every_muscle_and_every_kind_has_words() -> None:
    assert set(MUSCLES) == set(MUSCLE_NAMES)
    tables = {mapper.local_table.name for mapper in Base.registry.mappers}
    assert tables - {"audit"} <= set(audit_trail.KINDS)
