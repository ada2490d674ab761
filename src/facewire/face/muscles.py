"""Muscles as video sees them: groups that move the same points, what each moves, who drives it.

A group is the least that the regions can tell apart: the muscles in one group move the same
points the same way. The muscles themselves, their branches and sources are in
`facewire.face.anatomy`.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from facewire.face.vocabulary import REGIONS, Component, Region, Side, region_channels


class MuscleGroup(StrEnum):
    """Muscles of one side of the face that video sees as one."""

    FRONTALIS = "frontalis"
    CORRUGATOR = "corrugator"
    ORBICULARIS_OCULI_PALPEBRAL = "orbicularis_oculi_palpebral"
    ORBICULARIS_OCULI_ORBITAL = "orbicularis_oculi_orbital"
    ZYGOMATICUS_MAJOR = "zygomaticus_major"
    LEVATOR_LABII = "levator_labii_superioris"
    LEVATOR_ALAE = "levator_labii_superioris_alaeque_nasi"
    NASALIS = "nasalis"
    RISORIUS = "risorius"
    ORBICULARIS_ORIS = "orbicularis_oris"
    DEPRESSOR_ANGULI_ORIS = "depressor_anguli_oris"
    DEPRESSOR_LABII = "depressor_labii_inferioris"
    MENTALIS = "mentalis"
    PLATYSMA = "platysma"


GROUPS = tuple(MuscleGroup)
GROUP_INDEX = {group: i for i, group in enumerate(GROUPS)}

ORBICULARIS_OCULI = (
    MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL,
    MuscleGroup.ORBICULARIS_OCULI_ORBITAL,
)
UNITS: tuple[tuple[MuscleGroup, ...], ...] = (
    ORBICULARIS_OCULI,
    *((group,) for group in GROUPS if group not in ORBICULARIS_OCULI),
)
"""What a treatment can aim at: the two parts of orbicularis oculi lie in one another and are
treated as one muscle."""

UNIONS: dict[str, tuple[MuscleGroup, ...]] = {
    "orbicularis_oculi": ORBICULARIS_OCULI,
    "corner_elevators": (
        MuscleGroup.ZYGOMATICUS_MAJOR,
        MuscleGroup.LEVATOR_LABII,
        MuscleGroup.LEVATOR_ALAE,
    ),
    "corner_depressors": (MuscleGroup.DEPRESSOR_ANGULI_ORIS, MuscleGroup.DEPRESSOR_LABII),
}
"""Muscles of one effect that video mixes up: whether one of them is driven can be told before it
can be told which."""

SIDE_CHANNELS: tuple[tuple[Region, Component], ...] = tuple(
    (c.region, c.component) for region in REGIONS for c in region_channels(region, Side.RIGHT)
)
"""Region and component of every signal of one side, in the order of the columns of an action."""

SIDE_CHANNEL_INDEX = {key: i for i, key in enumerate(SIDE_CHANNELS)}

_Moved = dict[Region, tuple[float, ...]]

_ACTION_MM: dict[MuscleGroup, _Moved] = {
    MuscleGroup.FRONTALIS: {Region.EYE: (0.7,), Region.BROW: (8.3,)},
    MuscleGroup.CORRUGATOR: {Region.BROW: (-3.0,)},
    MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL: {Region.EYE: (-10.2,)},
    MuscleGroup.ORBICULARIS_OCULI_ORBITAL: {
        Region.EYE: (-3.0,),
        Region.BROW: (-1.2,),
        Region.COMMISSURE: (0.7, 0.7),
        Region.UPPER_LIP: (0.4,),
        Region.ALA: (0.5, 0.4),
    },
    MuscleGroup.ZYGOMATICUS_MAJOR: {
        Region.COMMISSURE: (5.2, 7.6),
        Region.UPPER_LIP: (3.0,),
        Region.LOWER_LIP: (2.4,),
        Region.ALA: (1.6, 1.5),
        Region.CHIN: (0.0, 0.8),
    },
    MuscleGroup.LEVATOR_LABII: {
        Region.COMMISSURE: (0.6, 1.8),
        Region.UPPER_LIP: (5.0,),
        Region.ALA: (0.4, 1.0),
    },
    MuscleGroup.LEVATOR_ALAE: {
        Region.COMMISSURE: (-0.6, 4.6),
        Region.UPPER_LIP: (8.0,),
        Region.LOWER_LIP: (1.0,),
        Region.ALA: (1.0, 7.0),
    },
    MuscleGroup.NASALIS: {Region.ALA: (-1.5, 0.0)},
    MuscleGroup.RISORIUS: {Region.COMMISSURE: (5.0, 0.3)},
    MuscleGroup.ORBICULARIS_ORIS: {
        Region.COMMISSURE: (-4.3, 1.9),
        Region.UPPER_LIP: (2.9,),
        Region.LOWER_LIP: (-0.6,),
        Region.ALA: (-0.6, 0.3),
    },
    MuscleGroup.DEPRESSOR_ANGULI_ORIS: {
        Region.COMMISSURE: (1.0, -5.5),
        Region.LOWER_LIP: (-1.0,),
    },
    MuscleGroup.DEPRESSOR_LABII: {
        Region.COMMISSURE: (0.4, -1.2),
        Region.LOWER_LIP: (-6.2,),
        Region.CHIN: (0.0, -2.0),
    },
    MuscleGroup.MENTALIS: {Region.LOWER_LIP: (2.4,), Region.CHIN: (0.0, 3.0)},
    MuscleGroup.PLATYSMA: {Region.COMMISSURE: (2.4, -3.6), Region.LOWER_LIP: (-1.5,)},
}


def _actions() -> NDArray[np.float64]:
    table = np.zeros((len(GROUPS), len(SIDE_CHANNELS)))
    for group, moved in _ACTION_MM.items():
        for region, values in moved.items():
            components = [c.component for c in region_channels(region, Side.RIGHT)]
            for component, value in zip(components, values, strict=True):
                table[GROUP_INDEX[group], SIDE_CHANNEL_INDEX[region, component]] = value
    table.flags.writeable = False
    return table


TYPICAL_ACTION_MM = _actions()
"""What each group moves at full activation on a typical adult face, mm; shape (14, 10).

Directions are those of standard anatomy and of the Facial Action Coding System. Sizes follow
published movements where there are any (brow 8.3 mm, Cruz 2004; smile 9.3 mm, motion capture of 12
adults; fissure 10.17 mm, FACE program 2013) and are of the order of rendered faces elsewhere.
They are a starting point: each face's own healthy side sets the scale. The chin is one point: its
columns are what this side's muscle contributes.
"""
