"""Reading a form: every problem is said, nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from facewire.web.forms import Entries


def test_texts_are_trimmed_and_bounded() -> None:
    sent = Entries({"a": "  two words ", "b": "x" * 11})
    assert sent.text("a") == "two words"
    sent.text("b", longest=10)
    assert "too long" in sent.problems["b"]


def test_a_needed_field_left_empty_is_a_problem() -> None:
    sent = Entries({"a": " "})
    sent.text("a", needed=True)
    assert sent.problems == {"a": "Please fill in this field."}


@pytest.mark.parametrize(("text", "value"), [("2.5", 2.5), ("2,5", 2.5), ("0", 0.0), ("", None)])
def test_numbers(text: str, value: float | None) -> None:
    sent = Entries({"n": text})
    assert sent.number("n", low=0, high=10) == value
    assert not sent.problems


@pytest.mark.parametrize("text", ["11", "-1", "nan", "inf", "ten", "1e9"])
def test_numbers_out_of_range_are_told_with_the_range(text: str) -> None:
    sent = Entries({"n": text})
    assert sent.number("n", low=0, high=10) is None
    assert sent.problems["n"] == "Please enter a number from 0 to 10."


def test_days() -> None:
    sent = Entries({"a": "2026-02-30", "b": "2026-03-01", "c": "2026-03-02"})
    assert sent.day("a") is None
    assert sent.day("b", latest=date(2026, 3, 1)) == date(2026, 3, 1)
    sent.day("c", latest=date(2026, 3, 1))
    assert set(sent.problems) == {"a", "c"}


def test_choices_outside_the_options_are_refused_even_when_not_needed() -> None:
    sent = Entries({"a": "x"})
    assert sent.choice("a", ("y",), needed=False) == ""
    assert sent.choice("b", ("y",), needed=False) == ""
    assert set(sent.problems) == {"a"}


def test_an_open_answer_is_unknown_and_not_no() -> None:
    sent = Entries({"a": "yes", "b": "no", "c": ""})
    assert [sent.yes_no(name) for name in "abcd"] == [True, False, None, None]


def test_the_first_problem_of_a_field_stays() -> None:
    sent = Entries({})
    sent.fault("a", "first")
    sent.fault("a", "second")
    assert sent.state.problem("a") == "first"
