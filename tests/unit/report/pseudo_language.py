"""A language that nobody speaks: every translated text in brackets, its letters with accents."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import texts

OPEN, CLOSE = "⟦", "⟧"
ACCENTS = str.maketrans("aeiouycnAEIOUYCN", "áéíóúýçñÁÉÍÓÚÝÇÑ")
PLACEHOLDER = re.compile(r"(\{[^{}]*\})")
BRACKETS = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
LETTERS = re.compile(r"[^\W\d_]{2,}")
ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")
UNREAD = ("style", "script", "code")


@cache
def gathered() -> frozenset[str]:
    """Every text that a translator is given."""
    return frozenset(texts.gather())


class Pseudo(gettext.NullTranslations):
    """A catalogue that has every text that translators are given."""

    def gettext(self, message: str) -> str:
        if message not in gathered():
            return message
        pieces = PLACEHOLDER.split(message)
        spoken = [p if p.startswith("{") else p.translate(ACCENTS) for p in pieces]
        return f"{OPEN}{''.join(spoken)}{CLOSE}"


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.unread = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self.unread and data.strip():
            self.found.append(data.strip())


def texts_of(page: str) -> list[str]:
    """Everything on a page that a reader sees or hears."""
    reader = _Texts()
    reader.feed(page)
    return reader.found


def outside(texts: list[str], allowed: re.Pattern[str]) -> Iterator[str]:
    """Yield every text with words outside the brackets."""
    for text in texts:
        left, before = text, ""
        while left != before:
            before, left = left, BRACKETS.sub(" ", left)
        left = allowed.sub(" ", left)
        if LETTERS.search(left):
            yield f"{LETTERS.search(left)[0]!r} in {text[:90]!r}"  # type: ignore[index]
