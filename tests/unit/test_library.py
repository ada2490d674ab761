"""facewire as a library: tables hold what the result holds, mistakes are told, it is light."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

import facewire
import library_page
from example_result import example, example_result
from facewire import Result
from facewire.errors import FacewireError, UsageError
from facewire.face import Movement, Region, Side
from facewire.files import sha256_of
from facewire.results.measurement import Measurement, RepetitionValue, StoredFile, StoredFiles
from unit.findings.made_map import measurement

NARROWED = (pl.col("movement") == "smile_open") & (pl.col("region") == "eye")
IMPORT_MS = 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A measured folder: result and signals."""
    signals = tmp_path / "signals.parquet"
    pl.DataFrame({"time_s": [0.0, 0.05], "eye_L_height": [9.5, 9.4]}).write_parquet(signals)
    stored = StoredFile(path=signals.name, sha256=sha256_of(signals))
    example().replaced(files=StoredFiles(signals=stored)).write(tmp_path / "result.json")
    return tmp_path


def test_cells_hold_the_involuntary_part(folder: Path) -> None:
    cells = facewire.read(folder).cells()
    assert cells.height == 8 * 7 * 2
    found = cells.filter(NARROWED & (pl.col("side") == "R")).row(0, named=True)
    assert (found["change_mm"], found["ci_low"], found["ci_high"]) == (-2.4, -2.9, -1.9)
    assert (found["present"], found["latency_s"], found["reason"]) == (True, 0.045, None)
    other = cells.filter(NARROWED & (pl.col("side") == "L")).row(0, named=True)
    assert (other["change_mm"], other["present"]) == (0.1, False)


def test_columns_keep_their_kind_where_all_is_missing(folder: Path) -> None:
    cells = facewire.read(folder).cells()
    assert cells["across_sd_mm"].null_count() == cells.height
    kinds = {"across_sd_mm": pl.Float64, "repetitions": pl.Int64, "present": pl.Boolean}
    assert {name: cells.schema[name] for name in kinds} == kinds
    assert facewire.read(folder).repetitions().schema["total_mm"] == pl.Float64


def test_every_table_has_a_row_for_a_row() -> None:
    values = [
        RepetitionValue(
            movement=Movement.SMILE_OPEN,
            repetition=n,
            region=Region.EYE,
            side=Side.RIGHT,
            total_mm=-1.0 * n,
            kept=True,
        )
        for n in (1, 2)
    ]
    made = measurement(repetition_values=tuple(values))
    result = Result(made)
    rows = {
        "cells": made.synkinesis,
        "voluntary": made.voluntary,
        "rest": made.rest,
        "closures": made.eye_closure,
        "blinks": made.blink,
        "repetitions": made.repetition_values,
    }
    for table, expected in rows.items():
        frame = getattr(result, table)()
        assert frame.height == len(expected), table
        assert frame.columns == list(type(expected[0]).model_fields) if expected else True
    assert result.repetitions()["total_mm"].to_list() == [-1.0, -2.0]


def test_signals_are_those_beside_the_result(folder: Path) -> None:
    assert facewire.read(folder / "result.json").signals()["time_s"].to_list() == [0.0, 0.05]
    pl.DataFrame({"time_s": [7.0]}).write_parquet(folder / "signals.parquet")
    with pytest.raises(UsageError, match="not those of this result"):
        facewire.read(folder).signals()


def test_without_signals_it_says_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"no signals beside it.*out=FOLDER"):
        Result(example()).signals()


def test_a_mesh_is_read_as_its_type(tmp_path: Path) -> None:
    from unit.report.made_documents import made_mesh

    (tmp_path / "mesh.json").write_text(json.dumps(made_mesh()))
    assert type(facewire.read(tmp_path / "mesh.json")).__name__ == "Mesh"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("[]", "no document of facewire"),
        ('{"schema": []}', "no kind that is known"),
        (
            '{"schema": "facewire.other/1"}',
            r"facewire\.measurement/1.*Found: schema facewire\.other",
        ),
        (json.dumps({**example_result(), "side_affected": "left"}), r"\$\.side_affected"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "r.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(FacewireError, match=told):
        facewire.read(path)


def test_a_folder_without_a_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"result\.json cannot be read"):
        facewire.read(tmp_path)


class Recorder(ModuleType):
    """Stands in for pandas or xarray and keeps what it was given."""

    def __init__(self) -> None:
        super().__init__("stand-in")
        self.given: list[Any] = []

    def DataFrame(self, columns: Any) -> str:  # noqa: N802 - pandas' own name
        self.given.append(columns)
        return "a frame"

    def Dataset(self, numbers: Any, **more: Any) -> str:  # noqa: N802 - xarray's own name
        self.given.append((numbers, more))
        return "a dataset"


def test_pandas_takes_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = Recorder()
    monkeypatch.setitem(sys.modules, "pandas", pandas)
    assert Result(example()).to_pandas("voluntary") == "a frame"
    assert pandas.given[0]["excursion_mm"][:2] == [1.0, 1.0]


