"""The one table of facts, rules, limits and risks that every part asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from facewire.files import packaged_table
from facewire.words import mark

STATUS_WORDS = {
    "seen": mark("stands in the source named"),
    "recalled": mark("general practice, not checked against a source"),
}
"""What a reader is told about a row, by its status."""


@cache
def load_rules_table() -> dict[str, Any]:
    """Return the table of facts, rules, limits and risks."""
    return packaged_table("facewire.safety", "rules.toml")
