"""Arithmetic of entered grades: worked examples, and what is refused."""

from __future__ import annotations

import pytest

from facewire.errors import UsageError
from facewire.grading import SUNNYBROOK_MOVEMENTS, read_entered
from facewire.grading.eface import EFACE_ITEMS, closure_percent, eface_score, fold
from facewire.grading.entered import check_house_brackmann, fngs2_grades
from facewire.grading.sunnybrook import SunnybrookItems, sunnybrook_score

RESTING = {
    0: {"eye": 0, "cheek_nasolabial_fold": 0, "mouth": 0},
    2: {"eye": 1, "cheek_nasolabial_fold": 0, "mouth": 1},
    4: {"eye": 1, "cheek_nasolabial_fold": 2, "mouth": 1},
}


def items(voluntary=(5,) * 5, resting=0, synkinesis=(0,) * 5):
    moves = SUNNYBROOK_MOVEMENTS
    return SunnybrookItems(
        RESTING[resting],
        dict(zip(moves, voluntary, strict=True)),
        dict(zip(moves, synkinesis, strict=True)),
    )


@pytest.mark.parametrize(
    ("voluntary", "resting", "synkinesis", "expected"),
    [
        ((5, 5, 5, 5, 5), 0, (0, 0, 0, 0, 0), (100, 0, 0, 100)),
        ((4, 5, 4, 3, 4), 2, (1, 2, 2, 1, 3), (80, 10, 9, 61)),
        ((1, 1, 1, 1, 1), 4, (0, 0, 0, 0, 0), (20, 20, 0, 0)),
        ((1, 1, 1, 1, 1), 4, (3, 3, 3, 3, 3), (20, 20, 15, -15)),
    ],
)
def test_sunnybrook_worked_examples(voluntary, resting, synkinesis, expected):
    score = sunnybrook_score(items(voluntary, resting, synkinesis))
    assert (score.voluntary, score.resting, score.synkinesis, score.composite) == expected


def test_a_composite_below_zero_is_shown_as_zero():
    assert sunnybrook_score(items((1,) * 5, 4, (3,) * 5)).shown == 0


@pytest.mark.parametrize("grade", [0, 6, 3.5, True, "4", None])
def test_impossible_voluntary_grade_is_refused(grade):
    with pytest.raises(UsageError, match=r"smile_open, voluntary.*1 to 5"):
        items((5, 5, grade, 5, 5))


def test_missing_item_is_named():
    with pytest.raises(UsageError, match=r"resting symmetry.*missing mouth"):
        SunnybrookItems({"eye": 0, "cheek_nasolabial_fold": 0}, {}, {})


def fngs2(regions, secondary):
    names = ("brow", "eye", "nasolabial_fold", "oral", "secondary_movement")
    return fngs2_grades(dict(zip(names, (*regions, secondary), strict=True)))


@pytest.mark.parametrize(
    ("regions", "secondary", "total", "grade"),
    [
        ((1, 1, 1, 1), 0, 4, "I"),
        ((1, 1, 1, 1), 1, 5, "II"),
        ((2, 2, 2, 2), 1, 9, "II"),
        ((3, 2, 3, 2), 0, 10, "III"),
        ((3, 3, 3, 3), 2, 14, "III"),
        ((4, 4, 4, 3), 0, 15, "IV"),
        ((4, 4, 4, 4), 3, 19, "IV"),
        ((5, 5, 5, 5), 0, 20, "V"),
        ((6, 6, 6, 5), 0, 23, "V"),
        ((6, 6, 6, 6), 0, 24, "VI"),
    ],
)
def test_fngs2_totals_and_grades(regions, secondary, total, grade):
    found = fngs2(regions, secondary)
    assert (found.total, found.grade) == (total, grade)


def test_fngs2_refuses_secondary_movement_in_a_still_face():
    with pytest.raises(UsageError, match=r"contradict.*at most 24.*total of 25"):
        fngs2((6, 6, 6, 6), 1)


@pytest.mark.parametrize("grade", ["VII", "i", 3, None, ""])
def test_house_brackmann_refuses_what_is_no_grade(grade):
    with pytest.raises(UsageError, match="House-Brackmann"):
        check_house_brackmann(grade)


@pytest.mark.parametrize(("given", "expected"), [(100, 100), (80, 80), (120, 80), (-5, 0), (0, 0)])
def test_too_much_counts_like_too_little(given, expected):
    assert fold(given) == expected


@pytest.mark.parametrize(("gap", "expected"), [(0.0, 100), (0.99, 100), (2.0, 80), (10.0, 0)])
def test_a_gap_under_a_millimetre_counts_as_closed(gap, expected):
    assert closure_percent(10.0, gap) == pytest.approx(expected)


def sliders(**changed):
    values = {part: dict.fromkeys(EFACE_ITEMS[part], 100) for part in EFACE_ITEMS}
    for name, value in changed.items():
        values["static"][name] = value
    return values


def test_eface_static_sliders_fold_either_way():
    low, high = (eface_score(sliders(brow=v)).static for v in (60, 140))
    assert low == high == 90


@pytest.mark.parametrize("value", [201, -1, "90", True])
def test_eface_slider_out_of_range_is_refused(value):
    with pytest.raises(UsageError, match=r"slider brow.*0 to 200"):
        eface_score(sliders(brow=value))


def test_entered_options_and_points_are_the_same():
    by_option = read_entered({"sunnybrook": {"resting": {"eye": "narrow", "mouth": "normal"}}})
    by_points = read_entered({"sunnybrook": {"resting": {"eye": 1, "mouth": 0}}})
    assert by_option.sunnybrook == by_points.sunnybrook


def test_a_part_of_the_items_is_no_score():
    assert read_entered({"sunnybrook": {"resting": RESTING[2]}}).sunnybrook_score is None


def test_all_items_are_a_score():
    moves = [str(m) for m in SUNNYBROOK_MOVEMENTS]
    given = {
        "resting": RESTING[2],
        "voluntary": dict(zip(moves, (4, 5, 4, 3, 4), strict=True)),
        "synkinesis": dict(zip(moves, (1, 2, 2, 1, 3), strict=True)),
    }
    score = read_entered({"rater": "T2", "sunnybrook": given}).sunnybrook_score
    assert score is not None
    assert score.composite == 61


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"yanagihara": 30}, r"unknown scale.*yanagihara"),
        ({"sunnybrook": {"voluntary": {"smile": 3}}}, r"no such Sunnybrook item.*smile_open"),
        ({"sunnybrook": {"voluntary": {"smile_open": 6}}}, r"smile_open, voluntary.*1 to 5"),
        ({"sunnybrook": {"synkinesis": {"snarl": -1}}}, r"snarl, synkinesis.*0 to 3"),
        ({"sunnybrook": {"resting": {"eye": "small"}}}, r"eye at rest.*normal, narrow"),
        ({"sunnybrook": {"resting": {"mouth": 2}}}, r"mouth at rest.*0 to 1"),
        ({"sunnybrook": {"total": 60}}, r"unknown part.*total"),
        ({"sunnybrook": [1, 2]}, r"cannot be read.*named items"),
        ({"house_brackmann": "3"}, r"House-Brackmann.*I, II"),
        ({"fngs2": {"brow": 2}}, r"FNGS 2\.0.*missing eye"),
        ({"eface": {"static": {}}}, r"eFACE.*missing dynamic"),
    ],
)
def test_impossible_entries_are_refused(document, message):
    with pytest.raises(UsageError, match=message):
        read_entered(document)
