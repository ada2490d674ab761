"""The rules and figures of `facts.toml`: every number of this stage, with source and status."""

from __future__ import annotations

from typing import Any

from facewire.files import packaged_table


def fact(place: str) -> Any:
    """Return one entry, named by its keys joined with dots, such as ``saq.change``."""
    found: Any = packaged_table("facewire.grading", "facts.toml")
    for key in place.split("."):
        found = found[key]
    return found
