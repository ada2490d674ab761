"""Measurements as documents: written, read, refused; files of earlier versions."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from example_result import example_result, first_version_result
from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.findings import complete
from facewire.results.cells import SynkinesisCell
from facewire.results.document import schema_of
from facewire.results.measurement import Measurement
from unit.findings.made_map import measurement, synkinesis_cell

Change = Callable[[dict[str, Any]], None]


def read(document: dict[str, Any]) -> Measurement:
    return Measurement.from_json(json.dumps(document).encode())


GAP = {"movement": "eye_close_tight", "side": "L", "reason": "not measured"}


def _covariance_too_large(document: dict[str, Any]) -> None:
    document["synkinesis"][0] |= {"across_sd_mm": 0.1, "up_sd_mm": 0.2, "covariance_mm2": -0.021}


def _set(*place: Any, value: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        inner: Any = document
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value

    return change


def _no_reason(document: dict[str, Any]) -> None:
    document["synkinesis"][3] |= {"change_mm": None, "reason": None, "present": None}
    document["synkinesis"][3] |= {"detected": None, "beyond_healthy": None}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_set("schema", value="facewire.measurement/2"), "schema facewire.measurement/2"),
        (_set("schema", value="facewire.wiring/1"), "schema facewire.wiring/1"),
        (_set("side_status", value="left"), r"\$\.side_status"),
        (_set("side_status", value="none"), "side_affected is given where side_status is none"),
        (_set("side_status", value="both"), "side_affected is given where side_status is both"),
        (_set("synkinesis", 0, "region", value="nose"), r"\$\.synkinesis\[0\]\.region"),
        (_set("synkinesis", 0, "side", value="left"), r"\$\.synkinesis\[0\]\.side"),
        (_set("synkinesis", 0, "present", value="yes"), r"\$\.synkinesis\[0\]\.present"),
        (_set("synkinesis", 0, "unit", value="mm"), r"\$\.synkinesis\[0\]\.unit"),
        (_set("synkinesis", 0, "ci_low", value=9.0), r"\$\.synkinesis\[0\].*ci_low 9.*reversed"),
        (_set("synkinesis", 0, "change_mm", value=99.0), r"synkinesis\[0\].*outside its interval"),
        (_set("synkinesis", 0, "ci_low", value=None), r"\$\.synkinesis\[0\].*without its interval"),
        (_set("repetitions", 0, "start_s", value=1e6), r"\$\.repetitions\[0\].*before it starts"),
        (_set("rest", value=None), r"\$\.rest: "),
        (_set("eye_closure", value=[GAP, GAP]), "eye_closure holds the same place twice"),
        (_covariance_too_large, r"synkinesis\[0\]: the covariance"),
        (_set("synkinesis", 0, "repetitions", value=2**53 + 1), r"synkinesis\[0\]\.repetitions"),
        (_set("side_affected", value=None), "inferred without a side"),
        (_set("rest", value=True), r"\$\.rest: "),
        (_set("rest", value="none"), r"\$\.rest: "),
        (_set("rest", value=[[1]]), r"\$\.rest\[0\]: "),
        (_set("grades", value=[]), r"\$\.grades: "),
        (_set("synkinesis", value=[]), "every movement, region and side"),
        (_no_reason, r"\$\.synkinesis\[3\].*without a reason"),
        (_set("synkinesis", 3, "change_mm", value=None), r"\$\.synkinesis\[3\]"),
        (_set("repetitions", 0, "kept", value=False), r"\$\.repetitions\[0\].*without a reason"),
        (_set("provenance", "source", "name", value="/srv/a/b.mp4"), r"source\.name"),
        (_set("provenance", "source", "sha256", value="abc"), r"source\.sha256"),
        (_set("provenance", "settings", value={"iris_mm": -5.0}), r"settings\.iris_mm"),
        (_set("scale", "reference_mm", value=-1), r"\$\.scale"),
        (_set("side_confidence", value=float("nan")), r"\$\.side_confidence"),
        (_set("voluntary", 2, "ci_low", value=float("inf")), r"\$\.voluntary\[2\]"),
        (_set("nickname", value="x"), r"\$\.nickname"),
        (_set("a\n\x1b[31m", value="x"), r'\$\["a\\n\\u001b\[31m"\]: '),
        (_set("n" * 10_000, value="x"), r"\$\.n{80} \.\.\. n{54}: "),
        (_set("schema", value="x" * 10_000), r"schema x{80} \.\.\. x{54}\. What to do"),
    ],
)
def test_a_fault_is_named_with_its_place(change: Change, place: str) -> None:
    document = copy.deepcopy(example_result())
    change(document)
    with pytest.raises(UsageError, match=place):
        read(document)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[]", "no document of facewire"),
        (b'{"a": 1}', "no document of facewire"),
    ],
)
def test_what_is_no_document_is_told(content: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=f"{words}.*What to do: "):
        Measurement.from_json(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_unicode_encoding_is_read(encoding: str) -> None:
    content = json.dumps(example_result()).encode(encoding)
    assert Measurement.from_json(content).subject == "P017"


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    result = complete(measurement())
    result.write(tmp_path / "r.json")
    again = Measurement.read(tmp_path / "r.json")
    assert again == result
    assert again.to_json() == result.to_json()


def test_an_answer_that_cannot_be_given_is_left_out_and_null_elsewhere() -> None:
    rows = json.loads(measurement().to_json())["synkinesis"]
    untold = next(row for row in rows if row["movement"] == "snarl" and row["side"] == "R")
    assert "present" not in untold
    assert untold["change_mm"] is None


def test_a_file_of_the_first_version_stays_readable() -> None:
    old = read(first_version_result())
    assert old.grades is None
    eye = old.involuntary_cell(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    assert eye.change is not None
    assert (eye.change.value, eye.change.sd) == (-2.4, None)


@pytest.mark.slow
def test_it_fits_its_generated_schema() -> None:
    schema = schema_of(Measurement)
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(complete(measurement()).to_json())
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "side_affected": "left"}, schema)


def test_the_schema_describes_its_fields() -> None:
    cell = schema_of(Measurement)["$defs"]["SynkinesisCell"]["properties"]
    assert cell["gain"]["description"].startswith("Involuntary millimetres per millimetre")


@pytest.mark.parametrize(
    "values",
    [
        {"side": "left"},
        {"side": "R"},
        {"change_mm": None, "change_sd_mm": None, "ci_low": None, "ci_high": None, "reason": "x"},
        {"ci_low": 0.5},
        {"change_sd_mm": -0.1},
        {"q_value": 1.5},
        {"gain": 1.0, "gain_sd": 0.1, "gain_ci_low": 2.0, "gain_ci_high": 3.0},
    ],
)
def test_a_cell_is_checked_when_it_is_made(values: dict[str, Any]) -> None:
    good = {"movement": Movement.SNARL, "region": Region.EYE, "side": Side.RIGHT}
    with pytest.raises(ValidationError):
        synkinesis_cell(**{**good, **values})


def test_columns_keep_a_number_whole() -> None:
    cell = synkinesis_cell(Movement.SNARL, Region.EYE, Side.RIGHT)
    assert cell.change is not None
    columns = SynkinesisCell.columns("change_mm", cell.change)
    assert columns == {"change_mm": 0.1, "change_sd_mm": 0.15, "ci_low": -0.2, "ci_high": 0.4}
