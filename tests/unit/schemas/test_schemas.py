from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from example_result import example_result
from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS
from facewire.schemas import SCHEMAS, load_schema, validate

Change = Callable[[dict[str, Any]], None]


def _set(*place: Any, value: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        inner: Any = document
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value

    return change


def _no_reason(document: dict[str, Any]) -> None:
    document["synkinesis"][3] |= {"change_mm": None, "reason": None}


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(load_schema(name))


def test_a_full_result_fits() -> None:
    validate(example_result())


def test_vocabulary_is_the_package_s() -> None:
    words = load_schema("measurement")["$defs"]
    assert words["movement"]["enum"] == [str(m) for m in MOVEMENTS]
    assert words["region"]["enum"] == [str(r) for r in REGIONS]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_set("schema", value="facewire.measurement/2"), r"\$\.schema"),
        (_set("side_status", value="left"), r"\$\.side_status"),
        (_set("side_status", value="none"), r"\$\.side_affected"),
        (_set("synkinesis", 0, "region", value="nose"), r"\$\.synkinesis\[0\]\.region"),
        (_set("synkinesis", 0, "present", value="yes"), r"\$\.synkinesis\[0\]\.present"),
        (_set("synkinesis", 0, "unit", value="mm"), "unit"),
        (_set("synkinesis", value=[]), r"\$\.synkinesis"),
        (_no_reason, r"\$\.synkinesis\[3\]\.reason"),
        (_set("repetitions", 0, "kept", value=False), r"\$\.repetitions\[0\]\.reason"),
        (_set("provenance", "source", "name", value="/srv/a/b.mp4"), r"source\.name"),
        (_set("provenance", "source", "sha256", value="abc"), r"source\.sha256"),
        (_set("scale", "reference_mm", value=-1), r"\$\.scale"),
        (_set("side_confidence", value=float("nan")), r"not finite.*\$\.side_confidence"),
        (_set("voluntary", 2, "ci_low", value=float("inf")), r"\$\.voluntary\[2\]\.ci_low"),
    ],
)
def test_a_fault_is_named_with_its_place(change: Change, place: str) -> None:
    document = copy.deepcopy(example_result())
    change(document)
    with pytest.raises(UsageError, match=place):
        validate(document)


def test_unknown_schema_is_wrong_use() -> None:
    with pytest.raises(UsageError, match=r"no such schema.*measurement.*plan"):
        load_schema("prescription")
