"""Texts for people: marked where they are written, translated where they are shown."""

from __future__ import annotations


def mark(text: str) -> str:
    """Return a text unchanged; it is gathered for translators and translated when it is shown."""
    return text


__all__ = ["mark"]
