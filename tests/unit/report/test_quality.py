# The page writes true minus signs.
# ruff: noqa: RUF001
"""Quality, limits, provenance; and numbers as text."""

from __future__ import annotations

import pytest

from facewire.report.quality import field_facts, frame_facts, scale_text
from facewire.words import interval, mm, percent, plain
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


def test_unknown_percentage_is_not_zero():
    assert percent(None) == "cannot tell"


def cells(page: str, name: str) -> str:
    """The words of a part, cells of its tables apart from one another."""
    page = page.replace("</td>", " </td>").replace("</th>", " </th>")
    return " ".join(part(page, name).split())


def test_dropped_repetition_keeps_its_reason(synkinetic):
    words = part(build_report(measured(synkinetic), None), "quality")
    assert "Gentle eye closure 2: a blink covers the hold" in words


def test_every_repetition_is_listed_with_its_times(synkinetic):
    words = cells(build_report(measured(synkinetic), None), "quality")
    assert "Brow raise 1 1.80 2.00 2.50 3.50 just before kept" in words


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
    facts = dict(frame_facts(measured(healthy).quality))
    assert facts["Frames"] == "3000"
    assert facts["Face lost"] == "5 (0 %)"
    assert facts["In a blink"] == "90 (3 %)"


def test_provenance_names_networks_hashes_and_settings(healthy):
    result = measured(healthy)
    settings = dict(field_facts(result.provenance.settings))
    assert settings["Corrections fitted to rendered faces"] == "yes"
    words = cells(build_report(result, None), "provenance")
    assert "a" * 64 in words
    assert f"face Apache-2.0 {'b' * 64}" in words
