"""Whom a plan is for: a wiring with one affected side, its draws unpacked, its sides confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, Movement, Side
from facewire.results.wiring import Wiring
from facewire.wiring import FaceState


@dataclass(frozen=True)
class Person:
    """A wiring and the faces that stand for it.

    Parameters
    ----------
    wiring : Wiring
    state : FaceState
        Its draws.
    affected : Side
    """

    wiring: Wiring
    state: FaceState
    affected: Side

    @classmethod
    def of(cls, wiring: Wiring) -> Person | None:
        """Return whom a wiring is of; None where no side is affected.

        Raises
        ------
        UsageError
            Left and right are not confirmed, or the affected side could not be told.
        """
        if not wiring.side_confirmed:
            raise UsageError(
                "Left and right are not confirmed, and a plan for the wrong side would harm",
                expected="side_confirmed true",
                found="side_confirmed false",
                do="measure again with --mirrored yes or no, then infer the wiring again",
            )
        if wiring.affected_side is not None:
            return cls(wiring, FaceState.of_draws(wiring.draws), wiring.affected_side)
        states = [one.side_status for one in wiring.source.measurements]
        unclear = [state for state in states if state in ("undecided", "both")]
        if unclear or any(edge.present for edge in wiring.edges):
            raise UsageError(
                "The affected side is not known",
                expected="one affected side, left or right",
                found=f"side_status {unclear[0]}" if unclear else "wrong edges without a side",
                do="measure again with --affected L or R",
            )
        return None

    @property
    def recorded(self) -> tuple[Movement, ...]:
        """The movements that the edges say something about; all of them where none does."""
        told = {e.command for e in self.wiring.edges if e.distinguishable or e.present}
        return tuple(m for m in MOVEMENTS if m in told) or MOVEMENTS
