"""The person's own mesh as a file, ``facewire.mesh/1``: moving pictures without a photograph.

About 75 kB: 468 points and the lids, at rest and in each movement, rounded to 0.01 mm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import Movement, Side
from facewire.landmarks import replace_file, storing
from facewire.motion import FaceMesh, FaceMeshes, FixedHead, Hold, MotionSignals, face_meshes
from facewire.movements import MovementSet

MESH_SCHEMA = "facewire.mesh/1"
DECIMALS = 2
ABOUT = (
    "Head-fixed points in the frontal plane, mm: across towards the patient's left, up; from "
    "midway between the inner corners of the eyes at rest. Median of each hold minus its rest, "
    "mean of the kept repetitions, added to the opening rest. For pictures; the map is not "
    "measured from it. depth_mm is for shading only."
)
CLOSURES = (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)


def holds_of(movements: MovementSet) -> list[Hold]:
    """Return the holds of the kept repetitions."""
    return [
        Hold(
            str(one.movement),
            one.apex_start_s,
            one.apex_end_s,
            one.rest_start_s,
            one.rest_end_s,
            closing=one.movement in CLOSURES,
        )
        for one in movements.repetitions
        if one.kept
    ]


def write_mesh(
    path: Path,
    head: FixedHead,
    signals: MotionSignals,
    movements: MovementSet,
    marks: Mapping[str, Any],
) -> None:
    """Write the mesh of the person at rest and in each movement, whole or not at all.

    Where the opening rest was not measured there is none, and an earlier one is removed: it may
    be of another person.

    Parameters
    ----------
    path : Path
        The file.
    head, signals, movements
        What was measured.
    marks : mapping
        What a reader must know beside the points: whether synthetic, whether sides are confirmed.

    Raises
    ------
    StorageError
        The file cannot be written.
    """
    found = face_meshes(head, signals, holds_of(movements), movements.opening_rest_s)
    if found is None:
        with storing(path):
            path.unlink(missing_ok=True)
        return
    text = json.dumps(mesh_document(found, marks), separators=(",", ":"), allow_nan=False)
    replace_file(path, text.encode())


def mesh_document(found: FaceMeshes, marks: Mapping[str, Any]) -> dict[str, Any]:
    """Return meshes in their published form, ``facewire.mesh/1``."""
    return {
        "schema": MESH_SCHEMA,
        "kind": "measured",
        "about": ABOUT,
        **marks,
        "iris_diameter_mm": found.iris_diameter_mm,
        "depth_mm": np.round(found.depth_mm, 1).tolist(),
        "rest": _mesh(found.rest),
        "movements": [{"movement": name, **_mesh(m)} for name, m in found.movements.items()],
    }


def _mesh(mesh: FaceMesh) -> dict[str, Any]:
    return {
        "repetitions": mesh.repetitions,
        "points_mm": _rounded(mesh.points_mm),
        "lids_mm": {str(side): _rounded(mesh.lids_mm[side]) for side in Side},
        "iris_mm": {str(side): _rounded(mesh.iris_mm[side]) for side in Side},
    }


def _rounded(values: NDArray[np.float64]) -> list[Any]:
    plain: list[Any] = (np.round(values, DECIMALS) + 0.0).tolist()
    return plain
