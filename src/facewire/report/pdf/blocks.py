"""The whole report for paper: the page itself, read as blocks that the template sets.

Paper says what the page says because it is made from the page: headings, sentences, lists, tables
and drawings in their order. What only a screen can do is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from facewire.report.pdf.page_tree import (
    UNREAD,
    Node,
    definitions_of,
    read_page,
    standalone,
    title_of,
)

Block = dict[str, Any]

COLUMNS = {
    "faces": 2,
    "panels": 3,
    "photos": 3,
    "courses": 3,
    "plots": 2,
    "mm-pair": 2,
    "trade-pair": 2,
}
"""Drawings side by side on paper."""

BLOCK_TAGS = frozenset(
    {"article", "aside", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "footer"}
    | {"h1", "h2", "h3", "h4", "header", "li", "main", "ol", "p", "section", "summary"}
    | {"table", "ul"}
)
STRONG = frozenset({"strong", "b", "th", "dt"})
FINE = frozenset({"note", "words", "range", "fine", "soft", "badge"})
LABELS = frozenset({"hatched", "mm-badge"})
"""Words that say what kind of information follows."""
BROKEN = frozenset({"note", "words", "range"})
"""Words that start a line of their own in a cell."""
WORD_ROOM = 1.4
"""A word takes more room than the same letters among others: it cannot be broken."""
SHORT_SECTION = 3
"""A section of a heading, its tags and one text needs no sheet of its own."""
SCREEN_ONLY = frozenset({"skip", "controls", "defs", "screen"})


@dataclass
class Printed:
    """What the template gets: blocks, the pictures that they name, and the face of the chart."""

    blocks: list[Block] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    overview: str = ""


def printed_page(page: str) -> Printed:
    """Return the parts of a report page as blocks.

    Parameters
    ----------
    page : str
        The HTML that `facewire.report.render_page` made.
    """
    tree = read_page(page)
    reader = _Reader(definitions_of(node.drawing for node in tree.find("svg")))
    blocks = [block for section in tree.find("section") for block in reader.read(section, ())]
    return Printed(blocks, reader.files, reader.overview(tree))


class _Reader:
    def __init__(self, definitions: dict[str, Element]) -> None:
        self.definitions = definitions
        self.files: dict[str, bytes] = {}

    def read(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        """Yield the blocks of an element."""
        if node.tag in UNREAD or node.classes & SCREEN_ONLY or "hidden" in node.attributes:
            return
        around = (*around, *sorted(node.classes))
        known = {
            "section": self._section,
            "table": self._table,
            "ul": self._list,
            "ol": self._list,
            "dl": self._facts,
            "figure": self._figure,
            "svg": self._picture,
            "details": self._details,
        }
        if node.tag in known:
            yield from known[node.tag](node, around)
        elif node.tag in ("h1", "h2", "h3", "h4"):
            yield {
                "kind": "heading",
                "level": int(node.tag[1]),
                "new": "newpage" in node.classes,
                "runs": runs(node),
            }
        elif node.classes & LABELS:
            yield {"kind": "tags", "items": [node.text]}
        elif node.classes & COLUMNS.keys():
            yield from self._grid(node, around)
        elif _holds_blocks(node):
            yield from self._mixed(node, around)
        elif node.text:
            yield {"kind": "text", "runs": runs(node), "fine": bool(node.classes & FINE)}

    def overview(self, tree: Node) -> str:
        """Store the face that holds every finding, and return its name."""
        figure = next(node for node in tree.find("figure") if "overview" in node.classes)
        return self._store(next(figure.find("svg")), ("face",))

    def _mixed(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        """Read an element that holds both blocks and words."""
        loose = Node("p", {})
        for child in [*node.children, Node("p", {})]:
            inline = isinstance(child, str) or not (_is_block(child) or _holds_blocks(child))
            if inline:
                loose.children.append(child)
                continue
            if loose.text:
                yield {"kind": "text", "runs": runs(loose), "fine": False}
            loose = Node("p", {})
            if isinstance(child, Node):
                yield from self.read(child, around)

    def _section(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        inner = list(self._mixed(node, around))
        kind = "simulated" if "simulated" in node.classes else "inferred"
        if "unmeasured" not in node.classes:
            kind = "measured"
        new = "newpage" in node.classes and len(inner) > SHORT_SECTION
        yield {"kind": "section", "source": kind, "new": new, "inner": inner}

    def _details(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        if "lines" in around:
            return
        folded = "folded" in node.classes
        folded = folded or ("unmeasured" in around and "open" not in node.attributes)
        for child in node.elements:
            if folded and child.tag != "summary":
                continue
            if child.tag == "summary":
                yield {"kind": "text", "runs": [[child.text, "b"]], "fine": False}
            else:
                yield from self.read(child, around)

    def _list(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        if "tags" in node.classes:
            yield {"kind": "tags", "items": [item.text for item in node.elements]}
            return
        if node.classes & {"keys", "legend"}:
            yield {"kind": "keys", "items": [self._key(item, around) for item in node.elements]}
            return
        items = [list(self._mixed(item, around)) for item in node.elements if item.tag == "li"]
        yield {"kind": "list", "ordered": node.tag == "ol", "items": items}

    def _key(self, item: Node, around: tuple[str, ...]) -> Block:
        drawing = next(item.find("svg"), None)
        place = self._store(drawing, around) if drawing else ""
        return {"file": place, "runs": runs(item)}

    def _facts(self, node: Node, _around: tuple[str, ...]) -> Iterator[Block]:
        rows: list[list[Any]] = []
        for child in node.elements:
            if child.tag == "dt":
                rows.append([child.text, []])
            elif rows:
                rows[-1][1] += runs(child)
        yield {"kind": "facts", "rows": rows}

    def _table(self, node: Node, _around: tuple[str, ...]) -> Iterator[Block]:
        caption = next(node.find("caption"), None)
        heads = [row for part in node.find("thead") for row in part.find("tr")]
        bodies = [row for part in node.find("tbody") for row in part.find("tr")]
        rows, heads_read = [_cells(row) for row in bodies], [_cells(row) for row in heads]
        columns = max((sum(cell["span"] for cell in row) for row in rows), default=0)
        yield {
            "kind": "table",
            "caption": runs(caption) if caption else [],
            "heads": heads_read,
            "rows": rows,
            "columns": columns,
            "widths": _widths(heads_read, rows, columns),
            "map": any("mapcell" in cell.classes for cell in node.find("td")),
        }

    def _grid(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        wide = next(COLUMNS[name] for name in COLUMNS if name in node.classes)
        wide = COLUMNS["trade-pair"] if "trade-pair" in node.classes else wide
        cells = [list(self.read(child, around)) for child in node.elements if not _twice(child)]
        yield {"kind": "grid", "columns": wide, "cells": [cell for cell in cells if cell]}

    def _figure(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        caption = next(node.find("figcaption"), None)
        words = node.attributes.get("aria-label", "") or (caption.text if caption else "")
        rest = [child for child in node.elements if child is not caption]
        inner = [block for child in rest for block in self.read(child, around)]
        for block in inner:
            if block["kind"] == "picture":
                block["alt"] = block["alt"] or words
        below = bool(node.classes & {"mirror", "moving"}) or "plots" in around
        yield {
            "kind": "figure",
            "caption": runs(caption) if caption else [],
            "below": below,
            "narrow": "mirror" in node.classes or _is_schematic(node),
            "inner": inner,
        }

    def _picture(self, node: Node, around: tuple[str, ...]) -> Iterator[Block]:
        place = self._store(node, around)
        yield {"kind": "picture", "file": place, "alt": words_of(node)}

    def _store(self, node: Node, around: tuple[str, ...]) -> str:
        name = f"drawing-{len(self.files)}.svg"
        self.files[name] = standalone(node.drawing, self.definitions, around)
        return name


def words_of(drawing: Node) -> str:
    """Return what a drawing says to those who do not see it; empty where it only adorns."""
    if drawing.attributes.get("aria-hidden") == "true":
        return ""
    return drawing.attributes.get("aria-label", "") or title_of(drawing.drawing)


def _is_block(node: Node) -> bool:
    return node.tag in BLOCK_TAGS or node.tag == "svg"


def _holds_blocks(node: Node) -> bool:
    return any(_is_block(child) for child in node.find(*BLOCK_TAGS, "svg"))


def _is_schematic(figure: Node) -> bool:
    return any("schematic" in node.classes for node in figure.find("div"))


def _twice(node: Node) -> bool:
    """Whether a drawing stands on another page already."""
    return "overview" in node.classes


def _widths(heads: list[list[Block]], rows: list[list[Block]], columns: int) -> list[float]:
    """Share the width of a table by the longest word and the longest line of each column."""
    longest = [10.0] * columns
    for row in [*heads, *rows]:
        if len(row) == columns:
            for place, cell in enumerate(row):
                text = "".join(("\n" if "n" in s else "") + t for t, s in cell["runs"])
                lines = [] if row in heads else [min(len(x), 48) for x in text.split("\n")]
                words = [min(WORD_ROOM * len(x), 48) for x in text.split()]
                longest[place] = max(longest[place], *lines, *words)
    return [round(size**0.75, 2) for size in longest]


def _cells(row: Node) -> list[Block]:
    return [
        {
            "runs": runs(cell),
            "head": cell.tag == "th",
            "span": int(cell.attributes.get("colspan", "1")),
            "mark": next(
                (c for c in ("synkinesis", "uncompared", "small") if c in cell.classes), ""
            ),
        }
        for cell in row.elements
    ]


def runs(node: Node) -> list[list[str]]:
    """Return the words of an element as pieces with their style.

    Returns
    -------
    list of [text, style]
        Style is a string of letters: b strong, f fine, n starts a new line, c code.
    """
    found = [list(piece) for piece in _runs(node, "")]
    return _tidy(found)


def _runs(node: Node, style: str) -> Iterator[tuple[str, str]]:
    for child in node.children:
        if isinstance(child, str):
            yield re.sub(r"\s+", " ", child), style
        elif child.tag == "br":
            yield "", style + "n"
        elif child.tag not in UNREAD and child.tag != "svg" and "n" not in child.classes:
            yield from _runs(child, style + _style_of(child))


def _style_of(node: Node) -> str:
    own = "b" if node.tag in STRONG else "c" if node.tag == "code" else ""
    own += "f" if node.classes & FINE else ""
    starts = node.classes & BROKEN or node.tag in BLOCK_TAGS
    return own + ("n" if starts else "")


def _tidy(pieces: list[list[str]]) -> list[list[str]]:
    """Join pieces of one style, drop white space at the ends and before new lines."""
    out: list[list[str]] = []
    for text, style in pieces:
        if out and out[-1][1] == style and "n" not in style:
            out[-1][0] = re.sub(r"\s+", " ", out[-1][0] + text)
        elif text.strip() or (style.endswith("n") and not text) or (text and out):
            if text and not text.strip() and out and (out[-1][0].endswith(" ") or "n" in style):
                continue
            out.append([text, "".join(dict.fromkeys(style))])
    for place, piece in enumerate(out):
        if place == 0 or "n" in piece[1]:
            piece[0] = piece[0].lstrip()
        if place == len(out) - 1 or "n" in out[place + 1][1]:
            piece[0] = piece[0].rstrip()
    return [p for p in out if p[0] or "n" in p[1]]
