"""A page of the report as a tree: what the printed report is read from.

The page is our own and well formed; this is no reader for pages in general. Drawings are kept as
they stand in the page, with what they refer to put in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "img", "input", "hr", "col", "wbr"})
UNREAD = frozenset({"style", "script", "nav", "title", "button", "select", "canvas", "template"})
"""Parts that paper has no use for."""


@dataclass
class Node:
    """An element of the page.

    Parameters
    ----------
    tag : str
    attributes : dict of str to str
    children : list of Node and str
        Elements and text in their order.
    drawing : str
        For ``svg``: its markup.
    """

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)
    drawing: str = ""

    @property
    def classes(self) -> frozenset[str]:
        """Classes of the element."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def elements(self) -> list[Node]:
        """Child elements without the text between them."""
        return [child for child in self.children if isinstance(child, Node)]

    def find(self, *tags: str) -> Iterator[Node]:
        """Yield every element below with one of the tags, in the order of the page."""
        for child in self.elements:
            if child.tag in tags:
                yield child
            yield from child.find(*tags)

    @property
    def text(self) -> str:
        """All words below, white space as a reader sees it."""
        parts = [c if isinstance(c, str) else f" {c.text} " for c in self.children]
        return " ".join("".join(parts).split())


class _TreeMaker(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        lines = page.splitlines(keepends=True)
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line))
        self.open = [Node("document", {})]
        self.drawing_from = -1
        self.depth = 0

    def _offset(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.drawing_from >= 0:
            self.depth += tag == "svg"
            return
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag == "svg":
            self.drawing_from, self.depth = self._offset(), 1
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if self.drawing_from >= 0:
            self.depth -= tag == "svg"
            if self.depth:
                return
            self.open[-1].drawing = self.page[self.drawing_from : self._offset()] + "</svg>"
            self.drawing_from = -1
        if tag not in VOID and any(node.tag == tag for node in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.drawing_from < 0:
            self.handle_starttag(tag, attrs)
            if tag not in VOID:
                self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self.drawing_from < 0:
            self.open[-1].children.append(data)


def read_page(page: str) -> Node:
    """Return a page of the report as a tree.

    Parameters
    ----------
    page : str
        HTML that facewire made.
    """
    maker = _TreeMaker(page)
    maker.feed(page)
    maker.close()
    return maker.open[0]
