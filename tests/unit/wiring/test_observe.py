from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, Movement, Region, Side
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.wiring.observe import observe, purpose_mask
from simulated.wiring_patients import Kind, simulate_patient

EYE = SIDE_CHANNEL_INDEX[Region.EYE, "height"]


def row(movement: str, region: str, side: str, value: float, half: float) -> dict[str, Any]:
    return {
        "movement": movement,
        "region": region,
        "side": side,
        "excursion_mm": value,
        "change_mm": value,
        "ci_low": value - half,
        "ci_high": value + half,
        "across_mm": 3.0 if region == "commissure" else None,
        "up_mm": 4.0,
    }


def result(**changed: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "schema": "facewire.measurement/1",
        "side_status": "stated",
        "side_affected": "R",
        "voluntary": [
            row("smile_open", "eye", "R", -2.0, 0.98),
            row("smile_open", "commissure", "R", 5.0, 0.49),
        ],
        "synkinesis": [row("smile_open", "eye", "R", -1.5, 0.392)],
        "rest": [],
    }
    return plain | changed


def test_intervals_become_standard_deviations() -> None:
    seen = observe([result()])
    smile = MOVEMENTS.index(Movement.SMILE_OPEN)
    assert seen.total_mm[1, smile, EYE] == -2.0
    assert seen.total_sd_mm[1, smile, EYE] == pytest.approx(0.5, abs=1e-3)
    assert seen.involuntary_sd_mm[1, smile, EYE] == pytest.approx(0.2, abs=1e-3)


def test_vectors_are_read_by_their_components() -> None:
    seen = observe([result()])
    smile = MOVEMENTS.index(Movement.SMILE_OPEN)
    across = SIDE_CHANNEL_INDEX[Region.COMMISSURE, "across"]
    assert seen.total_mm[1, smile, across : across + 2].tolist() == [3.0, 4.0]


def test_two_recordings_are_pooled_with_half_their_variance_shared() -> None:
    seen = observe([result(), result()])
    smile = MOVEMENTS.index(Movement.SMILE_OPEN)
    assert seen.total_mm[1, smile, EYE] == pytest.approx(-2.0)
    expected = np.sqrt(0.25 * (0.5 + 0.5 / 2))
    assert seen.total_sd_mm[1, smile, EYE] == pytest.approx(expected, abs=1e-3)


def test_only_what_was_recorded_counts() -> None:
    seen = observe([result()])
    assert [m for m, there in zip(MOVEMENTS, seen.recorded(1), strict=True) if there] == [
        Movement.SMILE_OPEN
    ]
    assert not seen.recorded(0).any()


def test_a_smile_moves_the_mouth_on_purpose_and_not_the_eye() -> None:
    smile = purpose_mask()[MOVEMENTS.index(Movement.SMILE_OPEN)]
    assert not smile[EYE]
    assert smile[SIDE_CHANNEL_INDEX[Region.COMMISSURE, "up"]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"schema": "facewire.wiring/1"}, 'Expected: "schema": "facewire.measurement/1"'),
        ({"side_status": "undecided", "side_affected": None}, "measure again with --affected"),
        ({"side_status": "both", "side_affected": None}, "one affected side"),
        ({"voluntary": [row("wink", "eye", "R", 1.0, 1.0)]}, "no such movement"),
        ({"voluntary": [row("smile_open", "ear", "R", 1.0, 1.0)]}, "no such region"),
    ],
)
def test_what_cannot_be_used_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        observe([result(**changed)])


def test_no_file_is_refused() -> None:
    with pytest.raises(UsageError, match="no measurement"):
        observe([])


def test_recordings_that_contradict_are_refused() -> None:
    with pytest.raises(UsageError, match="disagree on the affected side"):
        observe([result(), result(side_affected="L")])
    with pytest.raises(UsageError, match="different subjects"):
        observe([result(subject="A"), result(subject="B")])


def test_a_part_left_out_is_named() -> None:
    broken = result()
    del broken["rest"]
    with pytest.raises(UsageError, match="no rest"):
        observe([broken])


def test_a_healthy_face_is_compared_side_with_side() -> None:
    healthy = simulate_patient(1, Kind.HEALTHY, side_stated=False)
    seen = observe([healthy.result])
    smile = MOVEMENTS.index(Movement.SMILE_OPEN)
    gap = seen.total_mm[0, smile, EYE] - seen.total_mm[1, smile, EYE]
    assert seen.affected is None
    assert seen.involuntary_mm[0, smile, EYE] == pytest.approx(gap)
    assert seen.involuntary_mm[1, smile, EYE] == pytest.approx(-gap)


def test_nobody_affected_may_be_stated() -> None:
    assert observe([result(side_status="stated", side_affected=None)]).affected is None


def test_the_affected_side_is_read() -> None:
    assert observe([result()]).affected is Side.RIGHT
