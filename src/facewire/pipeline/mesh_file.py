"""The person's own mesh as a file, ``facewire.mesh/1``: moving pictures without a photograph.

About 75 kB: 468 points and the lids, at rest and in each movement, rounded to 0.01 mm.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import EYE_CLOSURES, Movement, Side
from facewire.files import storing, write_whole
from facewire.motion import FaceMesh, FaceMeshes, FixedHead, Hold, MotionSignals, face_meshes
from facewire.movements import MovementSet
from facewire.results.pictures import Mesh, MeshMoment, MovementMesh
from facewire.results.provenance import Source

DECIMALS = 2
ABOUT = (
    "Head-fixed points in the frontal plane, mm: across towards the patient's left, up; from "
    "midway between the inner corners of the eyes at rest. Median of each hold minus its rest, "
    "mean of the kept repetitions, added to the opening rest. For pictures; the map is not "
    "measured from it. depth_mm is for shading only."
)


def holds_of(movements: MovementSet) -> list[Hold]:
    """Return the holds of the kept repetitions."""
    return [
        Hold(
            str(one.movement),
            one.apex_start_s,
            one.apex_end_s,
            one.rest_start_s,
            one.rest_end_s,
            closing=one.movement in EYE_CLOSURES,
        )
        for one in movements.repetitions
        if one.kept
    ]


def write_mesh(path: Path, mesh: Mesh | None) -> None:
    """Write the mesh, whole or not at all; without one an earlier file is removed.

    It may be of another person.

    Raises
    ------
    StorageError
        The file cannot be written.
    """
    if mesh is None:
        with storing(path):
            path.unlink(missing_ok=True)
        return
    text = json.dumps(mesh.model_dump(mode="json", by_alias=True), separators=(",", ":"))
    write_whole(path, text.encode())


def make_mesh(
    head: FixedHead, signals: MotionSignals, movements: MovementSet, source: Source
) -> Mesh | None:
    """Return the mesh of the person at rest and in each movement.

    None where the opening rest was not measured.

    Parameters
    ----------
    head, signals, movements
        What was measured.
    source : Source
        The recording: whether synthetic, whether sides are confirmed.
    """
    found = face_meshes(head, signals, holds_of(movements), movements.opening_rest_s)
    return None if found is None else mesh_document(found, source)


def mesh_document(found: FaceMeshes, source: Source) -> Mesh:
    """Return meshes in their published form, rounded to 0.01 mm."""
    return Mesh(
        about=ABOUT,
        synthetic=source.synthetic,
        side_confirmed=source.mirrored is not None,
        recording_sha256=source.sha256,
        iris_diameter_mm=found.iris_diameter_mm,
        depth_mm=tuple(np.round(found.depth_mm, 1).tolist()),
        rest=MeshMoment(**_moment(found.rest)),
        movements=tuple(
            MovementMesh(movement=Movement(name), **_moment(mesh))
            for name, mesh in found.movements.items()
        ),
    )


def _moment(mesh: FaceMesh) -> dict[str, Any]:
    return {
        "repetitions": mesh.repetitions,
        "points_mm": _points(mesh.points_mm),
        "lids_mm": {side: _points(mesh.lids_mm[side]) for side in Side},
        "iris_mm": {side: _points(mesh.iris_mm[side][None])[0] for side in Side},
    }


def _points(values: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    rounded = (np.round(values, DECIMALS) + 0.0).tolist()
    return tuple((across, up) for across, up in rounded)
