# Numbers are written with true minus signs.
# ruff: noqa: RUF001
"""Rows in words: each number with its own interval and unit, and nothing that is not there."""

from __future__ import annotations

from typing import Any

import pytest

from facewire.face import SMILES, Movement, Region, Side
from facewire.results.cells import SynkinesisCell, VoluntaryCell
from facewire.results.findings import Verdict
from facewire.words import (
    VERDICT_SYMBOLS,
    cell_title,
    change_words,
    number_words,
    side_and_region,
    verdict_words,
)
from facewire.words.cells import moved_sentence

SMILE = Movement.SMILE_OPEN
GAIN = {"gain": 0.31, "gain_ci_low": 0.2, "gain_ci_high": 0.4}


def cell(region: Region = Region.EYE, **values: Any) -> SynkinesisCell:
    sizes = {"change_mm": -2.44, "ci_low": -2.9, "ci_high": -2.0}
    return SynkinesisCell(movement=SMILE, region=region, side=Side.RIGHT, **{**sizes, **values})


def test_a_height_has_a_sign_and_a_length_has_none() -> None:
    sizes = {"change_mm": 1.2, "ci_low": 1.0, "ci_high": 1.4}
    assert change_words(cell(Region.BROW, **sizes)) == "+1.2 mm"
    assert change_words(cell(Region.ALA, **sizes)) == "1.2 mm"
    assert change_words(cell()) == "−2.4 mm"


@pytest.mark.parametrize(
    ("name", "values", "digits", "words"),
    [
        ("change_mm", {}, 1, "−2.4 mm [−2.9 to −2.0]"),
        (
            "gain",
            {"gain": 0.31, "gain_ci_low": 0.2, "gain_ci_high": 0.4},
            2,
            "0.31 mm/mm [0.20 to 0.40]",
        ),
        ("gain", {"gain": 0.31}, 2, "0.31 mm/mm"),
        ("gain", {}, 2, "cannot tell"),
    ],
)
def test_each_number_has_its_own_interval_and_unit(
    name: str, values: dict[str, float], digits: int, words: str
) -> None:
    assert number_words(cell(**values), name, digits) == words


def test_a_ratio_has_no_unit_and_a_missing_row_cannot_be_told() -> None:
    told = {"symmetry": 0.8, "symmetry_sd": 0.1, "symmetry_ci_low": 0.6, "symmetry_ci_high": 1.1}
    sizes = {"excursion_mm": 8.0, "ci_low": 6.0, "ci_high": 10.0}
    row = VoluntaryCell(movement=SMILE, region=Region.COMMISSURE, side=Side.RIGHT, **sizes, **told)
    assert number_words(row, "symmetry", 2) == "0.80 [0.60 to 1.10]"
    assert number_words(row, "excursion_mm", signed=True) == "+8.0 mm [6.0 to 10.0]"
    assert number_words(None, "excursion_mm") == "cannot tell"


def test_the_chin_is_one_point_and_has_no_side() -> None:
    assert side_and_region(Region.CHIN, Side.LEFT) == "chin"
    assert side_and_region(Region.COMMISSURE, Side.LEFT) == "left mouth corner"
    assert cell_title(cell()) == "Open smile → right eye"


def test_every_verdict_has_its_own_symbol_and_words() -> None:
    assert len({VERDICT_SYMBOLS[one] for one in Verdict}) == len(Verdict)
    assert len({verdict_words(one) for one in Verdict}) == len(Verdict)


def test_what_moved_is_named_with_its_interval_and_no_more_than_three() -> None:
    assert moved_sentence(()) == ""
    cells = [
        SynkinesisCell(
            movement=movement,
            region=Region.EYE,
            side=Side.LEFT,
            change_mm=-2.5,
            change_sd_mm=0.7,
            ci_low=-3.9,
            ci_high=-1.1,
            detected=True,
        )
        for movement in (*SMILES, Movement.SNARL, Movement.LIP_PUCKER)
    ]
    said = moved_sentence(cells)
    assert "side, this moved without being asked: Closed smile → left eye −2.5 mm" in said
    assert said.endswith("Whether it is synkinesis cannot be said.")
    assert "3.9" in said
    assert "pucker" not in said
