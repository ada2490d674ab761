"""INJURY.toml: what is read, and what is refused with which words."""

from __future__ import annotations

import pytest

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.anatomy import Branch
from facewire.regrowth import Place, Severity, injury_from, read_injury

GOOD = {"side": "R", "severity": "crush", "place": "geniculate"}


def test_reads_every_field(tmp_path):
    path = tmp_path / "injury.toml"
    path.write_text(
        'name = "cut in the cheek"\nside = "L"\nseverity = "cut"\nplace = "branch buccal"\n'
        "degenerated_percent = 80\nrepaired = true\nrepair_month = 2\nseed = 7\n"
    )
    found = read_injury(path)
    assert (found.name, found.seed) == ("cut in the cheek", 7)
    assert (found.injury.side, found.injury.severity) == (Side.LEFT, Severity.CUT)
    assert (found.injury.place, found.injury.branch) == (Place.BRANCH, Branch.BUCCAL)
    assert (found.injury.degenerated_percent, found.injury.repair_month) == (80, 2)


def test_a_distance_stands_for_a_place():
    table = {"side": "R", "severity": "crush", "distance_mm": 60}
    found = injury_from(table).injury
    assert (found.place, found.distance_mm, found.in_trunk) == (Place.DISTANCE, 60, False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"side": "left"}, "The side of the injury cannot be used. Expected: L, R. Found: left"),
        ({"severity": "bad"}, "severity.*none, neurapraxia, crush, cut.*Found: bad"),
        ({"place": "branch nose"}, "place.*branch temporal.*Found: branch nose"),
        ({"place": None}, "place.*Found: nothing"),
        ({"distance_mm": 60}, "place or distance_mm, not both"),
        ({"tubes_kept": 2}, "tubes_kept.*0 to 1"),
        ({"tubes_kept": "many"}, "tubes_kept.*a number from 0 to 1.*many"),
        ({"degenerated_percent": 130}, "degenerated_percent.*0 to 100"),
        ({"repaired": True}, "repaired.*severity = cut.*Found: crush"),
        ({"repaired": "yes"}, "repaired.*true or false"),
        ({"seed": 1.5}, "seed.*a whole number"),
        ({"month": 3}, "field month.*not known"),
    ],
)
def test_refuses_what_cannot_be_meant(change, message):
    table = {name: found for name, found in (GOOD | change).items() if found is not None}
    with pytest.raises(UsageError, match=message):
        injury_from(table)


def test_an_open_cut_has_no_date_of_repair():
    with pytest.raises(UsageError, match=r"repair_month.*repaired = true"):
        injury_from({**GOOD, "severity": "cut", "repair_month": 3})


def test_a_distance_beyond_the_nerve_is_refused():
    with pytest.raises(UsageError, match=r"distance_mm.*10 to 12"):
        injury_from({"side": "R", "severity": "crush", "distance_mm": 400})


@pytest.mark.parametrize("text", ["side = ", None])
def test_a_file_that_cannot_be_read_is_told(tmp_path, text):
    path = tmp_path / "injury.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match=r"The injury injury\.toml cannot be read"):
        read_injury(path)
