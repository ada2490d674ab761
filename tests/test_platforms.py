"""What only one kind of system has is used where another one can go on without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from code_reading import Function, Module, modules

ONLY_POSIX = ("fcntl", "grp", "pwd", "resource", "termios")
ONLY_POSIX_ARGUMENTS = ("pass_fds", "preexec_fn")
NOT_EVERYWHERE = {
    "os": ("fchmod", "fork", "getpgid", "getuid", "killpg", "memfd_create", "setsid"),
    "select": ("epoll", "poll"),
    "signal": ("SIGALRM", "SIGHUP", "SIGKILL", "setitimer"),
}
GUARDS = ("os.name", "sys.platform", "hasattr")


def _uses(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, a.name) for a in node.names if a.name in ONLY_POSIX)
        elif isinstance(node, ast.ImportFrom) and node.module in ONLY_POSIX:
            yield node, str(node.module)
        elif isinstance(node, ast.Attribute):
            owner = getattr(node.value, "id", "")
            if node.attr in NOT_EVERYWHERE.get(owner, ()):
                yield node, f"{owner}.{node.attr}"
        elif isinstance(node, ast.Call):
            yield from ((node, k.arg) for k in node.keywords if k.arg in ONLY_POSIX_ARGUMENTS)


def _guarded(function: Function, use: ast.AST) -> bool:
    """Whether the function asks what system it is on before, or catches that it lacks the use."""
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.IfExp) and node.lineno <= use.lineno:
            asked = ast.unparse(node.test)
            if any(guard in asked for guard in GUARDS):
                return True
        if isinstance(node, ast.Try) and any(use is inner for inner in ast.walk(node)):
            caught = " ".join(ast.unparse(h.type) for h in node.handlers if h.type)
            if "ImportError" in caught or "AttributeError" in caught:
                return True
    return False


def _unguarded(module: Module) -> set[str]:
    faults = {name for _, name in _uses(module.tree)}
    for name in list(faults):
        places = [node for node, used in _uses(module.tree) if used == name]
        inside = [
            any(_guarded(f, place) for f in module.functions() if place in list(ast.walk(f)))
            for place in places
        ]
        if all(inside):
            faults.remove(name)
    return faults


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """Unguarded uses by file."""
    return {m.place: names for m in modules() if (names := _unguarded(m))}


def test_what_one_system_has_is_used_behind_a_guard(found: dict[str, set[str]]) -> None:
    assert found == {}


@pytest.mark.parametrize(
    ("body", "guarded"),
    [
        ("import resource", False),
        ("if os.name == 'nt':\n  return\n import resource", True),
        ("try:\n  import resource\n except ImportError:\n  return", True),
        ("try:\n  import resource\n except OSError:\n  return", False),
        ("os.killpg(1, 2)", False),
        ("run(1, pass_fds=(2,))", False),
        ("if os.name == 'nt':\n  raise OSError\n run(1, pass_fds=(2,))", True),
        ("if hasattr(os, 'killpg'):\n  os.killpg(1, 2)", True),
    ],
)
def test_a_guard_is_recognised(body: str, guarded: bool) -> None:
    tree = ast.parse(f"def f():\n {body}\n")
    ((use, _),) = list(_uses(tree))
    function = tree.body[0]
    assert isinstance(function, Function)
    assert _guarded(function, use) is guarded
