"""The published shapes of facewire's files, as JSON Schema 2020-12, and checking against them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facewire.findings import complete
from facewire.results.comparison import Comparison
from facewire.results.document import Document
from facewire.results.forecast import Forecast
from facewire.results.grades import Grades
from facewire.results.measurement import Measurement
from facewire.results.pictures import Mesh
from facewire.results.plan import Plan
from facewire.results.questionnaire import Questionnaire
from facewire.results.regrowth import Regrowth
from facewire.results.validation import Validation
from facewire.results.wiring import Wiring

__all__ = [
    "FORECAST",
    "MEASUREMENT",
    "MESH",
    "PLAN",
    "WIRING",
    "read_document",
    "validate",
]

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

TYPED: Mapping[str, type[Document]] = {
    kind.KIND: kind
    for kind in (
        Comparison,
        Forecast,
        Grades,
        Measurement,
        Mesh,
        Plan,
        Questionnaire,
        Regrowth,
        Validation,
        Wiring,
    )
}
"""Every kind of document; its schema is generated from its type."""


def read_document(path: Path, name: str = MEASUREMENT) -> dict[str, Any]:
    """Read a file of facewire and check it against its published schema.

    Parameters
    ----------
    path : Path
        A JSON file.
    name : str
        A key of `TYPED`.

    Raises
    ------
    UsageError
        The file cannot be read, is not JSON, or is not of that kind.
    """
    if name == MEASUREMENT:
        return complete(Measurement.read(path)).plain()
    return TYPED[name].read(path).plain()


def validate(document: Mapping[str, Any], name: str = MEASUREMENT) -> None:
    """Check a document against a published schema.

    Parameters
    ----------
    document : mapping
        As read from JSON. NaN and infinity are refused: JSON has neither.
    name : str
        A key of `TYPED`.

    Raises
    ------
    UsageError
        The document does not fit; the message names the place of the first faults and what was
        expected there.
    """
    TYPED[name].from_json(json.dumps(document).encode())
