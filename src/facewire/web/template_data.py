"""What the shared templates are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ErrorView:
    """An error for people.

    Parameters
    ----------
    headline : str
        In a few calm words.
    what, expected, found, do : str
        The four parts of the error; empty parts are left out.
    may_be_lost : bool
        Whether what the person was doing may not have been kept.
    """

    headline: str
    what: str
    expected: str = ""
    found: str = ""
    do: str = ""
    may_be_lost: bool = False


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


@dataclass(frozen=True)
class Link:
    """A link in a navigation: address, words, symbol, whether it is the page one is on."""

    url: str
    words: str
    icon: str = ""
    here: bool = False


@dataclass(frozen=True)
class Pager:
    """Where one is in a long list: address without page number, page from 1, number of pages."""

    url: str
    number: int
    count: int

    def at(self, number: int) -> str:
        """Return the address of another page of the list."""
        joint = "&" if "?" in self.url else "?"
        return f"{self.url}{joint}page={number}"
