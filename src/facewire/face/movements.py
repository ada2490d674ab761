"""One row for each movement: what it moves, along which way, how far, driven by which muscles.

A new movement is a member of `Movement` and a row here. What follows from the row follows
everywhere; tables that cannot follow (words, drawings, published figures) are named by
``tests/unit/face/test_movements.py`` until each has its own entry.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face.muscles import GROUP_INDEX, GROUPS, MuscleGroup
from facewire.face.vocabulary import MOVEMENTS, Component, Movement, Region, components

Direction = tuple[tuple[Region, Component, float], ...]
"""Parts of a unit vector: region, component and weight, outward and up positive."""

MOUTH = (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA, Region.CHIN)

SHAPE = ("fissure", "brow", "commissure across", "commissure up", "lip gap", "lips", "ala up")


@dataclass(frozen=True)
class MovementFacts:
    """What a movement is.

    Parameters
    ----------
    command : str
        What the brain is asked for: movements of one command are one movement at two efforts.
    targets : tuple of Region
        Regions that it moves on purpose; the first is its main target.
    direction : Direction
        The usual way of the main target.
    typical_mm : float
        How far healthy adults go along that way.
    muscles : mapping of MuscleGroup to float
        Healthy activation of each group, 1 at most; the others stay still.
    shape_mm : tuple of float, optional
        Change of each of `SHAPE`, by which it is known without a cue sheet. None where it is told
        from the other movement of its command by the size of a part alone.
    """

    command: str
    targets: tuple[Region, ...]
    direction: Direction
    typical_mm: float
    muscles: Mapping[MuscleGroup, float] = field(hash=False)
    shape_mm: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        length = math.sqrt(sum(weight**2 for _, _, weight in self.direction))
        for fits, expected, found in (
            (bool(self.targets), "a region that it moves on purpose", "none"),
            (abs(length - 1) < 2e-3, "a direction of length 1", f"{length:.3f}"),
            (
                all(part in components(region) for region, part, _ in self.direction),
                "components that the regions have",
                str(self.direction),
            ),
            (self.typical_mm > 0, "a size above 0 mm", f"{self.typical_mm} mm"),
            (bool(self.muscles), "a muscle group that drives it", "none"),
            (
                all(0 < share <= 1 for share in self.muscles.values()),
                "activations above 0, 1 at most",
                str(dict(self.muscles)),
            ),
            (
                self.shape_mm is None or len(self.shape_mm) == len(SHAPE),
                f"a change of each of {', '.join(SHAPE)}",
                str(self.shape_mm),
            ),
        ):
            if not fits:
                raise UsageError(
                    f"A movement of the command {self.command!r} is wrong in the table",
                    expected=expected,
                    found=found,
                )


_G = MuscleGroup
_CLOSURE: Direction = ((Region.EYE, "height", -1.0),)
_SMILE: Direction = ((Region.COMMISSURE, "across", 0.55), (Region.COMMISSURE, "up", 0.835))
# 57 degrees above the horizontal lies between the 47 degrees of children's spontaneous smiles
# (Tarantili 2005) and the steeper full smile; its cosine hardly matters.

MOVEMENT_FACTS: dict[Movement, MovementFacts] = {
    Movement.BROW_RAISE: MovementFacts(
        command="brow",
        targets=(Region.BROW,),
        direction=((Region.BROW, "height", 1.0),),
        typical_mm=8.3,
        muscles={_G.FRONTALIS: 1.0},
        shape_mm=(0.7, 7.2, 0.0, 0.0, 0.0, 0.0, 0.3),
    ),
    Movement.EYE_CLOSE_GENTLE: MovementFacts(
        command="eye_close",
        targets=(Region.EYE,),
        direction=_CLOSURE,
        typical_mm=9.1,
        muscles={_G.ORBICULARIS_OCULI_PALPEBRAL: 1.0},
        shape_mm=(-9.5, -0.9, 0.3, 0.3, 0.1, 0.1, 0.2),
    ),
    Movement.EYE_CLOSE_TIGHT: MovementFacts(
        command="eye_close",
        targets=(Region.EYE, Region.BROW),
        direction=_CLOSURE,
        typical_mm=9.1,
        muscles={
            _G.ORBICULARIS_OCULI_PALPEBRAL: 1.0,
            _G.ORBICULARIS_OCULI_ORBITAL: 1.0,
            _G.CORRUGATOR: 0.5,
        },
    ),
    Movement.SMILE_CLOSED: MovementFacts(
        command="smile",
        targets=(Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA),
        direction=_SMILE,
        typical_mm=9.3,
        muscles={_G.ZYGOMATICUS_MAJOR: 0.75, _G.RISORIUS: 0.2},
    ),
    Movement.SMILE_OPEN: MovementFacts(
        command="smile",
        targets=(Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA),
        direction=_SMILE,
        typical_mm=9.3,
        muscles={_G.ZYGOMATICUS_MAJOR: 1.0, _G.LEVATOR_LABII: 0.4, _G.RISORIUS: 0.1},
        shape_mm=(-2.2, -0.4, 5.0, 7.2, 1.5, 3.6, 2.4),
    ),
    Movement.SNARL: MovementFacts(
        command="snarl",
        targets=(Region.ALA, Region.UPPER_LIP, Region.COMMISSURE, Region.LOWER_LIP),
        direction=((Region.ALA, "up", 0.6), (Region.UPPER_LIP, "height", 0.8)),
        typical_mm=9.0,
        muscles={_G.LEVATOR_ALAE: 1.0, _G.CORRUGATOR: 0.5},
        shape_mm=(-0.9, -1.8, -0.6, 6.0, 7.8, 5.2, 7.2),
    ),
    Movement.LIP_PUCKER: MovementFacts(
        command="pucker",
        targets=(Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA),
        direction=((Region.COMMISSURE, "across", -1.0),),
        typical_mm=5.0,
        muscles={_G.ORBICULARIS_ORIS: 1.0, _G.MENTALIS: 0.1},
        shape_mm=(-0.2, 0.0, -4.3, 1.9, 3.5, 1.2, 0.3),
    ),
    Movement.LOWER_TEETH_SHOW: MovementFacts(
        command="lower_teeth",
        targets=(Region.LOWER_LIP, Region.COMMISSURE, Region.UPPER_LIP, Region.CHIN),
        direction=((Region.LOWER_LIP, "height", -1.0),),
        typical_mm=6.5,
        muscles={_G.DEPRESSOR_LABII: 1.0, _G.DEPRESSOR_ANGULI_ORIS: 0.3, _G.RISORIUS: 0.5},
        shape_mm=(0.0, 0.0, 3.1, -3.5, 5.6, -3.7, -0.4),
    ),
}
"""Sizes of healthy adults: brow (Cruz 2004), lid and commissure (3-D motion capture of 12 adults);
snarl, pucker and lower lip have no published figure and are of the order that faces show. Muscles
after the Facial Action Coding System (recalled, not measured): the action units that make up each
expression. Of a shape only the proportions matter."""

VOLUNTARY_TARGETS = {movement: facts.targets for movement, facts in MOVEMENT_FACTS.items()}
"""Regions that a movement moves on purpose; the first is its main target. What moves elsewhere is
a candidate synkinesis."""


COMMANDS = tuple(dict.fromkeys(facts.command for facts in MOVEMENT_FACTS.values()))
"""What the brain can be asked for."""


def main_target(movement: Movement) -> Region:
    """Return the region that a movement is asked for."""
    return MOVEMENT_FACTS[movement].targets[0]


def movements_of(command: str) -> tuple[Movement, ...]:
    """Return the movements of one command, such as both smiles.

    Raises
    ------
    UsageError
        There is no such command.
    """
    found = tuple(m for m in MOVEMENTS if MOVEMENT_FACTS[m].command == command)
    if not found:
        raise UsageError("There is no such command", expected=", ".join(COMMANDS), found=command)
    return found


EYE_CLOSURES = movements_of("eye_close")
SMILES = movements_of("smile")
MOUTH_MOVEMENTS = tuple(m for m in MOVEMENTS if main_target(m) in MOUTH)
ONE_COMMAND = tuple(movements_of(command) for command in COMMANDS if len(movements_of(command)) > 1)
"""Movements that are one command at two efforts: what one reaches the other mostly reaches too."""


def moves_on_purpose(movement: Movement, region: Region) -> bool:
    """Return whether a movement moves a region on purpose, or by the same muscles.

    Within the mouth one muscle carries its neighbours along, so no part of the mouth is read as
    synkinesis of a mouth movement.
    """
    if movement in MOUTH_MOVEMENTS and region in MOUTH:
        return True
    return region in VOLUNTARY_TARGETS[movement]


def healthy_activation() -> NDArray[np.float64]:
    """Return the healthy wiring as an array, shape (n movements, 14 groups)."""
    table = np.zeros((len(MOVEMENTS), len(GROUPS)))
    for row, movement in enumerate(MOVEMENTS):
        for group, activation in MOVEMENT_FACTS[movement].muscles.items():
            table[row, GROUP_INDEX[group]] = activation
    return table
