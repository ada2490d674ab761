"""The table of options, and the published doses that may be shown.

Only doses whose figure and whose product were both seen in the source are shown, each with its
product, as literature and never as a proposal. No row is converted into another product's units,
scaled to a degree, or added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from facewire.face.muscles import MuscleGroup
from facewire.files import packaged_table
from facewire.results.plan import PublishedDose
from facewire.treatment.facts import Dose, doses
from facewire.words import mark

DOSE_NOTE = mark(
    "Published doses, as they stand in the source, for reading. They are no proposal and belong to "
    "the product named: units of different products cannot be converted into one another."
)

SCOPES = {"site": mark("units a site"), "session": mark("units a session")}
OF_SYNKINESIS = mark("published for synkinesis")
OF_ANOTHER = mark("for another indication, not for synkinesis")


def load_table(name: str) -> dict[str, Any]:
    """Return one of the tables of this folder, such as ``options.toml``."""
    return packaged_table("facewire.plan", name)


def literature_for(muscles: Sequence[MuscleGroup]) -> tuple[PublishedDose, ...]:
    """Return what sources state about some groups, with the words that must stand beside it.

    Parameters
    ----------
    muscles : sequence of MuscleGroup
        The groups of a candidate.
    """
    return tuple(_published_dose(d) for d in doses() if d.shown and set(d.muscles) & set(muscles))


def _published_dose(dose: Dose) -> PublishedDose:
    return PublishedDose(
        product=dose.product,
        indication=dose.target,
        scope=SCOPES[dose.basis],
        published_low=dose.low,
        published_high=dose.high,
        muscles=dose.muscles,
        statement=OF_SYNKINESIS if dose.synkinesis else OF_ANOTHER,
        source=dose.citation,
        status="seen",
        product_status="seen",
    )
