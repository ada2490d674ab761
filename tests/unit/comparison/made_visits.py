"""Visits of one person, written by hand from the example result."""

from __future__ import annotations

import json
from typing import Any

from example_result import example_result
from facewire.comparison import Visit
from facewire.results.measurement import Measurement

Z95 = 1.959964
"""Half a 95 % interval of a normal error, in standard deviations."""

SMILE_EYE = ("smile_open", "eye", "R")


def result(document: dict[str, Any], place: tuple[str, ...] = SMILE_EYE, **own: Any) -> Measurement:
    """The measurement of a document; ``own`` replaces fields of one involuntary cell.

    Every effort is 8 mm, 7 to 9 mm over the repetitions, unless ``own`` says otherwise; intervals
    follow from value and deviation unless it gives them.
    """
    for row in document["synkinesis"]:
        row.update(voluntary_mm=8.0, voluntary_low_mm=7.0, voluntary_high_mm=9.0)
        if (row["movement"], row["region"], row["side"]) == place:
            row.update(own)
            sd = row.get("change_sd_mm")
            if sd is not None and not {"ci_low", "ci_high"} & own.keys():
                row.update(ci_low=row["change_mm"] - Z95 * sd, ci_high=row["change_mm"] + Z95 * sd)
    return Measurement.from_json(json.dumps(document).encode())


def visit(name: str = "visit", subject: str | None = None, **eye: Any) -> Visit:
    """An example visit; ``eye`` replaces fields of the right eye's cell in the open smile."""
    return Visit(name, result(example_result() | {"subject": subject}, **eye))
