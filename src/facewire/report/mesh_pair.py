"""Two meshes of one person beside one another, as numbers that a page's script draws in step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from facewire.face import Side
from facewire.figures.mesh import head_path, view_box
from facewire.figures.mesh_points import OVAL, Eye, Line, drawn_points, eye, lines
from facewire.report.moving_mesh import safe_json

REST = "rest"


def mesh_pair(first: Mapping[str, Any], second: Mapping[str, Any]) -> Markup:
    """Return what a page needs to move two faces together, as JSON for a data element.

    Parameters
    ----------
    first, second : mapping
        ``facewire.mesh/1`` of two recordings; only movements that both hold are kept.

    Returns
    -------
    Markup
        ``lines``, ``eyes`` and ``oval`` as numbers of points; of each face its picture's box and,
        for each movement and rest, the points in mm, one after another.
    """
    moments = [_moments(mesh) for mesh in (first, second)]
    shared = [name for name in moments[0] if name in moments[1]]
    faces = [
        {
            "box": view_box(drawn_points(mesh["rest"])),
            "head": head_path(drawn_points(mesh["rest"])),
            "moments": {name: own[name] for name in shared},
        }
        for mesh, own in zip((first, second), moments, strict=True)
    ]
    return safe_json(
        {
            "oval": list(OVAL),
            "lines": [_line(line) for line in lines()],
            "eyes": [_eye(eye(side)) for side in Side],
            "movements": [name for name in shared if name != REST],
            "faces": faces,
        }
    )


def _moments(mesh: Mapping[str, Any]) -> dict[str, list[float]]:
    found = {REST: mesh["rest"]} | {one["movement"]: one for one in mesh["movements"]}
    return {
        name: [round(float(value), 1) for value in drawn_points(moment).ravel()]
        for name, moment in found.items()
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "style": line.style,
        "points": list(line.points),
        "back": list(line.back),
        "closed": line.closed,
    }


def _eye(one: Eye) -> dict[str, Any]:
    return {"edge": _line(one.edge), "upper": _line(one.upper), "iris": one.iris}
