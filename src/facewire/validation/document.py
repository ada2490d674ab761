"""The study as plain values: ``facewire.validation/1``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np

from facewire.validation.sample_size import (
    patients_for_icc,
    patients_for_limits,
    patients_for_share,
)
from facewire.validation.study import ItemStudy
from facewire.version import facewire_version
from facewire.words import mark

SCHEMA = "facewire.validation/1"
DIGITS = 4

CONTEXT = (
    {
        "text": mark(
            "Trained raters agree on Sunnybrook synkinesis with an ICC of 0.476 "
            "(0.333 to 0.666), on the composite with 0.847 (0.755 to 0.923)."
        ),
        "source": "Cabrol et al., French version of the Sunnybrook system, 31 raters, 20 videos",
    },
)
"""For orientation only; not a claim about this instrument."""


def validation_document(
    studies: Sequence[ItemStudy], *, table_sha256: str, synthetic: bool
) -> dict[str, Any]:
    """Return the study as the document that is written; NaN becomes null.

    Parameters
    ----------
    studies : sequence of ItemStudy
    table_sha256 : str
        Hash of the table of grades.
    synthetic : bool
        Whether any recording shows a synthetic patient.
    """
    return {
        "schema": SCHEMA,
        "kind": "measured",
        "facewire": facewire_version(),
        "table_sha256": table_sha256,
        "synthetic": synthetic,
        "studies": [_study(study) for study in studies],
        "context": list(CONTEXT),
        "sample_size": _sample_size(),
    }


def _study(study: ItemStudy) -> dict[str, Any]:
    row = _plain(study)
    row["item"] = study.item.name
    row["item_kind"] = study.item.kind
    return dict(row)


def _sample_size() -> list[dict[str, Any]]:
    """How many patients the next study needs, for usual wishes."""
    return [
        {
            "wish": mark("ICC of 0.8 known to ±0.1, two raters"),
            "patients": patients_for_icc(0.8, 0.2),
        },
        {
            "wish": mark("ICC of 0.5 known to ±0.1, two raters"),
            "patients": patients_for_icc(0.5, 0.2),
        },
        {
            "wish": mark("limits of agreement known to ±0.34 of the differences' SD"),
            "patients": patients_for_limits(1.0, 0.34),
        },
        {
            "wish": mark("sensitivity of 0.9 known to ±0.1, half of the patients having it"),
            "patients": patients_for_share(0.9, 0.1, 0.5),
        },
    ]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(entry) for entry in value]
    if isinstance(value, (float, np.floating)):
        return round(float(value), DIGITS) if math.isfinite(value) else None
    return value
