"""`facewire info`: what is installed and found, for bug reports; nothing that names a person."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

from rich.table import Table

from facewire.cli.options import ProgramOutput, grouped_options
from facewire.cli.screen import results
from facewire.errors import ModelError
from facewire.version import facewire_version

_LIBRARIES = ("av", "numba", "numpy", "opencv-python-headless", "openvino", "polars", "scipy")


@grouped_options
def info(output: ProgramOutput) -> None:
    """Print versions, network files and folders, for bug reports."""
    output.refuse_existing()
    facts = gather()
    if not output.give(facts):
        return
    table = Table(show_header=False, box=None)
    for group, entries in facts.items():
        for name, value in entries.items():
            table.add_row(group, name, str(value))
    results().print(table)


def gather() -> dict[str, dict[str, Any]]:
    """Return what a bug report needs, in groups; paths are shortened to ``~``."""
    from facewire.landmarks.models import NETWORK_FILES, cache_folder
    from facewire.results.provenance import Machine

    return {
        "facewire": {"version": facewire_version()},
        "machine": Machine.here().model_dump(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "networks": {wanted.name: _found(wanted) for wanted in NETWORK_FILES},
        "folders": {"cache": _short(cache_folder())},
        "privacy": {"openvino-telemetry": _telemetry(), "reading videos": _confinement()},
    }


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def _found(wanted: Any) -> str:
    from facewire.landmarks.models import find_network

    try:
        return f"{_short(find_network(wanted))} (hash as expected)"
    except ModelError as error:
        return error.what


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def _confinement() -> str:
    from facewire.confined import is_kept_from_the_network

    return "without a network" if is_kept_from_the_network() else "not kept from the network here"


def _telemetry() -> str:
    present = _version("openvino-telemetry") != "not installed"
    return "installed, shut out by facewire" if present else "not installed"
