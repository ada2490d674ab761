"""The face mesh as a drawing: recipes of paths, and one moment put into them.

A recipe is SVG path data with numbers of points in place of coordinates: ``M0C0:1:0 1:0:2 1`` runs
from point 0 to point 1; ``i:j:k`` is the handle of a curve, point i and a sixth of the way from k
to j. `drawn` puts a moment into a recipe, and so does the pages' script (``moving_mesh.js``), for
every moment of a movement: what a face looks like stands here alone.

Millimetres, the patient's left on the right. Numbers are those of the published face mesh topology
(468 points); the edges of the lids and the irises follow behind them, then points between two
others for the folds of the lids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import Side
from facewire.results.pictures import Mesh, MeshMoment

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

N_MESH, N_LIDS = 468, 16
LIDS_AT = {Side.RIGHT: N_MESH, Side.LEFT: N_MESH + N_LIDS}
IRIS_AT = {Side.RIGHT: N_MESH + 2 * N_LIDS, Side.LEFT: N_MESH + 2 * N_LIDS + 1}
BETWEEN_AT = N_MESH + 2 * N_LIDS + 2

LOWER_LID, UPPER_LID = range(1, 8), range(9, 16)
"""Within the edge of the lids, point over point from the outer corner inwards."""

LID_PAIRS = tuple(
    (start + upper, start + lower)
    for start in LIDS_AT.values()
    for upper, lower in zip(UPPER_LID, LOWER_LID, strict=True)
)
"""Points of the upper lid over points of the lower one, which they never pass."""

OUTLINED = ("mm-brow", "mm-lip", "mm-lip low")
"""Lines that are laid over another moment."""

LEVELS = 14
"""Tones of the skin, from dark to light."""

LIGHT = np.array([0.0, 0.5, 0.9])
"""Where the light comes from: above and in front; from a side, shade would look like asymmetry."""

TIGHTNESS = 6.0
"""Catmull-Rom: a sixth of the way between the neighbours is the handle of a Bezier curve."""

MARGIN_MM = (17.0, 34.0, 17.0, 16.0)
"""Room around the face: left, above, right, below."""

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


POINT = re.compile(r"(\d+)(?::(\d+):(\d+))?")
"""What stands in a recipe for a pair of coordinates."""


@dataclass(frozen=True)
class Line:
    """One line or shape of the drawing: its CSS class, and the recipe of its path."""

    style: str
    recipe: str


def smooth(numbers: Sequence[int], *, closed: bool = False) -> str:
    """Return the recipe of a smooth path through points (Catmull and Rom 1974)."""
    if closed:
        around = [numbers[-1], *numbers, *numbers[:2]]
    else:
        around = [numbers[0], *numbers, numbers[-1]]
    path = f"M{around[1]}"
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        path += f"C{start}:{end}:{before} {end}:{start}:{after} {end}"
    return path + "Z" if closed else path


def there_and_back(there: Sequence[int], back: Sequence[int]) -> str:
    """Return the recipe of a shape between two lines, with corners at both ends."""
    return f"{smooth(there)}L{smooth(back[::-1])[1:]}Z"


def _lines() -> tuple[Line, ...]:
    found = [Line("mm-fold", smooth(CHEEK_FOLDS[side])) for side in Side]
    found += [Line("mm-brow", smooth(BROWS[side], closed=True)) for side in Side]
    found += [Line("mm-nostril", smooth(NOSTRILS[side], closed=True)) for side in Side]
    found += [Line("mm-nose", smooth(NOSE[side])) for side in Side]
    found += [
        Line("mm-mouth", there_and_back(UPPER_INNER, LOWER_INNER)),
        Line("mm-lip", there_and_back(UPPER_LIP, UPPER_INNER)),
        Line("mm-lip low", there_and_back(LOWER_LIP, LOWER_INNER)),
        Line("mm-lipline", smooth(UPPER_INNER)),
    ]
    return tuple(found)


@dataclass(frozen=True)
class Eye:
    """One eye: recipes of the edge of both lids, of the upper one, of both folds; the iris."""

    edge: str
    upper: str
    crease: str
    bag: str
    iris: int


def _eye(side: Side) -> Eye:
    start = LIDS_AT[side]
    lower = [start + i for i in (0, *LOWER_LID, 8)]
    upper = [start + i for i in (0, *UPPER_LID, 8)]
    fold = BETWEEN_AT + (0 if side is Side.RIGHT else 2 * len(UPPER_LID))
    return Eye(
        edge=there_and_back(upper, lower),
        upper=smooth(upper),
        crease=smooth(range(fold, fold + 7)),
        bag=smooth(range(fold + 7, fold + 14)),
        iris=IRIS_AT[side],
    )


@dataclass(frozen=True)
class MeshFace:
    """What draws one person's face at any moment, in this order.

    Parameters
    ----------
    box : tuple of float
        Left, top, width and height of the picture, mm.
    head : str
        Path data of the head behind; it does not move.
    iris_mm : float
        Radius of the iris.
    tones : tuple of str
        Recipes of the skin, one for each tone, from dark to light.
    oval : str
        Recipe of the face's edge.
    eyes : tuple of Eye
        Left, then right, as `Side` lists them.
    lines : tuple of Line
        Everything else, in the order of drawing.
    """

    box: tuple[float, float, float, float]
    head: str
    iris_mm: float
    tones: tuple[str, ...]
    oval: str
    eyes: tuple[Eye, ...]
    lines: tuple[Line, ...]

    @property
    def outlines(self) -> tuple[str, ...]:
        """Recipes of what is laid over another moment: brows, lips, lids."""
        kept = [line.recipe for line in self.lines if line.style in OUTLINED]
        return (*kept, *(one.edge for one in self.eyes))


def mesh_face(mesh: Mesh) -> MeshFace:
    """Return what draws a person's mesh."""
    rest = drawn_points(mesh.rest)
    tones = skin_tones(rest, np.array(mesh.depth_mm, dtype=float))
    return MeshFace(
        box=view_box(rest),
        head=head_path(rest),
        iris_mm=round(mesh.iris_diameter_mm / 2, 2),
        tones=tuple(triangles_path(one) for one in tones),
        oval=smooth(OVAL, closed=True),
        eyes=tuple(_eye(side) for side in Side),
        lines=_lines(),
    )


