"""COURSE.toml: what is read, and what is said where it is wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from example_result import example_result
from facewire.comparison import read_course
from facewire.comparison.course_file import toxin_phase
from facewire.errors import UsageError
from facewire.face import Side
from facewire.results.course import ToxinPhase, TreatmentGiven

TWO = (
    '[[visit]]\nfile = "a.json"\ndate = 2026-03-01\n[[visit]]\nfile = "a.json"\ndate = 2026-01-01\n'
)


def course(folder: Path, text: str) -> Path:
    (folder / "a.json").write_text(json.dumps(example_result()))
    path = folder / "course.toml"
    path.write_text(text)
    return path


def test_visits_come_in_the_order_of_time(tmp_path: Path) -> None:
    found = read_course(course(tmp_path, TWO))
    assert [v.visit.name for v in found.visits] == ["2026-01-01", "2026-03-01"]
    assert found.visits[0].phase is ToxinPhase.NONE


def test_treatments_are_read_and_give_the_phase(tmp_path: Path) -> None:
    given = '[[treatment]]\ndate = 2026-02-10\nkind = "botulinum_toxin"\nside = "R"\nmuscle = "m"\n'
    found = read_course(course(tmp_path, TWO + given))
    assert found.treatments == (
        TreatmentGiven(date=date(2026, 2, 10), kind="botulinum_toxin", side=Side.RIGHT, muscle="m"),
    )
    last = found.visits[-1]
    assert (last.phase, last.weeks_since_toxin) == (ToxinPhase.PEAK, pytest.approx(19 / 7))


def test_a_stated_phase_wins(tmp_path: Path) -> None:
    text = TWO.replace("2026-03-01\n", '2026-03-01\ntoxin_phase = "wearing_off"\n')
    last = read_course(course(tmp_path, text)).visits[-1]
    assert last.phase is ToxinPhase.WEARING_OFF
    assert last.phase_stated


@pytest.mark.parametrize(
    ("days", "phase"),
    [
        (-1, ToxinPhase.NONE),
        (0, ToxinPhase.ONSET),
        (7, ToxinPhase.PEAK),
        (28, ToxinPhase.PEAK),
        (29, ToxinPhase.WEARING_OFF),
        (183, ToxinPhase.WEARING_OFF),
        (184, ToxinPhase.WORN_OFF),
    ],
)
def test_phases_follow_the_published_times(days: int, phase: ToxinPhase) -> None:
    day = date(2026, 6, 1)
    given = TreatmentGiven(date=date.fromordinal(day.toordinal() - days), kind="botulinum_toxin")
    assert toxin_phase(day, (given,))[0] is phase


def test_other_treatments_give_no_phase() -> None:
    given = TreatmentGiven(date=date(2026, 1, 1), kind="myectomy")
    assert toxin_phase(date(2026, 1, 20), (given,)) == (ToxinPhase.NONE, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[visit]", "cannot be read"),
        ("[visits]", "field visits"),
        ("visit = 3", "visit of a course is not a list"),
        ("[[visit]]\ndate = 2026-01-01", "field file of visit 1"),
        ('[[visit]]\nfile = "a.json"', "field date of visit 1"),
        ('[[visit]]\nfile = "a.json"\ndate = "2026-01-01"', "field date of visit 1"),
        ('[[visit]]\nfile = "none.json"\ndate = 2026-01-01', "cannot be read"),
        (TWO + "mood = 1", "field mood of visit 2"),
        (TWO + 'toxin_phase = "strong"', "field toxin_phase of visit 2"),
        (TWO.replace("03-01", "01-01"), "Two visits have one date"),
        (TWO + 'name = "2026-03-01"', "Two visits have one name"),
        (TWO + "[[treatment]]\ndate = 2026-01-01", "field kind of treatment 1"),
        (TWO + '[[treatment]]\ndate = 2026-01-01\nkind = "x"\nside = "left"', "field side"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_course(course(tmp_path, text))
