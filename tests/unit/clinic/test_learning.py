"""From a record to what it teaches and on to a forecast: faces are simulated, nobody's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from facewire.cli.forecast import forecast
from facewire.cli.learn import learn
from facewire.clinic import given_courses
from facewire.clinic.given_courses import (
    NO_AFTER,
    NO_BEFORE,
    NO_SIDE,
    NOT_SEEN,
    STILL_ACTING,
    UNKNOWN,
    UNSIZED,
    PatientCourses,
    courses_of,
)
from facewire.clinic.learning import learn_from_record
from facewire.errors import UsageError, VaultError
from facewire.face import Movement, Region, Side
from facewire.record.audit import find_rows
from facewire.record.clinical import save_consent
from facewire.record.engine import open_engine
from facewire.record.erase import erase_patient
from facewire.record.folder import create_data, open_data
from facewire.record.injections import (
    Given,
    Injection,
    Procedure,
    record_injections,
    record_procedure,
)
from facewire.record.store import Record
from facewire.record.tables import Patient
from facewire.results.forecast import Forecast
from facewire.results.learned import Learned
from facewire.results.measurement import Measurement
from facewire.results.wiring import Wiring
from facewire.wiring import infer_wiring
from made_clinic import FACE, FIRST, MUSCLE, PRODUCT, MadeCourse, add_made_patient, measured

PASSPHRASE = "seven quiet herons wade"
TODAY = date(2026, 1, 1)
WEAK = MadeCourse(0, 0.5, (28, 100))
NAMES = ("Zwirbelmann", "Aldermann", "Bergmann", "Celestin", "Dorfner", "Ehrlich")


@cache
def _wiring(content: bytes) -> Wiring:
    return infer_wiring([Measurement.from_json(content)])


@pytest.fixture(autouse=True)
def _inferred_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every patient here begins with one face: its wiring is inferred once."""

    def infer(results: list[Measurement]) -> Wiring:
        return _wiring(results[0].replaced(subject=None).to_json())

    monkeypatch.setattr(given_courses, "infer_wiring", infer)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = Record.open(open_engine(f"sqlite:///{tmp_path / 'record.sqlite'}"))
    yield made
    made.close()


def told(record: Record, *courses: MadeCourse, **more: Any) -> PatientCourses:
    """Return what one patient's record tells; ``more`` are treatments on days."""
    with record.writing() as session:
        patient = add_made_patient(session, "Zwirbelmann", courses)
        for day, what in more.get("procedures", ()):
            record_procedure(session, Given(patient.id, FIRST + timedelta(days=day)), what)
        for day, muscle, side in more.get("injections", ()):
            given = Given(patient.id, FIRST + timedelta(days=day))
            record_injections(session, given, PRODUCT, [Injection(muscle, side, 5.0)])
    with record.reading() as session:
        return courses_of(session, patient.id)


@pytest.mark.slow
def test_a_course_holds_the_forecast_of_then_and_the_change_that_came(record: Record) -> None:
    found = told(record, WEAK)
    (course,) = found.courses
    assert found.reasons == []
    assert course.outcome == (Movement.SMILE_OPEN, Region.EYE, "involuntary")
    assert (course.role, course.units, course.product) == ("affected", 10.0, PRODUCT)
    peak, late = course.visits
    assert (peak.days, late.days) == (28, 100)
    assert peak.came_mm.value / peak.forecast_mm.value == pytest.approx(0.5, abs=0.05)
    assert late.came_mm.value < peak.came_mm.value
    # the smallest detectable change of lids, 1.22 mm, is 0.62 mm of a difference
    assert peak.came_mm.needed_sd > 0.62
    assert found.synthetic


@pytest.mark.slow
def test_a_forecast_knows_nothing_of_what_came_later(record: Record) -> None:
    alone = told(record, MadeCourse(0, 0.5)).courses[0]
    more = told(record, MadeCourse(0, 1.4), MadeCourse(200, 0.2)).courses[0]
    assert more.full_mm == alone.full_mm
    assert more.visits[0].forecast_mm == alone.visits[0].forecast_mm


@pytest.mark.slow
@pytest.mark.parametrize(
    ("courses", "more", "reason"),
    [
        ((MadeCourse(0, 1.0, ()),), {}, NO_AFTER),
        ((), {"injections": [(5, MUSCLE, "R")]}, NO_BEFORE),
        ((WEAK,), {"procedures": [(0, Procedure("brow_lift", "R"))]}, UNSIZED),
        ((MadeCourse(0, 0.5), MadeCourse(90, 0.5)), {}, STILL_ACTING),
        ((WEAK,), {"procedures": [(5, Procedure("facelift", "R"))]}, NO_AFTER),
        ((WEAK,), {"injections": [(0, "mentalis", "R")]}, NOT_SEEN),
        ((WEAK,), {"procedures": [(400, Procedure("selective_neurolysis"))]}, UNKNOWN),
    ],
)
def test_what_cannot_be_told_is_left_out_with_its_reason(
    record: Record, courses: tuple[MadeCourse, ...], more: dict[str, Any], reason: str
) -> None:
    assert reason in told(record, *courses, **more).reasons


