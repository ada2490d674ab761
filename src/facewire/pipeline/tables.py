"""The synkinesis map as a table for spreadsheets, beside the JSON."""

from __future__ import annotations

import csv
import io

from facewire.results.measurement import Measurement

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


def map_csv(result: Measurement) -> str:
    """Return the map's rows as comma-separated values; what could not be told is empty.

    Parameters
    ----------
    result : Measurement
        Millimetres and seconds as in its rows.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, extrasaction="ignore", restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(cell.model_dump(mode="json") for cell in result.synkinesis)
    return text.getvalue()
