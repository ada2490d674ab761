"""Rows that belong together, gathered in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Member = TypeVar("Member")


def grouped(rows: Iterable[Member], key: Callable[[Member], Key]) -> dict[Key, list[Member]]:
    """Gather rows by a key; keys and rows stay in the order of their first row."""
    found: dict[Key, list[Member]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
