"""Visits compared: worked by hand, and what may never be called change."""

from __future__ import annotations

import numpy as np
import pytest

from example_result import example_result, first_version_result
from facewire.comparison import Visit, compare_visits, floors_from_retest
from facewire.comparison.floors import load_floors
from facewire.errors import UsageError
from facewire.face import REGIONS, Movement, Region, Side
from facewire.results.comparison import Change, Comparison
from unit.comparison.made_visits import Z95, result, visit

SMILE_EYE = (Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)


def row_of(found: Comparison, kind: str = "involuntary") -> Change:
    (row,) = (
        c
        for c in (*found.changes, *found.voluntary_changes)
        if (c.movement, c.region, c.side) == SMILE_EYE and c.kind == kind
    )
    return row


def test_difference_and_interval_by_hand() -> None:
    """2.4 mm narrowing becomes 0.6: 1.8 mm less; deviations 0.15 and 0.2, so 0.25 together."""
    first, later = visit("a", change_sd_mm=0.15), visit("b", change_mm=-0.6, change_sd_mm=0.2)
    row = row_of(compare_visits([first, later]))
    assert (row.change_mm, row.change_sd_mm) == pytest.approx((1.8, 0.25))
    assert (row.ci_low, row.ci_high) == pytest.approx((1.8 - Z95 * 0.25, 1.8 + Z95 * 0.25))
    assert (row.before_sd_mm, row.after_sd_mm) == pytest.approx((0.15, 0.2))
    assert row.at_mm == pytest.approx(8.0)
    assert row.beyond_sdc is True


def test_a_smaller_smile_is_no_cure() -> None:
    """Half the smile with half the narrowing is the same wiring: nothing has changed."""
    weaker = visit(
        "b",
        change_mm=-1.8,
        voluntary_mm=6.0,
        voluntary_low_mm=5.0,
        voluntary_high_mm=8.0,
    )
    row = row_of(compare_visits([visit("a"), weaker]))
    assert row.at_mm == pytest.approx(7.5)  # the middle of 7 to 8 mm
    assert row.change_mm == pytest.approx(0.0)
    assert row.beyond_sdc is False


def test_the_error_is_brought_to_the_common_effort_too() -> None:
    """At 7.5 mm a part measured at 6 mm is 1.25 times as large, and so is its deviation."""
    efforts = {"voluntary_mm": 6.0, "voluntary_low_mm": 5.0, "voluntary_high_mm": 8.0}
    weaker = visit("b", change_mm=-1.8, change_sd_mm=0.2, **efforts)
    row = row_of(compare_visits([visit("a", change_sd_mm=0.4), weaker]))
    assert (row.before_sd_mm, row.after_sd_mm) == pytest.approx((0.4 * 7.5 / 8.0, 0.2 * 7.5 / 6.0))


def test_efforts_that_do_not_meet_are_not_compared() -> None:
    far = visit("b", voluntary_mm=3.0, voluntary_low_mm=2.5, voluntary_high_mm=3.5)
    row = row_of(compare_visits([visit("a"), far]))
    assert row.change_mm is None
    assert row.beyond_sdc is None
    assert row.reason.startswith("not comparable: different effort")
    assert "7.0 to 9.0" in row.reason


def test_a_movement_that_hardly_happens_is_no_measure() -> None:
    still = visit("b", voluntary_mm=0.4, voluntary_low_mm=0.3, voluntary_high_mm=0.5)
    assert "too small" in row_of(compare_visits([visit("a"), still])).reason


def test_a_change_under_the_smallest_detectable_one_is_never_called_change() -> None:
    """1.0 mm at the eye with a tight interval differs from zero, yet lies under 1.22 mm."""
    later = visit("b", change_mm=-1.4, change_sd_mm=0.025)
    row = row_of(compare_visits([visit("a", change_sd_mm=0.025), later]))
    assert row.ci_low > 0
    assert row.beyond_sdc is False


def test_an_unsure_change_is_not_called_change_however_large() -> None:
    """What these two visits can tell is less than the floor of 1.22 mm: their interval counts."""
    row = row_of(
        compare_visits([visit("a", change_sd_mm=0.8), visit("b", change_mm=-0.2, change_sd_mm=1.5)])
    )
    assert row.beyond_sdc is False
    assert row.sdc_mm == pytest.approx(Z95 * 1.7)


def test_the_first_visit_stays_the_reference() -> None:
    visits = [visit("a"), visit("b", change_mm=-1.4), visit("c", change_mm=-0.4)]
    rows = [
        c
        for c in compare_visits(visits).changes
        if (c.movement, c.region, c.side) == SMILE_EYE and c.kind == "involuntary"
    ]
    assert [row.visit for row in rows] == ["b", "c"]
    assert [row.before_mm for row in rows] == pytest.approx([-2.4, -2.4])


