"""Imports point up the list only, and heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from code_reading import PACKAGE, Module, modules

ORDER = (
    "version",
    "errors",
    "files",
    "confined",
    "face",
    "results",
    "words",
    "video",
    "landmarks",
    "motion",
    "movements",
    "synkinesis",
    "findings",
    "figures",
    "grading",
    "comparison",
    "validation",
    "wiring",
    "safety",
    "treatment",
    "plan",
    "care",
    "record",
    "report",
    "client",
    "pipeline",
    "phantom",
    "library",
    "clinic",
    "synthetic",
    "regrowth",
    "cli",
    "web",
    "__main__",
)
"""A part may import the parts before it."""

NARROW = {
    "report": {
        "version",
        "errors",
        "files",
        "face",
        "results",
        "words",
        "findings",
        "figures",
    },
    "client": {"errors"},
}
"""Parts that may use less than the list would let them: they read results."""

SHARED = {"version", "errors", "files", "words", "face", "results"}

ASIDE = {"synthetic": ("cli/demo.py", "cli/simulate.py"), "regrowth": ("cli/regrow.py",)}
"""Parts beside the flow, and the only places outside of them that may use them."""

STARTERS = {"cli/serve.py": {"web"}}
"""The command that starts the app may import it, inside its function."""

PLACES = {
    "av": ("video/", "synthetic/"),
    "cv2": ("video/", "landmarks/", "motion/", "synthetic/", "report/", "pipeline/", "phantom/"),
    "openvino": ("landmarks/detectors/runtime.py",),
    "matplotlib": (),
    "jinja2": ("report/", "web/"),
    "numba": ("synthetic/",),
    "jsonschema": (),
    "typer": ("cli/",),
    "rich": ("cli/",),
    "sqlite3": ("record/",),
    "sqlalchemy": ("record/",),
    "alembic": ("record/migrations/",),
    "psycopg": (),
    "sqlcipher3": (),
    "argon2": ("record/",),
    "pyotp": ("record/second_step.py",),
    "segno": ("web/routes/second_step.py",),
    "cryptography": ("record/", "clinic/upload_parts.py"),
    "fastapi": ("web/",),
    "starlette": ("web/",),
    "uvicorn": ("web/",),
    "pydantic": ("results/", "web/"),
    "httpx": ("client/",),
    "urllib": ("landmarks/fetch.py", "web/"),
    "http": ("landmarks/fetch.py", "web/"),
    "socket": ("web/serving.py", "cli/serve.py", "confined.py"),
    "requests": (),
    "mediapipe": (),
    "pandas": ("library.py",),
    "xarray": ("library.py",),
}
"""Where a library may be imported; libraries that are not named may be imported anywhere."""

HEAVY = (
    "alembic",
    "argon2",
    "av",
    "cryptography",
    "cv2",
    "fastapi",
    "jinja2",
    "jsonschema",
    "matplotlib",
    "numba",
    "openvino",
    "polars",
    "scipy",
    "sqlalchemy",
)


def imports_of(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield every imported dotted name, function-level imports included."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def part_of(dotted: str) -> str:
    """Return the part of the package that a dotted name belongs to; empty for facewire itself."""
    pieces = dotted.split(".")
    return pieces[1] if len(pieces) > 1 else ""


def direction_faults(module: Module) -> Iterator[str]:
    own = part_of(module.name)
    for node, name in imports_of(module):
        target = part_of(name)
        if not name.startswith("facewire.") or target == own or target not in ORDER or not own:
            continue
        allowed = NARROW.get(own, set(ORDER[: ORDER.index(own)]))
        allowed = allowed | STARTERS.get(module.place, set())
        if target not in allowed or module.place not in ASIDE.get(target, (module.place,)):
            yield f"{module.at(node)} {own} imports {name}"


def query_faults(module: Module) -> Iterator[str]:
    """Find a session of the record that is asked outside it: it is handed on, no more."""
    if part_of(module.name) == "record":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "session":
            yield f"{module.at(node)} asks the session itself: session.{node.attr}"


def private_faults(module: Module) -> Iterator[str]:
    own = part_of(module.name)
    for node, name in imports_of(module):
        foreign = name.startswith("facewire.") and part_of(name) != own
        if foreign and any(piece.startswith("_") for piece in name.split(".")[1:]):
            yield f"{module.at(node)} {own} imports the private {name}"


def library_faults(module: Module) -> Iterator[str]:
    for node, name in imports_of(module):
        places = PLACES.get(name.split(".")[0])
        if places is not None and not any(module.place.startswith(p) for p in places):
            yield f"{module.at(node)} {name} belongs in {', '.join(places) or 'no part'}"


def relative_faults(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{module.at(node)} imports relatively"


@pytest.mark.parametrize(
    "faults", [direction_faults, private_faults, library_faults, relative_faults, query_faults]
)
def test_imports_keep_the_order(faults: Callable[[Module], Iterator[str]]) -> None:
    assert [fault for module in modules() for fault in faults(module)] == []


def test_a_wrong_import_is_found_with_file_and_line() -> None:
    module = Module(PACKAGE / "motion" / "not_written.py")
    module.__dict__["text"] = "import numpy\nimport openvino\nfrom facewire.report import x\n"
    assert list(direction_faults(module)) == [
        "src/facewire/motion/not_written.py:3 motion imports facewire.report.x"
    ]
    assert "not_written.py:2 openvino belongs in" in next(library_faults(module))


@pytest.mark.parametrize("place", ["movements/cues.py", "web/app.py", "cli/measure.py"])
def test_nothing_but_its_commands_uses_what_stands_aside(place: str) -> None:
    module = Module(PACKAGE / place)
    module.__dict__["text"] = "from facewire.synthetic.patient import load_patient\n"
    assert len(list(direction_faults(module))) == 1


@pytest.mark.parametrize("part", ["clinic", "web"])
def test_the_clinic_knows_no_http_and_neither_speaks_sql(part: str) -> None:
    module = Module(PACKAGE / part / "not_written.py")
    module.__dict__["text"] = "from sqlalchemy import select\nrows = session.scalars(select(1))\n"
    assert "not_written.py:1 sqlalchemy.select belongs in record/" in next(library_faults(module))
    assert "not_written.py:2 asks the session" in next(query_faults(module))
    module = Module(PACKAGE / part / "not_written.py")
    module.__dict__["text"] = "from starlette.requests import Request\nimport fastapi\n"
    assert bool(list(library_faults(module))) is (part == "clinic")


def test_every_part_is_on_the_list() -> None:
    parts = {part_of(m.name) for m in modules()} - {""}
    assert parts <= set(ORDER)


@pytest.mark.parametrize("name", ["facewire", "facewire.cli", "facewire.errors", "facewire.face"])
def test_importing_loads_nothing_heavy(name: str) -> None:
    code = f"import sys, {name}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []
    assert loaded.stderr == ""


def test_importing_starts_no_file_or_socket() -> None:
    code = """
import sys
seen = []
def watch(event, args):
    written = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if written or event.startswith(("socket.", "subprocess.", "os.mkdir")):
        seen.append((event, args))
sys.dont_write_bytecode = True
sys.addaudithook(watch)
import facewire, facewire.cli
print(seen)
"""
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
