# The page writes true minus signs.
# ruff: noqa: RUF001
"""Quality, limits, provenance; and numbers as text."""

from __future__ import annotations

import pytest

from facewire.report.quality import provenance_view, quality_view, scale_text
from facewire.words import interval, mm, number, percent, plain
from unit.report.made_result import measured
from unit.report.page_reading import build_report, part


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-2.44, "−2.4 mm"),
        (0.0, "0.0 mm"),
        (-0.04, "0.0 mm"),
        (1.25, "1.2 mm"),
        (None, "cannot tell"),
    ],
)
def test_millimetres(value, text):
    assert mm(value) == text


def test_sign_is_shown_where_it_means_something():
    assert (plain(1.0, signed=True), plain(0.0, signed=True), plain(-1.0, signed=True)) == (
        "+1.0",
        "0.0",
        "−1.0",
    )


def test_interval_needs_both_ends():
    assert interval(-1.0, 2.0) == "−1.0 to 2.0"
    assert interval(None, 2.0) == ""


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), True])
def test_what_is_no_number_is_none(value):
    assert number({"x": value}, "x") is None


def test_unknown_percentage_is_not_zero():
    assert percent(None) == "cannot tell"


def test_dropped_repetition_keeps_its_reason(synkinetic):
    (dropped,) = quality_view(measured(synkinetic)).dropped
    assert (dropped.head, dropped.note) == (
        "Gentle eye closure 2",
        "a blink covers the hold",
    )
    assert "a blink covers the hold" in part(build_report(measured(synkinetic), None), "quality")


def test_scale_names_source_and_uncertainty(healthy):
    text = scale_text(measured(healthy).scale)
    assert "visible iris, taken as 11.7 mm wide" in text
    assert "standard deviation 4.3 %" in text


def test_unknown_scale_is_told(healthy):
    assert scale_text(None) == "The scale is not known."


def test_noise_and_messages_are_shown(healthy):
    words = part(build_report(measured(healthy), None), "quality")
    assert "0.15 mm" in words
    assert "Note: There was no cue sheet" in words


def test_frames_are_told_with_their_share(healthy):
    facts = {fact.name: fact.value for fact in quality_view(measured(healthy)).frames}
    assert facts["Frames"] == "3000"
    assert facts["Face lost"] == "5 (0 %)"
    assert facts["In a blink"] == "90 (3 %)"


def test_provenance_names_networks_hashes_and_settings(healthy):
    view = provenance_view(measured(healthy))
    assert view.networks[0].values == ("Apache-2.0", "b" * 64)
    assert ("Corrections fitted to rendered faces", "yes") in [
        (f.name, f.value) for f in view.settings
    ]
    assert "a" * 64 in part(build_report(measured(healthy), None), "provenance")
