"""What programs ask first: whether the app answers, and the description of its interface."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from facewire.version import facewire_version
from facewire.web.errors import ErrorShape

API = "/api/v1/"
router = APIRouter(include_in_schema=False)


@router.get(f"{API}openapi.json")
def openapi() -> dict[str, Any]:
    """Describe every address under ``/api/v1``; pages are no part of the interface."""
    return describe()


@cache
def describe() -> dict[str, Any]:
    """Return the OpenAPI document of the interface's routes."""
    # This router is itself one of them.
    from facewire.web.routes import ROUTERS

    routes = [route for router in ROUTERS for route in router.routes]
    document = get_openapi(
        title="facewire",
        version=facewire_version(),
        description="The clinic's record and measurements. Errors have one shape: error.",
        routes=[route for route in routes if getattr(route, "path", "").startswith(API)],
    )
    for operations in document["paths"].values():
        for operation in operations.values():
            _errors_are_json(operation["responses"])
    return document


def _errors_are_json(responses: dict[str, Any]) -> None:
    """Errors are JSON also where the answer itself is a page or a file."""
    for status, response in responses.items():
        if int(status) in ERRORS and response.get("content"):
            response["content"] = {"application/json": next(iter(response["content"].values()))}


ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorShape} for code in (401, 403, 404, 409, 413, 422)
}
"""For ``APIRouter(responses=ERRORS)``: what every address of the interface may answer."""


@router.get("/health", include_in_schema=False)
def health() -> dict[str, str]:
    """Say that the app answers; nothing about what it holds."""
    return {"status": "ok"}
