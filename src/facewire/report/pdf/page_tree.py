"""A page of the report as a tree, and its drawings made to stand alone on paper.

The page is our own and well formed; this is no reader for pages in general. A drawing gets what it
refers to elsewhere in the page, and its own colours for paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from facewire.report.environment import LOADER, environment

VOID = frozenset({"meta", "link", "br", "img", "input", "hr", "col", "wbr"})
UNREAD = frozenset({"style", "script", "nav", "title", "button", "select", "canvas", "template"})
"""Parts that paper has no use for."""

SVG = "http://www.w3.org/2000/svg"
STYLE = f"{{{SVG}}}style"
STYLES = ("report.css", "sections.css", "moving_mesh.css")
OWN_STYLE = (
    "text{font-family:'Libertinus Serif'} .face text,.mirror text{fill:#000;font-size:16px}"
    ".face .side,.mirror .side{fill:#3d4449;font-weight:700;font-size:16px}"
    ".plots text{font-size:13px;fill:#000}.photos text{fill:#000}"
)
"""What the page says of words inside a picture, without the page around it."""

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_BARE = re.compile(r"\sdata-[\w-]+(?=[\s/>])")
"""Attributes without a value, which HTML allows and XML does not."""
_MIXTURE = re.compile(
    r"color-mix\(in \w+,\s*(#[0-9a-f]{6})\s+(\d+)%,\s*(#[0-9a-f]{6})\)", re.IGNORECASE
)
_VARIABLE = re.compile(r"var\((--[a-z-]+)(?:,([^()]*))?\)")


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


def standalone(drawing: str, definitions: dict[str, ET.Element], around: Iterable[str]) -> bytes:
    """Return a drawing of the page as a picture of its own.

    Parameters
    ----------
    drawing : str
        An ``svg`` element as it stands in the page.
    definitions : dict of str to Element
        What the page's drawings refer to, by name; see `definitions_of`.
    around : iterable of str
        Classes of the elements around it, which its style depends on.
    """
    root = parse(drawing)
    _resolve(root, definitions)
    own_style = "".join(node.text or "" for node in root.iter(STYLE))
    for parent in list(root.iter()):
        for old in [child for child in parent if child.tag == STYLE]:
            parent.remove(old)
    ancestors = ET.Element(f"{{{SVG}}}g", {"class": " ".join(dict.fromkeys(around))})
    ancestors.extend(list(root))
    for child in list(root):
        root.remove(child)
    style = ET.SubElement(root, STYLE)
    root.append(ancestors)
    colours = _palette() | _own_colours(frozenset(root.get("class", "").split()))
    style.text = f"{_page_style(_used(root))}{OWN_STYLE}{own_style}"
    for node in root.iter():
        _tone(node, colours)
    ET.register_namespace("", SVG)
    return _paper(ET.tostring(root, encoding="unicode"), colours).encode("utf-8")


def _tone(node: ET.Element, colours: dict[str, str]) -> None:
    """Write the shade that an element asks for as a share of light and dark."""
    asked = re.search(r"--t:\s*(\d+)%", node.attrib.pop("style", ""))
    if asked:
        shade = _mixed(colours["--tone-light"], float(asked[1]), colours["--tone-dark"])
        node.set("style", f"fill:{shade};stroke:{shade}")


def _mixed(one: str, percent: float, other: str) -> str:
    """Mix two colours written as #rrggbb."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(
        f"{round((a * percent + b * (100 - percent)) / 100):02x}" for a, b in pairs
    )


def parse(drawing: str) -> ET.Element:
    """Return a drawing of the page as a tree of elements; marks for scripts are left out."""
    named = drawing
    if "xmlns=" not in drawing[:300]:
        named = drawing.replace("<svg", f'<svg xmlns="{SVG}"', 1)
    return ET.fromstring(_BARE.sub("", named))  # noqa: S314 (our own page)


def definitions_of(drawings: Iterable[str]) -> dict[str, ET.Element]:
    """Return everything in the drawings that has a name."""
    return {
        node.get("id", ""): node
        for text in drawings
        for node in parse(text).iter()
        if node.get("id")
    }


def title_of(drawing: str) -> str:
    """Return the title and the description inside a drawing."""
    nodes = [n for n in parse(drawing) if n.tag in (f"{{{SVG}}}title", f"{{{SVG}}}desc")]
    return " ".join((node.text or "").strip() for node in nodes)


def _resolve(root: ET.Element, definitions: dict[str, ET.Element]) -> None:
    """Put what another drawing of the page holds in the place of every reference to it."""
    own = {node.get("id") for node in root.iter()}
    for parent in list(root.iter()):
        for place, node in enumerate(list(parent)):
            name = (node.get("href") or "").removeprefix("#")
            if node.tag == f"{{{SVG}}}use" and name not in own and name in definitions:
                parent[place] = definitions[name]


def _used(root: ET.Element) -> frozenset[str]:
    return frozenset(c for node in root.iter() for c in node.get("class", "").split())


def _page_style(used: frozenset[str]) -> str:
    """Return the page's rules that can touch a drawing with these classes, for paper."""
    kept = []
    for selectors, body in _rules():
        fitting = [s for s in selectors if (n := _names(s)) and n <= used]
        if fitting:
            kept.append(f"{','.join(fitting)}{{{body}}}")
    return "".join(kept)


def _names(selector: str) -> frozenset[str]:
    return frozenset(re.findall(r"\.([\w-]+)", selector))


@cache
def _rules() -> tuple[tuple[tuple[str, ...], str], ...]:
    text = "".join(_without_media(_style(name)) for name in STYLES)
    return tuple(
        (tuple(s.strip() for s in selectors.split(",")), body.strip())
        for selectors, body in _RULE.findall(text)
        if ":" not in selectors
    )


def _style(name: str) -> str:
    text, _, _ = LOADER.get_source(environment(), name)
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _without_media(text: str) -> str:
    return "".join(part for kind, part in _parts(text) if not kind)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield a style sheet in pieces: the condition of each piece (or nothing) and its rules."""
    place = 0
    for found in re.finditer(r"@(media|page)([^{]*)\{", text):
        if found.start() < place:
            continue
        yield "", text[place : found.start()]
        end, depth = found.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield found[2].strip() or found[1], text[found.end() : end - 1]
        place = end
    yield "", text[place:]


@cache
def _palette() -> dict[str, str]:
    """Return the page's colours on paper."""
    found: dict[str, str] = {}
    for wanted in ("", "print"):
        for name in STYLES:
            for kind, part in _parts(_style(name)):
                if kind == wanted:
                    for block in re.findall(r":root\s*\{([^}]*)\}", part):
                        found |= dict(re.findall(r"(--[a-z-]+):\s*([^;]+);", block))
    return found


def _own_colours(classes: frozenset[str]) -> dict[str, str]:
    """Return the colours that a drawing of these classes brings along."""
    found: dict[str, str] = {}
    for selectors, body in _rules():
        if any(n <= classes for s in selectors if (n := _names(s)) and " " not in s):
            found |= dict(re.findall(r"(--[a-z-]+):\s*([^;]+);", body))
    return found


def _paper(text: str, colours: dict[str, str]) -> str:
    """Write colours in the place of their names and mixtures."""
    named = _VARIABLE.sub(lambda m: colours.get(m[1], (m[2] or "#000").strip()), text)
    return _MIXTURE.sub(lambda m: _mixed(m[1], float(m[2]), m[3]), named)
