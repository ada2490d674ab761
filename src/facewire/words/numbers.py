"""Numbers as people read them: a true minus sign, a unit, an interval; null is never zero."""

from __future__ import annotations

from facewire.words.languages import translate
from facewire.words.names import cannot_tell

MINUS = "\N{MINUS SIGN}"


def plain(value: float, digits: int = 1, *, signed: bool = False) -> str:
    """Write a number with a true minus sign; ``signed`` adds a plus to positive numbers."""
    rounded = round(value, digits)
    text = f"{abs(rounded):.{digits}f}"
    if rounded < 0:
        return MINUS + text
    return "+" + text if signed and rounded > 0 else text


def mm(value: float | None, digits: int = 1, *, signed: bool = False) -> str:
    """Write millimetres; None gives ``cannot tell``."""
    return cannot_tell() if value is None else f"{plain(value, digits, signed=signed)} mm"


def percent(value: float | None) -> str:
    """Write a percentage without decimals; None gives ``cannot tell``."""
    return cannot_tell() if value is None else f"{plain(value, 0)} %"


def interval(low: float | None, high: float | None, digits: int = 1) -> str:
    """Write a 95 % interval as ``low to high``; empty when an end is unknown."""
    if low is None or high is None:
        return ""
    return translate("{low} to {high}").format(low=plain(low, digits), high=plain(high, digits))


def with_interval(value: str, low: float | None, high: float | None, digits: int = 1) -> str:
    """Put a 95 % interval in brackets behind a value that is already text.

    A value that could not be measured gets no interval, whatever the row holds.

    Parameters
    ----------
    value : str
        The value with its unit.
    low, high : float or None
        Ends of the interval.
    digits : int
        Decimals of the ends.
    """
    words = "" if value == cannot_tell() else interval(low, high, digits)
    return f"{value} [{words}]" if words else value
