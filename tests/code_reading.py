"""Reading the package's source without running it: for the tests of its shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "facewire"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A source file of the package."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def place(self) -> str:
        """Path inside the package, such as ``video/frames.py``."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def name(self) -> str:
        """Dotted name, such as ``facewire.video.frames``."""
        parts = ["facewire", *self.path.relative_to(PACKAGE).with_suffix("").parts]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def at(self, node: ast.AST) -> str:
        """``file:line`` of a node, as an editor opens it."""
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Return every source file of the package, in order of their paths; each is parsed once."""
    return tuple(Module(path) for path in sorted(PACKAGE.rglob("*.py")))


def body_lines(function: Function) -> int:
    """Return the number of lines of a function without its docstring."""
    doc = ast.get_docstring(function)
    doc_lines = doc.count("\n") + 1 if doc else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - doc_lines


def parameters(function: Function) -> list[str]:
    """Return the names of a function's parameters, keyword-only included, self left out."""
    given = function.args
    names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [n for n in names if n not in ("self", "cls")]
