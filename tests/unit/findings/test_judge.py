"""What a map says: each rule with a face that is just on one side of it."""

from __future__ import annotations

from typing import Any

import pytest

from facewire.face import Movement, Region, Side
from facewire.findings import complete, find, find_patterns, judged, moved_cells, present_cells
from facewire.findings.judge import verdict_of
from facewire.results.cells import RestCell, SynkinesisCell
from facewire.results.findings import Findings, Verdict
from facewire.results.measurement import Measurement
from unit.findings.made_map import (
    closure_cell,
    measurement,
    synkinesis_cell,
    synkinesis_cells,
    untold,
    voluntary_cell,
)

L, R = Side.LEFT, Side.RIGHT
SMILE, SNARL = Movement.SMILE_OPEN, Movement.SNARL


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"present": True, "detected": True, "beyond_healthy": True}, Verdict.SYNKINESIS),
        ({"present": True, "detected": True, "beyond_healthy": False}, Verdict.SMALL),
        ({"present": True, "detected": True, "beyond_healthy": None}, Verdict.UNCOMPARED),
        ({"present": False, "detected": True}, Verdict.TRACE),
        ({"present": False, "detected": False}, Verdict.NONE),
        ({"present": None, "detected": False}, Verdict.UNKNOWN),
        ({"present": None, "repetitions": 0}, Verdict.ABSENT),
    ],
)
def test_verdicts(values: dict[str, Any], verdict: Verdict) -> None:
    assert verdict_of(synkinesis_cell(SMILE, Region.EYE, R, **values), R) is verdict


def test_what_is_moved_on_purpose_has_no_verdict_of_its_own() -> None:
    assert verdict_of(untold(SMILE, Region.COMMISSURE, R), R) is Verdict.ASKED


def test_the_other_side_of_an_affected_one_is_the_reference() -> None:
    cell = untold(SMILE, Region.EYE, L)
    assert verdict_of(cell, R) is Verdict.REFERENCE
    assert verdict_of(cell, None) is Verdict.UNKNOWN


def test_patterns_are_named_with_their_size() -> None:
    (pattern,) = find_patterns(judged(synkinesis_cells(), R))
    assert (pattern.name, pattern.side, pattern.change_mm) == ("oral-ocular", R, -3.5)
    assert pattern.text == "smile open: the right eye narrows by 3.5 mm without being asked"


def test_a_pattern_without_a_name_is_called_by_what_moves_what() -> None:
    told = {"present": True, "detected": True, "beyond_healthy": True}
    (pattern,) = find_patterns(judged([synkinesis_cell(SNARL, Region.BROW, R, **told)], R))
    assert pattern.name == "snarl-brow"


def test_small_findings_are_no_patterns() -> None:
    told = {"present": True, "detected": True, "beyond_healthy": False}
    assert find_patterns(judged([synkinesis_cell(SNARL, Region.EYE, R, **told)], R)) == ()


def found(**parts: Any) -> Findings:
    whole = measurement()
    given = {
        "synkinesis": judged(synkinesis_cells(), R),
        "voluntary": whole.voluntary,
        "rest": whole.rest,
        "closures": whole.eye_closure,
        "affected": R,
    }
    return find(**{**given, **parts})


@pytest.mark.parametrize(
    ("ratio", "says"),
    [
        (1.0, "alike"),
        (0.8, "alike"),
        (1.25, "alike"),
        (0.79, "between"),
        (0.7, "between"),
        (0.69, "less"),
        (1.44, "more"),
        (None, "untold"),
    ],
)
def test_sides_are_compared_by_their_ratio(ratio: float | None, says: str) -> None:
    cells = [
        voluntary_cell(SMILE, Region.COMMISSURE, R, symmetry=ratio),
        voluntary_cell(SMILE, Region.COMMISSURE, L, symmetry=9.0),
        voluntary_cell(SMILE, Region.ALA, R, symmetry=9.0),
    ]
    (comparison,) = found(voluntary=cells).comparisons
    assert (comparison.movement, comparison.side, comparison.says) == (SMILE, R, says)


def test_without_an_affected_side_the_right_one_is_compared() -> None:
    cell = voluntary_cell(SMILE, Region.COMMISSURE, R, symmetry=0.5)
    assert [c.says for c in found(voluntary=[cell], affected=None).comparisons] == ["less"]


@pytest.mark.parametrize(
    ("gap", "says"),
    [((0.3, 0.0, 1.0), "closed"), ((2.0, 1.1, 2.9), "open"), ((0.6, 0.0, 1.2), "untold")],
)
def test_lids(gap: tuple[float, float, float], says: str) -> None:
    closures = [closure_cell(Movement.EYE_CLOSE_TIGHT, R, gap)]
    assert [one.says for one in found(closures=closures).lids] == [says]


