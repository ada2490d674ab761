"""What every treatment is: a value that turns a face into the face some days later."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.results.forecast import TreatmentKind
from facewire.treatment.effect import Direction, Effect, changed
from facewire.treatment.facts import normals
from facewire.wiring import FaceState
from facewire.wiring.state import N_GROUPS, N_SIDES, side_index

FloatArray = NDArray[np.float64]

NOT_SET = ("side", "response")
"""Fields of a treatment that are no settings of its own."""


@dataclass(frozen=True)
class OwnResponse:
    """What is simulated of a treatment instead of the literature: learned from measured courses.

    Parameters
    ----------
    effect, effect_sd : float
        The next course's effect as a multiple of the literature's, and its deviation.
    duration_days, duration_log_sd : float, optional
        How long it lasts, and the deviation of its logarithm; None leaves the literature's.
    """

    effect: float
    effect_sd: float
    duration_days: float | None = None
    duration_log_sd: float = 0.0

    def shares(self, usual: float, z: FloatArray) -> FloatArray:
        """Return draws of a share that the literature expects to be ``usual``, shape of ``z``.

        Parameters
        ----------
        usual : float
        z : ndarray
            Standard normal draws.
        """
        return np.asarray(np.clip(usual * (self.effect + self.effect_sd * z), 0.0, 1.0))

    def durations(self, n: int, seed: int) -> FloatArray:
        """Return draws of the duration, days; the same for all muscles of one seed."""
        z = normals(n, seed, "learned_duration")
        return np.asarray((self.duration_days or 0.0) * np.exp(self.duration_log_sd * z))


@dataclass(frozen=True)
class Treatment:
    """A treatment of one side of the face.

    Parameters
    ----------
    side : Side
        The patient's own.
    response : OwnResponse, optional
        What this clinic or this person taught of it; without, the literature's.
    """

    kind: ClassVar[TreatmentKind]
    uses: ClassVar[tuple[str, ...]] = ()
    """Facts that set what is simulated."""
    risks: ClassVar[tuple[str, ...]] = ()
    """Facts that are told beside it and not simulated."""

    side: Side
    response: OwnResponse | None = field(default=None, kw_only=True)

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:
        """Return what it changes in this face.

        Parameters
        ----------
        state : FaceState
            The face before it.
        seed : int
            Same face and seed, same draws of the uncertain parameters.
        """
        raise NotImplementedError

    def directions(self) -> tuple[Direction, ...]:
        """Return the changes of which only the direction is known."""
        return ()

    def remarks(self) -> tuple[str, ...]:
        """Return what a reader must know of this treatment, in words."""
        return ()

    def removes(self) -> tuple[MuscleGroup, ...]:
        """Return the groups that it takes away for good."""
        return ()

    def risk_ids(self) -> tuple[str, ...]:
        """Return the published risks of what is done here, by their facts."""
        return self.risks

    def fact_ids(self) -> tuple[str, ...]:
        """Return the facts that set what is simulated here."""
        return self.uses

    def after(self, state: FaceState, days: float, seed: int = 0) -> FaceState:
        """Return the face so many days after the treatment.

        Parameters
        ----------
        state : FaceState
            The face before it.
        days : float
            Since the treatment.
        seed : int, optional
            Same face, days and seed, same result.
        """
        found = state
        for effect in self.effects(state, seed):
            found = changed(found, effect, days)
        return found

    def mirrored(self) -> Self:
        """Return the same treatment on the other side."""
        return replace(self, side=self.side.other)

    def settings(self) -> dict[str, Any]:
        """Return its own fields, those not given left out; cuts in words."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in NOT_SET}
        return {
            name: tuple(map(str, value)) if isinstance(value, tuple) else value
            for name, value in own.items()
            if value is not None
        }


def on_groups(side: Side, groups: tuple[MuscleGroup, ...], share: FloatArray) -> FloatArray:
    """Return a share for some groups of one side and 0 elsewhere, shape (n, 2, 14).

    Parameters
    ----------
    side : Side
    groups : tuple of MuscleGroup
    share : ndarray, shape (n,)
    """
    found = np.zeros((len(share), N_SIDES, N_GROUPS))
    for group in groups:
        found[:, side_index(side), GROUP_INDEX[group]] = share
    return found


def check_range(field: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside a range.

    Parameters
    ----------
    field : str
        Name for the message.
    value : float
    low, high : float
        Ends included.

    Raises
    ------
    UsageError
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UsageError(
            f"The {field} of a treatment cannot be used",
            expected=f"a number from {low:g} to {high:g}",
            found=str(value),
        )


def check_choice(field: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among the choices, with a `UsageError` that names them."""
    if value not in choices:
        raise UsageError(
            f"The {field} of a treatment is not known",
            expected=", ".join(choices),
            found=str(value),
        )
