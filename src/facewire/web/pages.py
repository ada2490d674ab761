"""Pages: the templates, what all of them may use, and how a page becomes an answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)
from starlette.requests import Request
from starlette.responses import HTMLResponse

from facewire.report.environment import LOADER, speak
from facewire.web.cookies import Look, look_of
from facewire.web.patient_names import Shown
from facewire.words import day_words, mark, translate

STATIC = Path(__file__).parent / "static"
SHARED = Path(str(resources.files("facewire.report"))) / "static"
"""Shipped files that the report's own pages use as well."""
NAVIGATION: dict[str, tuple[tuple[str, str, str], ...]] = {
    "clinician": (
        ("/", mark("Today"), "home"),
        ("/patients", mark("Patients"), "people"),
        ("/rooms", mark("Rooms"), "room"),
    ),
    "administrator": (
        ("/accounts", mark("Accounts"), "key"),
        ("/audit", mark("Audit trail"), "list"),
        ("/learning", mark("Learning"), "clock"),
    ),
    "patient": (
        ("/", mark("Home"), "home"),
        ("/results", mark("My results"), "face"),
    ),
}
"""Address, words and symbol of each entry."""


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


@dataclass(frozen=True)
class Frame:
    """What surrounds every page.

    Parameters
    ----------
    person : Person or None
        Who is signed in.
    navigation : tuple of Link
        Entries of the person's role.
    look : Look
        Light or dark, and the calm mode.
    here : str
        Address of this page.
    incognito : bool
        Whether names and faces are hidden.
    person_name, role_words : str
        The person as shown, and what the person is here.
    """

    person: Any
    navigation: tuple[Link, ...]
    look: Look
    here: str
    incognito: bool
    person_name: str = ""
    role_words: str = ""


class _Named(PrefixLoader):
    """Templates under their full names, also for what they name themselves."""

    load = BaseLoader.load


class _Templates(Environment):
    """Templates of the app; one of the report names its neighbours as it does at home."""

    def join_path(self, template: str, parent: str) -> str:
        """Return the full name of a template that another one names."""
        inside = parent.startswith("report/") and not template.startswith("report/")
        return f"report/{template}" if inside else template


@cache
def environment() -> Environment:
    """Return the templates of the app; those of the report are there as ``report/...``."""
    own = PackageLoader("facewire.web")
    made = _Templates(
        loader=ChoiceLoader([own, _Named({"report": LOADER})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    speak(made)
    made.globals["static"] = static_url
    made.filters.update(day=day_words, moment=moment)
    return made


def moment(value: datetime | None) -> str:
    """Write a moment in the computer's own time zone, such as ``4 Mar 2026, 09:05``."""
    if value is None:
        return ""
    local = value.astimezone()
    return f"{day_words(local.date())}, {local:%H:%M}"


def static_url(name: str) -> str:
    """Return the address of a shipped file; it changes when the file does."""
    return f"/static/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    own = STATIC / name
    path = own if own.is_file() else SHARED / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def page(request: Request, template: str, view: Any, *, status: int = 200) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    request : Request
        What was asked.
    template : str
        Such as ``patients/list.html``; it extends ``base.html``.
    view : Any
        A frozen dataclass: all that the template is given, as ``view``.
    status : int
        HTTP status.
    """
    text = environment().get_template(template).render(view=view, frame=_frame(request))
    return HTMLResponse(text, int(status))


def _frame(request: Request) -> Frame:
    person = getattr(request.state, "person", None)
    incognito = request.app.state.facewire.settings.incognito
    return Frame(
        person=person,
        navigation=_navigation(person, request.url.path),
        look=look_of(request),
        here=request.url.path,
        incognito=incognito,
        person_name=Shown(incognito).person_name(person.shown_name, person.role) if person else "",
        role_words=role_words(person.role, person.profession) if person else "",
    )


ROLE_WORDS = {
    "patient": mark("Patient"),
    "clinician": mark("Clinician"),
    "administrator": mark("Administrator"),
}
PROFESSION_WORDS = {
    "therapist": mark("Facial therapist"),
    "surgeon": mark("Surgeon"),
    "injector": mark("Injector"),
    "psychologist": mark("Psychologist"),
    "educator": mark("Educator"),
}


def role_words(role: str, profession: str | None) -> str:
    """Return what a person is here, such as ``Facial therapist, administrator``."""
    work = translate(PROFESSION_WORDS[profession]) if profession in PROFESSION_WORDS else ""
    words = translate(ROLE_WORDS.get(role, role))
    if not work:
        return words
    return f"{work}, {words.lower()}" if role == "administrator" else work


def _navigation(person: Any, here: str) -> tuple[Link, ...]:
    if person is None:
        return ()
    parts = [name for name in NAVIGATION if getattr(person, f"is_{name}")]
    entries = [entry for name in parts for entry in NAVIGATION[name]]
    if "/" not in {url for url, _, _ in entries}:
        entries.insert(0, ("/", mark("Home"), "home"))
    return tuple(
        Link(url, translate(words), icon, _is_here(url, here)) for url, words, icon in entries
    )


def _is_here(url: str, here: str) -> bool:
    return here == url or (url != "/" and here.startswith(url + "/"))
