"""The canonical face mesh, read at run time from the model bundle, never stored with facewire.

The bundle is a zip; its geometry entry is a protocol buffer whose first field holds a mesh: field 3
the vertex buffer (468 x 5 floats: x, y, z in cm, u, v), field 4 the triangle corners. The few lines
of wire format below replace a protobuf dependency.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
