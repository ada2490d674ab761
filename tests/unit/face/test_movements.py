"""A movement is one row: what follows from it follows, and what cannot is named here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import facewire
from facewire.errors import UsageError
from facewire.face import (
    EYE_CLOSURES,
    MOUTH_MOVEMENTS,
    MOVEMENT_FACTS,
    MOVEMENTS,
    REGIONS,
    SMILES,
    Movement,
    Region,
    main_target,
    movements_of,
    moves_on_purpose,
)
from facewire.face.movements import ONE_COMMAND, healthy_activation
from facewire.face.muscles import GROUPS, MuscleGroup

PART_OF_THE_MOVEMENTS = {
    "_SHAPES": "one shape stands for the movements of one command",
    "_PAIRS": "commands of two efforts alone",
    "EYE_CHANGE": "published figures: not of every movement",
    "_ALIKE": "closures are said by what the lids do",
}
PART_OF_THE_REGIONS = {
    "COMPONENTS": "the eye is drawn by its lids",
    "IMPLANTED": "three known changes are drawn, of what is seen most",
    "REGION_CHANGES": "the words of those three",
    "PART_OF": "a brow is not asked whether it is covered",
}


def _tables() -> Iterator[tuple[str, dict[object, object]]]:
    for found in pkgutil.walk_packages(facewire.__path__, "facewire."):
        if "migrations" in found.name or found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, dict) and value:
                yield f"{found.name}.{name}", value


@pytest.mark.parametrize(
    ("kind", "every", "part"),
    [(Movement, MOVEMENTS, PART_OF_THE_MOVEMENTS), (Region, REGIONS, PART_OF_THE_REGIONS)],
)
def test_every_table_has_a_row_for_each(
    kind: type, every: tuple[object, ...], part: dict[str, str]
) -> None:
    tables = [(n, t) for n, t in _tables() if all(isinstance(key, kind) for key in t)]
    lacking = {
        f"{name} lacks {key}"
        for name, table in tables
        if name.rpartition(".")[2] not in part
        for key in every
        if key not in table
    }
    assert lacking == set()
    names = {name.rpartition(".")[2] for name, _ in tables}
    assert set(part) <= names, "an exception is of no table"
    assert len(tables) > len(part)


def test_commands_group_the_movements() -> None:
    assert EYE_CLOSURES == (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)
    assert SMILES == (Movement.SMILE_CLOSED, Movement.SMILE_OPEN)
    assert ONE_COMMAND == (EYE_CLOSURES, SMILES)
    assert movements_of("snarl") == (Movement.SNARL,)
    with pytest.raises(UsageError, match="no such command"):
        movements_of("wink")


def test_the_mouth_is_one_piece_for_mouth_movements() -> None:
    assert set(MOUTH_MOVEMENTS) == {
        Movement.SMILE_CLOSED,
        Movement.SMILE_OPEN,
        Movement.SNARL,
        Movement.LIP_PUCKER,
        Movement.LOWER_TEETH_SHOW,
    }
    assert moves_on_purpose(Movement.SMILE_OPEN, Region.CHIN)
    assert not moves_on_purpose(Movement.SMILE_OPEN, Region.EYE)
    assert not moves_on_purpose(Movement.EYE_CLOSE_GENTLE, Region.BROW)
    assert moves_on_purpose(Movement.EYE_CLOSE_TIGHT, Region.BROW)


def test_each_movement_goes_its_usual_way() -> None:
    ways = {movement: facts.direction for movement, facts in MOVEMENT_FACTS.items()}
    assert ways[Movement.BROW_RAISE] == ((Region.BROW, "height", 1.0),)
    assert ways[Movement.EYE_CLOSE_GENTLE] == ((Region.EYE, "height", -1.0),)
    assert ways[Movement.LIP_PUCKER] == ((Region.COMMISSURE, "across", -1.0),)
    assert ways[Movement.LOWER_TEETH_SHOW] == ((Region.LOWER_LIP, "height", -1.0),)
    (_, _, out), (_, _, up) = ways[Movement.SMILE_OPEN]
    assert np.degrees(np.arctan2(up, out)) == pytest.approx(57, abs=1)
    assert main_target(Movement.SNARL) is Region.ALA


def test_healthy_wiring_drives_the_groups_of_the_row_alone() -> None:
    table = healthy_activation()
    assert table.shape == (len(MOVEMENTS), len(GROUPS))
    raise_brow = table[MOVEMENTS.index(Movement.BROW_RAISE)]
    assert raise_brow[GROUPS.index(MuscleGroup.FRONTALIS)] == 1.0
    assert raise_brow.sum() == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": ()}, "moves on purpose"),
        ({"direction": ((Region.BROW, "height", 0.5),)}, "length 1"),
        ({"direction": ((Region.BROW, "across", 1.0),)}, "components"),
        ({"typical_mm": 0.0}, "above 0 mm"),
        ({"muscles": {}}, "muscle group"),
        ({"muscles": {MuscleGroup.FRONTALIS: 1.4}}, "1 at most"),
        ({"shape_mm": (1.0, 2.0)}, "lip gap"),
    ],
)
def test_a_wrong_row_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        replace(MOVEMENT_FACTS[Movement.BROW_RAISE], **change)  # type: ignore[arg-type]
