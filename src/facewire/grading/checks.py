"""What every entered grade or answer is checked for: a whole number inside its range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from facewire.errors import UsageError


def check_grade(what: str, value: object, low: int, high: int) -> int:
    """Return a grade as it is, or refuse it.

    Parameters
    ----------
    what : str
        Its name in the message.
    value : object
        As it was entered; a truth value is no number.
    low, high : int
        Smallest and largest grade there is.

    Raises
    ------
    UsageError
        It is not a whole number, or out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UsageError(
            f"The grade of {what} is not possible",
            expected=f"a whole number from {low} to {high}",
            found=repr(value),
        )
    return value


def check_names(what: str, given: Iterable[str], wanted: Sequence[str]) -> None:
    """Refuse names that are not on the list, and a list that is not complete.

    Raises
    ------
    UsageError
        Names are missing or unknown.
    """
    names = set(map(str, given))
    if names != set(wanted):
        missing = sorted(set(wanted) - names)
        unknown = sorted(names - set(wanted))
        parts = [f"missing {', '.join(missing)}"] if missing else []
        parts += [f"unknown {', '.join(unknown)}"] if unknown else []
        raise UsageError(
            f"The items of {what} are not complete",
            expected=", ".join(wanted),
            found="; ".join(parts),
        )


def check_choice(what: str, value: object, options: Mapping[str, int]) -> int:
    """Return the points of an option.

    Raises
    ------
    UsageError
        There is no such option.
    """
    if not isinstance(value, str) or value not in options:
        raise UsageError(
            f"The option of {what} is not possible",
            expected=", ".join(options),
            found=repr(value),
        )
    return options[value]
