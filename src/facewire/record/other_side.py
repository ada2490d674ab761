"""What the record says of the side that is not affected: whether it was treated before a visit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from facewire.record.clinical import history_of
from facewire.record.injections import TOXIN, treatments_of
from facewire.record.store import Session

OPERATED = "operated"
OPERATIONS = frozenset(
    (
        "brow_lift",
        "canthoplasty",
        "cross_face_nerve_graft",
        "facelift",
        "gracilis_transfer",
        "lid_weight_removed",
        "myectomy",
        "nerve_transfer",
        "selective_denervation",
        "selective_neurolysis",
        "tarsorrhaphy",
        "upper_lid_weight",
    )
)
"""Procedures after which a side no longer moves as it was born to."""

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def other_side_treated(session: Session, patient_id: str, side: str, on: date) -> str | None:
    """Return what was done to a side up to a day that may keep it from being a reference.

    Parameters
    ----------
    session : Session
    patient_id : str
    side : str
        ``L`` or ``R``: the side that is not affected.
    on : date
        The day of the recording; what came later is left out.

    Returns
    -------
    str or None
        ``operated``, or the day of the last toxin (``YYYY-MM-DD``); whether that is long enough
        ago, the measurement decides. None when the record holds neither.
    """
    given = [row for row in treatments_of(session, patient_id) if row.side == side and row.on <= on]
    earlier = history_of(session, patient_id)
    surgery = [] if earlier is None else list(_earlier(earlier.earlier_surgery, side, on))
    if OPERATIONS.intersection((*surgery, *(row.procedure for row in given))):
        return OPERATED
    days = [row.on for row in given if row.procedure == TOXIN]
    return max(days).isoformat() if days else None


def _earlier(surgery: list[Any], side: str, on: date) -> Iterator[str]:
    """Yield earlier operations of a side; a day that cannot be read is one before the visit."""
    for one in surgery:
        said = str(one.get("on", ""))
        later = bool(_DAY.fullmatch(said)) and said > on.isoformat()[: len(said)]
        if one.get("side") in (side, "both") and not later:
            yield str(one.get("procedure", ""))
