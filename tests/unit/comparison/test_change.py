"""Visits compared: worked by hand, and what may never be called change."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

import pytest

from example_result import example_result
from facewire.comparison import (
    Change,
    Comparison,
    Visit,
    compare_visits,
    comparison_document,
    floors_from_retest,
    load_floors,
)
from facewire.errors import UsageError
from facewire.face import REGIONS, Movement, Region, Side
from facewire.schemas import validate

SMILE_EYE = (Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)


def result(**eye: Any) -> dict[str, Any]:
    """An example visit; ``eye`` replaces fields of the right eye's row in the open smile."""
    found = deepcopy(example_result())
    for row in found["synkinesis"]:
        row.update(voluntary_mm=8.0, voluntary_low_mm=7.0, voluntary_high_mm=9.0)
        if (row["movement"], row["region"], row["side"]) == ("smile_open", "eye", "R"):
            row.update(eye)
    return found


def visit(name: str = "visit", subject: str | None = None, **eye: Any) -> Visit:
    return Visit.of(result(**eye) | {"subject": subject}, name)


def row_of(found: Comparison, kind: str = "involuntary") -> Change:
    (row,) = (
        c for c in found.changes if (c.movement, c.region, c.side) == SMILE_EYE and c.kind == kind
    )
    return row


def test_difference_and_interval_by_hand() -> None:
    """2.4 mm narrowing becomes 0.6: 1.8 mm less; each known to +-0.5 mm, so +-0.7 together."""
    row = row_of(
        compare_visits([visit("a"), visit("b", change_mm=-0.6, ci_low=-1.1, ci_high=-0.1)])
    )
    assert row.change_mm == pytest.approx(1.8)
    assert (row.ci_low, row.ci_high) == pytest.approx((1.8 - math.sqrt(0.5), 1.8 + math.sqrt(0.5)))
    assert row.at_mm == pytest.approx(8.0)
    assert row.beyond_sdc is True


def test_a_smaller_smile_is_no_cure() -> None:
    """Half the smile with half the narrowing is the same wiring: nothing has changed."""
    weaker = visit(
        "b",
        change_mm=-1.8,
        ci_low=-2.2,
        ci_high=-1.4,
        voluntary_mm=6.0,
        voluntary_low_mm=5.0,
        voluntary_high_mm=8.0,
    )
    row = row_of(compare_visits([visit("a"), weaker]))
    assert row.at_mm == pytest.approx(7.5)  # the middle of 7 to 8 mm
    assert row.change_mm == pytest.approx(0.0)
    assert row.beyond_sdc is False


def test_efforts_that_do_not_meet_are_not_compared() -> None:
    far = visit("b", voluntary_mm=3.0, voluntary_low_mm=2.5, voluntary_high_mm=3.5)
    row = row_of(compare_visits([visit("a"), far]))
    assert math.isnan(row.change_mm)
    assert row.beyond_sdc is None
    assert row.reason.startswith("not comparable: different effort")
    assert "7.0 to 9.0" in row.reason


def test_a_movement_that_hardly_happens_is_no_measure() -> None:
    still = visit("b", voluntary_mm=0.4, voluntary_low_mm=0.3, voluntary_high_mm=0.5)
    assert "too small" in row_of(compare_visits([visit("a"), still])).reason


def test_a_change_under_the_smallest_detectable_one_is_never_called_change() -> None:
    """1.0 mm at the eye with a tight interval differs from zero, yet lies under 1.22 mm."""
    tight = {"ci_low": -2.45, "ci_high": -2.35}
    later = visit("b", change_mm=-1.4, ci_low=-1.45, ci_high=-1.35)
    row = row_of(compare_visits([visit("a", **tight), later]))
    assert row.ci_low > 0
    assert row.beyond_sdc is False


def test_an_unsure_change_is_not_called_change_however_large() -> None:
    unsure = visit("b", change_mm=-0.2, ci_low=-3.2, ci_high=2.8)
    assert row_of(compare_visits([visit("a"), unsure])).beyond_sdc is False


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
    one, two = visit("a"), visit("b", change_mm=-0.6, ci_low=-1.1, ci_high=-0.1)
    there, back = row_of(compare_visits([one, two])), row_of(compare_visits([two, one]))
    assert there.change_mm == pytest.approx(-back.change_mm)
    assert there.ci_low == pytest.approx(-back.ci_high)
    assert there.beyond_sdc == back.beyond_sdc


def test_the_named_outcome_is_tested_alone() -> None:
    """Its p-value is not paid for with the many others that nobody asked about."""
    later = visit("b", change_mm=-1.0, ci_low=-1.6, ci_high=-0.4)
    visits = [visit("a", ci_low=-3.0, ci_high=-1.8), later]
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
    left = Visit.of(result() | {"side_affected": "L"}, "b")
    with pytest.raises(UsageError, match="disagree about the affected side"):
        compare_visits([visit("a"), left])


def test_one_visit_is_nothing_to_compare() -> None:
    with pytest.raises(UsageError, match="nothing to compare"):
        compare_visits([visit("a")])


def test_the_document_fits_its_schema() -> None:
    far = visit("b", voluntary_mm=3.0, voluntary_low_mm=2.5, voluntary_high_mm=3.5)
    document = comparison_document(compare_visits([visit("a"), far]))
    validate(document, "comparison")
    assert document["provisional"] is True


def test_floors_from_people_recorded_twice() -> None:
    """Every pair 1 mm apart: SEM = 1 / sqrt(2), so the smallest detectable change is 1.96 mm."""
    pairs = []
    for _ in range(30):
        one, two = result(), result()
        for row in two["synkinesis"]:
            row["change_mm"] += 1.0
        pairs.append((Visit.of(one, "1"), Visit.of(two, "2")))
    floors = floors_from_retest(pairs)
    assert not floors.provisional
    for region in REGIONS:
        assert floors.sdc_mm[region] == pytest.approx(1.96)
        assert floors.ci_low_mm[region] < 1.96 < floors.ci_high_mm[region]


def test_too_few_people_do_not_replace_the_floors() -> None:
    with pytest.raises(UsageError, match="Too few people"):
        floors_from_retest([(visit("1"), visit("2"))] * 29)


def test_the_larger_figure_serves_and_names_its_source() -> None:
    floors = load_floors()
    assert floors.provisional
    assert floors.sdc_mm[Region.COMMISSURE] == pytest.approx(1.5)  # Tanikawa 2018
    assert "Tanikawa" in floors.source[Region.COMMISSURE]
    assert all(floors.source[region].startswith("published") for region in REGIONS)
