"""The two cookies: how the pages look to one person, and whose session it is.

The session cookie is read by no script, sent to no other site, gone when the browser closes.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

from facewire.web.settings import WebSettings

COOKIE = "facewire_look"
THEMES = ("system", "light", "dark")
KEPT_S = 365 * 24 * 3600


@dataclass(frozen=True)
class Look:
    """A choice of look; kept in a cookie of its own, so that the sign-in page has it too.

    Parameters
    ----------
    theme : str
        ``system``, ``light`` or ``dark``.
    calm : bool
        Larger letters, more room, nothing that moves, and less on each page.
    """

    theme: str = "system"
    calm: bool = False


def look_of(connection: HTTPConnection) -> Look:
    """Return the look that the browser's cookie asks for; nonsense is the usual look."""
    theme, _, calm = connection.cookies.get(COOKIE, "").partition(".")
    return Look(theme if theme in THEMES else "system", calm == "calm")


def keep_look(answer: Response, look: Look, *, secure: bool) -> None:
    """Keep the choice in the browser for a year."""
    value = f"{look.theme}.{'calm' if look.calm else 'usual'}"
    answer.set_cookie(
        COOKIE, value, max_age=KEPT_S, secure=secure, httponly=True, samesite="strict"
    )


def token_of(connection: HTTPConnection, settings: WebSettings) -> str | None:
    """Return the session's token: from the cookie, else from ``Authorization: Bearer``."""
    from_cookie = connection.cookies.get(settings.cookie)
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return from_cookie or (token.strip() or None if scheme.lower() == "bearer" else None)


def keep_token(answer: Response, settings: WebSettings, token: str) -> None:
    """Give the browser the token of a new session."""
    answer.set_cookie(
        settings.cookie, token, path="/", secure=settings.tls, httponly=True, samesite="strict"
    )


def forget_token(answer: Response, settings: WebSettings) -> None:
    """Take the token away from the browser."""
    answer.delete_cookie(
        settings.cookie, path="/", secure=settings.tls, httponly=True, samesite="strict"
    )
