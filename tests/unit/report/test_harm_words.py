"""Harm is told first, in natural frequencies."""

from __future__ import annotations

import re

import pytest

from facewire.face import Side
from facewire.report import forecast_words
from facewire.report.forecast_courses import courses
from facewire.report.harm_words import (
    lines,
    never_simulated,
    omitted,
    omitted_lines,
    simulated,
    told,
    unseen,
)
from facewire.report.unmeasured import Unmeasured, document_page
from facewire.results.harm import Harm, HarmCourse, Harms, OmittedHarm
from facewire.treatment import BotulinumToxin, UpperLidWeight, forecast
from facewire.treatment.harm import NO_CLOSURE
from facewire.words.treatments import natural_frequency
from made_treatments import ONA
from planning_face import SMILE_TO_EYE, wiring
from simulated.treated import schedule
from unit.report.made_documents import made_forecast


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (0.0, "none"),
        (0.3, "fewer than 1 in 200"),
        (0.5, "about 1 in 200"),
        (8.3, "about 1 in 12"),
        (33.0, "about 1 in 3"),
        (50.0, "about 5 in 10"),
        (92.0, "about 9 in 10"),
        (94.9, "about 9 in 10"),
        (96.0, "nearly all"),
        (99.5, "nearly all"),
    ],
)
def test_a_share_is_a_natural_frequency(percent: float, words: str) -> None:
    assert natural_frequency(percent) == words


def course(harm: Harm, side: Side | None, percent: float, today: float | None) -> HarmCourse:
    return HarmCourse(
        harm=harm,
        side=side,
        today_percent=today,
        percent=(0.0, percent, percent),
        ci_low=(0.0, percent / 2, percent / 2),
        ci_high=(0.0, 2 * percent, 2 * percent),
    )


MADE = Harms(
    days=(0, 7, 14),
    simulated=(
        course(Harm.SMILE_LOSS, Side.LEFT, 0.0, None),
        course(Harm.BROW_PTOSIS, Side.LEFT, 5.0, None),
        course(Harm.LAGOPHTHALMOS_2, Side.RIGHT, 10.0, 5.0),
    ),
    not_simulated=(),
    published=(),
    beyond="x",
)


def test_the_most_frequent_comes_first_and_what_cannot_come_is_left_out() -> None:
    assert [row.harm for row in told(MADE)] == [Harm.LAGOPHTHALMOS_2, Harm.BROW_PTOSIS]


def test_a_sentence_gives_the_worst_day_its_interval_and_what_is_there() -> None:
    assert simulated(told(MADE)[0], MADE) == (
        "Eye left open by 2 mm or more in gentle closure, right: about 1 in 10, most on day 7 "
        "(between about 1 in 20 and about 1 in 5); there already on day 0: about 1 in 20"
    )


def none_of(harm: Harm, side: Side | None, high: float, today: float | None = None) -> HarmCourse:
    return HarmCourse(
        harm=harm,
        side=side,
        today_percent=today,
        percent=(0.0, 0.0, 0.0),
        ci_low=(0.0, 0.0, 0.0),
        ci_high=(0.0, high, high),
    )


def test_harms_that_no_face_shows_stand_in_one_line() -> None:
    """What may come often after all, and what is there already, keeps a line of its own."""
    brought = course(Harm.LAGOPHTHALMOS_2, Side.RIGHT, 10.0, None)
    wide = none_of(Harm.BROW_PTOSIS, Side.RIGHT, 20.0)
    there = none_of(Harm.INCOMPLETE_BLINK, Side.RIGHT, 2.0, today=30.0)
    rare = [
        none_of(Harm.UNCLEAR_SPEECH, None, 1.0),
        none_of(Harm.SMILE_LOSS, Side.LEFT, 2.0),
        none_of(Harm.LIP_PTOSIS, Side.LEFT, 2.0),
    ]
    found = lines(MADE.replaced(simulated=(*rare, there, wide, brought)))
    assert found[:3] == [
        simulated(brought, MADE),
        simulated(there, MADE),
        simulated(wide, MADE),
    ]
    (together,) = found[3:]
    assert together == (
        "In none of the simulated faces, each at most about 1 in 50: unclear speech; mouth corner "
        "goes 2 mm or more less in a smile, left; upper lip lifted 2 mm or more less in a smile, "
        "left"
    )
    assert lines(MADE) == [simulated(row, MADE) for row in told(MADE)]


