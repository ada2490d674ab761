"""Shipped styles, scripts and drawings: from the package, kept by the browser."""

from __future__ import annotations

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from facewire.web.pages import STATIC

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class ShippedFiles(StaticFiles):
    """Files under ``/static``: an address with the file's fingerprint may be kept for ever."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with how long it may be kept."""
        answer = await super().get_response(path, scope)
        named = b"v=" in scope.get("query_string", b"")
        answer.headers["cache-control"] = FOR_EVER if named else ASK_AGAIN
        return answer
