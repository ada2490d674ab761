"""How a result was made: version, input, networks, settings, steps; carried by every result.

Nothing here names a person, a folder or a computer: files are named without their folders, and
the machine is described by what changes speed, not by what identifies it.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from facewire.errors import UsageError

_CHUNK_BYTES = 1 << 20


def facewire_version() -> str:
    """Return the installed version, or ``unknown`` when the package was never installed."""
    try:
        return metadata.version("facewire")
    except metadata.PackageNotFoundError:
        return "unknown"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal; read in pieces.

    Raises
    ------
    UsageError
        The file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK_BYTES):
                digest.update(piece)
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read", found=error.strerror or "", do="check the path"
        ) from error
    return digest.hexdigest()


def describe_machine() -> dict[str, Any]:
    """Return what changes speed: system, processor family, cores, Python; no names."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


@dataclass(frozen=True)
class Step:
    """One step of the flow as it was run.

    Parameters
    ----------
    name : str
        Such as ``track``.
    seconds : float
        How long it took.
    settings : mapping
        What it was run with; plain values.
    """

    name: str
    seconds: float
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name or not self.seconds >= 0:
            raise UsageError(
                "A step of the provenance is wrong",
                expected="a name and a time of 0 s or more",
                found=f"{self.name!r}, {self.seconds} s",
            )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a result file."""
        return {"step": self.name, "seconds": round(self.seconds, 3), **self.settings}


@dataclass(frozen=True)
class Provenance:
    """How a result was made.

    Parameters
    ----------
    source : mapping
        The input: ``name`` (a file name without its folder), ``sha256``, and what is known of it.
    cues : mapping, optional
        ``name`` and ``sha256`` of the cue sheet; None when there was none.
    networks : sequence of mapping
        ``name``, ``sha256`` and ``licence`` of each network used.
    settings : mapping
        Every setting that changes the numbers; plain values.
    steps : sequence of Step
        In the order they were run.
    version : str
        Of facewire.
    """

    source: Mapping[str, Any]
    cues: Mapping[str, Any] | None = None
    networks: Sequence[Mapping[str, Any]] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[Step] = ()
    version: str = field(default_factory=facewire_version)

    def __post_init__(self) -> None:
        for described in (self.source, self.cues):
            name = "" if described is None else str(described.get("name", ""))
            if "/" in name or "\\" in name:
                raise UsageError(
                    "The provenance may not name a folder",
                    expected="a file name alone",
                    found=name,
                )

    def with_step(self, step: Step) -> Provenance:
        """Return the same provenance with one more step at its end."""
        return Provenance(
            self.source,
            self.cues,
            self.networks,
            self.settings,
            (*self.steps, step),
            self.version,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a result file."""
        return {
            "facewire": self.version,
            "source": dict(self.source),
            "cues": None if self.cues is None else dict(self.cues),
            "networks": [dict(network) for network in self.networks],
            "settings": dict(self.settings),
            "steps": [step.to_dict() for step in self.steps],
            "machine": describe_machine(),
        }
