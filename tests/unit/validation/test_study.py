"""The study on simulated raters and instruments of known quality."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from example_result import example
from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement
from facewire.results.validation import ItemStudy, Validation
from facewire.validation import read_grades, read_results, validate_instrument
from facewire.validation.grades_table import instrument_value, read_item
from facewire.validation.study import run_study

CORNER = "excursion:smile_open:commissure:R"
SYNKINESIS = "synkinesis:smile_open"


def table(folder: Path, lines: Sequence[str], columns: str = "") -> Path:
    path = folder / "grades.csv"
    head = "result,patient,rater,item,grade" + columns
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def measured(
    corner_mm: float | None = 1.0, eye_mm: float | None = -2.4, status: str = "inferred"
) -> Measurement:
    """The example with two numbers replaced, each known to 0.1 mm; None was not measured."""
    result = example().replaced(
        side_status=status, side_affected=Side.RIGHT if status == "inferred" else None
    )

    def known(cell: Any, name: str, value: float | None) -> Any:
        number = None if value is None else Estimate.of(value, 0.1, "mm")
        told = {} if number else {"present": None, "detected": None, "beyond_healthy": None}
        told = {k: v for k, v in told.items() if k in type(cell).model_fields}
        return cell.replaced(**cell.columns(name, number), **told, reason="" if number else "none")

    corner = (Movement.SMILE_OPEN, Region.COMMISSURE, Side.RIGHT)
    eye = (Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    return result.replaced(
        voluntary=tuple(
            known(cell, "excursion_mm", corner_mm) if cell.key == corner else cell
            for cell in result.voluntary
        ),
        synkinesis=tuple(
            known(cell, "change_mm", eye_mm) if cell.key == eye else cell
            for cell in result.synkinesis
        ),
    )


def graded(folder: Path, seed: int = 2) -> tuple[Path, dict[str, Measurement]]:
    """80 people: truth SD 3, three raters SD 1, an instrument 0.5 too high with SD 0.8 (mm)."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(9, 3, 80)
    lines, results = [], {}
    for i, true in enumerate(truth):
        results[f"r{i}"] = measured(true + 0.5 + rng.normal(0, 0.8))
        tone = "dark" if i % 2 else "light"
        lines += [
            f"r{i},P{i},{rater},{CORNER},{true + rng.normal(0, 1):.3f},{tone}" for rater in "ABC"
        ]
    return table(folder, lines, ",skin_tone"), results


def validated(folder: Path) -> Validation:
    path, results = graded(folder)
    return validate_instrument(read_grades(path), results, "0" * 64)


def study(folder: Path) -> tuple[ItemStudy, ...]:
    path, results = graded(folder)
    return run_study(read_grades(path), results)


@pytest.mark.slow
def test_recovers_what_raters_and_instrument_are(tmp_path: Path) -> None:
    """Expected: raters 9 / (9 + 1) = 0.9; difference SD sqrt(0.8^2 + 1/3) = 0.99."""
    (every, *groups) = study(tmp_path)
    assert every.rater_icc.value == pytest.approx(0.9, abs=0.04)
    assert every.rater_icc.ci_low < 0.9 < every.rater_icc.ci_high
    assert every.limits is not None
    assert every.limits.bias == pytest.approx(0.5, abs=0.3)
    assert every.limits.sd == pytest.approx(0.99, abs=0.2)
    assert every.limits.bias_ci[0] < 0.5 < every.limits.bias_ci[1]
    # Bland & Altman 1986: a limit has the standard error sqrt(3 s^2 / n).
    error = every.limits.sd * math.sqrt(3 / 80)
    for low, high in (every.limits.low_ci, every.limits.high_ci):
        assert high - low == pytest.approx(2 * 1.96 * error, rel=0.3)
    assert every.icc.ci_low < every.icc.value < every.icc.ci_high
    assert [g.group for g in groups] == ["skin_tone: dark", "skin_tone: light"]
    assert sum(g.subjects for g in groups) == every.subjects == 80


def test_repeatability_stands_apart_from_agreement(tmp_path: Path) -> None:
    """Recorded twice in one session 0.6 mm apart: SD 0.42; other sessions do not count."""
    lines = [
        f"r{i},P1,A,{CORNER},5,{session}" for i, session in enumerate(("one", "one", "two", ""))
    ]
    results = {f"r{i}": measured(v) for i, v in enumerate((5.0, 5.6, 9.0, 1.0))}
    (found,) = run_study(read_grades(table(tmp_path, lines, ",session")), results)
    assert found.repeat_sd == pytest.approx(0.6 / math.sqrt(2))


@pytest.mark.slow
def test_a_grade_is_compared_by_its_order_alone(tmp_path: Path) -> None:
    """0 to 3 and millimetres have no common unit: no ICC, no limits, but rank and ROC."""
    lines = [f"r{i},P{i},A,{SYNKINESIS},{i // 3}" for i in range(12)]
    results = {f"r{i}": measured(eye_mm=-0.4 * i) for i in range(12)}
    (found,) = run_study(read_grades(table(tmp_path, lines)), results)
    assert found.icc.value is None
    assert found.limits is None
    assert found.roc is not None
    assert found.roc.area == 1.0
    assert found.rank_correlation.value > 0.9


