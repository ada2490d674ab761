"""Gather every text for people into a gettext template, ``facewire.pot``.

Run as ``python docs/texts.py OUT.pot``. From the Python sources the constant arguments of
``translate`` and ``mark``, from the templates those of ``_``, from the package's tables what
`TABLES` and `REASONS` name. A translator makes ``facewire.po`` of it; compiled to
``LANGUAGE/LC_MESSAGES/facewire.mo``, facewire finds it by FACEWIRE_CATALOGUES.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "facewire"
MARKERS = ("translate", "mark", "_")
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: facewire\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""

TABLES = (
    # Names of the nerve's parts and of muscle groups stand in pictures of the nerve and in tables.
    ("face/anatomy.toml", "trunk", ("name", "plain")),
    ("face/anatomy.toml", "branch", ("name", "plain")),
    ("face/anatomy.toml", "group", ("name", "plain")),
    # What is asked before a recording, and whom an answer leads to.
    ("care/red_flags.toml", "sign", ("text",)),
    ("care/red_flags.toml", "advice", ("title", "text")),
    ("care/red_flags.toml", "no_palsy", ("text",)),
    ("care/red_flags.toml", "early", ("text",)),
    # The section on the options: patterns, what is tried, rules, questions, risks, doses in print.
    ("plan/options.toml", "order", ("reason",)),
    ("plan/options.toml", "means", ("*",)),
    ("plan/options.toml", "pattern", ("name", "words", "note", "test")),
    ("plan/options.toml", "act", ("text", "tells", "changes")),
    ("safety/stages.toml", "branch", ("text",)),
    ("safety/rules.toml", "never", ("reason",)),
    ("safety/rules.toml", "fact", ("question", "how", "choices")),
    ("safety/rules.toml", "rule", ("why",)),
    ("safety/rules.toml", "risk", ("text",)),
    # Numbers that a simulation rests on are listed by their ids.
    ("regrowth/facts.toml", "fact", ("id", "unit")),
    ("treatment/facts.toml", "fact", ("id", "unit", "condition")),
    ("treatment/facts.toml", "dose", ("target",)),
    # What the screens of mood say.
    ("grading/facts.toml", "crisis", ("text", "contact_missing")),
    *(("grading/facts.toml", name, ("next_step",)) for name in ("phq9", "phq2", "gad7", "gad2")),
    *(("grading/facts.toml", f"{name}.bands", ("name",)) for name in ("phq9", "gad7")),
)
"""Files of the package, a table in each, and its keys that people read; ``*``: every key."""

REASONS = (
    ("plan/options.toml", "act", "source"),
    ("safety/stages.toml", "branch", "source"),
    ("safety/rules.toml", "never", "source"),
    ("safety/rules.toml", "rule", "source"),
    ("safety/rules.toml", "risk", "source"),
    ("regrowth/facts.toml", "fact", "citation"),
    ("treatment/facts.toml", "fact", "citation"),
)
"""Sources of rows that were not seen in one: they say in words why a row is as it is. The others
name a publication, in the language of its title."""

Place = tuple[str, str]


def texts_of_python(path: Path) -> Iterator[Place]:
    """Yield the marked texts of a Python file, each with its place."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        text = node.args[0]
        if name in MARKERS and isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value, f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"


def texts_of_template(path: Path) -> Iterator[Place]:
    """Yield the marked texts of a template, each with its place."""
    reader = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for line, _, text in reader.extract_translations(path.read_text("utf-8")):
        if isinstance(text, str):
            yield text, f"{path.relative_to(ROOT).as_posix()}:{line}"


@cache
def _table(file: str) -> Mapping[str, Any]:
    return tomllib.loads((PACKAGE / file).read_text("utf-8"))


def _rows(file: str, name: str) -> list[Mapping[str, Any]]:
    """Return the rows of a table: one, a list, or those that stand under names of their own."""
    found: Any = _table(file)
    for key in name.split("."):
        found = found[key]
    if isinstance(found, list):
        return found
    inner = list(found.values())
    return inner if all(isinstance(one, dict) for one in inner) else [found]


def texts_of_tables() -> Iterator[Place]:
    """Yield what people read of the package's tables, each with its file."""
    for file, name, keys in TABLES:
        for row in _rows(file, name):
            for key in row if keys == ("*",) else keys:
                # Ids and choices are shown as words; a few texts are lists of sentences.
                values = row.get(key, [])
                for text in [values] if isinstance(values, str) else values:
                    as_words = key in ("id", "choices")
                    yield text.replace("_", " ") if as_words else text, f"src/facewire/{file}"
    for file, name, key in REASONS:
        for row in _rows(file, name):
            if row["status"] != "seen":
                yield row[key], f"src/facewire/{file}"


def gather() -> dict[str, list[str]]:
    """Return every text with its places, in the order of the texts."""
    found: dict[str, list[str]] = {}
    for text, place in texts_of_tables():
        found.setdefault(text, []).append(place)
    for path in sorted(PACKAGE.rglob("*.py")):
        for text, place in texts_of_python(path):
            found.setdefault(text, []).append(place)
    templates = [
        p for part in ("report", "web") for p in (PACKAGE / part / "templates").rglob("*.html")
    ]
    for path in sorted(templates):
        for text, place in texts_of_template(path):
            found.setdefault(text, []).append(place)
    found.pop("", None)
    return dict(sorted(found.items()))


def template(texts: dict[str, list[str]]) -> str:
    """Return texts as the content of a ``.pot`` file."""
    parts = [HEADER]
    for text, places in texts.items():
        form = "#, python-brace-format\n" if "{" in text else ""
        parts.append(f'#: {" ".join(places)}\n{form}msgid {_quoted(text)}\nmsgstr ""\n')
    return "\n".join(parts)


def _quoted(text: str) -> str:
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return f'"{text}"'


def main(target: str) -> None:
    """Write the template."""
    path = Path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = gather()
    path.write_text(template(texts), encoding="utf-8")
    sys.stdout.write(f"{len(texts)} texts in {path}\n")


if __name__ == "__main__":
    main(sys.argv[1])
