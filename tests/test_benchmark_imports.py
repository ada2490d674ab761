"""Benchmarks are run seldom: what they import of the package is there all the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from code_reading import PACKAGE, ROOT

SCRIPTS = [
    path
    for path in sorted((ROOT / "benchmarks").rglob("*.py"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
]
"""Not those of the peer's own environment, which `make bench-peer` makes there."""


def _defined(module: Path) -> set[str]:
    """Names that a module gives: defined, assigned or imported there."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def _missing(script: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("facewire."):
            continue
        place = PACKAGE.joinpath(*str(node.module).split(".")[1:])
        module = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        given = _defined(module) if module.is_file() else set()
        given |= {path.stem for path in place.glob("*")} if place.is_dir() else set()
        yield from (f"{node.module}.{a.name}" for a in node.names if a.name not in given)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_what_a_benchmark_imports_is_there(script: Path) -> None:
    assert list(_missing(script)) == []
