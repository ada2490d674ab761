"""What healthy faces do: published figures, with their sources, as used by the map.

Every figure carries its mean, its spread between people, how many people, and where it was read.
"""

from __future__ import annotations

from dataclasses import dataclass

from facewire.errors import UsageError
from facewire.face import Movement


@dataclass(frozen=True)
class Norm:
    """A published figure of healthy people: mean and standard deviation, with its source."""

    mean: float
    sd: float
    n: int
    source: str

    def __post_init__(self) -> None:
        if not (self.sd > 0 and self.n > 0 and self.source):
            raise UsageError(
                "A published figure is incomplete",
                expected="a spread above 0, a number of people, a source",
                found=f"{self.sd}, {self.n}, {self.source!r}",
            )


_AUTO_EFACE = "Auto-eFace landmarks of healthy people (MIT licence), 9 people, 18 eyes"

EYE_CHANGE: dict[Movement, Norm] = {
    Movement.SMILE_OPEN: Norm(
        -0.2156, 0.1338, 50, "FACE program 2013, Laryngoscope, doi 10.1002/lary.23778"
    ),
    Movement.SMILE_CLOSED: Norm(-0.231, 0.169, 9, _AUTO_EFACE),
    Movement.LIP_PUCKER: Norm(-0.081, 0.176, 9, _AUTO_EFACE),
    Movement.BROW_RAISE: Norm(0.228, 0.141, 9, _AUTO_EFACE),
    Movement.LOWER_TEETH_SHOW: Norm(-0.128, 0.119, 9, _AUTO_EFACE),
}
"""Change of the fissure in a full movement, as a part of the resting fissure."""

EYE_SIDE_DIFFERENCE = Norm(0.05, 0.039, 9, _AUTO_EFACE)
"""Difference of fissure / rest between the sides in a large smile; the largest seen was 0.099."""

EYE_BEYOND = 0.10
"""Side difference of fissure / rest outside those nine people: a starting threshold only."""

WEAKER_OVER_STRONGER = Norm(0.858, 0.130, 10, _AUTO_EFACE)
"""Commissure displacement in a large smile, weaker side over stronger."""

OTHER_BEYOND = 0.40
"""Side difference, as a part of the other side's change, that 1 - (mean - 2 SD) of
`WEAKER_OVER_STRONGER` leaves to healthy faces."""

PRESENT_MM = 0.7
"""An involuntary change of this size counts as present."""

PRESENT_EYE_SHARE = 0.08
"""For the eye this part of the resting fissure counts as well."""

ADULT_YEARS = 18.0
"""Norms of adults are not applied to younger people."""
