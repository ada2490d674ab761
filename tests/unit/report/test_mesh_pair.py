"""Two meshes as numbers: the same points, only shared movements, and JSON that stays inside."""

from __future__ import annotations

import copy
import json

import numpy as np

from facewire.report import mesh_pair
from unit.report.made_documents import made_mesh, typed_mesh


def test_points_are_those_of_the_meshes() -> None:
    one, two = made_mesh(), copy.deepcopy(made_mesh())
    two["rest"]["points_mm"][61] = [-33.3, 12.2]
    data = json.loads(mesh_pair(*map(typed_mesh, (one, two))))
    rest = [np.reshape(face["moments"]["rest"], (-1, 2)) for face in data["faces"]]
    assert rest[1][61].tolist() == [-33.3, 12.2]
    assert np.allclose(rest[0][:61], rest[1][:61])
    assert max(max(line["points"]) for line in data["lines"]) < len(rest[0])


def test_only_movements_that_both_hold_are_kept() -> None:
    one, two = made_mesh(), copy.deepcopy(made_mesh())
    left_out = two["movements"].pop()["movement"]
    data = json.loads(mesh_pair(*map(typed_mesh, (one, two))))
    assert left_out not in data["movements"]
    assert set(data["faces"][0]["moments"]) == {"rest", *data["movements"]}


def test_it_cannot_end_its_element() -> None:
    assert "<" not in str(mesh_pair(*map(typed_mesh, (made_mesh(), made_mesh()))))
