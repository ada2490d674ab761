"""Every page that can be looked at, from the route table, with who looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from facewire.web.deps import PUBLIC, administrator
from facewire.web.routes import ROUTERS

NO_PAGES = ("/health", "/setup", "/results")
"""Addresses that answer with something else than a page, or lead elsewhere."""
FILES = (".pdf", ".svg", "/still", "/plan", "/report", ".html")
FILLED = {"account_id": "account", "purpose": "care"}


def asked_of(dependant: Dependant) -> set[Callable[..., Any]]:
    """Return every function that a route depends on, however deep."""
    found = {part.call for part in dependant.dependencies if part.call is not None}
    return found.union(*(asked_of(part) for part in dependant.dependencies))


def pages() -> list[tuple[str, str]]:
    """Return (who, address with its parts in braces) for every page."""
    found = []
    for route in (route for router in ROUTERS for route in router.routes):
        if not isinstance(route, APIRoute) or "GET" not in route.methods:
            continue
        path = route.path
        if path.startswith("/api/") or path in NO_PAGES or path.endswith(FILES):
            continue
        who = "administrator" if administrator in asked_of(route.dependant) else "therapist"
        found.append(("" if path in PUBLIC else who, path))
    return [*found, ("patient", "/"), ("patient", "/consents/{patient_id}")]


def fill_in(path: str, ids: dict[str, str]) -> str:
    """Return an address with the ids of real rows in it."""
    if path.startswith("/live/"):
        ids = ids | {"recording_id": ids["live_id"]}
    return re.sub(r"{(\w+)(:path)?}", lambda part: ids[part[1]], path)
