"""The table of facts: complete, cited, and never showing what was not seen."""

from __future__ import annotations

import math

import numpy as np
import pytest

from code_reading import ROOT
from facewire.errors import UsageError
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.treatment.facts import (
    Dose,
    Fact,
    doses,
    draw,
    fact,
    facts,
    fractions,
    shown_doses,
    uniforms,
)
from made_treatments import EVERY, ONA

GOOD = {
    "id": "x",
    "value": 1.0,
    "unit": "mm",
    "citation": "somewhere",
    "status": "seen",
    "use": "check",
}


def test_every_fact_that_is_simulated_is_no_check() -> None:
    used = {name for treatment in EVERY for name in treatment.fact_ids()}
    wrong = {name for name in used if fact(name).use not in ("parameter", "calibration")}
    assert wrong == {"graft_reach_months"} & wrong


def test_risks_are_risks() -> None:
    told = {name for treatment in EVERY for name in treatment.risks}
    assert {fact(name).use for name in told} <= {"risk", "calibration"}


def test_assumed_numbers_say_that_there_is_no_figure_or_what_set_them() -> None:
    for one in facts().values():
        if one.status == "assumed":
            assert any(word in one.citation for word in ("no figure", "set ", "Brach")), one.id


def test_only_doses_seen_with_their_product_are_shown() -> None:
    shown = [d for g in GROUPS for d in shown_doses(ONA, g)]
    assert {d.target for d in shown} == {
        "blepharospasm, per site (label of another indication)",
        "upper-lid pretarsal orbicularis oculi, session total",
        "synkinesis, per site; affected side, and frontalis and corrugator of the other",
        "lateral canthal lines, a side (cosmetic label)",
    }
    assert any(not d.shown for d in doses())


def test_a_total_of_both_sides_is_no_measure_for_one_muscle() -> None:
    both = [d for d in doses() if "both sides" in d.target]
    assert {d.muscles for d in both} == {(MuscleGroup.PLATYSMA,), (MuscleGroup.FRONTALIS,)}
    assert not any(d.shown for d in both)


@pytest.mark.parametrize(
    ("name", "value", "n", "spread_kind", "status"),
    [
        ("toxin_group_synkinesis_part", 7.9, 42, "not stated", "seen"),
        ("toxin_dallatoffola_voluntary_after", 60.0, 30, "", "seen"),
        ("toxin_diaz_after", 69.9, 20, "", "seen"),
        ("toxin_voluntary_loss_after", 45.2, 9, "not stated", "seen"),
        ("toxin_lid_rise", 1.6, 16, "range", "seen"),
        ("neurolysis_cut", 0.77, 32, "range", "computed"),
        ("neurolysis_tightness", -3.2, 38, "", "computed"),
        ("combined_myectomy_asymmetry", -2.8, 20, "se", "seen"),
        ("dao_with_neurectomy_excursion", 1.14, 18, "ci95", "seen"),
        ("training_group_gain", 20.4, 50, "ci95", "seen"),
        ("training_stable_1_year", 0.0, 46, "", "seen"),
        ("axon_rate", 1.4, 0, "", "computed"),
        ("gracilis_excursion", 8.0, 127, "", "doubtful"),
        ("masseter_native_first_movement", 95.5, 8, "sd", "seen"),
        ("lid_weight_closure", 0.98, 123, "", "seen"),
        ("lid_weight_ptosis", 0.172, 29, "", "computed"),
        ("lid_weight_astigmatism", 0.241, 29, "", "computed"),
        ("lid_weight_revision_gold", 0.409, 110, "", "seen"),
        ("lid_weight_revision_platinum", 0.295, 117, "", "seen"),
        ("lid_weight_lid_lower", -1.4, 117, "", "seen"),
        ("tarsorrhaphy_any", 0.0, 20, "ci95", "seen"),
        ("rest_upper_lid", -1.5, 15, "sd", "seen"),
        ("rest_lower_lid", -1.0, 15, "sd", "seen"),
        ("neurolysis_tightness_share", 0.86, 38, "range", "computed"),
    ],
)
def test_figures_are_those_of_their_source(
    name: str, value: float, n: int, spread_kind: str, status: str
) -> None:
    """Copied by hand from the abstracts."""
    one = fact(name)
    assert (one.value, one.n, one.spread_kind, one.status) == (value, n, spread_kind, status)


def test_what_is_not_established_says_so() -> None:
    assert {f.status for f in facts().values() if not f.established} == {
        "recalled",
        "doubtful",
        "assumed",
    }


def test_no_dose_is_shown_for_a_product_it_was_not_given_for() -> None:
    assert shown_doses("abobotulinumtoxinA", MuscleGroup.PLATYSMA) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": "guessed"}, "status"),
        ({"use": "decoration"}, "use"),
        ({"citation": ""}, "citation"),
        ({"value": math.nan}, "finite"),
        ({"spread": "uniform", "low": 3.0, "high": 2.0}, "low <= value <= high"),
        ({"spread": "fraction", "value": 0.5, "low": 0.0, "high": 0.9}, "inside 0 to 1"),
        ({"spread": "normal"}, "standard deviation"),
    ],
)
def test_a_wrong_row_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Fact(**(GOOD | change))  # type: ignore[arg-type]


def test_a_dose_without_a_range_is_refused() -> None:
    with pytest.raises(UsageError, match="range of units"):
        Dose(ONA, "x", (), "site", 3.0, 2.0, "c", "seen", "seen")


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(UsageError, match="no such fact"):
        fact("toxin_colour")


@pytest.mark.parametrize("name", ["toxin_onset", "axon_rate", "myectomy_removed"])
def test_draws_stay_in_the_range(name: str) -> None:
    one, drawn = fact(name), draw(fact(name), 2000, 1)
    inside = (drawn >= one.low) & (drawn <= one.high)
    assert inside.mean() >= (0.94 if one.spread == "fraction" else 1.0)
    assert np.array_equal(drawn, draw(one, 2000, 1))


def test_triangular_draws_have_the_mean_of_the_triangle() -> None:
    one = fact("toxin_duration")
    expected = (one.low + one.value + one.high) / 3
    assert draw(one, 2000, 1).mean() == pytest.approx(expected, rel=0.005)


def test_fractions_have_their_median_and_interval() -> None:
    from scipy.special import ndtri

    drawn = fractions(0.3, (0.1, 0.8), ndtri(uniforms(5000, 1, "x")))
    assert np.percentile(drawn, [2.5, 50, 97.5]) == pytest.approx([0.1, 0.3, 0.8], abs=0.005)


def test_the_method_pages_list_every_fact_with_its_value() -> None:
    pages = ("treatment.md", "learning.md")
    page = "".join((ROOT / "docs" / "method" / name).read_text("utf-8") for name in pages)
    assert [f.id for f in facts().values() if f"| `{f.id}` | {f.value:g}" not in page] == []
    assert [f.id for f in facts().values() if f.citation not in page] == []
