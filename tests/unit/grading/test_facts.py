"""The facts keep their sources, their status and no wording; cut-points follow from the figures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from facewire.files import packaged_table
from facewire.grading.facts import fact
from facewire.grading.ordinal import cut_points

STATUS = ("seen", "recalled", "computed", "not validated", "partly seen")
FACTS = packaged_table("facewire.grading", "facts.toml")
ESTIMATED = [k for k, v in FACTS["estimate"].items() if isinstance(v, dict)]


def _tables(table, place=""):
    yield place, table
    for key, value in table.items():
        inner = value if isinstance(value, list) else [value]
        for one in (v for v in inner if isinstance(v, dict)):
            yield from _tables(one, f"{place}.{key}")


def test_every_status_is_a_known_one():
    for place, table in _tables(FACTS):
        for key, value in table.items():
            if key == "status" or key.endswith("_status"):
                assert str(value).split(":")[0].split(";")[0] in STATUS, place


@pytest.mark.parametrize(
    "name", ["sunnybrook", "fngs2", "eface", "saq", "fdi", "face_scale", "phq9"]
)
def test_every_scale_names_its_source(name):
    assert fact(name)["citation"]


@pytest.mark.parametrize("name", ESTIMATED)
def test_nothing_estimated_is_called_validated(name):
    assert "not validated" in fact(f"estimate.{name}")["status"]


@pytest.mark.parametrize("name", ESTIMATED)
def test_cuts_rest_on_figures_that_are_there(name):
    known = {row["id"] for row in fact("noticing")}
    assert set(fact(f"estimate.{name}").get("noticing", ())) <= known


def noticed(entry, size_mm):
    cuts = cut_points(entry)
    return float(norm.cdf((np.log(size_mm) - np.log(cuts.at[0])) / cuts.spread[0]))


def test_the_lid_s_first_cut_meets_the_published_shares():
    assert 0.51 <= noticed("resting_eye", 1.0) <= 0.657
    assert noticed("resting_eye", 2.0) >= 0.90
    assert noticed("synkinesis_eye", 1.0) == noticed("resting_eye", 1.0)


def test_the_brow_s_first_cut_meets_the_published_shares():
    assert noticed("synkinesis_brow", 1.0) == pytest.approx(0.23, abs=0.01)
    assert noticed("synkinesis_brow", 6.0) == pytest.approx(0.97, abs=0.01)


def test_the_corner_s_first_cut_meets_the_published_share():
    assert noticed("synkinesis_commissure", 3.0) >= 0.90


def test_second_cuts_are_where_nine_in_ten_notice():
    for entry, size_mm in (("eye", 2.0), ("commissure", 3.0), ("brow", 4.0)):
        assert cut_points(f"synkinesis_{entry}").at[1] == size_mm
        assert noticed(f"synkinesis_{entry}", size_mm) == pytest.approx(0.90, abs=0.015)


def test_points_after_toxin_are_no_cut_points():
    slopes = set(fact("sunnybrook.after_toxin.mm_per_point").values())
    assert slopes.isdisjoint(cut_points("synkinesis_eye").at)
