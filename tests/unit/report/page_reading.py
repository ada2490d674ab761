"""Reads a page as a reader meets it: words, tags, attributes, parts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from facewire.report import page_view, render_page


class Reader(HTMLParser):
    """Collects the words, the attributes and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""
        self.hidden = False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.hidden = tag == "style"
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        self.words += "" if self.hidden else data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.words = re.sub(r"\s+", " ", reader.words)
    return reader


def part(page: str, name: str) -> str:
    """The words of one part of the page."""
    body = page[page.index('<section class="part') :]
    found = re.search(rf'<section [^>]*id="{name}".*?</section>', body, re.S)
    assert found
    return read(found[0]).words


def row(page: str, head: str) -> list[str]:
    """The cells of the first table row with that heading, as a reader meets them."""
    rows = [
        [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells]
        for found in re.findall(r"<tr>.*?</tr>", page, re.S)
        if (cells := re.split(r"</t[hd]>", found)[:-1])
    ]
    return next(cells[1:] for cells in rows if cells[0] == head)


def build_report(*given: Any, **more: Any) -> str:
    """Return the page of a measurement; see `facewire.report.page_view`."""
    return render_page(page_view(*given, **more))
