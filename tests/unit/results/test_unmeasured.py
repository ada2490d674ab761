"""What was published stays: ids, field names, and every file of an earlier version.

The files and the list of fields were written by the version before the documents became types.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facewire.errors import UsageError
from facewire.results.document import Document, schema_of
from facewire.results.forecast import Forecast
from facewire.results.pictures import Mesh
from facewire.results.plan import Plan
from facewire.results.regrowth import Regrowth
from facewire.results.wiring import Wiring

PUBLISHED = Path(__file__).parents[2] / "fixtures" / "published"
KINDS: tuple[type[Document], ...] = (Wiring, Forecast, Plan, Regrowth)


def published(kind: type[Document]) -> dict[str, Any]:
    """Return a document of the earlier version."""
    return dict(json.loads((PUBLISHED / f"{kind.KIND}.json").read_text("utf-8")))


def read(kind: type[Document], values: dict[str, Any]) -> Document:
    return kind.from_json(json.dumps(values).encode())


def paths(part: dict[str, Any], parts: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield the dotted names of every field that a schema describes."""
    if "$ref" in part:
        yield from paths(parts[part["$ref"].split("/")[-1]], parts, at)
    for one in (*part.get("anyOf", ()), *part.get("allOf", ())):
        yield from paths(one, parts, at)
    for name, one in part.get("properties", {}).items():
        yield f"{at}.{name}"
        yield from paths(one, parts, f"{at}.{name}")
    for one in (part.get("items"), *part.get("prefixItems", ())):
        if isinstance(one, dict):
            yield from paths(one, parts, at)


def changed(old: Any, new: Any, at: str = "$") -> Iterator[str]:
    """Yield the places where a value of the earlier file is not kept."""
    if isinstance(old, dict):
        for name, value in old.items():
            if name in new:
                yield from changed(value, new[name], f"{at}.{name}")
            else:
                yield f"{at}.{name}"
    elif isinstance(old, list) and len(old) == len(new):
        for i, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from changed(a, b, f"{at}[{i}]")
    elif old != new:
        yield at


@pytest.mark.parametrize("kind", [*KINDS, Mesh])
def test_id_and_fields_stay(kind: type[Document]) -> None:
    schema = schema_of(kind)
    assert schema["$id"] == f"facewire.{kind.KIND}/1"
    found = {one[1:] for one in paths(schema, schema.get("$defs", {}))}
    kept = json.loads((PUBLISHED / "fields.json").read_text("utf-8"))[kind.KIND]
    # Every movement and side is a key of the same kind of entry.
    keys = ("movement_symmetry.", "lids_mm.", "iris_mm.")
    assert [one for one in kept if one not in found and not any(k in one for k in keys)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_earlier_file_is_read_and_nothing_of_it_is_lost(kind: type[Document]) -> None:
    old = published(kind)
    new = read(kind, old).plain()
    assert list(changed(old, new)) == []
    check = jsonschema.Draft202012Validator(schema_of(kind))
    assert [error.message for error in check.iter_errors(old)] == []
    assert [error.message for error in check.iter_errors(new)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_written_and_read_again_it_is_the_same(kind: type[Document], tmp_path: Path) -> None:
    found = read(kind, published(kind))
    found.write(tmp_path / "again.json")
    assert kind.read(tmp_path / "again.json") == found


def _first(values: dict[str, Any], name: str) -> dict[str, Any]:
    row = values[name][0]
    assert isinstance(row, dict)
    return row


@pytest.mark.parametrize(
    ("kind", "row", "change", "place"),
    [
        (Wiring, "edges", {"ci_low": 50.0}, r"\$\.edges\[0\]"),
        (Wiring, "edges", {"side": "left"}, r"\$\.edges\[0\]\.side"),
        (Wiring, "edges", {"percent": None}, r"\$\.edges\[0\]"),
        (Wiring, "edges", {"kind": "right"}, r"\$\.edges\[0\].*present"),
        (Wiring, "edges", {"colour": 1}, r"\$\.edges\[0\]\.colour"),
        (Wiring, "findings", {"grade": 4}, r"\$\.findings\[0\]\.grade"),
        (Forecast, "involuntary", {"ci_low": [9.0, 9.0, 9.0]}, r"\$\.involuntary\[0\]"),
        (Forecast, "involuntary", {"ci_low": [9.0]}, r"\$\.involuntary\[0\].*same days"),
        (Forecast, "voluntary", {"region": "nose"}, r"\$\.voluntary\[0\]\.region"),
        (Forecast, "treatments", {"kind": "leeches"}, r"\$\.treatments\[0\]\.kind"),
        (Plan, "candidates", {"answer": "yes"}, r"\$\.candidates\[0\]\.answer"),
        (Plan, "options", {"steps": []}, r"\$\.options\[0\]\.steps"),
        (Forecast, "treatments", {"weakening_low": 9.0, "weakening_high": 1.0}, "weakening_low 9"),
        (Regrowth, "events", {"happens_percent_of_runs": 101.0}, r"\$\.events\[0\]"),
        (Regrowth, "parameters", {"citation": ""}, r"\$\.parameters\[0\]\.citation"),
    ],
)
def test_a_wrong_row_is_named(
    kind: type[Document], row: str, change: dict[str, Any], place: str
) -> None:
    values = copy.deepcopy(published(kind))
    _first(values, row).update(change)
    with pytest.raises(UsageError, match=place):
        read(kind, values)


@pytest.mark.parametrize("kind", KINDS)
def test_another_version_is_refused(kind: type[Document]) -> None:
    with pytest.raises(UsageError, match=f"schema facewire.{kind.KIND}/2"):
        read(kind, published(kind) | {"schema": f"facewire.{kind.KIND}/2"})


def test_the_smile_muscle_is_never_in_a_plan() -> None:
    values = copy.deepcopy(published(Plan))
    values["candidates"][0]["weakenings"][0]["muscle"] = "zygomaticus_major"
    with pytest.raises(UsageError, match="never proposed"):
        read(Plan, values)


def test_numbers_of_an_earlier_file_have_no_made_up_deviation() -> None:
    found = read(Wiring, published(Wiring))
    assert isinstance(found, Wiring)
    strength = found.edges[0].strength
    assert strength is not None
    assert strength.sd is None
    with pytest.raises(UsageError, match="no standard deviations"):
        _ = strength.needed_sd