@pytest.mark.parametrize(
    ("difference", "told"),
    [((-1.2, -2.0, -0.4), True), ((-0.9, -1.2, -0.6), False), ((-1.2, -2.6, 0.2), False)],
)
def test_a_difference_at_rest_is_told_when_large_and_sure(
    difference: tuple[float, float, float], told: bool
) -> None:
    cell = RestCell(
        region=Region.EYE,
        component="height",
        side=R,
        position_mm=9.0,
        position_sd_mm=0.8,
        ci_low=7.4,
        ci_high=10.6,
        difference_mm=difference[0],
        difference_sd_mm=0.4,
        difference_ci_low=difference[1],
        difference_ci_high=difference[2],
    )
    assert [one.difference_mm for one in found(rest=[cell]).rest] == [-1.2] * told


def test_what_goes_along_is_told_for_each_movement() -> None:
    says = {one.movement: one.says for one in found().company}
    assert says[Movement.LIP_PUCKER] == "calm"
    assert says[SMILE] == "moves"
    assert says[SNARL] == "part untold"


DELAY = ("latency_s", "latency_ci_low_s", "latency_ci_high_s")


@pytest.mark.parametrize(
    ("delay_s", "says"),
    [
        ((0.04, 0.02, 0.06), "resolved"),
        ((0.15, 0.10, 0.20), "resolved"),
        ((0.16, 0.11, 0.21), "long"),
        ((0.01, -0.02, 0.04), "not resolved"),
        ((0.04, None, None), "not resolved"),
        ((None, None, None), "untold"),
    ],
)
def test_delays_of_present_findings(
    delay_s: tuple[float | None, float | None, float | None], says: str
) -> None:
    told = {"present": True, "detected": True, "beyond_healthy": True}
    timed = dict(zip(DELAY, delay_s, strict=True))
    cells = [
        synkinesis_cell(SMILE, Region.EYE, R, **told, **timed),
        synkinesis_cell(SMILE, Region.BROW, R, **timed),
    ]
    (delay,) = found(synkinesis=judged(cells, R)).delays
    assert (delay.movement, delay.region, delay.side, delay.says) == (SMILE, Region.EYE, R, says)


@pytest.mark.parametrize(
    ("present", "untold_cells", "says"),
    [(1, 9, "found"), (0, 1, "nothing found"), (0, 2, "nothing found"), (0, 3, "mostly untold")],
)
def test_nothing_found_is_told_from_nothing_seen(
    present: int, untold_cells: int, says: str
) -> None:
    """Two regions were quiet; what was asked for or serves as the reference does not count."""
    told = {"present": True, "detected": True, "beyond_healthy": False}
    cells = [synkinesis_cell(SMILE, Region.BROW, R), synkinesis_cell(SMILE, Region.EYE, R)]
    cells += [synkinesis_cell(SNARL, Region.BROW, R, **told)] * present
    cells += [untold(SNARL, Region.EYE, R)] * untold_cells
    cells += [untold(SMILE, Region.COMMISSURE, R), untold(SMILE, Region.EYE, L)] * 5
    assert found(synkinesis=judged(cells, R)).overall == says


def test_a_movement_that_was_not_recorded_is_not_calm() -> None:
    cells = judged([untold(SNARL, Region.EYE, R, repetitions=0)], R)
    says = {one.movement: one.says for one in found(synkinesis=cells).company}
    assert says[SNARL] == "absent"


def test_a_measurement_of_an_earlier_version_is_judged_on_reading() -> None:
    old = measurement()
    assert old.findings is None
    new = complete(old)
    assert new.findings is not None
    assert [cell.verdict for cell in present_cells(new.synkinesis)] == [Verdict.SYNKINESIS]
    assert complete(new) is new


def test_the_chin_is_one_finding() -> None:
    told = {"present": True, "detected": True, "beyond_healthy": None}
    cells = [synkinesis_cell(Movement.BROW_RAISE, Region.CHIN, s, **told) for s in (L, R)]
    assert len(present_cells(judged(cells, None))) == 1


def test_judging_changes_no_number() -> None:
    old: Measurement = measurement()
    assert [c.change for c in complete(old).synkinesis] == [c.change for c in old.synkinesis]


def test_what_moved_in_a_face_of_unknown_side_is_told() -> None:
    def cell(movement: Movement, score: float, **said: object) -> SynkinesisCell:
        return SynkinesisCell(
            movement=movement,
            region=Region.EYE,
            side=Side.RIGHT,
            change_mm=-2.0,
            change_sd_mm=0.3,
            ci_low=-2.6,
            ci_high=-1.4,
            score=score,
            repetitions=3,
            **said,  # type: ignore[arg-type]
        )

    weak = cell(Movement.SMILE_OPEN, 4.0, detected=True, present=None)
    sure = cell(Movement.SNARL, 6.0, detected=True, present=None)
    still = cell(Movement.LIP_PUCKER, 0.2, detected=False, present=None)
    told = cell(Movement.BROW_RAISE, 9.0, detected=True, present=True, beyond_healthy=True)
    moved = moved_cells(judged((weak, sure, still, told), None))
    assert [one.movement for one in moved] == [Movement.SNARL, Movement.SMILE_OPEN]
