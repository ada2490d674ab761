"""The installed version, cheap to ask for."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def facewire_version() -> str:
    """Return the installed version, or ``unknown`` when the package was never installed."""
    try:
        return metadata.version("facewire")
    except metadata.PackageNotFoundError:
        return "unknown"
