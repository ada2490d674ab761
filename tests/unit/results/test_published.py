"""Documents as earlier versions wrote them: read, and nothing of them lost or renamed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facewire.errors import UsageError
from facewire.results.comparison import Comparison
from facewire.results.document import Document, schema_of
from facewire.results.grades import Grades
from facewire.results.questionnaire import Questionnaire
from facewire.results.validation import Validation

PUBLISHED = Path(__file__).parents[2] / "fixtures" / "published"
KINDS: dict[str, type[Document]] = {
    "comparison": Comparison,
    "grades": Grades,
    "grades_blank": Grades,
    "questionnaire_fdi": Questionnaire,
    "questionnaire_gad7_missing": Questionnaire,
    "questionnaire_phq9": Questionnaire,
    "validation": Validation,
}


def published(name: str) -> Any:
    return json.loads((PUBLISHED / f"{name}.json").read_text("utf-8"))


def holds(new: Any, old: Any, place: str = "$") -> None:
    """Every field and value of the old document stands in the new one."""
    if isinstance(old, dict):
        for key, value in old.items():
            assert key in new, f"{place}.{key} is gone"
            holds(new[key], value, f"{place}.{key}")
    elif isinstance(old, list):
        assert len(new) == len(old), place
        for i, (one, value) in enumerate(zip(new, old, strict=True)):
            holds(one, value, f"{place}[{i}]")
    else:
        assert new == old, place


@pytest.mark.parametrize("name", KINDS)
def test_it_is_read_and_written_with_every_field(name: str) -> None:
    old, kind = published(name), KINDS[name]
    found = kind.from_json(json.dumps(old).encode())
    holds(found.plain(), old)
    assert kind.from_json(found.to_json()) == found


@pytest.mark.parametrize("name", KINDS)
def test_the_generated_schema_accepts_it(name: str) -> None:
    schema = schema_of(KINDS[name])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(published(name), schema)
    assert schema["$id"] == published(name)["schema"]


@pytest.mark.parametrize(
    ("name", "place", "value", "words"),
    [
        ("comparison", ("schema",), "facewire.comparison/2", "schema facewire.comparison/2"),
        ("comparison", ("changes", 0, "side"), "left", r"\$\.changes\[0\]\.side"),
        ("comparison", ("changes", 0, "ci_low"), 99.0, r"\$\.changes\[0\].*ci_low 99.*reversed"),
        ("comparison", ("changes", 0, "change_mm"), 99.0, r"changes\[0\].*outside its interval"),
        ("comparison", ("changes", 0, "change_mm"), None, r"\$\.changes\[0\].*without a reason"),
        ("comparison", ("changes", 0, "before_mm"), float("nan"), r"changes\[0\]\.before_mm"),
        ("comparison", ("changes", 0, "unit"), "mm", r"\$\.changes\[0\]\.unit"),
        ("comparison", ("course", "visits", 0, "date"), "soon", r"course\.visits\[0\]\.date"),
        ("comparison", ("course", "outcomes", 0, "forecast", "ci_low"), [], "differ in number"),
        ("grades", ("sunnybrook", "resting", "ci_high"), 30.0, "resting leaves its scale"),
        ("grades", ("sunnybrook", "composite", "ci_low"), 101.0, "reversed"),
        ("grades", ("eface_like", "total", "ci_low"), 101.0, "reversed"),
        ("grades", ("sunnybrook", "healthy", "low"), 101.0, r"sunnybrook\.healthy.*reversed"),
        ("grades", ("house_brackmann", "entered"), "VII", r"house_brackmann\.entered"),
        ("grades_blank", ("sunnybrook", "resting", "items", "eye", "reason"), None, "blank item"),
        ("questionnaire_fdi", ("shifts", 1, "verdict"), "better", "within measurement error"),
        ("questionnaire_phq9", ("mood", "crisis"), [], "shown at once"),
        ("validation", ("studies", 0, "rater_icc", "ci_low"), 2.0, "reversed"),
        ("validation", ("studies", 0, "limits", "low"), 90.0, "reversed"),
    ],
)
def test_a_fault_is_named_with_its_place(
    name: str, place: tuple[Any, ...], value: Any, words: str
) -> None:
    document = published(name)
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(UsageError, match=words):
        KINDS[name].from_json(json.dumps(document).encode())
