"""The published shapes of facewire's files, as JSON Schema 2020-12, and checking against them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.findings import complete
from facewire.results.document import Document, schema_of
from facewire.results.forecast import Forecast
from facewire.results.measurement import Measurement
from facewire.results.pictures import Mesh
from facewire.results.plan import Plan
from facewire.results.regrowth import Regrowth
from facewire.results.wiring import Wiring

__all__ = [
    "COMPARISON",
    "FORECAST",
    "GRADES",
    "MEASUREMENT",
    "MESH",
    "PLAN",
    "QUESTIONNAIRE",
    "SCHEMAS",
    "WIRING",
    "load_schema",
    "read_document",
    "validate",
]

_ENDING = ".schema.json"

MEASUREMENT = "measurement"
"""The result of `facewire measure`, ``facewire.measurement/1``."""

MESH = "mesh"
"""The face's own points that `facewire measure` writes beside its result, ``facewire.mesh/1``."""

WIRING = "wiring"
"""The wiring that `facewire wiring` infers, ``facewire.wiring/1``."""

FORECAST = "forecast"
"""The simulated course of `facewire forecast`, ``facewire.forecast/1``."""

PLAN = "plan"
"""The options of `facewire plan`, ``facewire.plan/1``."""

COMPARISON = "comparison"
"""The result of `facewire compare`, ``facewire.comparison/1``."""

GRADES = "grades"
"""The scales of `facewire grade`, ``facewire.grades/1``."""

QUESTIONNAIRE = "questionnaire"
"""The score of an answered questionnaire, ``facewire.questionnaire/1``."""

TYPED: Mapping[str, type[Document]] = {
    kind.KIND: kind for kind in (Measurement, Mesh, Wiring, Forecast, Plan, Regrowth)
}
"""Documents whose schema is generated from their type."""

SCHEMAS = tuple(
    sorted(
        {
            *TYPED,
            *(
                entry.name.removesuffix(_ENDING)
                for entry in resources.files(__name__).iterdir()
                if entry.name.endswith(_ENDING)
            ),
        }
    )
)
"""Every published schema."""

_SHOWN = 3


def load_schema(name: str) -> dict[str, Any]:
    """Return a published schema.

    Parameters
    ----------
    name : str
        One of `SCHEMAS`.

    Raises
    ------
    UsageError
        There is no schema of that name.
    """
    if name not in SCHEMAS:
        raise UsageError("There is no such schema", expected=", ".join(SCHEMAS), found=name)
    if name in TYPED:
        return schema_of(TYPED[name])
    text = resources.files(__name__).joinpath(name + _ENDING).read_text("utf-8")
    return dict(json.loads(text))


def read_document(path: Path, name: str = MEASUREMENT) -> dict[str, Any]:
    """Read a file of facewire and check it against its published schema.

    Parameters
    ----------
    path : Path
        A JSON file.
    name : str
        One of `SCHEMAS`.

    Raises
    ------
    UsageError
        The file cannot be read, is not JSON, or is not of that kind.
    """
    wanted = f"a JSON file of the kind {load_schema(name)['$id']}"
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read",
            expected=wanted,
            found=error.strerror or str(error),
            do="check the path",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"The file {path} is not JSON", expected=wanted, found=str(error)
        ) from error
    if not isinstance(document, dict):
        raise UsageError(f"The file {path} holds no document", expected=wanted)
    if name == MEASUREMENT:
        return complete(Measurement.read(path)).plain()
    if name in TYPED:
        return TYPED[name].read(path).plain()
    validate(document, name)
    return document


def validate(document: Mapping[str, Any], name: str = MEASUREMENT) -> None:
    """Check a document against a published schema.

    Parameters
    ----------
    document : mapping
        As read from JSON. NaN and infinity are refused: JSON has neither.
    name : str
        One of `SCHEMAS`.

    Raises
    ------
    UsageError
        The document does not fit; the message names the place of the first faults and what was
        expected there.
    """
    if name in TYPED:
        TYPED[name].from_json(json.dumps(document).encode())
        return
    import jsonschema

    validator = jsonschema.Draft202012Validator(load_schema(name))
    faults = sorted(validator.iter_errors(document), key=lambda fault: list(map(str, fault.path)))
    if faults:
        shown = "; ".join(
            f"{fault.json_path}: {_short(fault.message)}" for fault in faults[:_SHOWN]
        )
        more = len(faults) - _SHOWN
        raise UsageError(
            f"The document is not a {name} file of this version",
            expected=load_schema(name)["$id"],
            found=shown + (f"; and {more} more" if more > 0 else ""),
        )
    _refuse_nan(document, "$")


def _short(message: str, limit: int = 160) -> str:
    return message if len(message) <= limit else message[: limit // 2] + " ... " + message[-60:]


def _refuse_nan(value: object, place: str) -> None:
    if isinstance(value, float) and not (value - value == 0):
        raise UsageError(
            "A number of the document is not finite",
            expected="a finite number, or null with a reason",
            found=f"{value} at {place}",
        )
    if isinstance(value, Mapping):
        for key, entry in value.items():
            _refuse_nan(entry, f"{place}.{key}")
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            _refuse_nan(entry, f"{place}[{index}]")
