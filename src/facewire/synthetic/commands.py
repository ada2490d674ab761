"""Muscles, and what the brain sends: command groups, and the muscles each movement drives.

The table is the healthy wiring of the synthetic face. The branch of a muscle is the one that
mostly supplies it; real branches overlap.
"""

from __future__ import annotations

from enum import StrEnum

from facewire.face import Movement


class Muscle(StrEnum):
    """A muscle of one side that the synthetic face can contract."""

    FRONTALIS = "frontalis"
    CORRUGATOR = "corrugator"
    ORBICULARIS_OCULI_PALPEBRAL = "orbicularis_oculi_palpebral"
    ORBICULARIS_OCULI_ORBITAL = "orbicularis_oculi_orbital"
    ZYGOMATICUS_MAJOR = "zygomaticus_major"
    LEVATOR_LABII = "levator_labii_superioris_alaeque_nasi"
    RISORIUS = "risorius"
    ORBICULARIS_ORIS = "orbicularis_oris"
    DEPRESSOR_ANGULI_ORIS = "depressor_anguli_oris"
    DEPRESSOR_LABII = "depressor_labii_inferioris"
    MENTALIS = "mentalis"


MUSCLES = tuple(Muscle)
MUSCLE_INDEX = {muscle: i for i, muscle in enumerate(MUSCLES)}


BRANCHES = ("frontal", "zygomatic", "buccal", "marginal")

BRANCH_OF: dict[Muscle, str] = {
    Muscle.FRONTALIS: "frontal",
    Muscle.CORRUGATOR: "frontal",
    Muscle.ORBICULARIS_OCULI_PALPEBRAL: "zygomatic",
    Muscle.ORBICULARIS_OCULI_ORBITAL: "zygomatic",
    Muscle.ZYGOMATICUS_MAJOR: "buccal",
    Muscle.LEVATOR_LABII: "buccal",
    Muscle.RISORIUS: "buccal",
    Muscle.ORBICULARIS_ORIS: "buccal",
    Muscle.DEPRESSOR_ANGULI_ORIS: "marginal",
    Muscle.DEPRESSOR_LABII: "marginal",
    Muscle.MENTALIS: "marginal",
}

MUSCLES_OF: dict[Movement, dict[Muscle, float]] = {
    Movement.BROW_RAISE: {Muscle.FRONTALIS: 1.0},
    Movement.EYE_CLOSE_GENTLE: {Muscle.ORBICULARIS_OCULI_PALPEBRAL: 1.4},
    Movement.EYE_CLOSE_TIGHT: {
        Muscle.ORBICULARIS_OCULI_PALPEBRAL: 1.6,
        Muscle.ORBICULARIS_OCULI_ORBITAL: 1.0,
        Muscle.CORRUGATOR: 0.5,
    },
    Movement.SMILE_CLOSED: {Muscle.ZYGOMATICUS_MAJOR: 0.75, Muscle.RISORIUS: 0.35},
    Movement.SMILE_OPEN: {
        Muscle.ZYGOMATICUS_MAJOR: 0.95,
        Muscle.RISORIUS: 0.3,
        Muscle.LEVATOR_LABII: 0.3,
        Muscle.DEPRESSOR_LABII: 0.75,
    },
    Movement.SNARL: {Muscle.LEVATOR_LABII: 1.0, Muscle.CORRUGATOR: 0.3},
    Movement.LIP_PUCKER: {Muscle.ORBICULARIS_ORIS: 1.0, Muscle.MENTALIS: 0.2},
    Movement.LOWER_TEETH_SHOW: {
        Muscle.DEPRESSOR_LABII: 1.0,
        Muscle.DEPRESSOR_ANGULI_ORIS: 0.3,
        Muscle.RISORIUS: 0.5,
    },
}
"""Activation of each muscle at full effort. Closing drives the lids past the point of contact,
so that a healthy eye closes at every effort."""

BLINK: dict[Muscle, float] = {Muscle.ORBICULARIS_OCULI_PALPEBRAL: 1.25}
"""A blink drives the lid a little past the point of contact."""