def test_exchanging_the_visits_turns_the_change_round() -> None:
    one, two = visit("a"), visit("b", change_mm=-0.6)
    there, back = row_of(compare_visits([one, two])), row_of(compare_visits([two, one]))
    assert there.change_mm == pytest.approx(-back.change_mm)
    assert there.ci_low == pytest.approx(-back.ci_high)
    assert there.beyond_sdc == back.beyond_sdc


def test_the_named_outcome_is_tested_alone() -> None:
    """Its p-value is not paid for with the many others that nobody asked about."""
    later = visit("b", change_mm=-1.0, change_sd_mm=0.3)
    visits = [visit("a", change_sd_mm=0.3), later]
    alone = row_of(compare_visits(visits, outcome=(Movement.SMILE_OPEN, Region.EYE)))
    among = row_of(compare_visits(visits))
    assert alone.named
    assert not among.named
    assert alone.q_value < among.q_value


def test_the_same_visit_shows_no_change() -> None:
    found = compare_visits([visit("a"), visit("b")])
    assert not any(c.beyond_sdc for c in found.changes)


def test_different_people_are_refused() -> None:
    with pytest.raises(UsageError, match="different people"):
        compare_visits([visit("a", "P1"), visit("b", "P2")])


def test_without_a_subject_it_is_said() -> None:
    assert "was not checked" in " ".join(compare_visits([visit("a"), visit("b", "P1")]).notes)
    notes = " ".join(compare_visits([visit("a", "P1"), visit("b", "P1")]).notes)
    assert "was not checked" not in notes


def test_visits_that_disagree_about_the_side_are_refused() -> None:
    left = Visit("b", visit("b").result.replaced(side_affected=Side.LEFT))
    with pytest.raises(UsageError, match="disagree about the affected side"):
        compare_visits([visit("a"), left])


def test_one_visit_is_nothing_to_compare() -> None:
    with pytest.raises(UsageError, match="nothing to compare"):
        compare_visits([visit("a")])


def test_what_is_written_is_read_again() -> None:
    far = visit("b", voluntary_mm=3.0, voluntary_low_mm=2.5, voluntary_high_mm=3.5)
    found = compare_visits([visit("a"), far])
    assert Comparison.from_json(found.to_json()).plain() == found.plain()
    assert found.provisional is True
    assert "course" not in found.plain()


def test_a_clipped_interval_is_not_read_as_a_deviation() -> None:
    """The stored 0.8 mm count, whatever a file's interval says."""
    narrow = visit("a", change_sd_mm=0.8, ci_low=-2.5, ci_high=-2.3)
    row = row_of(compare_visits([narrow, visit("b", change_sd_mm=0.0)]))
    assert row.change_sd_mm == pytest.approx(0.8)


def test_a_file_of_the_first_version_is_one_clear_error() -> None:
    with pytest.raises(UsageError, match=r"visit old holds no standard deviations.*measure the"):
        Visit("old", result(first_version_result()))


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Two visits with their own errors, 100 times: 95 % of intervals hold what truly changed."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(100):
        sizes = rng.normal((-2.4, -1.0), (0.3, 0.5))
        before = visit("a", change_mm=float(sizes[0]), change_sd_mm=0.3)
        after = visit("b", change_mm=float(sizes[1]), change_sd_mm=0.5)
        row = row_of(compare_visits([before, after], outcome=SMILE_EYE[:2]))
        assert row.ci_low is not None
        assert row.ci_high is not None
        held += row.ci_low <= 1.4 <= row.ci_high
    assert 0.88 <= held / 100 <= 0.99


def test_floors_from_people_recorded_twice() -> None:
    """Every pair 1 mm apart: SEM = 1 / sqrt(2), so the smallest detectable change is 1.96 mm."""
    two = example_result()
    for row in two["synkinesis"]:
        row["change_mm"] += 1.0
        row["ci_low"] += 1.0
        row["ci_high"] += 1.0
    floors = floors_from_retest([(visit("1"), Visit("2", result(two)))] * 30)
    assert not floors.provisional
    assert [row.region for row in floors.rows] == list(REGIONS)
    for row in floors.rows:
        assert row.sdc_mm == pytest.approx(Z95)
        assert row.ci_low is not None
        assert row.ci_high is not None
        assert row.ci_low < Z95 < row.ci_high
        assert row.people == 30


def test_too_few_people_do_not_replace_the_floors() -> None:
    with pytest.raises(UsageError, match="Too few people"):
        floors_from_retest([(visit("1"), visit("2"))] * 29)


def test_the_larger_figure_serves_and_names_its_source() -> None:
    floors = load_floors()
    assert floors.provisional
    assert floors.sdc_mm(Region.COMMISSURE) == pytest.approx(1.5)  # Tanikawa 2018
    source = {row.region: row.source for row in floors.rows}
    assert "Tanikawa" in source[Region.COMMISSURE]
    assert all(text.startswith("published") for text in source.values())
