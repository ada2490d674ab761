"""The table of options, and the published doses that may be shown.

Only doses whose figure and whose product were both seen in the source are shown, each with its
product, as literature and never as a proposal. No row is converted into another product's units,
scaled to a degree, or added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from facewire.face.muscles import MuscleGroup
from facewire.files import packaged_table
from facewire.results.plan import PublishedDose
from facewire.safety.tables import load_rules_table
from facewire.words import mark

DOSE_NOTE = mark(
    "Published doses, as they stand in the source, for reading. They are no proposal and belong to "
    "the product named: units of different products cannot be converted into one another."
)


def load_table(name: str) -> dict[str, Any]:
    """Return one of the tables of this folder, such as ``options.toml``."""
    return packaged_table("facewire.plan", name)


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


def literature_for(muscles: Sequence[MuscleGroup]) -> tuple[PublishedDose, ...]:
    """Return what sources state about some groups, with the words that must stand beside it.

    Parameters
    ----------
    muscles : sequence of MuscleGroup
        The groups of a candidate.
    """
    rows = shown_rows(load_rules_table()["literature"])
    return tuple(_published_dose(row) for row in rows if set(row["muscles"]) & set(muscles))


def _published_dose(row: Mapping[str, Any]) -> PublishedDose:
    words = f"label dose for another indication ({row['indication']}), not for synkinesis"
    other = row["label_of_another_indication"]
    return PublishedDose(
        product=row["product"],
        indication=row["indication"],
        scope=row["scope"],
        published_low=row["low"],
        published_high=row["high"],
        muscles=tuple(MuscleGroup(name) for name in row["muscles"]),
        statement=words if other else f"published for {row['indication']}",
        source=row["source"],
        status=row["status"],
        product_status=row["product_status"],
    )
