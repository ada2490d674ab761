"""The person's own mesh, moving: measured beside simulated, or two visits beside one another.

In: a `Mesh` and a `Forecast`. The simulated face is the measured one plus
the predicted change of each channel since day 0, spread over the points by `figures.mesh_change`;
where nothing changes it is the measured face. Without a script the page shows the held movement;
with one it moves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from facewire.face import Movement, Side
from facewire.face.muscles import SIDE_CHANNELS
from facewire.figures.mesh import (
    OVAL,
    DrawnFace,
    Line,
    draw,
    drawn_points,
    eye,
    head_path,
    lines,
    skin_tones,
    view_box,
)
from facewire.figures.mesh_change import Field, field_of, lids_closed
from facewire.report.forecast_words import change_words, day_label
from facewire.results.forecast import Forecast, SidesPicture
from facewire.results.pictures import Mesh
from facewire.words import movement_name, sentence

FloatArray = NDArray[np.float64]

REST = "rest"
GHOST_REGIONS = ("mm-brow", "mm-lip", "mm-lip low")


@dataclass(frozen=True)
class Choice:
    """A movement or a day that can be chosen."""

    value: str
    name: str


@dataclass(frozen=True)
class MovingMeshView:
    """What the template ``moving_mesh.html`` may use.

    Parameters
    ----------
    measured, simulated : DrawnFace
        The first movement, held: what a page without a script and a print show.
    ghosts : tuple of str
        Lines of the measured face, to be laid over the simulated one.
    box : str
        The pictures' view box, mm.
    iris_mm : float
        Radius of the iris.
    movements, days : tuple of Choice
        What can be chosen; first the movement whose involuntary part becomes less by most.
    day : int
        Place of the day that is shown first.
    words : str
        What the first picture shows, in numbers with intervals.
    data : Markup
        Everything the script draws from, JSON that is safe inside a script element.
    """

    measured: DrawnFace
    simulated: DrawnFace
    ghosts: tuple[str, ...]
    box: str
    iris_mm: float
    movements: tuple[Choice, ...]
    days: tuple[Choice, ...]
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


@dataclass(frozen=True)
class Changes:
    """Predicted change of every channel since day 0, mm; unknown sizes are taken as none.

    Parameters
    ----------
    rest : ndarray, shape (n_days, 20)
        Of the resting face.
    moves : dict of Movement to ndarray, shape (n_days, 20)
        Of the held movement against the head, the rest's own change included.
    """

    rest: FloatArray
    moves: dict[Movement, FloatArray]


def predicted_changes(forecast: Forecast) -> Changes:
    """Return what a forecast says changes, for its picture days."""
    pictures = forecast.pictures
    rest = _since_first(pictures.rest)
    return Changes(rest, {row.movement: rest + _since_first(row) for row in pictures.movements})


def _since_first(sides: SidesPicture) -> FloatArray:
    values = np.concatenate([np.array(sides.of(side), dtype=float) for side in Side], axis=1)
    since: FloatArray = np.nan_to_num(values - values[:1], nan=0.0)
    return since


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


def _view(
    mesh: Mesh,
    forecast: Forecast,
    moments: dict[Movement, FloatArray],
    change: Changes,
) -> MovingMeshView:
    rest = drawn_points(mesh.rest)
    spread = field_of(rest)
    tones = skin_tones(rest, np.array(mesh.depth_mm, dtype=float))
    first = next(iter(moments))
    day = int(np.argmax(np.abs(change.moves[first]).sum(axis=1)))
    simulated = lids_closed(moments[first] + spread.moved(change.moves[first][day]))
    measured = draw(lids_closed(moments[first]), tones, head_path(rest))
    days = [day_label(forecast, one) for one in forecast.pictures.days]
    words = _words(forecast, moments)
    data = {
        **_shapes(tones),
        **_numbers(rest, moments, spread),
        "change": _change_lists(change, moments),
        "day": day,
        "days": days,
        "words": words,
        "names": {name: _name(name) for name in moments},
    }
    return MovingMeshView(
        measured=measured,
        simulated=draw(simulated, tones, head_path(rest)),
        ghosts=_ghost_paths(measured),
        box=" ".join(f"{value:g}" for value in view_box(rest)),
        iris_mm=round(mesh.iris_diameter_mm / 2, 2),
        movements=tuple(Choice(name, _name(name)) for name in moments),
        days=tuple(Choice(str(i), label) for i, label in enumerate(days)),
        day=day,
        words=words[first][day],
        data=safe_json(data),
    )


def _name(movement: Movement) -> str:
    return sentence(movement_name(movement))


def _words(forecast: Forecast, moments: Iterable[Movement]) -> dict[Movement, list[str]]:
    days = forecast.pictures.days
    return {name: [change_words(forecast, name, day) for day in days] for name in moments}


def _shapes(tones: Sequence[NDArray[np.intp]]) -> dict[str, Any]:
    eyes = [asdict(eye(side)) for side in Side]
    return {
        "oval": list(OVAL),
        "tones": [one.reshape(-1).tolist() for one in tones],
        "lines": [asdict(line) for line in lines()],
        "ghosts": [asdict(line) for line in _ghosts()],
        "eyes": eyes,
    }


def _ghosts() -> tuple[Line, ...]:
    """Return the lines of the measured face that are laid over the simulated one."""
    kept = [line for line in lines() if line.style in GHOST_REGIONS]
    return (*kept, *(eye(side).edge for side in Side))


def _ghost_paths(measured: DrawnFace) -> tuple[str, ...]:
    kept = [path for style, path in measured.lines if style in GHOST_REGIONS]
    return (*kept, *(one.edge for one in measured.eyes))


def _numbers(
    rest: FloatArray, moments: Mapping[Movement, FloatArray], spread: Field
) -> dict[str, Any]:
    across = [component == "across" for _, component in SIDE_CHANNELS] * 2
    both = np.where(across, spread.across, spread.up)
    return {
        "rest": _flat(rest),
        "moves": {name: _flat(points) for name, points in moments.items()},
        "across": across,
        "field": [[_plain(value, 3) for value in column] for column in both.T],
    }


def _change_lists(change: Changes, moments: Iterable[Movement]) -> dict[str, Any]:
    rows = {name: [_flat(day, 3) for day in change.moves[name]] for name in moments}
    return {"rest": [_flat(day, 3) for day in change.rest], "moves": rows}


def _flat(values: FloatArray, decimals: int = 2) -> list[float]:
    return [_plain(value, decimals) for value in values.reshape(-1)]


def _plain(value: float, decimals: int) -> float:
    rounded = round(float(value), decimals) + 0.0
    return int(rounded) if rounded == int(rounded) else rounded


def mesh_pair(first: Mesh, second: Mesh) -> Markup:
    """Return what a page needs to move two faces together, as JSON for a data element.

    Parameters
    ----------
    first, second : Mesh
        Of two recordings; only movements that both hold are kept.

    Returns
    -------
    Markup
        ``lines``, ``eyes`` and ``oval`` as numbers of points; of each face its picture's box and,
        for each movement and rest, the points in mm, one after another.
    """
    moments = [
        {REST: mesh.rest, **{str(m.movement): m for m in mesh.movements}}
        for mesh in (first, second)
    ]
    shared = [name for name in moments[0] if name in moments[1]]
    faces = [
        {
            "box": view_box(drawn_points(own[REST])),
            "head": head_path(drawn_points(own[REST])),
            "moments": {name: _flat(drawn_points(own[name]), 1) for name in shared},
        }
        for own in moments
    ]
    return safe_json(
        {
            "oval": list(OVAL),
            "lines": [asdict(line) for line in lines()],
            "eyes": [asdict(eye(side)) for side in Side],
            "movements": [name for name in shared if name != REST],
            "faces": faces,
        }
    )


def safe_json(data: Mapping[str, Any]) -> Markup:
    """Return JSON that can stand inside a script element: it cannot end it."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=True)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 (nothing in it can end the element)
