"""Checks of a synthetic patient's values; each failure is one `PatientFileError`."""

from __future__ import annotations

from facewire.errors import PatientFileError


def check_choice(where: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among the choices."""
    check(value in choices, where, "one of " + ", ".join(map(str, choices)), value)


def check_range(where: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside low to high.

    Parameters
    ----------
    where : str
        What the number is, for the message.
    value : float
        The number.
    low, high : float
        The range, its ends included.
    """
    check(low <= value <= high, where, f"{low} to {high}", value)


def check(fits: bool, where: str, expected: str, found: object) -> None:
    """Refuse when something does not fit.

    Parameters
    ----------
    fits : bool
        Whether it fits.
    where, expected : str
        What it is, and what was expected, for the message.
    found : object
        What was found.
    """
    if not fits:
        raise PatientFileError(
            f"The patient's {where} cannot be used",
            expected=expected,
            found=str(found),
            do="correct the patient file",
        )