def with_between(points: FloatArray) -> FloatArray:
    """Append the points that lie between two others; shape (n, k) to (n + 28, k)."""
    more = [(1 - share) * points[a] + share * points[b] for a, b, share in BETWEEN]
    return np.concatenate([points, np.array(more)])


def drawn_points(moment: MeshMoment) -> FloatArray:
    """Return every point that is drawn, from one moment of a mesh file, mm, shape (n, 2)."""
    parts = [np.array(moment.points_mm, dtype=float)]
    parts += [np.array(moment.lids_mm[side], dtype=float) for side in LIDS_AT]
    parts += [np.array([moment.iris_mm[side]], dtype=float) for side in IRIS_AT]
    return with_between(np.concatenate(parts))


def drawn(recipe: str, points: FloatArray) -> str:
    """Put a moment into a recipe.

    Parameters
    ----------
    recipe : str
        Of a path, or the number of a point.
    points : ndarray, shape (n_points, 2)
        What `drawn_points` returned, mm.

    Returns
    -------
    str
        Path data, mm to a tenth, y down; of a point its x and y.
    """
    places = points.tolist()

    def pair(found: re.Match[str]) -> str:
        x, up = places[int(found[1])]
        if found[2]:
            (to_x, to_up), (from_x, from_up) = places[int(found[2])], places[int(found[3])]
            x, up = x + (to_x - from_x) / TIGHTNESS, up + (to_up - from_up) / TIGHTNESS
        return f"{_short(x)} {_short(-up)}"

    return POINT.sub(pair, recipe)


def _short(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"


def triangles_path(triangles: Iterable[Sequence[int]]) -> str:
    """Return the recipe of many triangles as one path."""
    return "".join("M" + "L".join(map(str, one)) + "Z" for one in triangles)


def skin_tones(rest: FloatArray, depth_mm: FloatArray) -> tuple[IntArray, ...]:
    """Return the triangles of the skin by tone, dark to light, from the shape at rest.

    Parameters
    ----------
    rest : ndarray, shape (n_points, 2)
        The drawn points at rest, mm.
    depth_mm : ndarray, shape (468,)
        Away from the camera.
    """
    mesh = rest[:N_MESH]
    from scipy.spatial import Delaunay

    triangles: IntArray = np.array(Delaunay(mesh).simplices, dtype=np.intp)
    solid = np.column_stack([mesh, -depth_mm])
    a, b, c = (solid[triangles[:, i]] for i in range(3))
    normal = np.cross(b - a, c - a)
    normal *= np.sign(normal[:, 2:])
    at_points = np.zeros_like(solid)
    for i in range(3):
        np.add.at(at_points, triangles[:, i], normal)
    length = np.linalg.norm(at_points, axis=1, keepdims=True)
    light = (at_points / np.maximum(length, 1e-9)) @ (LIGHT / np.linalg.norm(LIGHT))
    bright = light[triangles].mean(axis=1)
    low, high = np.quantile(bright, [0.02, 0.98])
    level = np.clip((bright - low) / max(high - low, 1e-9) * LEVELS, 0, LEVELS - 1).astype(int)
    return tuple(triangles[level == one] for one in range(LEVELS))


def head_path(rest: FloatArray) -> str:
    """Return a plain head behind the face, a little larger and higher; it is nobody's hair."""
    oval = rest[list(OVAL)]
    middle = oval.mean(axis=0)
    above = np.clip((oval[:, 1] - middle[1]) / (oval[:, 1].max() - middle[1]), 0.0, 1.0)
    head = middle + (oval - middle) * np.column_stack([1.07 + 0.03 * above, 1.0 + 0.02 * above])
    head[:, 1] += 24.0 * above**0.8
    return drawn(smooth(range(len(head)), closed=True), head)


def view_box(rest: FloatArray) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the picture, mm."""
    oval = rest[list(OVAL)]
    left, above, right, below = MARGIN_MM
    x0, x1 = float(oval[:, 0].min()) - left, float(oval[:, 0].max()) + right
    top, bottom = -float(oval[:, 1].max()) - above, -float(oval[:, 1].min()) + below
    return (round(x0, 1), round(top, 1), round(x1 - x0, 1), round(bottom - top, 1))
