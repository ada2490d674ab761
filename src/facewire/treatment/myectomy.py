"""Myectomy: a part of a muscle is taken out (depressor anguli oris, platysma, or both)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from facewire.errors import UsageError
from facewire.face.muscles import MuscleGroup
from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment, check_choice, on_groups
from facewire.treatment.course import Step
from facewire.treatment.draws import draw
from facewire.treatment.effect import Effect
from facewire.treatment.facts import fact
from facewire.treatment.muscles import groups_of
from facewire.wiring import FaceState
from facewire.words import mark

EXCISED = ("depressor_anguli_oris", "platysma", "buccinator")
"""Muscles of which published series report an excision."""

NOT_SIMULATED = mark("recorded, not simulated; video sees no movement of its own.")
NO_MILLIMETRES = mark("no published millimetres; the change follows from the wiring alone.")


@dataclass(frozen=True)
class Myectomy(Treatment):
    """Excision of one or several muscles of one side: ``strength (1 - e)`` from that day on.

    Parameters
    ----------
    side : Side
    muscles : tuple of str
        Of `EXCISED`. Buccinator is recorded: video sees no movement of its own.

    Raises
    ------
    UsageError
        No muscle, or one that no published series excises.
    """

    kind: ClassVar[TreatmentKind] = "myectomy"
    uses: ClassVar[tuple[str, ...]] = ("myectomy_removed",)

    muscles: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.muscles:
            raise UsageError("A myectomy names no muscle", expected=", ".join(EXCISED))
        for muscle in self.muscles:
            check_choice("muscle", muscle, EXCISED)

    def removes(self) -> tuple[MuscleGroup, ...]:
        """Return the groups that are excised."""
        return tuple(g for name in self.muscles for g in groups_of(name))

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:
        """Return the loss of force of the excised muscles."""
        n = state.draws
        shares = sum(
            on_groups(self.side, (group,), draw(fact("myectomy_removed"), n, seed, str(group)))
            for group in dict.fromkeys(self.removes())
        )
        return (Effect(Step(n), strength=shares),) if self.removes() else ()  # type: ignore[arg-type]

    def remarks(self) -> tuple[str, ...]:
        """Say what is not simulated and what has no figure to compare with."""
        found = []
        if "buccinator" in self.muscles:
            found.append(f"buccinator: {NOT_SIMULATED}")
        if "platysma" in self.muscles:
            found.append(f"platysma: {NO_MILLIMETRES}")
        return tuple(found)
