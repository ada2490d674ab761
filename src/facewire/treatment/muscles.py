"""Names of muscles in a treatment: a group that video can tell apart, or muscles within one."""

from __future__ import annotations

from facewire.errors import UsageError
from facewire.face.muscles import GROUPS, MuscleGroup

_OCULI = (MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL, MuscleGroup.ORBICULARIS_OCULI_ORBITAL)

NAMES: dict[str, tuple[MuscleGroup, ...]] = {str(group): (group,) for group in GROUPS} | {
    "orbicularis_oculi": _OCULI,
    "orbicularis_oculi_pretarsal": _OCULI[:1],
    "orbicularis_oculi_preseptal": _OCULI[:1],
    "corrugator_supercilii": (MuscleGroup.CORRUGATOR,),
    "procerus": (MuscleGroup.CORRUGATOR,),
    "zygomaticus_minor": (MuscleGroup.LEVATOR_LABII,),
    "levator_anguli_oris": (MuscleGroup.LEVATOR_LABII,),
    "buccinator": (),
    "lacrimal_gland": (),
}
"""What may be named, and the groups that it belongs to; none where video sees no movement of it."""

_G = MuscleGroup
_TOUCHING = (
    (_G.ORBICULARIS_OCULI_PALPEBRAL, _G.ORBICULARIS_OCULI_ORBITAL),
    (_G.ORBICULARIS_OCULI_ORBITAL, _G.CORRUGATOR),
    (_G.ORBICULARIS_OCULI_ORBITAL, _G.FRONTALIS),
    (_G.FRONTALIS, _G.CORRUGATOR),
    (_G.LEVATOR_LABII, _G.LEVATOR_ALAE),
    (_G.LEVATOR_LABII, _G.ZYGOMATICUS_MAJOR),
    (_G.LEVATOR_LABII, _G.ORBICULARIS_ORIS),
    (_G.LEVATOR_ALAE, _G.NASALIS),
    (_G.ZYGOMATICUS_MAJOR, _G.RISORIUS),
    (_G.RISORIUS, _G.DEPRESSOR_ANGULI_ORIS),
    (_G.DEPRESSOR_ANGULI_ORIS, _G.DEPRESSOR_LABII),
    (_G.DEPRESSOR_ANGULI_ORIS, _G.PLATYSMA),
    (_G.DEPRESSOR_LABII, _G.MENTALIS),
    (_G.DEPRESSOR_LABII, _G.ORBICULARIS_ORIS),
)
_NEAR = (
    (_G.ORBICULARIS_OCULI_ORBITAL, _G.ZYGOMATICUS_MAJOR),
    (_G.ORBICULARIS_OCULI_ORBITAL, _G.LEVATOR_LABII),
    (_G.ORBICULARIS_OCULI_ORBITAL, _G.LEVATOR_ALAE),
    (_G.ORBICULARIS_OCULI_PALPEBRAL, _G.LEVATOR_LABII),
    (_G.ORBICULARIS_OCULI_PALPEBRAL, _G.FRONTALIS),
    (_G.CORRUGATOR, _G.LEVATOR_ALAE),
    (_G.ZYGOMATICUS_MAJOR, _G.ORBICULARIS_ORIS),
    (_G.RISORIUS, _G.ORBICULARIS_ORIS),
    (_G.RISORIUS, _G.PLATYSMA),
    (_G.DEPRESSOR_ANGULI_ORIS, _G.ORBICULARIS_ORIS),
    (_G.DEPRESSOR_ANGULI_ORIS, _G.MENTALIS),
    (_G.DEPRESSOR_LABII, _G.PLATYSMA),
    (_G.MENTALIS, _G.ORBICULARIS_ORIS),
    (_G.NASALIS, _G.ORBICULARIS_ORIS),
)
"""Pairs of one side by standard anatomy (recalled): touching, or one or two centimetres apart."""


def neighbours(groups: tuple[MuscleGroup, ...]) -> dict[MuscleGroup, str]:
    """Return what lies beside some groups, with the fact of how much toxin spreads there.

    Parameters
    ----------
    groups : tuple of MuscleGroup
        The groups that are injected; they are not their own neighbours.
    """
    found: dict[MuscleGroup, str] = {}
    for name, pairs in (("spread_near", _NEAR), ("spread_touching", _TOUCHING)):
        for one, other in pairs:
            for own, beside in ((one, other), (other, one)):
                if own in groups and beside not in groups:
                    found[beside] = name
    return found


LID_CLOSERS = frozenset(_OCULI)
"""Groups that close the eye."""


def groups_of(name: str, field: str = "muscle") -> tuple[MuscleGroup, ...]:
    """Return the groups that a named muscle belongs to.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    field : str, optional
        The field it was given in, for the message.

    Raises
    ------
    UsageError
        No such muscle is known.
    """
    if name not in NAMES:
        raise UsageError(
            f"The {field} is not a known muscle", expected=", ".join(NAMES), found=str(name)
        )
    return NAMES[name]
