"""Doses that stand in a source, shown beside a candidate as literature: never a proposal.

Only rows whose figure and whose product were both seen in the source are shown, each with its
product. No row is converted into another product's units, scaled to a degree, or added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from facewire.face.muscles import MuscleGroup
from facewire.plan.tables import load_table
from facewire.words import mark

NOTE = mark(
    "Published doses, as they stand in the source, for reading. They are no proposal and belong to "
    "the product named: units of different products cannot be converted into one another."
)


def shown_rows(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows that may be shown: figure and product both seen, product named."""
    return [
        row
        for row in rows
        if row.get("status") == "seen"
        and row.get("product_status") == "seen"
        and row.get("product") not in (None, "", "unspecified")
        and row.get("display", True) is True
    ]


def literature_for(muscles: Sequence[MuscleGroup]) -> list[dict[str, Any]]:
    """Return what sources state about some groups, with the words that must stand beside it.

    Parameters
    ----------
    muscles : sequence of MuscleGroup
        The groups of a candidate.
    """
    rows = shown_rows(load_table("rules.toml")["literature"])
    return [_stated(row) for row in rows if set(row["muscles"]) & set(muscles)]


def _stated(row: Mapping[str, Any]) -> dict[str, Any]:
    other = row["label_of_another_indication"]
    words = f"label dose for another indication ({row['indication']}), not for synkinesis"
    return {
        "product": row["product"],
        "indication": row["indication"],
        "scope": row["scope"],
        "published_low": row["low"],
        "published_high": row["high"],
        "muscles": list(row["muscles"]),
        "statement": words if other else f"published for {row['indication']}",
        "source": row["source"],
        "status": row["status"],
        "product_status": row["product_status"],
    }
