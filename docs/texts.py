"""Gather every text for people into a gettext template, ``facewire.pot``.

Run as ``python docs/texts.py OUT.pot``. From the Python sources the constant arguments of
``translate`` and ``mark``, from the templates those of ``_``. A translator makes ``facewire.po``
of it; compiled to ``LANGUAGE/LC_MESSAGES/facewire.mo``, facewire finds it by FACEWIRE_CATALOGUES.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

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


def gather() -> dict[str, list[str]]:
    """Return every text with its places, in the order of the texts."""
    found: dict[str, list[str]] = {}
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
