"""Which points of the mesh make which line of a drawn face.

Numbers are those of the published face mesh topology (468 points); the edges of the lids and the
irises follow behind them, then points between two others for the folds of the lids. A drawing is
a list of lines, so that the page's script draws any moment of the face with one rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import Side

FloatArray = NDArray[np.float64]

N_MESH, N_LIDS = 468, 16
LIDS_AT = {Side.RIGHT: N_MESH, Side.LEFT: N_MESH + N_LIDS}
IRIS_AT = {Side.RIGHT: N_MESH + 2 * N_LIDS, Side.LEFT: N_MESH + 2 * N_LIDS + 1}
BETWEEN_AT = N_MESH + 2 * N_LIDS + 2

LOWER_LID, UPPER_LID = range(1, 8), range(9, 16)
"""Within the edge of the lids, point over point from the outer corner inwards."""

OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
UPPER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
UPPER_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
LOWER_LIP = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
BROWS = {
    Side.RIGHT: (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    Side.LEFT: (300, 293, 334, 296, 336, 285, 295, 282, 283, 276),
}
NOSE = {Side.RIGHT: (49, 129, 64, 98, 97, 2), Side.LEFT: (279, 358, 294, 327, 326, 2)}
NOSTRILS = {Side.RIGHT: (240, 75, 60, 20, 99), Side.LEFT: (460, 305, 290, 250, 328)}
CHEEK_FOLDS = {Side.RIGHT: (129, 203, 206, 216), Side.LEFT: (358, 423, 426, 436)}
ABOVE_EYE = {
    Side.RIGHT: (247, 30, 29, 27, 28, 56, 190),
    Side.LEFT: (467, 260, 259, 257, 258, 286, 414),
}
BELOW_EYE = {
    Side.RIGHT: (25, 110, 24, 23, 22, 26, 112),
    Side.LEFT: (255, 339, 254, 253, 252, 256, 341),
}

FOLD_ABOVE, FOLD_BELOW = 0.42, 0.62
"""How far from the lid's edge towards the skin beyond the fold of a lid is drawn."""


def _between() -> tuple[tuple[int, int, float], ...]:
    found = []
    for side in (Side.RIGHT, Side.LEFT):
        for lid, ring, share in (
            (UPPER_LID, ABOVE_EYE[side], FOLD_ABOVE),
            (LOWER_LID, BELOW_EYE[side], FOLD_BELOW),
        ):
            found += [(LIDS_AT[side] + i, k, share) for i, k in zip(lid, ring, strict=True)]
    return tuple(found)


BETWEEN = _between()
"""Points on the way from one point to another: from, to, share of the way."""


@dataclass(frozen=True)
class Line:
    """One line or shape of the drawing, in the order of drawing.

    ``style`` is its CSS class, ``points`` the numbers it passes smoothly; ``closed`` shapes end
    where they begin. A shape with ``back`` runs there and back, with corners at both ends.
    """

    style: str
    points: tuple[int, ...]
    closed: bool = False
    back: tuple[int, ...] = ()


def lines() -> tuple[Line, ...]:
    """Return the lines of a face, in the order of drawing; the eyes are apart."""
    found = [Line("mm-fold", CHEEK_FOLDS[side]) for side in Side]
    found += [Line("mm-brow", BROWS[side], closed=True) for side in Side]
    found += [Line("mm-nostril", NOSTRILS[side], closed=True) for side in Side]
    found += [Line("mm-nose", NOSE[side]) for side in Side]
    found += [
        Line("mm-mouth", UPPER_INNER, back=LOWER_INNER),
        Line("mm-lip", UPPER_LIP, back=UPPER_INNER),
        Line("mm-lip low", LOWER_LIP, back=LOWER_INNER),
        Line("mm-lipline", UPPER_INNER),
    ]
    return tuple(found)


@dataclass(frozen=True)
class Eye:
    """Numbers that draw one eye: edge of both lids, the upper one, its folds, the iris."""

    edge: Line
    upper: Line
    folds: tuple[Line, Line]
    iris: int


def eye(side: Side) -> Eye:
    """Return what draws the eye of a side."""
    start = LIDS_AT[side]
    lower = tuple(start + i for i in (0, *LOWER_LID, 8))
    upper = tuple(start + i for i in (0, *UPPER_LID, 8))
    fold = BETWEEN_AT + (0 if side is Side.RIGHT else 2 * len(UPPER_LID))
    return Eye(
        Line("mm-white", upper, back=lower),
        Line("mm-lash", upper),
        (
            Line("mm-crease", tuple(range(fold, fold + 7))),
            Line("mm-bag", tuple(range(fold + 7, fold + 14))),
        ),
        IRIS_AT[side],
    )


def with_between(points: FloatArray) -> FloatArray:
    """Append the points that lie between two others; shape (n, k) to (n + 28, k)."""
    more = [(1 - share) * points[a] + share * points[b] for a, b, share in BETWEEN]
    return np.concatenate([points, np.array(more)])


def drawn_points(moment: Mapping[str, Any]) -> FloatArray:
    """Return every point that is drawn, from one moment of a mesh file, mm, shape (n, 2)."""
    parts = [np.array(moment["points_mm"], dtype=float)]
    parts += [np.array(moment["lids_mm"][str(side)], dtype=float) for side in LIDS_AT]
    parts += [np.array([moment["iris_mm"][str(side)]], dtype=float) for side in IRIS_AT]
    return with_between(np.concatenate(parts))
