"""Reading the canonical mesh, and making it smooth."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from facewire.errors import ModelError
from facewire.synthetic.face3d.mesh import (
    GEOMETRY_ENTRY,
    TriangleMesh,
    border_loops,
    loop_subdivide,
    read_canonical_mesh,
)

SQUARE = TriangleMesh(
    np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]), np.array([[0, 1, 2], [0, 2, 3]])
)


@pytest.mark.models
def test_canonical_mesh_is_a_symmetric_face(bundle_path: Path) -> None:
    mesh = read_canonical_mesh(bundle_path)
    mirrored = mesh.points_mm * [-1, 1, 1]
    nearest = np.abs(mesh.points_mm[:, None] - mirrored[None]).sum(axis=2).min(axis=0)
    assert mesh.points_mm.shape == (468, 3)
    assert mesh.triangles.shape == (898, 3)
    assert nearest.max() < 1e-3


def test_file_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.task"
    path.write_bytes(b"not a zip")
    with pytest.raises(ModelError, match=r"face mesh cannot be read .* face_landmarker\.task"):
        read_canonical_mesh(path)


@pytest.mark.parametrize("content", [b"", b"\x0a\x05ab", b"\x0a\x02\x20\x01"])
def test_damaged_geometry_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.task"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr(GEOMETRY_ENTRY, content)
    with pytest.raises(ModelError, match="face mesh cannot be read"):
        read_canonical_mesh(path)


def test_subdivision_makes_four_triangles_of_one() -> None:
    fine = loop_subdivide(SQUARE, corners=frozenset(), levels=2)
    assert len(fine.triangles) == 2 * 4**2


def test_subdivision_keeps_a_flat_square_with_fixed_corners() -> None:
    fine = loop_subdivide(SQUARE, corners=frozenset(range(4)), levels=1)
    edge_middles = {tuple(p) for p in fine.points_mm[4:].tolist()}
    assert np.array_equal(fine.points_mm[:4], SQUARE.points_mm)
    assert (0.5, 0.5, 0.0) in edge_middles
    assert (0.5, 0.0, 0.0) in edge_middles


def test_border_loop_runs_once_around() -> None:
    (loop,) = border_loops(SQUARE.triangles)
    assert sorted(loop) == [0, 1, 2, 3]
