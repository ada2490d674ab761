"""Days in words, in one form everywhere."""

from __future__ import annotations

from datetime import date

from facewire.words.languages import mark, translate

MONTHS = (
    mark("Jan"),
    mark("Feb"),
    mark("Mar"),
    mark("Apr"),
    mark("May"),
    mark("Jun"),
    mark("Jul"),
    mark("Aug"),
    mark("Sep"),
    mark("Oct"),
    mark("Nov"),
    mark("Dec"),
)


def day_words(value: date | None) -> str:
    """Write a date so that no country reads it wrongly, such as ``4 Mar 2026``."""
    return f"{value.day} {translate(MONTHS[value.month - 1])} {value.year}" if value else ""
