"""The wiring of one face, inferred from its synkinesis map: edges, and the face they describe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from facewire.face import Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.wiring.state import FaceState


@dataclass(frozen=True)
class Edge:
    """One connection: a command, and a muscle group that it reaches. Inferred, never measured.

    Parameters
    ----------
    command : Movement
        The movement that is asked for.
    muscle : MuscleGroup
        What it reaches.
    side : Side
        Side of the muscle.
    kind : str
        ``right`` where the muscle belongs to the movement, ``wrong`` where it does not.
    percent : float
        Activation in percent of the full activation of the healthy side's own muscle. NaN where
        it cannot be told, with a ``reason``.
    ci_low, ci_high : float
        95 % interval, percent.
    probability : float
        That the edge is there at all (for a wrong edge: above ``PRESENT_PERCENT``).
    present : bool or None
        None when these data cannot tell.
    distinguishable : bool
        False when the recorded movements cannot tell this edge from another one.
    confused_with : tuple of MuscleGroup
        The groups of those other edges.
    resolved_by : str
        What would tell them apart: a movement to record, a finding, a test block; empty if none.
    reason : str
        Why there is no number, or no answer.
    """

    command: Movement
    muscle: MuscleGroup
    side: Side
    kind: str
    percent: float = float("nan")
    ci_low: float = float("nan")
    ci_high: float = float("nan")
    probability: float = float("nan")
    present: bool | None = None
    distinguishable: bool = True
    confused_with: tuple[MuscleGroup, ...] = ()
    resolved_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class WiringModel:
    """The inferred wiring of one face.

    Parameters
    ----------
    affected_side : Side or None
        None for a healthy face.
    side_confirmed : bool
        Whether left and right are confirmed; a plan needs it.
    edges : tuple of Edge
        Every command and group of the affected side; of both sides for a healthy face.
    state : FaceState
        Draws that stand for the wiring and what is not known about it.
    source : mapping
        What it was inferred from: files with their hashes, subject, settings, whether synthetic.
    findings : tuple of mapping
        What the clinician saw or felt, as given.
    notes : tuple of str
        What a reader must know, in words.
    """

    affected_side: Side | None
    side_confirmed: bool
    edges: tuple[Edge, ...]
    state: FaceState
    source: dict[str, Any] = field(default_factory=dict)
    findings: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
