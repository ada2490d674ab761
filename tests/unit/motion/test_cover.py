"""What is covered has no millimetres, and a guess of it reaches nothing that is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewire.errors import NoFaceError, TrackError
from facewire.face import CHANNELS, SIDES, Channel, Region, Side
from facewire.landmarks.flow import PLACES
from facewire.landmarks.seen import PARTS, SEEN_ROW
from facewire.motion import MotionSettings, compute_motion
from facewire.motion.cover import (
    PART_OF,
    Cover,
    carried_too_far,
    find_cover,
    lost_brows,
    lost_eyes,
)
from facewire.motion.regions import REGION_POINTS
from unit.motion.test_compute import HOLD, TIMES_S, N, made_track

SURE = 3.0
OF_PART = {part: [r for r in PART_OF if PART_OF[r] == part] for part in PARTS}


def likenesses(*covered: tuple[str, Side], frames: Any = slice(None)) -> Any:
    """Everything looks like itself but the parts that are named."""
    seen = np.full((N, 2, len(PARTS)), SURE, dtype=np.float32)
    for part, side in covered:
        seen[frames, SEEN_ROW[side], PARTS.index(part)] = -SURE
    return seen


def measured(seen: Any, **heights_px: Any) -> Any:
    return compute_motion(replace(made_track(**heights_px), seen=seen))


def columns(regions: list[Region], side: Side) -> list[int]:
    return [i for i, c in enumerate(CHANNELS) if c.region in regions and c.side is side]


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("part", ["eye", "mouth"])
def test_a_covered_part_has_no_millimetres_and_all_others_have(part: str, side: Side) -> None:
    signals = measured(likenesses((part, side)))  # all else is seen for sure
    hidden = columns(OF_PART[part], side)
    assert hidden
    for i in range(len(CHANNELS)):
        assert np.isnan(signals.position_mm[:, i]).all() == (i in hidden)
    np.testing.assert_array_equal(np.isnan(signals.sd_mm), np.isnan(signals.position_mm))
    assert not signals.marks["occluded"].any()


@pytest.mark.slow
def test_the_chin_is_covered_with_the_whole_mouth() -> None:
    signals = measured(likenesses(("mouth", Side.LEFT), ("mouth", Side.RIGHT)))
    chin = [i for i, c in enumerate(CHANNELS) if c.side is None]
    assert np.isnan(signals.position_mm[:, chin]).all()
    assert [signals.seen_share(Region.CHIN, side) for side in SIDES] == [0.0, 0.0]


@pytest.mark.slow
@pytest.mark.parametrize("fitted", [False, True])
def test_what_is_guessed_of_a_covered_eye_reaches_nothing(fitted: bool) -> None:
    """Two guesses of the covered eye, one of them closed and wide in turn: the same numbers."""
    seen = likenesses(("eye", Side.RIGHT))
    closing = np.where(HOLD, 2.5, 10.0)
    guesses = (np.full(N, 7.0), 7.0 + 3.0 * np.sin(7 * TIMES_S))
    one, other = (
        compute_motion(
            replace(made_track(right_px=guess, left_px=closing), seen=seen),
            MotionSettings(fitted=fitted),
        )
        for guess in guesses
    )
    np.testing.assert_allclose(one.position_mm, other.position_mm, atol=1e-9)
    left = one.channel(Channel(Region.EYE, Side.LEFT, "height"))
    assert left[HOLD] == pytest.approx(2.5 * 11.7 / 12.0)


@pytest.mark.slow
def test_what_passes_is_left_out_while_it_is_there() -> None:
    signals = measured(likenesses(("mouth", Side.LEFT), frames=HOLD))
    corner = np.isnan(signals.channel(Channel(Region.COMMISSURE, Side.LEFT, "up")))
    assert corner[HOLD].mean() > 0.8
    assert not corner[~HOLD].any()
    assert signals.seen_share(Region.COMMISSURE, Side.LEFT) == pytest.approx(1 - corner.mean())
    assert not signals.marks["occluded"].any()


@pytest.mark.slow
def test_a_hand_before_the_whole_mouth_marks_its_frames() -> None:
    signals = measured(likenesses(("mouth", Side.LEFT), ("mouth", Side.RIGHT), frames=HOLD))
    assert signals.marks["occluded"][HOLD].mean() > 0.8
    assert not signals.marks["occluded"][~HOLD].any()


@pytest.mark.slow
def test_a_single_odd_picture_is_no_cover() -> None:
    signals = measured(likenesses(*((p, s) for p in PARTS for s in SIDES), frames=[100, 150]))
    assert np.isfinite(signals.position_mm).all()


@pytest.mark.slow
def test_without_an_iris_there_are_no_millimetres() -> None:
    with pytest.raises(NoFaceError, match="Both eyes are covered"):
        measured(likenesses(("eye", Side.LEFT), ("eye", Side.RIGHT)))


@pytest.mark.slow
def test_a_track_that_does_not_say_covers_nothing() -> None:
    assert not find_cover(None, TIMES_S).parts.any()
    np.testing.assert_array_equal(measured(None).position_mm, measured(likenesses()).position_mm)


def test_a_cover_of_another_shape_is_refused() -> None:
    with pytest.raises(TrackError, match="wrong shape"):
        Cover(np.zeros((3, 2, 4), dtype=bool))


def test_a_mask_over_the_nose_covers_a_mouth_that_is_not_sure() -> None:
    seen = likenesses(("nose", Side.LEFT), ("nose", Side.RIGHT))
    cover = find_cover(seen, TIMES_S)
    assert cover.part("nose").all()
    assert not cover.part("mouth").any()
    seen[:, :, PARTS.index("mouth")] = 0.5
    assert find_cover(seen, TIMES_S).part("mouth").all()
    seen[:, 0, PARTS.index("nose")] = SURE  # half a nose in shade, the other half sure
    assert not find_cover(seen, TIMES_S).parts.any()


def matches(side: Side, frames: Any, *places: str, value: float = 0.3) -> Any:
    """Every place matches the rest picture but some of one side in some frames."""
    match = np.full((N, 2, len(PLACES)), 0.98, dtype=np.float32)
    for place in places or ("commissure",):
        match[frames, SEEN_ROW[side], list(PLACES).index(place)] = value
    return match


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("places", [("commissure",), ("lower_lip", "chin")])
def test_a_hand_before_half_a_mouth_in_some_repetitions_hides_those_alone(
    side: Side, places: tuple[str, ...]
) -> None:
    """The hand looks like a mouth (0.3 is above every line): the match alone tells."""
    seen = likenesses()
    seen[HOLD, SEEN_ROW[side], PARTS.index("mouth")] = 0.3
    signals = compute_motion(replace(made_track(), seen=seen, match=matches(side, HOLD, *places)))
    hidden = columns(OF_PART["mouth"], side)
    assert np.isnan(signals.position_mm[HOLD][:, hidden]).mean() > 0.8
    assert np.isfinite(signals.position_mm[~HOLD][:, hidden]).all()
    seen_ones = [i for i in range(len(CHANNELS)) if i not in hidden]
    assert np.isfinite(signals.position_mm[:, seen_ones]).all()


def test_a_mouth_that_comes_out_from_behind_a_hand_cannot_be_compared_with_rest() -> None:
    """The rest picture shows the hand; what does not match it looks like a mouth."""
    seen = likenesses()
    seen[~HOLD, :, PARTS.index("mouth")] = 0.3
    cover = find_cover(seen, TIMES_S, matches(Side.LEFT, HOLD))
    assert cover.throughout[SEEN_ROW[Side.LEFT], PARTS.index("mouth")]
    assert not cover.part("mouth")[:, SEEN_ROW[Side.RIGHT]].any()


@pytest.mark.parametrize("side", SIDES)
def test_a_hand_over_both_lips_need_not_reach_both_halves_of_the_chin(side: Side) -> None:
    match = matches(side, HOLD, "lower_lip", "chin")
    assert not find_cover(likenesses(), TIMES_S, match).part("mouth")[:, 1 - SEEN_ROW[side]].any()
    both = np.minimum(match, matches(side.other, HOLD, "lower_lip"))
    assert find_cover(likenesses(), TIMES_S, both).part("mouth")[HOLD].mean() > 0.8


@pytest.mark.parametrize("side", SIDES)
def test_a_hand_is_gone_for_no_moment(side: Side) -> None:
    """Single pictures in which what the flow brings looks right by chance, 0.2 s at a time."""
    match = matches(side, HOLD)
    first = int(np.argmax(HOLD))
    match[first + 10 : first + 16] = 0.98
    hidden = find_cover(likenesses(), TIMES_S, match).part("mouth")[:, SEEN_ROW[side]]
    assert hidden[first + 4 : first + 22].all()


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
def test_a_brow_behind_hair_or_a_hand_for_a_while_is_hidden_for_that_while(side: Side) -> None:
    signals = compute_motion(replace(made_track(), match=matches(side, HOLD, "brow")))
    (brow,) = columns([Region.BROW], side)
    assert np.isnan(signals.position_mm[HOLD, brow]).mean() > 0.8
    assert np.isfinite(signals.position_mm[~HOLD]).all()
    others = [i for i in range(len(CHANNELS)) if i != brow]
    assert np.isfinite(signals.position_mm[:, others]).all()


@given(st.floats(0.56, 1.0), st.sampled_from(SIDES), st.sampled_from(sorted(PLACES)))
def test_a_place_that_matches_is_seen_whatever_it_does(
    value: float, side: Side, place: str
) -> None:
    match = matches(side, HOLD, place, value=value)
    assert not find_cover(likenesses(), TIMES_S, match).parts.any()
    assert not lost_brows(match, TIMES_S).any()


@pytest.mark.parametrize("place", ["lower_lip", "chin", "upper_lip", "ala"])
def test_one_place_that_changes_is_no_hand(place: str) -> None:
    """Teeth change a lip, a dropped jaw the chin."""
    match = matches(Side.LEFT, HOLD, place, value=0.1)
    assert not find_cover(likenesses(), TIMES_S, match).parts.any()


def test_without_a_rest_picture_nothing_is_said_to_be_covered() -> None:
    match = np.full((N, 2, len(PLACES)), np.nan, dtype=np.float32)
    assert not find_cover(likenesses(), TIMES_S, match).parts.any()
    assert not lost_brows(match, TIMES_S).any()
    assert not lost_brows(None, TIMES_S).any()


def test_what_passes_before_an_eye_has_neither_its_look_nor_lids() -> None:
    """The right eye: hidden for a second, then shut for one; a flicker in the end.

    The left one: behind glasses with glare, where the lids are badly seen.
    """
    times_s = np.arange(120) / 30
    seen = likenesses()[:1].repeat(120, axis=0)
    spread = np.full((120, 2), 0.035)
    hidden, shut, flicker = slice(15, 45), slice(60, 90), slice(105, 108)
    seen[hidden, 0, 0] = seen[shut, 0, 0] = seen[flicker, 0, 0] = -3.0
    spread[hidden, 0] = spread[flicker, 0] = 0.18
    spread[shut, 1] = 0.13
    lost = lost_eyes(seen, spread, times_s)
    assert lost[hidden, 0].mean() > 0.9
    assert not lost[shut].any()
    assert not lost[flicker].any()
    assert not lost[:, 1].any()
    assert not lost_eyes(None, spread, times_s).any()


@pytest.mark.slow
def test_a_hand_before_one_eye_marks_its_frames() -> None:
    track = made_track()
    spread = np.full((N, 2), 1.0, dtype=np.float32)
    spread[HOLD, 0] = 6.0  # of an eye 30 pixels wide
    seen = likenesses(("eye", Side.RIGHT), frames=HOLD)
    signals = compute_motion(replace(track, seen=seen, eyes_spread_px=spread))
    assert signals.marks["occluded"][HOLD].mean() > 0.8
    assert not signals.marks["occluded"][~HOLD].any()


BROW_L = CHANNELS.index(Channel(Region.BROW, Side.LEFT, "height"))
CHIN_UP = CHANNELS.index(Channel(Region.CHIN, None, "up"))


def test_a_sample_that_the_flow_carried_too_far_is_withdrawn_alone() -> None:
    carried_mm = np.full((400, len(CHANNELS)), 4.0)
    carried_mm[7, BROW_L], carried_mm[8, CHIN_UP] = 5.1, 13.5
    far = carried_too_far(carried_mm)
    assert np.argwhere(far).tolist() == [[7, BROW_L]]
    carried_mm[7:11, BROW_L] = 5.1
    assert np.flatnonzero(carried_too_far(carried_mm).all(axis=0)).tolist() == [BROW_L]


@pytest.mark.slow
def test_a_brow_behind_a_hand_is_not_assessed_and_the_other_one_is() -> None:
    """The hand passes 8 px over the brow, 7.8 mm: the flow goes along with it."""
    points = REGION_POINTS[Region.BROW, Side.LEFT]
    signals = compute_motion(made_track(moved=[(points, HOLD, (0.0, -8.0))]), MotionSettings())
    assert signals.seen_share(Region.BROW, Side.LEFT) == 0.0
    assert signals.seen_share(Region.BROW, Side.RIGHT) == 1.0
    raised = compute_motion(made_track(moved=[(points, HOLD, (0.0, -4.0))]), MotionSettings())
    assert raised.seen_share(Region.BROW, Side.LEFT) == 1.0


@pytest.mark.slow
def test_where_the_flow_went_behind_a_hand_says_nothing_of_the_other_pictures() -> None:
    """In a hold the hand carries the corner by 20 px; the match tells the hand."""
    points = REGION_POINTS[Region.COMMISSURE, Side.LEFT]
    track = made_track(moved=[(points, HOLD, (0.0, -20.0))])
    corner = columns([Region.COMMISSURE], Side.LEFT)
    alone = compute_motion(track)
    assert np.isnan(alone.position_mm[:, corner]).all()
    match = matches(Side.LEFT, HOLD)
    told = compute_motion(replace(track, seen=likenesses(), match=match))
    assert np.isfinite(told.position_mm[:, corner]).mean() > 1 - HOLD.mean() - 0.05
