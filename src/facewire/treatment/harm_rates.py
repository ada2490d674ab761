"""Published rates of harm, of toxin and of operations: told beside a simulation, never mixed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facewire.results.harm import Harm, PublishedHarm
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.facts import fact

PUBLISHED: dict[Harm, tuple[str, ...]] = {
    Harm.LAGOPHTHALMOS_2: ("harm_lagophthalmos_review", "harm_pretarsal_synkinesis"),
    Harm.LID_PTOSIS: ("harm_lid_droop_review", "harm_lid_droop_label", "harm_pretarsal_synkinesis"),
    Harm.DIPLOPIA: ("harm_diplopia_review",),
    Harm.ORAL_INCOMPETENCE: ("harm_healthy_smile_drooling", "harm_healthy_perioral_drinking"),
}
"""Published rates of each harm, by their facts: of toxin, in the faces that the facts name."""
OF_OPERATIONS = {
    "lid_weight_ptosis": Harm.LID_PTOSIS,
    "lid_weight_astigmatism": Harm.ASTIGMATISM,
    "lid_weight_complications": Harm.ANY_OF_OPERATION,
    "lid_weight_extrusion": Harm.EXTRUSION,
    "lid_weight_bulging": Harm.BULGING,
    "lid_weight_revision_gold": Harm.REVISION,
    "lid_weight_revision_platinum": Harm.REVISION,
    "lid_weight_allergy": Harm.ALLERGY,
    "tarsorrhaphy_any": Harm.ANY_OF_OPERATION,
    "canthoplasty_revision": Harm.REVISION,
    "neurolysis_oral_incompetence": Harm.ORAL_INCOMPETENCE,
    "neurolysis_revision": Harm.REVISION,
    "gracilis_failure": Harm.FAILED_TRANSFER,
    "nerve_transfer_unfavourable": Harm.UNFAVOURABLE,
}
"""Published rates of operations: which harm each is of."""


def rates_of_operations(treatments: Sequence[Scheduled]) -> tuple[PublishedHarm, ...]:
    """Return what is published of the operations of a plan from day 0 on, each once."""
    operations = dict.fromkeys(
        (name, s.treatment.kind)
        for s in treatments
        if s.day >= 0
        for name in s.treatment.risk_ids()
    )
    return tuple(published_rate(OF_OPERATIONS[name], name, kind) for name, kind in operations)


def published_rate(harm: Harm, name: str, treatment: str | None = None) -> PublishedHarm:
    """Return a published rate of a harm, of toxin where no operation is named.

    Parameters
    ----------
    harm : Harm
    name : str
        Of the fact.
    treatment : str, optional
        Kind of the operation.
    """
    one = fact(name)
    ends = [None if np.isnan(end) else round(100.0 * end, 1) for end in (one.low, one.high)]
    return PublishedHarm(
        harm=harm,
        fact=one.id,
        percent=round(100.0 * one.value, 1),
        low_percent=ends[0],
        high_percent=ends[1],
        n=one.n or None,
        condition=one.condition,
        citation=one.citation,
        status=one.status,  # type: ignore[arg-type]
        treatment=treatment,
    )
