"""What a recording could not show stands before every conclusion drawn from it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from example_result import example
from facewire.cli.grade import print_grades
from facewire.cli.plan import print_plan
from facewire.cli.wiring import print_wiring
from facewire.grading import grade_measurement
from facewire.plan import make_plan
from facewire.report import Clinical, Unmeasured
from facewire.report.unmeasured import document_page
from facewire.results.coverage import Coverage
from facewire.results.grades import Grades
from facewire.results.plan import Plan
from facewire.results.wiring import Wiring
from facewire.wiring import Settings, infer_wiring
from simulated.wiring_patients import simulate_patient
from unit.report.page_reading import build_report, part

WITHOUT_A_SMILE = Coverage(
    asked=12, usable=8, movements=(), lacking=("smile",), patterns=(), regions=()
)
SAID = "Without enough of a smile the recording does not tell which side is affected"


@pytest.fixture(scope="module")
def made() -> tuple[Grades, Wiring, Plan]:
    result = simulate_patient(11).result.replaced(coverage=WITHOUT_A_SMILE)
    wiring = infer_wiring([result], settings=Settings(20, 30, 15))
    return grade_measurement(result), wiring, make_plan(wiring)


def printed(show: Callable[[Console], None]) -> str:
    told = io.StringIO()
    show(Console(file=told, width=500))
    return told.getvalue()


@pytest.mark.slow
def test_on_the_screen(made: tuple[Grades, Wiring, Plan]) -> None:
    grades, wiring, plan = made
    for told, conclusion in (
        (printed(lambda c: print_grades(c, grades)), "sunnybrook"),
        (printed(lambda c: print_wiring(c, wiring)), "Affected side"),
        (printed(lambda c: print_plan(c, plan)), "Affected side"),
    ):
        assert 0 < told.index("8 of 12 repetitions could be used") < told.index(SAID)
        assert told.index(SAID) < told.index(conclusion)


def test_on_the_pages(made: tuple[Grades, Wiring, Plan]) -> None:
    grades, wiring, plan = made
    report = build_report(
        example().replaced(subject=grades.subject, side_affected=grades.side_affected),
        None,
        clinical=Clinical(grades=grades.replaced(recording_sha256=None)),
    )
    assert SAID in part(report, "grades")
    for page in (document_page(Unmeasured(wiring=wiring)), document_page(Unmeasured(plan=plan))):
        assert page.count(SAID) == 1
        assert page.index(SAID) < page.index("Affected side")


def test_nothing_is_said_where_an_earlier_version_did_not_say(
    made: tuple[Grades, Wiring, Plan],
) -> None:
    older = made[1].replaced(source=made[1].source.replaced(measurements=()))
    assert SAID not in document_page(Unmeasured(wiring=older))
