"""Forms: what was typed, its problems gathered and said at once, and where one goes on after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse

from facewire.errors import FacewireError
from facewire.words import translate


@dataclass(frozen=True)
class FormState:
    """A form as it was sent, with what is wrong in it.

    Parameters
    ----------
    values : mapping
        Field name to what was entered; never a password.
    problems : mapping
        Field name to what is wrong with it; the empty name is the form as a whole.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what was entered, or nothing."""
        return self.values.get(name, "")

    def problem(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return self.problems.get(name, "")


LONGEST = 4000
"""Longest text of a field, characters."""


@dataclass
class Entries:
    """The fields of a form that was sent; reading one notes what is wrong with it.

    Parameters
    ----------
    values : mapping
        Name of a field to what was entered.
    problems : dict
        Name of a field to what is wrong; filled while reading.
    """

    values: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> FormState:
        """The form to show again, with its problems."""
        return FormState(dict(self.values), dict(self.problems))

    def fault(self, name: str, words: str) -> None:
        """Note what is wrong with a field; the first problem of a field stays."""
        self.problems.setdefault(name, words)

    def text(self, name: str, *, needed: bool = False, longest: int = LONGEST) -> str:
        """Return a text without the space around it; empty when nothing was entered."""
        value = self.values.get(name, "").strip()
        if needed and not value:
            self.fault(name, translate("Please fill in this field."))
        if len(value) > longest:
            words = translate("This text is too long: at most {count} characters.")
            self.fault(name, words.format(count=longest))
        return value

    def choice(self, name: str, options: Collection[str], *, needed: bool = True) -> str:
        """Return one of the options; empty when none was chosen."""
        value = self.values.get(name, "").strip()
        if value in options:
            return value
        if needed or value:
            self.fault(name, translate("Please choose one of the answers."))
        return ""

    def day(self, name: str, *, needed: bool = False, latest: date | None = None) -> date | None:
        """Return a day; None when nothing was entered or it cannot be read."""
        value = self.text(name, needed=needed)
        if not value:
            return None
        try:
            found = date.fromisoformat(value)
        except ValueError:
            self.fault(name, translate("This is not a date. Write it as 2026-03-31."))
            return None
        if latest is not None and found > latest:
            self.fault(name, translate("This day lies in the future."))
        return found

    def number(self, name: str, *, low: float, high: float, needed: bool = False) -> float | None:
        """Return a number; a comma counts as a decimal point.

        Parameters
        ----------
        name : str
            The field.
        low, high : float
            What it has to lie between, both included.
        needed : bool
            Whether leaving it empty is a problem.

        Returns
        -------
        float or None
            None when nothing was entered or it cannot be used.
        """
        value = self.text(name, needed=needed)
        if not value:
            return None
        words = translate("Please enter a number from {low} to {high}.")
        try:
            found = float(value.replace(",", "."))
        except ValueError:
            found = float("nan")
        if not low <= found <= high:
            self.fault(name, words.format(low=f"{low:g}", high=f"{high:g}"))
            return None
        return found

    def yes_no(self, name: str) -> bool | None:
        """Return an answer; None when it is unknown or was not given."""
        return {"yes": True, "no": False}.get(self.values.get(name, ""))


async def read_entries(request: Request) -> Entries:
    """Read a form; files in it are left out."""
    form = await request.form(max_files=0, max_fields=1000)
    return Entries({name: value for name, value in form.items() if isinstance(value, str)})


Sent = Annotated[Entries, Depends(read_entries)]
"""The form that was sent."""


def see_other(url: str) -> RedirectResponse:
    """Go on to another page after a form was taken (303), so that a reload sends nothing again."""
    return RedirectResponse(url, HTTPStatus.SEE_OTHER)


def own_path(text: str, otherwise: str = "/") -> str:
    """Return an address of this app to go back to; anything else is replaced.

    Parameters
    ----------
    text : str
        From a form or a query: not to be trusted.
    otherwise : str
        Where to go when it is no plain address of this app.
    """
    plain = text.startswith("/") and text.isprintable() and "\\" not in text
    return text if plain and not text.startswith("//") else otherwise


def consent_first(patient_id: str, then: str) -> str:
    """Return the address of a patient's consents, from where one goes on to `then`."""
    return f"/consents/{patient_id}?next={quote(then, safe='/')}"


def fault_words(error: FacewireError) -> str:
    """Return an error in one line for a form: what is wrong, what is expected, what to do."""
    parts = [error.what, error.expected and f"Expected: {error.expected}", error.do]
    sentences = [part[:1].upper() + part[1:].rstrip(".") for part in parts if part]
    return ". ".join(sentences) + "."
