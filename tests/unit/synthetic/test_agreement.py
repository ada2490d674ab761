from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.results.cells import SynkinesisCell
from facewire.synthetic.agreement import compare_with_truth


def _row(
    movement: str, region: str, side: str, change_mm: float | None, present: bool | None
) -> SynkinesisCell:
    measured = change_mm is not None
    return SynkinesisCell(
        movement=Movement(movement),
        region=Region(region),
        side=Side(side),
        change_mm=change_mm,
        change_sd_mm=0.25 if measured else None,
        ci_low=change_mm - 0.5 if measured else None,
        ci_high=change_mm + 0.5 if measured else None,
        present=present,
        repetitions=3,
        reason="" if measured else "not seen",
    )


def _result(side_affected: Side | None, *rows: SynkinesisCell) -> Any:
    return SimpleNamespace(side_affected=side_affected, synkinesis=rows)


def _fact(
    movement: str, region: str, side: str, involuntary_mm: float, present: bool
) -> dict[str, Any]:
    place = {"movement": movement, "region": region, "side": side}
    return place | {"involuntary_mm": involuntary_mm, "present": present}


TRUTH = {
    "affected_side": "R",
    "summary": [
        _fact("smile_open", "eye", "R", -2.0, True),
        _fact("lip_pucker", "eye", "R", -1.0, True),
        _fact("smile_open", "eye", "L", 0.0, False),
        _fact("smile_open", "commissure", "R", 0.0, False),
        _fact("eye_close_gentle", "chin", "L", 0.9, True),
    ],
}


def test_counts_found_missed_and_false_alarms() -> None:
    result = _result(
        Side.RIGHT,
        _row("smile_open", "eye", "R", -2.3, True),
        _row("lip_pucker", "eye", "R", -0.2, None),
        _row("smile_open", "eye", "L", 0.9, True),
    )
    agreement = compare_with_truth(result, TRUTH)
    assert agreement.side_correct
    assert (agreement.present, agreement.found) == (2, 1)
    assert (agreement.absent, agreement.false_alarms) == (1, 1)
    assert len(agreement.false_alarms_mm) == 1
    assert agreement.median_error_mm == {"eye": pytest.approx(0.55)}
    assert agreement.covered == 0.5


def test_voluntary_regions_second_chin_and_unmeasured_rows_do_not_count() -> None:
    result = _result(
        None,
        _row("smile_open", "commissure", "R", 9.0, True),
        _row("eye_close_gentle", "chin", "L", 0.9, True),
        _row("smile_open", "eye", "R", None, None),
        _row("smile_open", "eye", "L", 0.0, False),
    )
    agreement = compare_with_truth(result, TRUTH)
    assert not agreement.side_correct
    assert (agreement.present, agreement.absent) == (0, 1)
    assert agreement.covered is None


def test_another_clip_s_truth_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be compared"):
        compare_with_truth(_result(None), TRUTH)
