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
