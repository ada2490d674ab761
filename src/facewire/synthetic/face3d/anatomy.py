"""Which points of the canonical mesh are what. Numbers are those of the 468-point face mesh.

The patient's right is at negative x. Left numbers are the mirror images of the right ones.
"""

from __future__ import annotations

from facewire.face import Side

UPPER_LID = {
    Side.RIGHT: (33, 246, 161, 160, 159, 158, 157, 173, 133),
    Side.LEFT: (263, 466, 388, 387, 386, 385, 384, 398, 362),
}
"""Margin of the upper lid, from the outer to the inner corner of the eye."""

LOWER_LID = {
    Side.RIGHT: (33, 7, 163, 144, 145, 153, 154, 155, 133),
    Side.LEFT: (263, 249, 390, 373, 374, 380, 381, 382, 362),
}
"""Margin of the lower lid, from the outer to the inner corner of the eye."""

INNER_LIP_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LIP_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
OUTER_LIP_UPPER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
OUTER_LIP_LOWER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
"""Borders of the red of the lips, from the patient's right corner to the left."""

BROW_UPPER = {
    Side.RIGHT: (70, 63, 105, 66, 107),
    Side.LEFT: (300, 293, 334, 296, 336),
}
BROW_LOWER = {
    Side.RIGHT: (46, 53, 52, 65, 55),
    Side.LEFT: (276, 283, 282, 295, 285),
}
"""Borders of the brow, from its outer to its inner end."""

OUTER_CANTHUS = {Side.RIGHT: 33, Side.LEFT: 263}
INNER_CANTHUS = {Side.RIGHT: 133, Side.LEFT: 362}
COMMISSURE = {Side.RIGHT: 61, Side.LEFT: 291}
UPPER_LIP_POINT = {Side.RIGHT: 37, Side.LEFT: 267}
LOWER_LIP_POINT = {Side.RIGHT: 84, Side.LEFT: 314}
ALA = {Side.RIGHT: 64, Side.LEFT: 294}
BROW = {Side.RIGHT: 105, Side.LEFT: 334}
BROW_BELOW = {Side.RIGHT: 52, Side.LEFT: 282}
CHIN = 199
FOREHEAD_TOP = 10
NOSE_TIP = 1

CORNERS = frozenset(
    [*OUTER_CANTHUS.values(), *INNER_CANTHUS.values(), *COMMISSURE.values(), 78, 308]
)
"""Points that smoothing leaves in place."""


def sign(side: Side) -> float:
    """Return the direction of outward along x: -1 on the patient's right, 1 on the left."""
    return -1.0 if side is Side.RIGHT else 1.0
