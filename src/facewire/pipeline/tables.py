"""The synkinesis map as a table for spreadsheets, beside the JSON."""

from __future__ import annotations

import csv
import io
from typing import Any

COLUMNS = (
    "movement",
    "region",
    "side",
    "change_mm",
    "ci_low",
    "ci_high",
    "present",
    "detected",
    "beyond_healthy",
    "percent",
    "percent_of",
    "gain",
    "gain_ci_low",
    "gain_ci_high",
    "voluntary_mm",
    "latency_s",
    "repetitions",
    "reason",
)


def map_csv(result: dict[str, Any]) -> str:
    """Return the map's rows as comma-separated values; what could not be told is empty.

    Parameters
    ----------
    result : dict
        A result; millimetres and seconds as in its rows.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, extrasaction="ignore", restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(result["synkinesis"])
    return text.getvalue()
