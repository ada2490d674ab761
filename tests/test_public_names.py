"""The public names are short explicit lists, and the lists are true."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from types import ModuleType

import pytest

import facewire
from code_reading import modules

MOST_NAMES = 40
MOST_TOP_NAMES = 15

PACKAGES = ["facewire"] + [
    info.name for info in pkgutil.walk_packages(facewire.__path__, "facewire.") if info.ispkg
]


def _listed(package: ModuleType) -> list[str]:
    return list(getattr(package, "__all__", ()))


@pytest.mark.parametrize("name", PACKAGES)
def test_listed_names_exist_and_are_public(name: str) -> None:
    package = importlib.import_module(name)
    listed = _listed(package)
    assert [n for n in listed if not hasattr(package, n)] == []
    assert [n for n in listed if n.startswith("_") and n != "__version__"] == []
    assert len(set(listed)) == len(listed) <= MOST_NAMES


def test_the_top_list_is_short() -> None:
    assert len(_listed(facewire)) <= MOST_TOP_NAMES


def test_what_a_package_imports_for_others_is_listed() -> None:
    unlisted = []
    for module in modules():
        if module.path.name != "__init__.py":
            continue
        lists = [
            ast.literal_eval(n.value)
            for n in module.tree.body
            if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "__all__"
        ]
        listed = set(lists[0]) if lists else set()
        for node in module.tree.body:
            own = isinstance(node, ast.ImportFrom) and (node.module or "").startswith(module.name)
            if own:
                names = {a.asname or a.name for a in node.names}
                names -= {path.stem for path in module.path.parent.glob("*.py")}
                unlisted += [f"{module.at(node)} {n}" for n in sorted(names - listed)]
    assert unlisted == []
