"""The session cookie: read by no script, sent to no other site, gone when the browser closes."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from facewire.web.settings import WebSettings


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
