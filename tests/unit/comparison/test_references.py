"""References frozen at the first visit: worked by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from example_result import example_result
from facewire.comparison import Visit, compare_visits
from facewire.comparison.effort import at_effort
from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.results.comparison import Change
from facewire.results.measurement import Measurement
from unit.comparison.made_visits import Z95

SMILE_EYE = ("smile_open", "eye", "R")
SMILE_CORNER = ("eye_close_tight", "commissure", "R")


def read(document: dict[str, Any]) -> Measurement:
    return Measurement.from_json(json.dumps(document).encode())


def around(name: str, value: float, half: float = 0.2) -> dict[str, float]:
    """A number with its deviation and interval, for the columns of a row."""
    sd = name.replace("_mm", "_sd_mm")
    return {name: value, sd: half / Z95, "ci_low": value - half, "ci_high": value + half}


def visit(name: str, place: tuple[str, str, str], total: dict[str, Any], **own: Any) -> Visit:
    """A visit in which one place is as given; effort 8 mm unless ``own`` says otherwise."""
    found = example_result()
    for kind, values in (("synkinesis", own), ("voluntary", total)):
        for row in found[kind]:
            if (row["movement"], row["region"], row["side"]) == place:
                row.update(values)
    return Visit(name, read(found))


def eye(name: str, total_mm: float, other_mm: float, effort_mm: float = 8.0) -> Visit:
    """The eye narrows by ``total_mm``; ``other_mm`` of it is what the other side does."""
    own = -(total_mm - other_mm)
    return visit(
        name,
        SMILE_EYE,
        around("excursion_mm", -total_mm, 0.4),
        **around("change_mm", own),
        vs_other_side_mm=own,
        vs_healthy_norm_mm=None,
        voluntary_mm=effort_mm,
        voluntary_low_mm=effort_mm - 1,
        voluntary_high_mm=effort_mm + 1,
    )


def change(first: Visit, later: Visit, place: tuple[str, str, str] = SMILE_EYE) -> Change:
    wanted = (Movement(place[0]), Region(place[1]), Side(place[2]))
    (row,) = (
        c
        for c in compare_visits([first, later]).changes
        if (c.movement, c.region, c.side) == wanted and c.kind == "involuntary"
    )
    return row


def test_an_other_side_that_changed_is_no_change_of_the_affected_one() -> None:
    """Toxin stills the other eye (2 mm to 0); the affected eye narrows by 5 mm as before.

    Against its own day the involuntary part would be 5 instead of 3 mm.
    """
    row = change(eye("a", 5.0, 2.0), eye("b", 5.0, 0.0))
    assert row.before_mm == pytest.approx(-3.0)
    assert row.after_mm == pytest.approx(-3.0)
    assert row.beyond_sdc is False


def test_a_real_change_is_whole_movement_at_equal_effort() -> None:
    """From 5 to 3 mm with the same reference of 2 mm: 3 becomes 1 mm."""
    row = change(eye("a", 5.0, 2.0), eye("b", 3.0, 2.0))
    assert row.change_mm == pytest.approx(2.0)
    assert row.beyond_sdc is True


def test_the_frozen_reference_grows_with_the_effort() -> None:
    """At 10 mm the face does 6.25 instead of 5 mm, its reference 2.5: nothing has changed."""
    row = change(eye("a", 5.0, 2.0, 8.0), eye("b", 6.25, 2.5, 10.0))
    assert row.change_mm == pytest.approx(0.0)


def test_the_error_is_that_of_the_parts() -> None:
    row = change(eye("a", 5.0, 2.0), eye("b", 3.0, 2.0))
    assert row.ci_high - row.ci_low == pytest.approx(2 * 2**0.5 * 0.2)


def test_the_norm_counts_as_it_did() -> None:
    """Half other side, half norm, both unchanged: the difference is that of the parts."""
    rows = [
        visit(
            name,
            SMILE_EYE,
            around("excursion_mm", -total),
            **around("change_mm", -total + 1.5),
            vs_other_side_mm=-total + 2.0,
            vs_healthy_norm_mm=-total + 1.0,
        )
        for name, total in (("a", 5.0), ("b", 3.5))
    ]
    row = change(rows[0], rows[1])
    assert (row.before_mm, row.after_mm) == pytest.approx((-3.5, -2.0))


def corner(
    name: str, total: tuple[float, float], other: tuple[float, float], **errors: float
) -> Visit:
    own = (total[0] - other[0], total[1] - other[1])
    length = (own[0] ** 2 + own[1] ** 2) ** 0.5
    return visit(
        name,
        SMILE_CORNER,
        {"across_mm": total[0], "up_mm": total[1]},
        **around("change_mm", length),
        across_mm=own[0],
        up_mm=own[1],
        vs_other_side_mm=length,
        **errors,
    )


def test_vectors_are_held_against_the_first_visit_too() -> None:
    """The corner goes (3, 5) mm at both visits, of which (0, 1) was physiological at the first:
    (3, 4), 5 mm, also where the other side goes (0, 5) on the later day."""
    row = change(corner("a", (3, 5), (0, 1)), corner("b", (3, 5), (0, 5)), SMILE_CORNER)
    assert (row.before_mm, row.after_mm) == pytest.approx((5.0, 5.0))


def test_a_vector_that_turns_takes_the_error_of_its_new_direction() -> None:
    """(3, 4) mm against its own day, (3, 0) against the first: the error across is 0.1, up 0.5."""
    errors = {"across_sd_mm": 0.1, "up_sd_mm": 0.5, "covariance_mm2": 0.0}
    first = corner("a", (3, 5), (0, 5), **errors)
    later = corner("b", (3, 5), (0, 1), **errors)
    row = change(first, later, SMILE_CORNER)
    assert row.after_mm == pytest.approx(3.0)
    assert row.after_sd_mm == pytest.approx(0.1)


def test_at_twice_the_effort_a_vector_and_its_error_are_twice_as_large() -> None:
    """(0, 4) mm at 8 mm of effort, up to 0.5: 8 mm at 16 mm, to 1.0."""
    place = (Movement.EYE_CLOSE_TIGHT, Region.COMMISSURE, Side.RIGHT)
    errors = {"across_sd_mm": 0.1, "up_sd_mm": 0.5, "covariance_mm2": 0.0}
    one = corner("a", (0, 5), (0, 1), voluntary_mm=8.0, **errors)
    effort = one.effort(place)
    assert effort is not None
    found = at_effort(one, one, place, 2.0 * effort.mean_mm)
    assert found is not None
    assert (found.value, found.sd) == pytest.approx((8.0, 1.0))


def test_visits_measured_in_different_ways_are_refused() -> None:
    other = example_result()
    other["provenance"]["settings"]["fitted"] = False
    with pytest.raises(UsageError, match="measured in different ways"):
        compare_visits([Visit("a", read(example_result())), Visit("b", read(other))])


def test_a_visit_without_scale_is_refused() -> None:
    with pytest.raises(UsageError, match="The visit b has no scale"):
        Visit("b", read(example_result() | {"scale": None}))


def test_what_a_reader_must_know_is_said() -> None:
    one = example_result()
    two = example_result()
    two["scale"] = one["scale"] | {"source": "entered", "reference_mm": 12.1}
    notes = " ".join(compare_visits([Visit("a", read(one)), Visit("b", read(two))]).notes)
    assert "the same recording" in notes
    assert "different scales" in notes
    assert "may be exchanged" in notes


def test_the_chin_is_compared_once() -> None:
    visits = [Visit(name, read(example_result())) for name in ("a", "b")]
    found = compare_visits(visits)
    rows = (*found.changes, *found.voluntary_changes)
    chins = [(c.kind, c.movement) for c in rows if c.region is Region.CHIN]
    assert len(chins) == len(set(chins)) == 16