def test_xarray_takes_a_grid_with_every_number_in_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    xarray = Recorder()
    monkeypatch.setitem(sys.modules, "xarray", xarray)
    assert Result(example()).to_xarray() == "a dataset"
    numbers, more = xarray.given[0]
    dims, values = numbers["change_mm"]
    place = [
        more["coords"][dim].index(word)
        for dim, word in zip(dims, ("smile_open", "eye", "R"), strict=True)
    ]
    assert dims == ("movement", "region", "side")
    assert values.shape == (8, 7, 2)
    assert values[tuple(place)] == -2.4
    assert (values == -2.4).sum() == 1
    assert "reason" not in numbers


@pytest.mark.parametrize(("library", "call"), [("pandas", "to_pandas"), ("xarray", "to_xarray")])
def test_a_missing_library_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, library: str, call: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=f"needs the package {library}.*pip install {library}"):
        getattr(Result(example()), call)()


@pytest.mark.parametrize(("call", "name"), [("to_pandas", "rests"), ("to_xarray", "rest")])
def test_a_table_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch, call: str, name: str
) -> None:
    for library in ("pandas", "xarray"):
        monkeypatch.setitem(sys.modules, library, Recorder())
    with pytest.raises(UsageError, match=name):
        getattr(Result(example()), call)(name)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the pipeline was asked for."""
    from facewire import pipeline

    calls: list[Any] = []

    def measured(*given: Any) -> Measurement:
        calls.append(given)
        return example()

    monkeypatch.setattr(pipeline, "measure", measured)
    return calls


def test_measure_passes_every_choice_on(asked: list[Any], tmp_path: Path) -> None:
    choices: dict[str, Any] = {
        "age_years": 46.0,
        "iris_mm": 11.9,
        "subject": "P1",
        "fitted": False,
        "fast": True,
        "allow_partial": True,
        "model": "m",
        "face": "left",
        "progress": print,
        "other_side_treated": date(2026, 3, 1),
        "recorded": date(2026, 3, 31),
    }
    assert set(choices) == set(facewire.library.MoreChoices.__annotations__)
    result = facewire.measure(
        "v.mp4", cues="c.json", mirrored=True, affected="L", out=tmp_path, overwrite=True, **choices
    )
    source, out, json_path, tracking, options, progress = asked[0]
    assert (source, out, json_path, progress) == (Path("v.mp4"), tmp_path, None, print)
    assert vars(tracking) == {
        "model": Path("m"),
        "mirrored": True,
        "plain": False,
        "fast": True,
        "allow_partial": True,
        "face": "left",
    }
    assert vars(options) == {
        "cues": Path("c.json"),
        "affected": "L",
        "age_years": 46.0,
        "iris_mm": 11.9,
        "subject": "P1",
        "fitted": False,
        "overwrite": True,
        "other_side_refused": "the other side had botulinum toxin on 2026-03-01, "
        "30 days before the recording on 2026-03-31",
    }
    assert (result.folder, result.measurement) == (tmp_path, example())


@pytest.mark.parametrize("choice", ["fast", "allow_partial"])
def test_one_choice_is_no_other(asked: list[Any], choice: str) -> None:
    facewire.measure("v.mp4", **{choice: True})  # type: ignore[arg-type]
    tracking = asked[0][3]
    said = {name: getattr(tracking, name) for name in ("fast", "allow_partial", "plain")}
    assert said == {**dict.fromkeys(said, False), choice: True}


def test_unsaid_stays_unsaid(asked: list[Any]) -> None:
    assert facewire.measure("v.mp4").folder is None
    _, out, _, tracking, options, _ = asked[0]
    assert (out, tracking.mirrored, options.affected, options.cues) == (None, None, None, None)
    assert (options.fitted, options.overwrite, options.other_side_refused) == (True, False, "")


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"mirrored": "no"}, "mirrored=True, False or None"),
        ({"age": 4}, "Found: age"),
        ({"other_side_treated": "operated"}, 'affected="L" or "R"'),
        ({"other_side_treated": "operated", "affected": "none"}, 'affected="L" or "R"'),
    ],
)
def test_what_cannot_be_said_is_refused(asked: list[Any], choices: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        facewire.measure("v.mp4", **choices)
    assert asked == []


def test_importing_is_light() -> None:
    code = (
        "import sys, time; start = time.process_time(); import facewire\n"
        "took = time.process_time() - start\n"
        "heavy = {'numpy', 'pydantic', 'polars', 'av', 'cv2', 'scipy', 'rich', 'typer'}\n"
        "print(1000 * took, sorted(heavy & set(sys.modules)), facewire.__version__)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    took = [float(run.stdout.split()[0]) for run in runs]
    assert "[]" in runs[0].stdout
    assert min(took) < IMPORT_MS


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="meassure"):
        _ = facewire.meassure
    assert set(facewire.__all__) <= set(dir(facewire))


@pytest.mark.slow
def test_the_reference_page_is_made_from_the_docstrings() -> None:
    written = library_page.PAGE.read_text("utf-8")
    assert written == library_page.page(), "python docs/library_page.py writes it again"
    methods = [n for n in vars(Result) if not n.startswith("_")]
    assert [n for n in methods if n not in written] == []
