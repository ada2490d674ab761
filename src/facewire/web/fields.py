"""What was typed into a form: read with its problems gathered, so that all are said at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from facewire.web.template_data import FormState
from facewire.words import translate

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
