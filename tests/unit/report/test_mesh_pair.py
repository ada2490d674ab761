"""Two meshes as numbers: the same points, only shared movements, and JSON that stays inside."""

from __future__ import annotations

import copy
import json
import re

import numpy as np

from facewire.report import mesh_pair
from unit.report.made_documents import made_mesh, typed_mesh


def test_points_are_those_of_the_meshes() -> None:
    one, two = made_mesh(), copy.deepcopy(made_mesh())
    two["rest"]["points_mm"][61] = [-33.3, 12.2]
    pair = mesh_pair(*map(typed_mesh, (one, two)))
    assert pair is not None
    rest = [np.reshape(face["rest"], (-1, 2)) for face in json.loads(pair.data)["faces"]]
    assert rest[1][61].tolist() == [-33.3, 12.2]
    assert np.allclose(rest[0][:61], rest[1][:61])
    numbers = [int(n) for line in pair.faces[0][0].lines for n in re.findall(r"\d+", line.recipe)]
    assert max(numbers) < len(rest[0])


def test_only_movements_that_both_hold_are_kept() -> None:
    one, two = made_mesh(), copy.deepcopy(made_mesh())
    left_out = two["movements"].pop()["movement"]
    pair = mesh_pair(*map(typed_mesh, (one, two)))
    assert pair is not None
    assert left_out not in pair.movements
    assert list(json.loads(pair.data)["faces"][0]["moves"]) == list(pair.movements)


def test_there_is_no_pair_without_a_common_movement() -> None:
    two = made_mesh() | {"movements": []}
    assert mesh_pair(*map(typed_mesh, (made_mesh(), two))) is None


def test_it_cannot_end_its_element() -> None:
    pair = mesh_pair(*map(typed_mesh, (made_mesh(), made_mesh())))
    assert pair is not None
    assert "<" not in str(pair.data)
