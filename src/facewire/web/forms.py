"""What form routes share: going on after a form, and errors said beside the form."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from starlette.responses import RedirectResponse

from facewire.errors import FacewireError


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
