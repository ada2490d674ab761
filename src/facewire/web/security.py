"""What every request passes: host, origin, size; and the headers of every answer.

Requests that change something are told apart from forged ones by what the browser itself says
(``Sec-Fetch-Site``, else ``Origin``), so that forms need no tokens. A session cookie alone is
not enough: cookies are shared by every port of a computer, these headers are not.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from facewire.web.settings import WebSettings

TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
CHUNK_PATHS = ("/api/v1/uploads", "/uploads")
"""Below these addresses a body may be as large as a part of an upload."""
WHOLE_VIDEO = re.compile(r"/visits/[^/]+/upload|/rooms/new")
"""Here a form sends a whole video in one request."""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
PERMISSIONS = "camera=(self), microphone=(), geolocation=(), usb=(), payment=(), display-capture=()"
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": PERMISSIONS,
    "cache-control": "no-store",
}
"""Headers of every answer; an answer that brings one of its own keeps it."""


def host_name(value: str) -> str:
    """Return the name in a ``Host`` header, without its port, in lower case."""
    name, colon, port = value.rpartition(":")
    return (name if colon and port.isdigit() else value).lower()


def may_change(headers: Headers, own_origin: str) -> bool:
    """Whether a request that changes something came from the app's own pages.

    A program that is no browser says so too: it sends ``Origin`` with the app's own address.

    Parameters
    ----------
    headers : Headers
        Of the request.
    own_origin : str
        Scheme, host and port under which this request reached the app.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and origin.lower() != own_origin:
        return False
    return site == "same-origin" if site is not None else origin is not None


def _may_read(headers: Headers) -> bool:
    foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return not foreign or headers.get("sec-fetch-mode") == "navigate"


class Guard:
    """The outermost layer of the app.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    settings : WebSettings
        Hosts, TLS and limits.
    """

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request or WebSocket handshake, then pass it on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        fault = self._fault(scope)
        if fault is not None:
            await _refuse(scope, send, *fault)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            limit = self._limit(scope["path"])
            await self.app(scope, _limited(receive, limit), self._with_headers(send))

    def _fault(self, scope: Scope) -> tuple[HTTPStatus, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host_name(host) not in self.settings.allowed_hosts:
            return HTTPStatus.MISDIRECTED_REQUEST, "This address is not served here"
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if changes and not may_change(headers, f"{self.settings.scheme}://{host.lower()}"):
            return HTTPStatus.FORBIDDEN, "The request did not come from this app's own pages"
        if not changes and not _may_read(headers):
            return HTTPStatus.FORBIDDEN, "Another site may not read from this app"
        if int(_digits(headers.get("content-length", "0"))) > self._limit(scope["path"]):
            return TOO_LARGE, "The request is too large"
        return None

    def _limit(self, path: str) -> int:
        limits = self.settings.limits
        if WHOLE_VIDEO.fullmatch(path):
            return limits.upload_bytes
        return limits.chunk_bytes if path.startswith(CHUNK_PATHS) else limits.form_bytes

    def _with_headers(self, send: Send) -> Send:
        own = dict(HEADERS)
        if self.settings.tls:
            own["strict-transport-security"] = "max-age=31536000"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in own.items():
                    headers.setdefault(name, value)
            await send(message)

        return sending


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() else "0"


def _limited(receive: Receive, limit: int) -> Receive:
    """Count the body as it comes: a request may lie about its length or not say it."""
    read = 0

    async def receiving() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise HTTPException(TOO_LARGE)
        return message

    return receiving


async def _refuse(scope: Scope, send: Send, status: HTTPStatus, what: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    api = scope["path"].startswith("/api/")
    shape = {"code": "refused", "what": what, "expected": "", "found": "", "do": ""}
    body = json.dumps({"error": shape}) if api else what
    kind = "application/json" if api else "text/plain; charset=utf-8"
    headers = {**HEADERS, "content-type": kind, "content-length": str(len(body.encode()))}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": raw})
    await send({"type": "http.response.body", "body": body.encode()})
