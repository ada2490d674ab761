"""PLAN.toml: what is read, and what is refused with the name of the field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from facewire.errors import UsageError
from facewire.face import Side
from facewire.treatment import TreatmentPlan, read_plan
from facewire.treatment.plan import KINDS
from made_treatments import EVERY, L, R

TOXIN = """
[[treatment]]
kind = "botulinum_toxin"
day = 10
side = "affected"
muscle = "platysma"
product = "onabotulinumtoxinA"
"""


def read(
    tmp_path: Path, text: str, side: Side | None = L, days: int | None = None
) -> TreatmentPlan:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path, side, days)


def test_a_full_plan(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        """
[timeline]
start = 2026-01-05
onset = 2025-01-05
days = 500
seed = 3
show_days = [100, 0]
"""
        + TOXIN.replace("day = 10", "date = 2026-02-04")
        + 'units = 30\ncourses = 3\nevery_days = 120\nnote = "free words"\n'
        + '[[treatment]]\nkind = "selective_neurolysis"\nday = 450\nside = "L"\n'
        + 'cuts = [{muscle = "platysma", command = "smile_open"}]\n',
    )
    assert [s.day for s in plan.treatments] == [30, 150, 270, 450]
    assert (plan.start, plan.onset_day, plan.days) == (date(2026, 1, 5), -365, 500)
    assert plan.show_days == (0, 100)
    assert str(plan.treatments[-1].treatment.cuts[0]) == "smile_open -> platysma"  # type: ignore[attr-defined]


def test_sides_in_words(tmp_path: Path) -> None:
    other = TOXIN.replace("affected", "other")
    assert read(tmp_path, TOXIN, R).treatments[0].treatment.side is R
    assert read(tmp_path, other, R).treatments[0].treatment.side is L


def test_an_empty_plan_is_the_natural_course(tmp_path: Path) -> None:
    assert read(tmp_path, "").treatments == ()


def test_days_given_apart_win(tmp_path: Path) -> None:
    assert read(tmp_path, TOXIN.replace("day = 10", "day = 500"), days=600).days == 600


def test_every_kind_can_be_named() -> None:
    assert {t.kind for t in EVERY} == set(KINDS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[treatment]", "cannot be read"),
        ("[treatments]", "field treatments of the plan is not known"),
        ("[timeline]\nlength = 3", "field length of .timeline."),
        ("[timeline]\ndays = 3.5", "days of .timeline."),
        ("[timeline]\nstart = '2026-01-01'", "start of .timeline.*without quotes"),
        ("[timeline]\nshow_days = ['x']", "show_days"),
        ("[timeline]\naffected_side = 'R'", "affected_side.*L, as the wiring says"),
        ("treatment = 3", "not a list"),
        (TOXIN.replace("botulinum_toxin", "leeches"), "kind of treatment 1.*Found: leeches"),
        (TOXIN.replace("platysma", "masseter"), "treatment 1.*not a known muscle"),
        (TOXIN.replace("onabotulinumtoxinA", "botox"), "treatment 1.*product.*botox"),
        (TOXIN.replace('"affected"', '"left"'), "side of treatment 1"),
        (TOXIN.replace("day = 10", ""), "day of treatment 1.*neither"),
        (TOXIN.replace("day = 10", "date = 2026-01-01"), "start under .timeline."),
        (TOXIN.replace("day = 10", "day = 1.5"), "day of treatment 1"),
        (TOXIN + "dose = 3", "field dose of treatment 1"),
        (TOXIN + "uses = ['x']", "field uses of treatment 1"),
        (TOXIN + "units = true", "units of treatment 1"),
        (TOXIN + "units = 'many'", "treatment 1.*units"),
        (TOXIN + "courses = 3", "every_days of treatment 1"),
        (TOXIN + "courses = 0", "courses of treatment 1"),
        (TOXIN.replace('muscle = "platysma"', ""), "muscle of treatment 1.*Found: nothing"),
        (TOXIN.replace("day = 10", "day = 999"), "day of botulinum_toxin"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("cuts", "message"),
    [
        ("'platysma'", "cuts of treatment 1"),
        ("['platysma']", "cut of treatment 1"),
        ("[{muscle = 'platysma', branch = 3}]", "field branch"),
        ("[{muscle = 'platysma', command = 'wink'}]", "command of a cut.*wink"),
        ("[{command = 'smile_open'}]", "muscle of a cut"),
    ],
)
def test_a_wrong_cut_is_named(tmp_path: Path, cuts: str, message: str) -> None:
    head = '[[treatment]]\nkind = "selective_neurolysis"\nday = 1\nside = "L"\n'
    with pytest.raises(UsageError, match=message):
        read(tmp_path, f"{head}cuts = {cuts}\n")


def test_the_affected_side_must_be_known_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="side of treatment 1 cannot be told"):
        read(tmp_path, TOXIN, None)


def test_a_missing_file_is_an_error_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml cannot be read"):
        read_plan(tmp_path / "none.toml")
