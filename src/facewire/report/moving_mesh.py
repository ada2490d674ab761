"""The person's own mesh, moving: measured beside simulated, or two visits beside one another.

In: a `Mesh` and a `Forecast`, or two meshes. The simulated face is the measured one plus the
predicted change of each channel since day 0, spread over the points by `figures.mesh_change`;
where nothing changes it is the measured face. Without a script the page shows the held movement;
with one (``static/moving_mesh.js``) it moves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from facewire.face import Movement
from facewire.face.muscles import SIDE_CHANNELS
from facewire.figures.mesh import LID_PAIRS, TIGHTNESS, MeshFace, drawn_points, mesh_face
from facewire.figures.mesh_change import Field, field_of, lids_closed
from facewire.report.predicted_change import Changes, change_words, day_label, predicted_changes
from facewire.results.forecast import Forecast
from facewire.results.pictures import Mesh
from facewire.words import movement_name, sentence

FloatArray = NDArray[np.float64]

Moments = Mapping[Movement, FloatArray]
"""The drawn points of each held movement, mm, shape (n_points, 2)."""


@dataclass(frozen=True)
class MovingMeshView:
    """What the template ``moving_mesh.html`` may use.

    Parameters
    ----------
    face : MeshFace
        What draws the person.
    measured, simulated : ndarray, shape (n_points, 2)
        The first movement, held: what a page without a script and a print show, mm.
    movements : tuple of Movement
        What can be chosen; first the one whose involuntary part becomes less by most.
    days : tuple of str
        Days that can be chosen, in words.
    day : int
        Place of the day that is shown first.
    words : str
        What the first picture shows, in numbers with intervals.
    data : Markup
        Everything the script draws from, JSON that is safe inside a script element.
    """

    face: MeshFace
    measured: FloatArray
    simulated: FloatArray
    movements: tuple[Movement, ...]
    days: tuple[str, ...]
    day: int
    words: str
    data: Markup


def moving_mesh_view(mesh: Mesh, forecast: Forecast) -> MovingMeshView | None:
    """Put a mesh and a forecast together; None when they share no movement.

    Parameters
    ----------
    mesh : Mesh
    forecast : Forecast
    """
    moments = {row.movement: drawn_points(row) for row in mesh.movements}
    change = predicted_changes(forecast)
    shared = [name for name in change.moves if name in moments]
    relief = _relief(forecast)
    ordered = sorted(shared, key=lambda name: (-relief[name], -_most(change.moves[name])))
    if not ordered:
        return None
    return _view(mesh, forecast, {name: moments[name] for name in ordered}, change)


def _most(changes: FloatArray) -> float:
    return float(np.abs(changes).sum(axis=1).max())


def _relief(forecast: Forecast) -> dict[Movement, float]:
    """Return by how many mm the involuntary part of each movement becomes less on its best day."""
    found: dict[Movement, float] = {}
    for row in forecast.involuntary:
        sizes = [abs(value) for value in row.change_mm if value is not None]
        less = sizes[0] - min(sizes) if sizes else 0.0
        found[row.movement] = max(found.get(row.movement, 0.0), less)
    return found


def _view(mesh: Mesh, forecast: Forecast, moments: Moments, change: Changes) -> MovingMeshView:
    rest = drawn_points(mesh.rest)
    spread = field_of(rest)
    first = next(iter(moments))
    day = int(np.argmax(np.abs(change.moves[first]).sum(axis=1)))
    days = [day_label(forecast, one) for one in forecast.pictures.days]
    words = {
        name: [change_words(forecast, name, one) for one in forecast.pictures.days]
        for name in moments
    }
    simulated = _field_lists(spread) | {
        "change": {
            "rest": [_flat(one, 3) for one in change.rest],
            "moves": {name: [_flat(one, 3) for one in change.moves[name]] for name in moments},
        },
        "day": day,
        "days": days,
        "words": words,
    }
    return MovingMeshView(
        face=mesh_face(mesh),
        measured=lids_closed(moments[first]),
        simulated=lids_closed(moments[first] + spread.moved(change.moves[first][day])),
        movements=tuple(moments),
        days=tuple(days),
        day=day,
        words=words[first][day],
        data=_data([(rest, moments)], simulated),
    )


def _data(
    faces: Sequence[tuple[FloatArray, Moments]], simulated: Mapping[str, Any] | None
) -> Markup:
    """Return what the script needs of faces that move: rest, and each movement held."""
    return safe_json(
        {
            "tightness": TIGHTNESS,
            "lids": LID_PAIRS,
            "names": {name: sentence(movement_name(name)) for name in faces[0][1]},
            "faces": [
                {
                    "rest": _flat(rest),
                    "moves": {name: _flat(points) for name, points in moments.items()},
                }
                for rest, moments in faces
            ],
            "simulated": simulated,
        }
    )


def _field_lists(spread: Field) -> dict[str, Any]:
    across = [component == "across" for _, component in SIDE_CHANNELS] * 2
    both = np.where(across, spread.across, spread.up)
    return {"across": across, "field": [_flat(column, 3) for column in both.T]}


def _flat(values: FloatArray, decimals: int = 2) -> list[float]:
    rounded = (round(float(value), decimals) for value in values.reshape(-1))
    return [int(value) if value == int(value) else value for value in rounded]


@dataclass(frozen=True)
class MeshPairView:
    """Two visits' faces that move together.

    Parameters
    ----------
    faces : tuple of (MeshFace, ndarray)
        What draws each, and its first movement, held, mm.
    movements : tuple of Movement
        Those that both hold.
    data : Markup
        What the script draws from.
    """

    faces: tuple[tuple[MeshFace, FloatArray], ...]
    movements: tuple[Movement, ...]
    data: Markup


def mesh_pair(first: Mesh, second: Mesh) -> MeshPairView | None:
    """Put two recordings' meshes beside one another; None when they share no movement."""
    found = [
        {row.movement: drawn_points(row) for row in mesh.movements} for mesh in (first, second)
    ]
    shared = tuple(name for name in found[0] if name in found[1])
    if not shared:
        return None
    kept = [{name: moments[name] for name in shared} for moments in found]
    rests = [drawn_points(mesh.rest) for mesh in (first, second)]
    return MeshPairView(
        faces=tuple(
            (mesh_face(mesh), lids_closed(moments[shared[0]]))
            for mesh, moments in zip((first, second), kept, strict=True)
        ),
        movements=shared,
        data=_data(list(zip(rests, kept, strict=True)), None),
    )


def safe_json(data: Mapping[str, Any]) -> Markup:
    """Return JSON that can stand inside a script element: it cannot end it."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=True)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 (nothing in it can end the element)
