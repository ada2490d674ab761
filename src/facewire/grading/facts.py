"""The rules and figures of `facts.toml`: every number of this stage, with source and status."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_facts() -> dict[str, Any]:
    """Return the whole table. It is shared: read it, never change it."""
    text = resources.files("facewire.grading").joinpath("facts.toml").read_text("utf-8")
    return tomllib.loads(text)


def fact(place: str) -> Any:
    """Return one entry, named by its keys joined with dots, such as ``saq.change``."""
    found: Any = load_facts()
    for key in place.split("."):
        found = found[key]
    return found
