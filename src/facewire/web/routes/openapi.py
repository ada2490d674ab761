"""The description of the programming interface, without a page from elsewhere."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request

from facewire.provenance import facewire_version
from facewire.web.errors import ErrorShape

API = "/api/v1/"
router = APIRouter(include_in_schema=False)


@router.get(f"{API}openapi.json")
def openapi(request: Request) -> dict[str, Any]:
    """Describe every address under ``/api/v1``; pages are no part of the interface."""
    app = request.app
    if not hasattr(app.state, "openapi"):
        app.state.openapi = describe(list(app.routes))
    found: dict[str, Any] = app.state.openapi
    return found


def describe(routes: list[Any]) -> dict[str, Any]:
    """Return the OpenAPI document of the interface's routes."""
    own = [route for route in routes if getattr(route, "path", "").startswith(API)]
    return get_openapi(
        title="facewire",
        version=facewire_version(),
        description="The clinic's record and measurements. Errors have one shape: error.",
        routes=own,
    )


ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorShape} for code in (401, 403, 404, 409, 413, 422)
}
"""For ``APIRouter(responses=ERRORS)``: what every address of the interface may answer."""
