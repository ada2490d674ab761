"""Synthetic patients as TOML files: reading them, and the ones that come with facewire."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from facewire.errors import PatientFileError
from facewire.face import MOVEMENTS, Movement, Side
from facewire.synthetic.commands import MUSCLES, Muscle
from facewire.synthetic.patient_spec import (
    Behaviour,
    Camera,
    FaceLook,
    Miswiring,
    PatientSpec,
    Protocol,
    check,
    check_choice,
)

PATIENTS_FOLDER = Path(__file__).parent / "patients"
DEMO_PATIENT = PATIENTS_FOLDER / "demo.toml"
HEALTHY_PATIENT = PATIENTS_FOLDER / "healthy.toml"
FLACCID_PATIENT = PATIENTS_FOLDER / "flaccid.toml"

__all__ = [
    "DEMO_PATIENT",
    "FLACCID_PATIENT",
    "HEALTHY_PATIENT",
    "Behaviour",
    "Camera",
    "FaceLook",
    "Miswiring",
    "PatientSpec",
    "Protocol",
    "load_patient",
]


def load_patient(path: Path) -> PatientSpec:
    """Read a synthetic patient from a TOML file.

    Raises
    ------
    PatientFileError
        The file cannot be read, is no TOML, or a value is unknown, missing or out of range.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PatientFileError(
            f"The patient file {path} cannot be read", found=str(error), do="check the path"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PatientFileError(f"The patient file {path} is not TOML", found=str(error)) from error
    return _patient(table)


def _patient(table: dict[str, Any]) -> PatientSpec:
    _check_keys("the file", table, PatientSpec)
    check("name" in table, "name", "a word", "nothing")
    readers: dict[str, Callable[[Any], Any]] = {
        "name": lambda v: _typed("name", v, str),
        "seed": lambda v: _typed("seed", v, int),
        "affected_side": _side,
        "voluntary_gain": lambda v: _numbers("voluntary_gain", v),
        "resting_tone": _tones,
        "miswiring": lambda v: tuple(_edge(e) for e in _typed("miswiring", v, list)),
        "face": lambda v: _section("face", v, FaceLook),
        "behaviour": lambda v: _section("behaviour", v, Behaviour),
        "camera": lambda v: _section("camera", v, Camera),
        "protocol": lambda v: _section("protocol", v, Protocol),
    }
    return PatientSpec(**{key: readers[key](value) for key, value in table.items()})


def _side(value: object) -> Side | None:
    check_choice("affected_side", value, ("L", "R", "none"))
    return None if value == "none" else Side(str(value))


def _tones(value: object) -> dict[Muscle, float]:
    tones = _numbers("resting_tone", value)
    for name in tones:
        check_choice("resting_tone", name, MUSCLES)
    return {Muscle(name): tone for name, tone in tones.items()}


def _edge(value: object) -> Miswiring:
    edge = _typed("miswiring", value, dict)
    wrong = set(edge) - {"from", "to", "gain", "latency_s"}
    check(not wrong, "miswiring", "from, to, gain, latency_s", ", ".join(sorted(wrong)))
    missing = {"from", "to", "gain"} - set(edge)
    check(not missing, "miswiring", "from, to, gain", "no " + ", no ".join(sorted(missing)))
    check_choice("miswiring.to", edge["to"], MUSCLES)
    numbers = _numbers("miswiring", {k: v for k, v in edge.items() if k not in ("from", "to")})
    return Miswiring(edge["from"], Muscle(edge["to"]), **numbers)


def _section(name: str, value: object, kind: type) -> Any:
    table = _typed(name, value, dict)
    _check_keys(name, table, kind)
    defaults = kind()
    read = {}
    for key, entry in table.items():
        default = getattr(defaults, key)
        if isinstance(default, tuple):
            read[key] = _sequence(f"{name}.{key}", entry)
        else:
            wanted = int if isinstance(default, int) else float
            read[key] = _typed(f"{name}.{key}", entry, wanted)
    return kind(**read)


def _sequence(where: str, value: object) -> tuple[Any, ...]:
    entries = _typed(where, value, list)
    if where == "protocol.movements":
        for entry in entries:
            check_choice(where, entry, MOVEMENTS)
        return tuple(Movement(entry) for entry in entries)
    return tuple(_typed(where, entry, int) for entry in entries)


def _numbers(where: str, value: object) -> dict[str, float]:
    table = _typed(where, value, dict)
    return {str(k): _typed(f"{where}.{k}", v, float) for k, v in table.items()}


def _typed(where: str, value: object, kind: type) -> Any:
    accepted = (int, float) if kind is float else (kind,)
    fits = isinstance(value, accepted) and not isinstance(value, bool)
    words = {dict: "a table", list: "a list", str: "text", int: "a whole number"}
    check(fits, where, words.get(kind, "a number"), value)
    return value


def _check_keys(where: str, table: dict[str, Any], kind: type) -> None:
    known = [f.name for f in fields(kind)]
    unknown = sorted(set(table) - set(known))
    check(not unknown, f"keys of {where}", "only " + ", ".join(known), ", ".join(unknown))
