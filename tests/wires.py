"""Finding wires that end nowhere: what the package defines and nothing in it uses.

By name, without types: a name that is used anywhere counts as used, so that what is found is
really unused. Templates count as uses, tests do not.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from code_reading import PACKAGE, Function, Module, modules

TRANSPARENT = {
    "abstractmethod",
    "cache",
    "cached_property",
    "classmethod",
    "contextmanager",
    "dataclass",
    "lru_cache",
    "overload",
    "override",
    "property",
    "staticmethod",
    "wraps",
}
"""Decorators that register nothing: what they stand on is used by its name alone."""

OWN_KIND = {"ABC", "Enum", "Exception", "Generic", "NamedTuple", "Protocol", "StrEnum", "TypedDict"}
"""Bases from outside that call no method by its name."""

ROWS = ("Row", "MeasuredRow", "Document", "BaseModel")
"""Bases whose fields are published: files and answers are read by others."""


@dataclass(frozen=True)
class Definition:
    """A function, method or class; ``owner`` is the class that it stands in."""

    module: Module
    node: Function | ast.ClassDef
    owner: ast.ClassDef | None = None

    @property
    def label(self) -> str:
        """Such as ``Frame.index``; without its file, so that a move changes nothing."""
        within = f"{self.owner.name}." if self.owner else ""
        return f"{within}{self.node.name}"

    @property
    def registered(self) -> bool:
        """Whether a decorator hands it to a framework: routes, commands, validators."""
        return any(_last(d) not in TRANSPARENT for d in self.node.decorator_list)


def _last(node: ast.expr) -> str:
    """Return the last name of ``a.b.c(...)``."""
    if isinstance(node, ast.Call):
        return _last(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


class Package:
    """Everything that is defined and used in the package."""

    def __init__(self) -> None:
        self.modules = modules()

    @cached_property
    def definitions(self) -> list[Definition]:
        found = []
        for module in self.modules:
            for node in module.tree.body:
                if isinstance(node, Function | ast.ClassDef):
                    found.append(Definition(module, node))
                if isinstance(node, ast.ClassDef):
                    methods = (n for n in node.body if isinstance(n, Function))
                    found += [Definition(module, method, node) for method in methods]
        return found

    @cached_property
    def template_words(self) -> set[str]:
        words: set[str] = set()
        for path in PACKAGE.rglob("*"):
            if path.suffix in (".html", ".typ", ".js", ".css"):
                words |= set(re.findall(r"[A-Za-z_]\w*", path.read_text("utf-8")))
        return words

    @cached_property
    def loads(self) -> dict[str, list[tuple[Module, int]]]:
        """Places where a name is read, as a name or as an attribute."""
        found: dict[str, list[tuple[Module, int]]] = defaultdict(list)
        for module in self.modules:
            for node in ast.walk(module.tree):
                context = getattr(node, "ctx", None)
                if isinstance(node, ast.Name | ast.Attribute) and isinstance(context, ast.Load):
                    found[_last(node)].append((module, node.lineno))
                elif isinstance(node, ast.ImportFrom):
                    for alias in node.names:
                        if alias.asname:  # read under another name
                            found[alias.name].append((module, node.lineno))
                elif isinstance(node, ast.MatchClass):
                    for name in node.kwd_attrs:
                        found[name].append((module, node.lineno))
        return found

    @cached_property
    def strings(self) -> set[str]:
        """Constant texts that are one identifier: names for getattr and tables of names."""
        return {
            node.value
            for module in self.modules
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.isidentifier()
        }

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        found: dict[str, list[ast.Call]] = defaultdict(list)
        for module in self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call):
                    found[_last(node.func)].append(node)
                    if _last(node.func) == "partial" and node.args:
                        bound = ast.Call(node.args[0], node.args[1:], node.keywords)
                        found[_last(node.args[0])].append(bound)
        return found

    @cached_property
    def classes(self) -> set[str]:
        return {d.node.name for d in self.definitions if isinstance(d.node, ast.ClassDef)}

    def _overrides(self, one: Definition) -> bool:
        """Whether a method's class derives from another library's, which may call it by name."""
        bases = {_last(base) for base in one.owner.bases} if one.owner else set()
        return bool(bases - self.classes - OWN_KIND)

    def unused(self) -> Iterator[str]:
        """Yield public definitions whose name is read nowhere but inside of themselves."""
        for one in self.definitions:
            name = one.node.name
            if name.startswith("_") or one.registered or name in self.template_words:
                continue
            if self._overrides(one):
                continue
            span = range(one.node.lineno, (one.node.end_lineno or one.node.lineno) + 1)
            outside = [
                place
                for place in self.loads.get(name, ())
                if place[0] is not one.module or place[1] not in span
            ]
            if not outside:
                yield one.label

    def unset(self) -> Iterator[str]:
        """Yield parameters with a default that no call in the package sets."""
        for one in self.definitions:
            if isinstance(one.node, ast.ClassDef) or one.registered or self._overrides(one):
                continue
            name = one.node.name
            if name.startswith("__") and name != "__init__":
                continue
            target = one.owner.name if name == "__init__" and one.owner else name
            calls = self.calls.get(target, [])
            if len(self.loads.get(target, ())) > len(calls):
                continue  # handed on as a value: whoever calls it may set anything
            yield from self._unset_in(one, calls)

    def _unset_in(self, one: Definition, calls: list[ast.Call]) -> Iterator[str]:
        if isinstance(one.node, ast.ClassDef):
            return
        given = one.node.args
        static = any(_last(d) == "staticmethod" for d in one.node.decorator_list)
        positional = [*given.posonlyargs, *given.args]
        positional = positional[1:] if one.owner and not static else positional
        optional = [
            (len(positional) - n, positional[-n]) for n in range(1, len(given.defaults) + 1)
        ]
        keyword = [a for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d]
        for index, argument in [*optional, *((None, a) for a in keyword)]:
            if not any(_sets(call, argument.arg, index) for call in calls):
                yield f"{one.label}({argument.arg})"

    def unread(self) -> Iterator[str]:
        """Yield fields of dataclasses and named tuples that nothing reads."""
        for one in self.definitions:
            if not isinstance(one.node, ast.ClassDef) or not _is_record(one.node):
                continue
            for node in one.node.body:
                if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
                    continue
                name = node.target.id
                known = name in self.loads or name in self.template_words or name in self.strings
                if not known and not name.startswith("_"):
                    yield f"{one.label}.{name}"


def _sets(call: ast.Call, name: str, index: int | None) -> bool:
    spread = any(k.arg is None for k in call.keywords) or any(
        isinstance(a, ast.Starred) for a in call.args
    )
    reached = index is not None and len(call.args) > index
    return spread or reached or any(k.arg == name for k in call.keywords)


def _is_record(node: ast.ClassDef) -> bool:
    bases = {_last(base) for base in node.bases}
    if bases & set(ROWS):
        return False
    return "NamedTuple" in bases or any(_last(d) == "dataclass" for d in node.decorator_list)
