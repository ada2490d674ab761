"""Treatments in words: their kinds, settings, directions and remarks."""

from __future__ import annotations

from collections.abc import Mapping

from facewire.face import Movement, Region
from facewire.words.languages import mark, translate
from facewire.words.names import MUSCLES, movement_name, muscle_words, region_name, sentence

KIND_NAMES = {
    "botulinum_toxin": mark("Botulinum toxin"),
    "selective_neurolysis": mark("Selective neurectomy (neurolysis)"),
    "neuromuscular_retraining": mark("Neuromuscular retraining"),
    "myectomy": mark("Myectomy"),
    "selective_denervation": mark("Selective denervation"),
    "upper_lid_weight": mark("Upper lid weight"),
    "tarsorrhaphy": mark("Tarsorrhaphy"),
    "canthoplasty": mark("Canthoplasty"),
    "cross_face_nerve_graft": mark("Cross-face nerve graft"),
    "gracilis_transfer": mark("Gracilis transfer"),
    "nerve_transfer": mark("Nerve transfer (masseter nerve to the smile's own muscles)"),
    "brow_lift": mark("Brow lift"),
    "facelift": mark("Facelift"),
}

SETTING_NAMES = {
    "muscle": mark("muscle"),
    "muscles": mark("muscles"),
    "product": mark("product"),
    "units": mark("units"),
    "sites": mark("sites"),
    "weakening_percent": mark("weakening percent"),
    "weakening_low": mark("weakening low"),
    "weakening_high": mark("weakening high"),
    "cuts": mark("cuts"),
    "adherence": mark("adherence"),
    "minutes_per_day": mark("minutes per day"),
    "lasts_days": mark("lasts days"),
    "drive": mark("drive"),
    "length_mm": mark("length mm"),
    "region": mark("region"),
}
"""Every field that a kind of treatment may have of its own."""

VALUES = {
    "every command": mark("every command"),
    "cross_face_nerve_graft": mark("cross-face nerve graft"),
    "masseter_nerve": mark("masseter nerve"),
}

HARM_NAMES = {
    "lagophthalmos_2_mm": mark("eye left open by 2 mm or more in gentle closure"),
    "lagophthalmos_4_mm": mark("eye left open by 4 mm or more in gentle closure"),
    "incomplete_blink": mark("blink that leaves the eye open by 2 mm or more"),
    "brow_ptosis": mark("brow 2 mm or more lower at rest"),
    "lid_ptosis": mark("drooping upper lid"),
    "diplopia": mark("double vision"),
    "lip_ptosis": mark("upper lip lifted 2 mm or more less in a smile"),
    "oral_incompetence": mark("liquid lost when drinking"),
    "unclear_speech": mark("unclear speech"),
    "healthy_side_asymmetry": mark("healthy side falls 2 mm or more behind, or its brow sinks"),
    "smile_loss": mark("mouth corner goes 2 mm or more less in a smile"),
    "astigmatism": mark("astigmatism of the cornea"),
    "implant_extrusion": mark("implant that works its way out"),
    "implant_bulging": mark("implant that bulges"),
    "implant_allergy": mark("allergy to the implant"),
    "operated_again": mark("operated again"),
    "failed_transfer": mark("transfer that fails"),
    "unfavourable_result": mark("result that is not favourable"),
    "any_harm_of_operation": mark("any complication of the operation"),
}

DIRECTIONS = {"up": mark("up"), "down": mark("down"), "toward_zero": mark("toward zero")}

LEAST_PERCENT, MOST_ONE_IN, NEARLY_ALL = 0.5, 36.0, 95.0
"""Shares below the first are few; up to the second they are told as one in some."""

CUT = " -> "
"""Stands in a cut between the command and the muscle that it no longer reaches."""


def kind_name(kind: str) -> str:
    """Return the name of a kind of treatment."""
    return _known(KIND_NAMES, kind) if kind in KIND_NAMES else sentence(_spaced(kind))


def setting_name(name: str) -> str:
    """Return the name of a treatment's own field."""
    return _known(SETTING_NAMES, name)


def setting_value(value: str | float | tuple[str, ...]) -> str:
    """Write a treatment's setting: a number, a name, or several of them."""
    if isinstance(value, tuple):
        return ", ".join(setting_value(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else _value_name(str(value))


def _value_name(value: str) -> str:
    if CUT in value:
        return CUT.join(_value_name(one) for one in value.split(CUT))
    if value in set(Movement):
        return movement_name(Movement(value))
    if value in set(Region):
        return region_name(Region(value))
    return muscle_words(value) if value in MUSCLES else _known(VALUES, value)


def direction_name(direction: str) -> str:
    """Return a direction in words."""
    return _known(DIRECTIONS, direction)


def harm_name(harm: str) -> str:
    """Return a harm in words."""
    return _known(HARM_NAMES, harm)


def natural_frequency(percent: float) -> str:
    """Write a share as a natural frequency, such as "about 1 in 12".

    Parameters
    ----------
    percent : float
        0 to 100.
    """
    if percent <= 0:
        return translate("none")
    if percent < LEAST_PERCENT:
        return translate("fewer than 1 in {n}").format(n=round(100 / LEAST_PERCENT))
    if percent <= MOST_ONE_IN:
        return translate("about 1 in {n}").format(n=round(100 / percent))
    if percent < NEARLY_ALL:
        return translate("about {n} in 10").format(n=round(percent / 10))
    return translate("nearly all")


def remark(text: str) -> str:
    """Translate a remark; what stands before its colon may be a treatment or a muscle."""
    code, colon, rest = text.partition(": ")
    if colon and code in MUSCLES:
        return f"{muscle_words(code)}: {translate(rest)}"
    if colon and code in KIND_NAMES:
        return f"{kind_name(code)}: {translate(rest)}"
    return translate(text)


def _known(names: Mapping[str, str], code: str) -> str:
    return translate(names[code]) if code in names else _spaced(code)


def _spaced(code: str) -> str:
    return code.replace("_", " ")
