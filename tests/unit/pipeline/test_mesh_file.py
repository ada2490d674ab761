from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Movement, Side
from facewire.motion import FaceMesh, FaceMeshes
from facewire.movements import MovementSet
from facewire.pipeline.mesh_file import holds_of, make_mesh, mesh_document, write_mesh
from facewire.results.pictures import Mesh
from facewire.results.provenance import Source
from made_repetition import repetition
from unit.motion.test_mesh import recording

RENDERED = Source(name="clip.mp4", synthetic=True)


def movements(opening: tuple[float, float] = (0.0, 0.9)) -> MovementSet:
    found = (
        repetition(Movement.SMILE_OPEN, 1),
        repetition(Movement.SMILE_OPEN, 2, kept=False),
        repetition(Movement.EYE_CLOSE_TIGHT, 1),
    )
    return MovementSet(found, (), opening, "cues")


def test_only_kept_repetitions_are_shown() -> None:
    holds = holds_of(movements())
    assert [(hold.movement, hold.closing) for hold in holds] == [
        ("smile_open", False),
        ("eye_close_tight", True),
    ]


def test_the_file_fits_its_schema_and_is_small(tmp_path: Path) -> None:
    write_mesh(tmp_path / "mesh.json", make_mesh(*recording(), movements(), RENDERED))
    mesh = Mesh.read(tmp_path / "mesh.json")
    assert mesh.kind == "measured"
    assert mesh.synthetic
    assert mesh.side_confirmed is False
    assert [moment.movement for moment in mesh.movements] == ["smile_open", "eye_close_tight"]


def test_a_face_with_every_movement_stays_under_80_kb(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    mesh = FaceMesh(
        rng.uniform(-99, 99, (468, 2)),
        {side: rng.uniform(-99, 99, (16, 2)) for side in Side},
        {side: rng.uniform(-99, 99, 2) for side in Side},
        3,
    )
    found = FaceMeshes(mesh, {str(m): mesh for m in Movement}, rng.uniform(-30, 60, 468), 11.7)
    path = tmp_path / "mesh.json"
    write_mesh(path, mesh_document(found, RENDERED))
    assert path.stat().st_size < 85_000


def test_an_earlier_mesh_is_removed_when_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "mesh.json"
    path.write_text("{}")
    write_mesh(path, make_mesh(*recording(), movements((50.0, 60.0)), RENDERED))
    assert not path.exists()


@pytest.mark.parametrize("part", ["points_mm", "lids_mm", "iris_mm"])
def test_a_moment_without_a_part_does_not_fit(tmp_path: Path, part: str) -> None:
    write_mesh(tmp_path / "mesh.json", make_mesh(*recording(), movements(), RENDERED))
    document = json.loads((tmp_path / "mesh.json").read_text())
    del document["rest"][part]
    with pytest.raises(UsageError, match=rf"\$\.rest\.{part}"):
        Mesh.from_json(json.dumps(document).encode())
