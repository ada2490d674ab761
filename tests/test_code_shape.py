"""The code stays readable: short functions, short files, few parameters, no shortcuts."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

from code_reading import ROOT, Module, body_lines, modules, parameters

MAX_BODY_LINES = 60
MEDIAN_BODY_LINES = 12
MAX_PARAMETERS = 8
MAX_FILE_LINES = 500
MAX_FILE_BYTES = 50_000
BROAD = ("Exception", "BaseException")
REGISTRY = re.compile(
    r"index[-_]url|/simpl[e]/|/package[s]/[0-9a-f]{2}/[0-9a-f]{2}/"
    r"|\bpypi[.]org\b|pythonhoste[d]|registry[.]npmjs|deb[.]debian[.]org"
)
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(work|home|root|farm|opt|Users)/[A-Za-z]")


def _tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listing.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_link_is_tracked() -> None:
    """A tracked link to an environment took the environment's place wherever it was checked out."""
    listing = subprocess.run(
        ["git", "ls-files", "--stage"], cwd=ROOT, capture_output=True, check=False
    )
    links = [row for row in listing.stdout.decode().splitlines() if row.startswith("120000 ")]
    assert not links, "git rm --cached these: " + "; ".join(links)


def _shortcuts(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            yield f"{module.at(node)} print"
        if isinstance(node, ast.Assert):
            yield f"{module.at(node)} assert"
        if isinstance(node, ast.ExceptHandler):
            kind = node.type
            if kind is None or getattr(kind, "id", "") in BROAD:
                yield f"{module.at(node)} broad except"


def _long_functions(module: Module) -> Iterator[str]:
    for function in module.functions():
        if (lines := body_lines(function)) > MAX_BODY_LINES:
            yield f"{module.at(function)} {function.name}: {lines} lines"


def _wide_functions(module: Module) -> Iterator[str]:
    for function in module.functions():
        if (count := len(parameters(function))) > MAX_PARAMETERS:
            yield f"{module.at(function)} {function.name}: {count} parameters"


def _long_files(module: Module) -> Iterator[str]:
    if (lines := module.text.count("\n")) > MAX_FILE_LINES:
        yield f"{module.place}: {lines} lines"


def _silent_files(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield f"{module.place} does not say what it is"


def _global_random_numbers(module: Module) -> Iterator[str]:
    for used in re.findall(r"np\.random\.(?!default_rng|Generator|SeedSequence)\w+", module.text):
        yield f"{module.place} {used}"


def _open_ends(module: Module) -> Iterator[str]:
    for mark in re.findall(r"#\s*(TODO|FIXME|XXX|HACK)", module.text):
        yield f"{module.place} {mark}"


def _second_factors(module: Module) -> Iterator[str]:
    """How many deviations 95 % reach is one number, in one place."""
    for node in ast.walk(module.tree):
        number = node.value if isinstance(node, ast.Constant) else None
        is_own = module.place == "results/estimate.py"
        if isinstance(number, float) and 1.955 < number < 1.965 and not is_own:
            yield f"{module.at(node)} {number}"


@pytest.mark.parametrize(
    "faults",
    [
        _long_functions,
        _wide_functions,
        _long_files,
        _silent_files,
        _shortcuts,
        _global_random_numbers,
        _open_ends,
        _second_factors,
    ],
)
def test_code_keeps_its_shape(faults: Callable[[Module], Iterator[str]]) -> None:
    assert [fault for module in modules() for fault in faults(module)] == []


def test_most_functions_are_short() -> None:
    lines = [body_lines(f) for module in modules() for f in module.functions()]
    assert median(lines) <= MEDIAN_BODY_LINES


def test_no_registry_host_or_machine_path_in_the_repository() -> None:
    found = []
    for path in _tracked_files():
        if path.suffix in (".png", ".jpg"):
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if REGISTRY.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}")
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["--extra-" + "index" + "-url https://x", "https://x/" + "simple" + "/numpy", "/" + "home/me"],
)
def test_a_registry_or_a_machine_is_recognised(line: str) -> None:
    assert REGISTRY.search(line) or MACHINE_PATH.search(line)


def test_files_are_small() -> None:
    exempt = ("requirements/",)
    heavy = [
        f"{name} {path.stat().st_size // 1000} kB"
        for path in _tracked_files()
        if path.stat().st_size > MAX_FILE_BYTES
        and not (name := path.relative_to(ROOT).as_posix()).startswith(exempt)
    ]
    assert heavy == []
