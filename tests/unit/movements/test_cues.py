"""Cue sheets: read, and refused with the row and the field."""

import json

import pytest

from facewire.errors import CueSheetError
from facewire.face import Movement
from facewire.movements import Cue, check_cues_fit, load_cues

ROW = {
    "movement": "smile_open",
    "repetition": 1,
    "start_s": 2.0,
    "onset_end_s": 2.5,
    "offset_start_s": 3.5,
    "end_s": 4.0,
}


def row(**changes):
    return {**ROW, **changes}


def shifted(by_s, **changes):
    times = ("start_s", "onset_end_s", "offset_start_s", "end_s")
    return row(**{name: ROW[name] + by_s for name in times}, **changes)


@pytest.fixture
def sheet(tmp_path):
    def write(content):
        path = tmp_path / "cues.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_reads_what_windows_writes(tmp_path, encoding):
    path = tmp_path / "cues.json"
    path.write_bytes(json.dumps([ROW]).encode(encoding))
    assert load_cues(path)[0].start_s == 2.0


def test_reads_a_cue(sheet):
    assert load_cues(sheet([ROW])) == (Cue(Movement.SMILE_OPEN, 1, 2.0, 2.5, 3.5, 4.0),)


def test_orders_by_time(sheet):
    cues = load_cues(sheet([shifted(5, repetition=2), ROW]))
    assert [c.repetition for c in cues] == [1, 2]


def test_keeps_effort_and_ignores_other_keys(sheet):
    (cue,) = load_cues(sheet([row(effort="full", room="4b")]))
    assert cue.effort == "full"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{not json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "holds no cues.*an object"),
        ("[]", "holds no cues.*an empty list"),
        ([3], "Row 1 .*is not a cue.*a number"),
        ([ROW, {"movement": "snarl"}], "Row 2 .*incomplete.*no repetition, start_s"),
        ([row(movement="wink")], "Row 1 .*movement is not known.*brow_raise, .*'wink'"),
        ([row(movement=["snarl"])], "Row 1 .*movement is not known"),
        ([row(start_s="2")], "Row 1 .*start_s is not a time.*'2'"),
        ([row(start_s=True)], "Row 1 .*start_s is not a time"),
        ([row(end_s=float("nan"))], "Row 1 .*end_s is not a time.*nan"),
        ([row(end_s=float("inf"))], "Row 1 .*end_s is not a time.*inf"),
        ([row(start_s=-1)], "Row 1 .*start_s is not a time.*0 or more"),
        ([row(onset_end_s=3.6)], "Row 1 .*not in order.*2, 3.6, 3.5, 4"),
        ([row(repetition=0)], "Row 1 .*repetition is not a whole number"),
        ([row(repetition=1.5)], "Row 1 .*repetition is not a whole number"),
        ([row(effort=3)], "Row 1 .*effort is not a word"),
        ([ROW, shifted(3)], "lists smile_open 1 twice"),
        ([ROW, shifted(1, repetition=2)], "smile_open 2 starts before smile_open 1 ends"),
    ],
)
def test_refuses_a_broken_sheet(sheet, content, message):
    with pytest.raises(CueSheetError, match=message):
        load_cues(sheet(content))


def test_refuses_a_missing_sheet(tmp_path):
    with pytest.raises(CueSheetError, match=r"none\.json cannot be read.*No such file"):
        load_cues(tmp_path / "none.json")


def test_refuses_bytes_that_are_not_text(tmp_path):
    path = tmp_path / "cues.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CueSheetError, match="is not JSON"):
        load_cues(path)


def test_refuses_a_huge_file(sheet):
    with pytest.raises(CueSheetError, match="too large"):
        load_cues(sheet(" " * 1_000_001))


def test_cues_fit_a_longer_recording(sheet):
    check_cues_fit(load_cues(sheet([ROW])), 3.95)


def test_says_by_how_much_the_sheet_is_too_long(sheet):
    with pytest.raises(CueSheetError, match=r"1\.50 s longer.*smile_open 1 ends at 4\.00 s"):
        check_cues_fit(load_cues(sheet([ROW])), 2.5)
