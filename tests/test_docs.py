"""The documentation is true: links resolve, commands are described, docstrings fit signatures."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import pages
from code_reading import ROOT, Function, Module, modules, parameters
from facewire.cli import app
from facewire.results.cells import SynkinesisCell
from facewire.results.measurement import Measurement, RepetitionValue

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SECTION_FROM = 4
"""A public function with this many parameters needs a Parameters section."""


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {pages.slug(re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading)) for heading in headings}


def _broken_links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for link in LINK.findall(text):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield link


def _commands() -> dict[str, list[str]]:
    """Return every command with its options, as Typer has them."""
    found: dict[str, list[str]] = {}

    def walk(name: str, command: object) -> None:
        subcommands = getattr(command, "commands", None)
        if subcommands:
            for short, sub in subcommands.items():
                walk(f"{name} {short}", sub)
            return
        options = [o for p in command.params for o in p.opts if o.startswith("--")]  # type: ignore[attr-defined]
        found[name] = [o for o in options if o != "--help"]

    walk("facewire", typer.main.get_command(app))
    return found


@pytest.mark.parametrize("page", pages.all_pages(), ids=str)
def test_links_resolve(page: Path) -> None:
    assert list(_broken_links(ROOT / page)) == []


def test_every_page_is_reached_from_the_index() -> None:
    seen: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen:
            continue
        seen.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8")))
        todo += [(page.parent / x).resolve() for x in links if x.endswith(".md")]
    unreached = {ROOT / p for p in pages.all_pages()} - seen - {ROOT / "CHANGELOG.md"}
    assert unreached == set()


@pytest.mark.parametrize(("name", "options"), _commands().items())
def test_every_command_and_option_is_documented(name: str, options: list[str]) -> None:
    text = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    own = [part for part in parts if part.startswith(name + "\n")]
    assert own, f"{name} has no part in docs/reference/commands.md"
    assert [o for o in options if o not in own[0]] == []


def test_documented_commands_exist() -> None:
    text = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    assert set(re.findall(r"^## (facewire .+)$", text, re.MULTILINE)) == set(_commands())


def test_commands_in_the_docs_use_known_options() -> None:
    known = _commands()
    wrong = []
    for page in pages.all_pages():
        for block in re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL):
            for line in block.splitlines():
                wrong += [f"{page}: {o}" for o in _unknown_options(line, known)]
    assert wrong == []


def _unknown_options(line: str, known: dict[str, list[str]]) -> list[str]:
    found = re.search(r"facewire ((?:model )?[a-z]+) (.*)", line)
    if found is None or f"facewire {found[1]}" not in known:
        return []
    allowed = known[f"facewire {found[1]}"]
    return [o for o in re.findall(r"(--[a-z-]+)", found[2].split("#")[0]) if o not in allowed]


def test_every_make_target_in_the_docs_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = "".join((ROOT / page).read_text("utf-8") for page in pages.all_pages())
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets


def test_every_part_of_a_result_is_documented() -> None:
    text = (ROOT / "docs" / "reference" / "result.md").read_text("utf-8")
    names = [
        field.alias or name
        for part in (Measurement, SynkinesisCell, RepetitionValue)
        for name, field in part.model_fields.items()
    ]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_json_examples_of_the_docs_are_json() -> None:
    for page in pages.all_pages():
        for block in re.findall(r"```json\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL):
            json.loads(block)


def test_the_version_is_in_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_pages_are_written(tmp_path: Path) -> None:
    assert pages.build(tmp_path) == len(pages.all_pages())
    index = (tmp_path / "docs" / "index.html").read_text("utf-8")
    assert 'href="tutorial.html"' in index
    assert re.findall(r'(?:src|href)="https?:', index) == []


def _public(module: Module) -> Iterator[Function]:
    for node in module.tree.body:
        if isinstance(node, Function):
            yield node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (n for n in node.body if isinstance(n, Function))


def _described(doc: str) -> list[str] | None:
    """Return the names in the Parameters section of a docstring, or None without one."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-{3,}|\Z)", doc, re.M | re.S)
    if section is None:
        return None
    lines = [x for x in section[1].splitlines() if x and not x[0].isspace()]
    return [n.strip(" *`") for line in lines for n in line.split(" :")[0].split(",")]


def _docstring_faults(module: Module) -> Iterator[str]:
    for function in _public(module):
        if function.name.startswith("_"):
            continue
        doc = ast.get_docstring(function)
        given = parameters(function)
        if function.args.kwarg is not None and f"**{function.args.kwarg.arg}" in (doc or ""):
            given = [*given, function.args.kwarg.arg]
        if doc is None:
            yield f"{module.at(function)} {function.name} has no docstring"
            continue
        described = _described(doc)
        is_command = module.place.startswith(("cli/", "web/routes/"))
        if described is None and len(given) >= SECTION_FROM and not is_command:
            yield f"{module.at(function)} {function.name} does not describe its parameters"
        if described is not None and described != given:
            yield f"{module.at(function)} {function.name} describes {described}, takes {given}"


def _own_fields(node: ast.ClassDef) -> set[str]:
    return {n.target.id for n in node.body if isinstance(n, ast.AnnAssign)}  # type: ignore[union-attr]


def _classes() -> dict[str, ast.ClassDef]:
    return {n.name: n for m in modules() for n in m.tree.body if isinstance(n, ast.ClassDef)}


def _fields(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> set[str]:
    """Fields of a class and of those it inherits from."""
    bases = [classes[b.id] for b in node.bases if isinstance(b, ast.Name) and b.id in classes]
    return _own_fields(node).union(*(_fields(base, classes) for base in bases))


def _field_faults(module: Module, classes: dict[str, ast.ClassDef]) -> Iterator[str]:
    for node in module.tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        described = _described(ast.get_docstring(node) or "") or []
        fields = _fields(node, classes)
        starts = [n for n in node.body if isinstance(n, Function) and n.name == "__init__"]
        known = fields | {p for start in starts for p in parameters(start)}
        for name in described:
            if known and name not in known:
                yield f"{module.at(node)} {node.name} describes {name}, which it does not have"


def test_docstrings_fit_signatures() -> None:
    classes = _classes()
    faults = [f for m in modules() for f in (*_docstring_faults(m), *_field_faults(m, classes))]
    assert faults == []