def test_a_harm_that_no_face_shows_has_its_upper_limit() -> None:
    row = HarmCourse(
        harm=Harm.UNCLEAR_SPEECH,
        side=None,
        today_percent=None,
        percent=(0.0, 0.0, 0.0),
        ci_low=(0.0, 0.0, 0.0),
        ci_high=(0.0, 2.0, 1.0),
    )
    words = "Unclear speech: in none of the simulated faces, at most about 1 in 50"
    assert simulated(row, MADE) == words


def test_a_file_that_was_written_before_harms_were_has_none() -> None:
    older = made_forecast().replaced(harms=None)
    assert "What it may harm" not in document_page(Unmeasured(forecast=older))


def test_the_page_of_a_forecast_begins_with_harm() -> None:
    page = document_page(Unmeasured(forecast=made_forecast()))
    places = [page.index(words) for words in ("What it may harm", "What was simulated", "Course")]
    assert places == sorted(places)
    assert "Double vision: not simulated" in page


def test_an_eye_that_nobody_saw_close_is_told_before_what_is_simulated() -> None:
    made = made_forecast()
    assert made.harms is not None
    blind = OmittedHarm(harm=Harm.LAGOPHTHALMOS_2, reason=NO_CLOSURE)
    harms = made.harms.replaced(not_simulated=(*made.harms.not_simulated, blind))
    page = document_page(Unmeasured(forecast=made.replaced(harms=harms)))
    places = [page.index(words) for words in (omitted(blind), "Brought or made worse")]
    assert places == sorted(places)
    assert unseen(harms)[0] == blind
    assert blind not in never_simulated(harms)


def test_a_risk_in_print_is_a_natural_frequency_with_its_source() -> None:
    """Extrusion of a weight in the upper lid: 9 %, 123 people."""
    found = forecast(wiring(SMILE_TO_EYE), schedule([(0, UpperLidWeight(Side.RIGHT))], days=7))
    words = next(
        forecast_words.risk(one)
        for one in found.treatments[0].risks
        if one.id == "lid_weight_extrusion"
    )
    page = document_page(Unmeasured(forecast=found))
    assert words in page[page.index("What was simulated") : page.index("<details")]
    assert words.startswith("Lid weight extrusion: about 1 in 11; 123 people")
    assert "a-2576-0223" in words


def test_a_course_in_words_tells_the_day_on_which_it_is_furthest_from_the_first() -> None:
    """A toxin's effect comes and goes: the first and the last day alone told of no change."""
    toxin = BotulinumToxin(Side.RIGHT, "orbicularis_oculi", ONA, weakening_percent=50.0)
    found = forecast(wiring(SMILE_TO_EYE), schedule([(0, toxin)], days=365))
    words = next(one.text for one in courses(found) if "involuntary" in one.text)
    days = [int(day) for day in re.findall(r"day (\d+):", words)]
    assert (days[0], days[-1]) == (0, 365)
    assert 7 <= days[1] <= 183


def test_what_is_not_simulated_for_one_reason_stands_in_one_line() -> None:
    """Four lines stood before every candidate of a recording without smile and pucker."""
    rows = [
        OmittedHarm(harm=Harm.LIP_PTOSIS, reason="no smile was recorded."),
        OmittedHarm(harm=Harm.ORAL_INCOMPETENCE, reason="no pucker."),
        OmittedHarm(harm=Harm.SMILE_LOSS, reason="no smile was recorded."),
    ]
    smile, lips = omitted_lines(rows)
    assert smile == (
        "Upper lip lifted 2 mm or more less in a smile; mouth corner goes 2 mm or more less in a "
        "smile: not simulated: no smile was recorded"
    )
    assert lips == "Liquid lost when drinking: not simulated: no pucker"
