"""What `make dist` builds: every tracked file, the same bytes again, tests that run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from code_reading import ROOT
from missing_parts import skip_missing_part

pytestmark = pytest.mark.slow

BUILT_ANEW = {"PKG-INFO", "setup.cfg"}
NOT_SHIPPED = {".gitignore"}


def tracked() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("these sources are not under git")
    return {name for name in listed.stdout.split("\n") if name}


def build(target: Path) -> Path:
    """Build both archives from a copy of the sources, as `make dist` does."""
    if find_spec("build") is None:
        skip_missing_part("the package build", "`make setup` installs it")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", target, ROOT],
        env={**environment, "SOURCE_DATE_EPOCH": "1700000000"},
        check=True,
        capture_output=True,
    )
    return target


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"))


def test_the_wheel_holds_every_tracked_file_of_the_package_and_no_other(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("facewire/")}
    prefix = "src/"
    assert packed == {n.removeprefix(prefix) for n in tracked() if n.startswith(prefix)}


def test_the_wheel_carries_its_licences(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = {Path(name).name for name in wheel.namelist() if ".dist-info/" in name}
    assert {"LICENSE", "NOTICE", "METADATA", "entry_points.txt"} <= names


def test_the_source_archive_holds_every_tracked_file(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        held = {one.name.partition("/")[2] for one in archive if one.isfile()}
    assert tracked() - held == NOT_SHIPPED
    others = {name for name in held - tracked() if ".egg-info/" not in name}
    assert others == BUILT_ANEW


def test_the_wheel_is_built_to_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = build(tmp_path)
    first, second = (next(folder.glob("*.whl")).read_bytes() for folder in (built, again))
    assert first == second


def test_the_tests_of_the_source_archive_run(built: Path, tmp_path: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    (sources,) = tmp_path.iterdir()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/results",
         "tests/unit/test_files.py", "tests/test_import_order.py", "tests/test_public_names.py"],
        cwd=sources,
        env={**os.environ, "PYTHONPATH": str(sources / "src")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert re.search(r"\d+ passed", done.stdout)


def test_versions_and_bounds_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {project['version']}\n" in citation
    assert f"license: {project['license']}\n" in citation
    printed = subprocess.run(
        [sys.executable, ROOT / ".ci" / "lowest.py"], capture_output=True, text=True, check=True
    )
    oldest = dict(line.split("==") for line in printed.stdout.split())
    optional = project["optional-dependencies"].values()
    assert len(oldest) == len(project["dependencies"]) + sum(map(len, optional))
    locked = dict(
        re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements" / "core.txt").read_text(), re.M)
    )
    below = [n for n, v in oldest.items() if _key(locked[n.lower()]) < _key(v)]
    assert below == [], "the locked packages are older than what is allowed"


def _key(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]