@pytest.mark.slow
def test_what_was_not_measured_is_left_out_and_said(tmp_path: Path) -> None:
    lines = [f"r{i},P{i},A,{CORNER},{i}" for i in range(5)]
    results = {f"r{i}": measured(float(i) if i else None) for i in range(5)}
    (found,) = run_study(read_grades(table(tmp_path, lines)), results)
    assert found.limits is not None
    assert found.limits.count == 4
    assert "Recordings without a number from the instrument: 1." in " ".join(map(str, found.notes))


def test_the_same_rater_twice_needs_an_occasion(tmp_path: Path) -> None:
    lines = [f"r1,P1,A,{CORNER},5", f"r1,P1,A,{CORNER},6"]
    with pytest.raises(UsageError, match="twice"):
        run_study(read_grades(table(tmp_path, lines)), {"r1": measured()})
    told = [f"r1,P1,A,{CORNER},5,first", f"r1,P1,A,{CORNER},6,second"]
    (found,) = run_study(read_grades(table(tmp_path, told, ",occasion")), {"r1": measured()})
    assert found.raters == 2


@pytest.mark.parametrize(
    ("lines", "columns", "message"),
    [
        (["r1,P1,A,grin:eye,3"], "", "item of the table is not known"),
        ([f"r1,P1,A,{CORNER},none"], "", "Line 2 of the table has no grade"),
        ([f"r1,P1,,{CORNER},3"], "", "Line 2 of the table is incomplete"),
        ([], "", "holds no grade"),
    ],
)
def test_a_wrong_table_is_named(
    tmp_path: Path, lines: list[str], columns: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        read_grades(table(tmp_path, lines, columns))


@pytest.mark.parametrize(
    "text",
    [
        f"result;patient;rater;item;grade\nr1;P1;A;{CORNER};2,5\n",
        f"Result, Patient, Rater, Item, Grade\r\nr1,P1,A,{CORNER},2.5\r\n",
        f"sep=,\nresult,patient,rater,item,grade\nr1,P1,A,{CORNER},2.5\n",
        f'result,patient,rater,item,grade\nr1,P1,A,{CORNER},"2,5"\n',
        f"result\tpatient\trater\titem\tgrade\nr1\tP1\tA\t{CORNER}\t2,5\n",
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "g.csv"
    path.write_text(text)
    (row,) = read_grades(path)
    assert (row.result, row.patient, row.rater, row.grade) == ("r1", "P1", "A", 2.5)


def test_the_line_of_a_fault_counts_what_says_the_separator(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(f"sep=;\nresult;patient;rater;item;grade\nr1;P1;A;{CORNER};none\n")
    with pytest.raises(UsageError, match="Line 3 of the table has no grade"):
        read_grades(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("result,patient,grade\n")
    with pytest.raises(UsageError, match="without rater, item"):
        read_grades(path)


def test_a_missing_measurement_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no measurement r9"):
        read_results(tmp_path, {"r9"})


def test_a_face_without_an_affected_side_counts_as_zero() -> None:
    assert instrument_value(measured(status="none"), read_item(SYNKINESIS)) == 0.0
    unknown = instrument_value(measured(status="undecided"), read_item(SYNKINESIS))
    assert unknown == pytest.approx(2.4)


@pytest.mark.slow
def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = validated(tmp_path)
    again = Validation.from_json(found.to_json())
    assert again.plain() == found.plain()
    assert again.synthetic is False
    (every, *_) = again.studies
    assert every.rater_icc.sd is not None
    assert every.rater_icc.value is not None
    assert every.rater_icc.ci_high is not None
    # Near enough to normal: half of the interval is about two deviations.
    half = every.rater_icc.ci_high - every.rater_icc.value
    assert half == pytest.approx(1.96 * every.rater_icc.sd, rel=0.35)


@pytest.mark.parametrize(
    ("item", "grade", "span"),
    [
        (SYNKINESIS, "4", "0 to 3"),
        ("sunnybrook.composite", "101", "-15 to 100"),
        ("gap:eye_close_gentle:R", "-1", "0 to 60"),
    ],
)
def test_a_grade_out_of_range_is_refused(tmp_path: Path, item: str, grade: str, span: str) -> None:
    with pytest.raises(UsageError, match="Line 2 of the table has a grade out of range") as caught:
        read_grades(table(tmp_path, [f"r1,P1,A,{item},{grade}"]))
    assert span in str(caught.value.expected)


def test_one_recording_of_two_patients_is_refused(tmp_path: Path) -> None:
    lines = [f"r1,P1,A,{CORNER},5", f"r1,P2,B,{CORNER},5"]
    with pytest.raises(UsageError, match="r1 is of two patients"):
        read_grades(table(tmp_path, lines))


@pytest.mark.slow
def test_ages_are_grouped_and_small_groups_are_only_named(tmp_path: Path) -> None:
    """Eleven people of 30, two of 70: no statistics from two."""
    ages = [30] * 11 + [70] * 2
    lines = [
        f"r{i},P{i},{rater},{CORNER},{5 + i},{age}" for i, age in enumerate(ages) for rater in "AB"
    ]
    results = {f"r{i}": measured(5.0 + i) for i in range(len(ages))}
    every, *groups = run_study(read_grades(table(tmp_path, lines, ",age")), results)
    assert [one.group for one in groups] == ["age: 18 to 39"]
    assert "age: 60 and over" in " ".join(map(str, every.notes))
