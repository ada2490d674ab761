"""The tables of facts, rules, risks and options that lie beside the code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from facewire.words import mark

STATUS_WORDS = {
    "seen": mark("stands in the source named"),
    "recalled": mark("general practice, not checked against a source"),
}
"""What a reader is told about a row, by its status."""


@cache
def load_table(name: str) -> dict[str, Any]:
    """Return one of the tables of this folder.

    Parameters
    ----------
    name : str
        File name, such as ``rules.toml``.
    """
    text = resources.files("facewire.plan").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)
