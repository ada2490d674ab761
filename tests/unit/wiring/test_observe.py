from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, Movement, Region, Side
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.results.cells import RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement
from facewire.wiring.observe import observe, purpose_mask
from simulated.wiring_patients import Kind, simulate_patient
from unit.findings.made_map import measurement

EYE = SIDE_CHANNEL_INDEX[Region.EYE, "height"]


SMILE = MOVEMENTS.index(Movement.SMILE_OPEN)
ACROSS = SIDE_CHANNEL_INDEX[Region.COMMISSURE, "across"]
PLACE = {"movement": Movement.SMILE_OPEN, "side": Side.RIGHT}


def result(**changed: Any) -> Measurement:
    """A smile in which the eye and the corner of the mouth were measured, by hand."""
    eye = VoluntaryCell(
        **PLACE,
        region=Region.EYE,
        **VoluntaryCell.columns("excursion_mm", Estimate.of(-2.0, 0.5, "mm")),
    )
    corner = VoluntaryCell(
        **PLACE,
        region=Region.COMMISSURE,
        **VoluntaryCell.columns("excursion_mm", Estimate.of(5.0, 0.25, "mm")),
        across_mm=3.0,
        up_mm=4.0,
        across_sd_mm=0.7,
        up_sd_mm=0.1,
        covariance_mm2=0.02,
    )
    involuntary = SynkinesisCell(
        **PLACE,
        region=Region.EYE,
        **SynkinesisCell.columns("change_mm", Estimate.of(-1.5, 0.2, "mm")),
    )
    plain = measurement(side_status="stated", side_confidence=None, subject=None, rest=())
    untold = {"reason": "not recorded"}
    told = {one.key: one for one in (eye, corner)}
    cells = {
        "voluntary": tuple(
            told.get(
                cell.key,
                VoluntaryCell(movement=cell.movement, region=cell.region, side=cell.side, **untold),
            )
            for cell in plain.voluntary
        ),
        "synkinesis": tuple(
            involuntary
            if cell.key == involuntary.key
            else SynkinesisCell(
                movement=cell.movement, region=cell.region, side=cell.side, **untold
            )
            for cell in plain.synkinesis
        ),
    }
    return plain.replaced(**cells | changed)


def test_the_stored_deviations_are_taken() -> None:
    seen = observe([result()])
    assert seen.total_mm[1, SMILE, EYE] == -2.0
    assert seen.total_sd_mm[1, SMILE, EYE] == 0.5
    assert seen.involuntary_mm[1, SMILE, EYE] == -1.5
    assert seen.involuntary_sd_mm[1, SMILE, EYE] == 0.2


def test_a_clipped_interval_does_not_become_a_deviation() -> None:
    gap = Estimate.of(0.1, 0.8, "mm", at_least=0.0)
    cell = result().voluntary_cell(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    clipped = cell.replaced(**VoluntaryCell.columns("excursion_mm", gap))
    cells = tuple(clipped if one.key == cell.key else one for one in result().voluntary)
    assert observe([result(voluntary=cells)]).total_sd_mm[1, SMILE, EYE] == 0.8


def test_vectors_are_read_by_their_components_each_with_its_own_deviation() -> None:
    seen = observe([result()])
    assert seen.total_mm[1, SMILE, ACROSS : ACROSS + 2].tolist() == [3.0, 4.0]
    assert seen.total_sd_mm[1, SMILE, ACROSS : ACROSS + 2].tolist() == [0.7, 0.1]


def test_rest_is_read_with_both_of_its_deviations() -> None:
    place = {"region": Region.EYE, "component": "height", "side": Side.RIGHT}
    cell = RestCell(
        **place,
        **RestCell.columns("position_mm", Estimate.of(9.0, 0.6, "mm")),
        **RestCell.columns("difference_mm", Estimate.of(-1.0, 0.3, "mm")),
    )
    seen = observe([result(rest=(cell,))])
    found = (seen.rest_mm, seen.rest_sd_mm, seen.difference_mm, seen.difference_sd_mm)
    assert [one[1, EYE] for one in found] == [9.0, 0.6, -1.0, 0.3]


def test_a_file_without_deviations_is_refused() -> None:
    cell = result().voluntary_cell(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    old = cell.replaced(excursion_sd_mm=None)
    cells = tuple(old if one.key == cell.key else one for one in result().voluntary)
    with pytest.raises(UsageError, match="no standard deviations"):
        observe([result(voluntary=cells)])


def test_two_recordings_are_pooled_with_half_their_variance_shared() -> None:
    seen = observe([result(), result()])
    assert seen.total_mm[1, SMILE, EYE] == pytest.approx(-2.0)
    expected = np.sqrt(0.25 * (0.5 + 0.5 / 2))
    assert seen.total_sd_mm[1, SMILE, EYE] == pytest.approx(expected)


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
    ("status", "message"),
    [("undecided", "measure again with --affected"), ("both", "one affected side")],
)
def test_what_cannot_be_used_is_refused(status: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        observe([result(side_status=status, side_affected=None)])


def test_no_file_is_refused() -> None:
    with pytest.raises(UsageError, match="no measurement"):
        observe([])


def test_recordings_that_contradict_are_refused() -> None:
    with pytest.raises(UsageError, match="disagree on the affected side"):
        observe([result(), result(side_affected=Side.LEFT)])
    with pytest.raises(UsageError, match="different subjects"):
        observe([result(subject="A"), result(subject="B")])


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
