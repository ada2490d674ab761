"""The canonical face mesh, read at run time from the model bundle, never stored with facewire.

The bundle is a zip; its geometry entry is a protocol buffer whose first field holds a mesh: field 3
the vertex buffer (468 x 5 floats: x, y, z in cm, u, v), field 4 the triangle corners. The few lines
of wire format below replace a protobuf dependency. Loop subdivision makes the coarse face smooth
where it is seen from near (lids, lips).
"""

from __future__ import annotations

import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from facewire.errors import ModelError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

GEOMETRY_ENTRY = "geometry_pipeline_metadata_landmarks.binarypb"
N_VERTICES = 468
_MESH_FIELD, _VERTEX_FIELD, _TRIANGLE_FIELD = 1, 3, 4
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True)
class TriangleMesh:
    """Points and the triangles between them.

    Parameters
    ----------
    points_mm : ndarray of float, shape (n, 3)
        x to the patient's left, y up, z towards the camera.
    triangles : ndarray of int, shape (m, 3)
        Counter-clockwise seen from outside.
    """

    points_mm: FloatArray
    triangles: IntArray


def read_canonical_mesh(bundle: Path) -> TriangleMesh:
    """Return the closed 468-point face of the bundle, in mm.

    Raises
    ------
    ModelError
        The file is no bundle, or its mesh is not the expected one.
    """
    try:
        with zipfile.ZipFile(bundle) as parts:
            data = parts.read(GEOMETRY_ENTRY)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise _not_a_bundle(bundle, str(error)) from error
    try:
        mesh = next(v for n, v in _fields(data) if n == _MESH_FIELD and isinstance(v, bytes))
        corners = _numbers(mesh, _TRIANGLE_FIELD)
        buffer = _numbers(mesh, _VERTEX_FIELD)
    except (StopIteration, IndexError, struct.error) as error:
        raise _not_a_bundle(bundle, "a damaged geometry entry") from error
    if len(buffer) != N_VERTICES * 5 or len(corners) % 3 or max(corners) >= N_VERTICES:
        raise _not_a_bundle(bundle, f"{len(buffer)} vertex numbers, {len(corners)} corners")
    points = np.asarray(buffer, dtype=np.float64).reshape(N_VERTICES, 5)[:, :3]
    triangles = np.asarray(corners, dtype=np.int64).reshape(-1, 3)
    return TriangleMesh(points * 10.0, triangles)


def _not_a_bundle(bundle: Path, found: str) -> ModelError:
    return ModelError(
        f"The face mesh cannot be read from {bundle}",
        expected=f"the bundle face_landmarker.task with {GEOMETRY_ENTRY} ({N_VERTICES} vertices)",
        found=found,
        do="name the bundle with --model, or run `facewire model fetch`",
    )


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
        elif kind == _BYTES:
            length, at = _varint(data, at)
            yield number, data[at : at + length]
            at += length
        elif kind == _FIXED32:
            yield number, struct.unpack_from("<f", data, at)[0]
            at += 4
        elif kind == _FIXED64:
            at += 8
        else:
            raise struct.error(f"wire type {kind}")


def _numbers(mesh: bytes, field: int) -> list[int | float]:
    return [v for n, v in _fields(mesh) if n == field and not isinstance(v, bytes)]


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
