"""Loop subdivision: the coarse face becomes smooth where it is seen from near (lids, lips)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy import sparse

from facewire.synthetic.face3d.mesh import IntArray, TriangleMesh

Edge = tuple[int, int]


def loop_subdivide(mesh: TriangleMesh, *, corners: frozenset[int], levels: int) -> TriangleMesh:
    """Return the mesh after Loop subdivision; the points of the coarse mesh keep their numbers.

    Loop, Smooth subdivision surfaces based on triangles, 1987, with the cubic B-spline rule on
    open borders.

    Parameters
    ----------
    mesh : TriangleMesh
        May have open borders.
    corners : frozenset of int
        Points that stay where they are (corners of the eyes and of the mouth).
    levels : int
        Each level makes four triangles of one.
    """
    for _ in range(levels):
        mesh = _subdivide_once(mesh, corners)
    return mesh


def border_loops(triangles: IntArray) -> list[IntArray]:
    """Return the closed open borders, each as an ordered list of points."""
    directed = {(int(t[i]), int(t[(i + 1) % 3])) for t in triangles for i in range(3)}
    following = {b: a for a, b in directed if (b, a) not in directed}
    loops = []
    while following:
        start, at = following.popitem()
        loop = [start]
        while at != start:
            loop.append(at)
            at = following.pop(at)
        loops.append(np.asarray(loop, dtype=np.int64))
    return loops


def _opposites(triangles: IntArray) -> dict[Edge, list[int]]:
    found: dict[Edge, list[int]] = defaultdict(list)
    for a, b, c in triangles.tolist():
        for p, q, r in ((a, b, c), (b, c, a), (c, a, b)):
            found[(min(p, q), max(p, q))].append(r)
    return found


def _subdivide_once(mesh: TriangleMesh, corners: frozenset[int]) -> TriangleMesh:
    n = len(mesh.points_mm)
    opposites = _opposites(mesh.triangles)
    index = {edge: n + i for i, edge in enumerate(opposites)}
    weights = sparse.vstack(
        [_even_weights(n, opposites, corners), _odd_weights(n, opposites)]
    ).tocsr()
    return TriangleMesh(np.asarray(weights @ mesh.points_mm), _split(mesh.triangles, index))


def _even_weights(
    n: int, opposites: dict[Edge, list[int]], corners: frozenset[int]
) -> sparse.lil_matrix:
    neighbours: dict[int, list[int]] = defaultdict(list)
    border: dict[int, list[int]] = defaultdict(list)
    for (a, b), across in opposites.items():
        for p, q in ((a, b), (b, a)):
            neighbours[p].append(q)
            if len(across) == 1:
                border[p].append(q)
    weights = sparse.lil_matrix((n, n))
    for p in range(n):
        ring = [] if p in corners else (border.get(p) or neighbours[p])
        share = 1 / 8 if p in border else _loop_beta(len(ring))
        weights[p, p] = 1.0 - share * len(ring)
        for q in ring:
            weights[p, q] = share
    return weights


def _loop_beta(valence: int) -> float:
    if valence == 0:
        return 0.0
    centre: float = (3 / 8 + np.cos(2 * np.pi / valence) / 4) ** 2
    return (5 / 8 - centre) / valence


def _odd_weights(n: int, opposites: dict[Edge, list[int]]) -> sparse.lil_matrix:
    weights = sparse.lil_matrix((len(opposites), n))
    for row, ((a, b), across) in enumerate(opposites.items()):
        near = 3 / 8 if len(across) == 2 else 1 / 2
        weights[row, a] = weights[row, b] = near
        if len(across) == 2:
            for q in across:
                weights[row, q] = 1 / 8
    return weights


def _split(triangles: IntArray, index: dict[Edge, int]) -> IntArray:
    fine = []
    for a, b, c in triangles.tolist():
        ab, bc, ca = (index[(min(p, q), max(p, q))] for p, q in ((a, b), (b, c), (c, a)))
        fine += [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    return np.asarray(fine, dtype=np.int64)
