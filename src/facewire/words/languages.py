"""Texts for people: marked where they are written, translated where they are shown.

English needs none: it is what the texts are written in. Another language is a compiled gettext
catalogue ``LANGUAGE/LC_MESSAGES/facewire.mo`` in the package's ``locale`` folder or in the folder
that ``FACEWIRE_CATALOGUES`` names. ``FACEWIRE_LANGUAGE`` chooses it, or `use_language`.
"""

from __future__ import annotations

import gettext
import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TypeVar

from facewire.errors import UsageError

DOMAIN = "facewire"
ENGLISH = "en"
LANGUAGE_VARIABLE = "FACEWIRE_LANGUAGE"
FOLDER_VARIABLE = "FACEWIRE_CATALOGUES"

Text = TypeVar("Text", bound=str)

_chosen: ContextVar[str | None] = ContextVar("language", default=None)


def mark(text: Text) -> Text:
    """Return a text unchanged; it is gathered for translators and translated when it is shown."""
    return text


def translate(text: str) -> str:
    """Return the text in the reader's language, where its catalogue has it."""
    return catalogue().gettext(text) if text else ""


def use_language(name: str) -> None:
    """Choose the language from here on, in this thread or task.

    Parameters
    ----------
    name : str
        Such as ``en``, ``de`` or ``pt_BR``.

    Raises
    ------
    UsageError
        There is no catalogue of that language.
    """
    catalogue(name)
    _chosen.set(name)


def language() -> str:
    """Return the chosen language as a page names it, such as ``en`` or ``pt-BR``."""
    return _name().replace("_", "-")


def catalogue(name: str | None = None) -> gettext.NullTranslations:
    """Return the catalogue of a language, or of the chosen one.

    Raises
    ------
    UsageError
        There is none.
    """
    return _load(name or _name(), os.environ.get(FOLDER_VARIABLE, ""))


def _name() -> str:
    return _chosen.get() or os.environ.get(LANGUAGE_VARIABLE, "").strip() or ENGLISH


def _folders(own: str) -> list[Path]:
    package = Path(__file__).parent.parent / "locale"
    return [package, *([Path(own)] if own else [])]


@cache
def _load(name: str, own: str) -> gettext.NullTranslations:
    if name == ENGLISH:
        return gettext.NullTranslations()
    for folder in _folders(own):
        if gettext.find(DOMAIN, str(folder), [name]):
            try:
                return gettext.translation(DOMAIN, str(folder), [name])
            except (OSError, ValueError) as error:
                raise UsageError(
                    f"The catalogue of the language {name} cannot be read",
                    expected="a compiled gettext catalogue",
                    found=str(error),
                ) from error
    raise UsageError(
        f"There is no catalogue of the language {name}",
        expected=", ".join(available_languages()),
        found=name,
        do=f"choose one of these, or name a folder of catalogues in {FOLDER_VARIABLE}",
    )


def available_languages() -> tuple[str, ...]:
    """Return the languages that can be chosen, English first."""
    found = [
        path.parent.parent.name
        for folder in _folders(os.environ.get(FOLDER_VARIABLE, ""))
        for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    ]
    return (ENGLISH, *sorted(set(found) - {ENGLISH}))