@pytest.mark.slow
def test_a_side_that_nobody_confirmed_teaches_nothing(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = given_courses.document_of
    monkeypatch.setattr(
        given_courses, "document_of", lambda *row: real(*row).replaced(side_confirmed=False)
    )
    found = told(record, WEAK)
    assert (found.courses, found.reasons) == ([], [NO_SIDE])


def fill(record: Record, people: int = 6) -> list[str]:
    """Put weak responders into a record, the first with two courses; return their codes."""
    with record.writing() as session:
        made = []
        for name in NAMES[:people]:
            courses = (WEAK, MadeCourse(200, 0.5, (28, 100))) if not made else (WEAK,)
            made.append(add_made_patient(session, name, courses).code)
    return made


@pytest.mark.slow
def test_a_clinic_is_taught_by_its_record(record: Record) -> None:
    fill(record)
    with record.reading() as session:
        found = learn_from_record(session, TODAY)
    (row,) = found.treatments
    assert (row.kind, row.muscle, row.role, row.product) == (
        "botulinum_toxin",
        MUSCLE,
        "affected",
        PRODUCT,
    )
    assert row.clinic is not None
    assert (row.clinic.people, row.clinic.courses, row.treated_people) == (6, 7, 6)
    assert row.clinic.effect.low <= 0.5 <= row.clinic.effect.high
    assert row.clinic.effect.value < 0.75
    assert row.units_middle == 10.0
    assert Learned.from_json(found.to_json()).treatments[0].clinic is not None


@pytest.mark.slow
def test_withdrawn_consent_and_erased_people_teach_nothing(tmp_path: Path) -> None:
    folder = open_data(tmp_path / "data")
    record = Record.open(folder.engine())
    codes = fill(record)
    with record.writing() as session:
        leaving = session.query(Patient).filter_by(code=codes[1]).one()
        save_consent(session, leaving.id, "care", given=False, wording="care/1")
    with record.reading() as session:
        (row,) = learn_from_record(session, TODAY).treatments
    assert row.clinic is not None
    assert (row.clinic.people, row.treated_people) == (5, 5)
    erase_patient(folder, record, codes[2], "asked for it")
    with record.reading() as session:
        (row,) = learn_from_record(session, TODAY).treatments
    assert (row.clinic, row.treated_people, row.units_middle) == (None, None, None)
    record.close()


command = typer.Typer()
command.command("learn")(learn)
command.command("forecast")(forecast)

PLAN = f"""
[[treatment]]
kind = "botulinum_toxin"
day = 10
side = "affected"
muscle = "{MUSCLE}"
product = "{PRODUCT}"
units = 10
"""


def run(*given: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in given])


@pytest.mark.slow
def test_from_an_encrypted_record_to_a_forecast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way, as a clinic goes it: learn, forecast with it, for all and for one person."""
    monkeypatch.delenv("FACEWIRE_PASSPHRASE", raising=False)
    folder, _ = create_data(tmp_path / "data", PASSPHRASE)
    record = Record.open(folder.engine())
    codes = fill(record)
    record.close()
    out, own, secret = (tmp_path / name for name in ("all.json", "own.json", "secret"))
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    locked = run("learn", "--data", tmp_path / "data", "--json", out)
    assert isinstance(locked.exception, VaultError)
    opened = ("learn", "--data", tmp_path / "data", "--passphrase-file", secret)
    done = run(*opened, "--json", out)
    assert done.exit_code == 0, done.exception
    assert "This clinic, 6 people seen of 6 treated" in done.stdout
    text = out.read_text("utf-8")
    assert out.stat().st_mode & 0o077 == 0
    assert not [word for word in (*codes, *NAMES, "Ottilie", "2024-") if word in text]
    assert run(*opened, "--json", own, "--patient", codes[0]).exit_code == 0
    assert json.loads(own.read_text("utf-8"))["subject"] == codes[0]

    wiring, plan = tmp_path / "wiring.json", tmp_path / "plan.toml"
    _wiring_of(codes[0]).write(wiring)
    plan.write_text(PLAN, "utf-8")
    asked = ("forecast", wiring, "--treatments", plan, "--days", 40, "--simulate-barred")
    marks = {}
    for name, more in {"all": ("--learned", out), "own": ("--learned", own)}.items():
        target = tmp_path / f"f-{name}.json"
        done = run(*asked, *more, "--json", target)
        assert done.exit_code == 0, done.exception
        marks[name] = Forecast.read(target)
    assert marks["all"].treatments[0].learned.source == "clinic"  # type: ignore[union-attr]
    assert marks["own"].treatments[0].learned.source == "person"  # type: ignore[union-attr]
    assert "Effect and duration: this person (2 courses)" in done.stdout
    # the literature would take 0.6 of it away, these people half of that
    first, later = _narrowing(marks["own"])
    assert later / first == pytest.approx(0.7, abs=0.12)

    _wiring_of("P-OTHER").write(wiring)
    other = run(*asked, "--learned", own, "--json", tmp_path / "no.json")
    assert isinstance(other.exception, UsageError)
    assert "another person" in str(other.exception)


def _wiring_of(code: str) -> Wiring:
    """Return the wiring of the one face here, as of a patient with this code."""
    found = _wiring(measured(FACE, code).replaced(subject=None).to_json())
    return found.replaced(source=found.source.replaced(subject=code))


def _narrowing(found: Forecast) -> tuple[float, float]:
    """How far the right eye narrows in a smile, on day 0 and four weeks after the toxin."""
    (row,) = (
        one
        for one in found.involuntary
        if (one.movement, one.region, one.side) == (Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    )
    days = (found.map_days.index(0), found.map_days.index(35))
    first, later = (row.change_mm[day] for day in days)
    assert first is not None
    assert later is not None
    return first, later


def test_a_look_into_the_record_is_in_its_trail(tmp_path: Path) -> None:
    record = Record.open(open_data(tmp_path / "data").engine())
    record.close()
    done = run("learn", "--data", tmp_path / "data", "--json", "-")
    assert json.loads(done.stdout)["treatments"] == []
    record = Record.open(open_data(tmp_path / "data").engine())
    with record.reading() as session:
        assert [row.kind for row in find_rows(session) if row.action == "saw"] == ["learned"]
    record.close()
