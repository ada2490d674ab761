"""Surgery that weakens: myectomy takes muscle out, selective neurolysis cuts nerve branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, Movement
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment, check_choice, on_groups
from facewire.treatment.course import Step
from facewire.treatment.effect import Effect
from facewire.treatment.facts import draw, fact, normals
from facewire.treatment.muscles import LID_CLOSERS, groups_of
from facewire.wiring import FaceState
from facewire.wiring.state import side_index
from facewire.words import mark

FloatArray = NDArray[np.float64]

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


SPARED = mark("its branches are spared in published series.")
NO_RATE = mark(
    "no rate of harm was found for branches to the eye and the brow; published rates are of buccal "
    "and cervical branches alone."
)
TOXIN_GOES_ON = mark(
    "toxin goes on afterwards in published series (72 to 90 units a session, 24 people, "
    "fpsam.2024.0240); without it, this forecast expects more to be left than those series show."
)
CHOSEN_EDGE = 0.1
"""Wrong activation of a muscle, summed over the commands, from which its branches can be chosen."""
UPPER = LID_CLOSERS | {MuscleGroup.FRONTALIS, MuscleGroup.CORRUGATOR}


@dataclass(frozen=True)
class Cut:
    """A wrong connection to cut: one command into a muscle, or every command into it."""

    muscle: str
    command: Movement | None = None

    def __post_init__(self) -> None:
        if not groups_of(self.muscle, "muscle of a cut"):
            raise UsageError(
                "A cut names a muscle that is not simulated",
                expected="a muscle whose movement video sees",
                found=self.muscle,
            )

    def __str__(self) -> str:
        return f"{self.command or 'every command'} -> {self.muscle}"


@dataclass(frozen=True)
class SelectiveNeurolysis(Treatment):
    """Selective neurolysis (selective neurectomy) of one side.

    ``wrong (1 - k)`` for each cut edge; ``right (1 - v)`` for the wanted movement of each muscle
    that is cut, as its branch carries both. Tightness at rest comes by the same branches: it falls
    with them, in proportion to what of the wrong wiring is cut (assumed). Where nothing wrong runs
    to a muscle, as on a healthy side, its branch carries what is wanted alone and the muscle loses
    the force. Axons of a cut branch are gone at once. Regrowth and revision are told as a risk, not
    simulated.

    Parameters
    ----------
    side : Side
    cuts : tuple of Cut
        What is cut.

    Raises
    ------
    UsageError
        Nothing is cut, or a muscle is not known.
    """

    kind: ClassVar[TreatmentKind] = "selective_neurolysis"
    uses: ClassVar[tuple[str, ...]] = ("neurolysis_share", "neurolysis_collateral")
    risks: ClassVar[tuple[str, ...]] = ("neurolysis_oral_incompetence", "neurolysis_revision")

    cuts: tuple[Cut, ...]

    def __post_init__(self) -> None:
        if not self.cuts:
            raise UsageError("A neurolysis cuts nothing", expected="one cut or more in cuts")

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:
        """Return the loss of the cut edges and of what runs beside them."""
        n, side = state.draws, side_index(self.side)
        wrong, right = np.zeros_like(state.wrong), np.zeros_like(state.right)
        strength, tone = np.zeros_like(state.strength), np.zeros_like(state.tone)
        for group, commands in self._rows():
            cut = self._share(n, seed, str(group))
            beside = draw(fact("neurolysis_collateral"), n, seed, str(group))
            g = GROUP_INDEX[group]
            wrong[:, side, commands, g] = cut[:, None]
            right[:, side, :, g] = beside[:, None]
            nothing = self._nothing_wrong(state, group)
            strength[:, side, g] = cut * nothing
            tight = state.tone[:, side, g] > 0
            share = _share_of(state.wrong[:, side, :, g], commands)
            tone[:, side, g] = np.where(tight, cut * (1.0 - nothing) * share, 0.0)
        return (Effect(Step(n), strength=strength, tone=tone, wrong=wrong, right=right),)

    def _share(self, n: int, seed: int, group: str) -> FloatArray:
        known = fact("neurolysis_share")
        if self.response is None:
            return draw(known, n, seed, group)
        return self.response.shares(known.value, normals(n, seed, f"learned/{self.kind}"))

    def _nothing_wrong(self, state: FaceState, group: MuscleGroup) -> FloatArray:
        """How little the cut branches carry that is wrong, (n,): 1 nothing, 0 enough to choose."""
        columns = sorted(
            {
                GROUP_INDEX[one]
                for cut in self.cuts
                if group in groups_of(cut.muscle)
                for one in groups_of(cut.muscle)
            }
        )
        there = state.wrong[:, side_index(self.side)][..., columns].sum(axis=(1, 2))
        return np.asarray(np.clip(1.0 - there / CHOSEN_EDGE, 0.0, 1.0))

    def _rows(self) -> list[tuple[MuscleGroup, list[int]]]:
        found: dict[MuscleGroup, set[int]] = {}
        for cut in self.cuts:
            commands = MOVEMENTS if cut.command is None else (cut.command,)
            for group in groups_of(cut.muscle):
                found.setdefault(group, set()).update(MOVEMENTS.index(m) for m in commands)
        return [(group, sorted(rows)) for group, rows in found.items()]

    def risk_ids(self) -> tuple[str, ...]:
        """Return the published rates; they are of buccal and cervical branches alone."""
        return () if self._upper() else self.risks

    def _upper(self) -> bool:
        return any(group in UPPER for cut in self.cuts for group in groups_of(cut.muscle))

    def remarks(self) -> tuple[str, ...]:
        """Warn where the smile's own muscle is cut, and where no rate of harm is published."""
        found = [f"selective_neurolysis: {NO_RATE}"] if self._upper() else []
        if any(MuscleGroup.ZYGOMATICUS_MAJOR in groups_of(cut.muscle) for cut in self.cuts):
            found.append(f"zygomaticus_major: {SPARED}")
        return (*found, f"selective_neurolysis: {TOXIN_GOES_ON}")


def _share_of(wrong: FloatArray, commands: list[int]) -> FloatArray:
    """Return which part of a muscle's wrong activation some commands carry, (n,); of (n, 8)."""
    whole = wrong.sum(axis=1)
    return np.where(whole > 0, wrong[:, commands].sum(axis=1) / np.maximum(whole, 1e-9), 1.0)
