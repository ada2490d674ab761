"""The injection table: what stands on the vial, the mirror image of a pattern, slips of ten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from web_app import ANNA, Clinic, TestClient

from facewire.record.injections import injection_sessions

ADDRESS = f"/patients/{ANNA}/treatments"
GIVEN = {
    "on": "2026-03-04",
    "product": "onabotulinumtoxinA",
    "lot": "C1234",
    "expires_on": "2026-09-30",
    "dilution": "2.5 ml in 100 units",
    "muscle-0": "mentalis",
    "side-0": "R",
    "units-0": "2.5",
}


def sessions(clinic: Clinic) -> list[tuple[float | None, dict[str, object]]]:
    with clinic.record.reading() as session:
        found = injection_sessions(session, ANNA)
        return [(row.units, dict(row.details)) for one in found for row in one.rows]


def test_what_stands_on_the_vial_is_kept_and_shown(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    assert as_therapist.post(f"{ADDRESS}/injections", data=GIVEN).status_code == 303
    vial = {"lot": "C1234", "expires_on": "2026-09-30", "dilution": "2.5 ml in 100 units"}
    assert sessions(clinic) == [(2.5, vial)]
    page = as_therapist.get(ADDRESS).text
    for words in ("lot C1234", "expires 30 Sep 2026", "dilution 2.5 ml in 100 units"):
        assert words in page


def test_a_vial_that_had_expired_is_refused(clinic: Clinic, as_therapist: TestClient) -> None:
    answer = as_therapist.post(f"{ADDRESS}/injections", data={**GIVEN, "expires_on": "2026-03-03"})
    assert answer.status_code == 422
    assert "had expired" in answer.text
    assert sessions(clinic) == []


@pytest.mark.parametrize(("units", "asked"), [("25", True), ("0.25", True), ("5", False)])
def test_an_amount_many_times_the_last_is_asked_for_again(
    clinic: Clinic, as_therapist: TestClient, units: str, asked: bool
) -> None:
    as_therapist.post(f"{ADDRESS}/injections", data=GIVEN)
    later = {**GIVEN, "on": "2026-06-04", "units-0": units}
    answer = as_therapist.post(f"{ADDRESS}/injections", data=later)
    assert (answer.status_code == 422) is asked
    if asked:
        assert f"{units} units here, 2.5 the last time" in answer.text
        assert 'name="units_sure"' in answer.text
        sure = as_therapist.post(f"{ADDRESS}/injections", data={**later, "units_sure": "yes"})
        assert sure.status_code == 303
    assert [amount for amount, _ in sessions(clinic)] == [float(units), 2.5]


def test_the_other_side_or_product_is_no_slip(clinic: Clinic, as_therapist: TestClient) -> None:
    as_therapist.post(f"{ADDRESS}/injections", data=GIVEN)
    for other in ({"side-0": "L"}, {"product": "abobotulinumtoxinA"}):
        later = {**GIVEN, "units-0": "25", **other}
        assert as_therapist.post(f"{ADDRESS}/injections", data=later).status_code == 303


def test_the_last_pattern_is_mirrored(as_therapist: TestClient) -> None:
    as_therapist.post(f"{ADDRESS}/injections", data=GIVEN)
    page = as_therapist.get(f"{ADDRESS}?repeat=mirrored").text
    (side,) = [part for part in page.split("<select") if 'id="side-0"' in part]
    assert '<option value="L" selected>' in side


@pytest.mark.slow
def test_the_sums_grow_while_it_is_filled_in(
    clinic: Clinic, server: str, open_page: Callable[..., Any]
) -> None:
    page = open_page(clinic, server, "therapist")
    page.goto(ADDRESS)
    for row, (side, units) in enumerate((("R", "2.5"), ("L", "1,25"), ("R", "5"))):
        page.select_option(f"#side-{row}", side)
        page.fill(f"#units-{row}", units)
    sums = "Right 7.5, left 1.25, together 8.75 units of this product"
    assert page.locator("[data-sums]").inner_text() == sums
