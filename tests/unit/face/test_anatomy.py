"""The table of anatomy: complete, consistent with itself and with what the groups move."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from facewire.errors import UsageError
from facewire.face import VECTOR_REGIONS, Region
from facewire.face import anatomy as anatomy_module
from facewire.face.anatomy import (
    BRANCHES,
    Branch,
    Status,
    anatomy,
    branch_names,
    communications,
    group_names,
    muscle,
    muscles,
    read_anatomy,
)
from facewire.face.anatomy_rows import MuscleFacts
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNEL_INDEX,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.treatment.muscles import groups_of

OUTWARD = {"up": ("up", 1), "down": ("up", -1), "lateral": ("across", 1), "medial": ("across", -1)}


def group_members(group: MuscleGroup) -> list[MuscleFacts]:
    return [m for m in muscles() if m.group is group]


def branches_of(group: MuscleGroup) -> set[Branch]:
    return {branch for member in group_members(group) for branch in member.branches}


@pytest.fixture
def table() -> dict[str, Any]:
    text = resources.files("facewire.face").joinpath("anatomy.toml").read_text("utf-8")
    return tomllib.loads(text)


def _row(table: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in table["muscle"] if row["id"] == name)


def test_twenty_muscles_and_five_branches() -> None:
    assert len(muscles()) == 20
    assert len(BRANCHES) == len(anatomy().branches) == 5


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_muscles_branches_and_words(group: MuscleGroup) -> None:
    members = group_members(group)
    assert members
    assert all(m.main_branch in branches_of(group) for m in members)
    assert group_names(group).name
    assert group_names(group).plain != group_names(group).name


def test_muscles_that_video_cannot_see_say_why() -> None:
    unseen = {m.id: m.unseen for m in muscles() if m.group is None}
    assert set(unseen) == {"depressor_septi", "buccinator"}
    assert all("not measured" in reason for reason in unseen.values())


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("frontalis", Branch.TEMPORAL),
        ("zygomaticus_major", Branch.ZYGOMATIC),
        ("risorius", Branch.BUCCAL),
        ("mentalis", Branch.MARGINAL_MANDIBULAR),
        ("platysma", Branch.CERVICAL),
    ],
)
def test_main_branches_are_those_of_the_textbook(name: str, branch: Branch) -> None:
    assert muscle(name).main_branch is branch


def test_every_branch_reaches_a_group_and_has_words() -> None:
    for branch in BRANCHES:
        assert any(branch in branches_of(group) for group in GROUPS)
        assert branch_names(branch).plain.startswith("the branch to ")
    cervical = [group for group in GROUPS if Branch.CERVICAL in branches_of(group)]
    assert cervical == [MuscleGroup.PLATYSMA]


def test_cheek_branches_overlap() -> None:
    for group in (MuscleGroup.ZYGOMATICUS_MAJOR, MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL):
        assert {Branch.ZYGOMATIC, Branch.BUCCAL} <= set(branches_of(group))


def test_communications_join_neighbours_as_published() -> None:
    assert [(c.a, c.b, c.fraction) for c in communications()] == [
        ("temporal", "zygomatic", 0.625),
        ("zygomatic", "buccal", 0.675),
        ("buccal", "marginal_mandibular", 0.675),
        ("marginal_mandibular", "cervical", 0.55),
    ]
    assert {c.count.n_hemifaces for c in communications()} == {40}
    assert all(c.count.citation.established for c in communications())


def test_every_row_has_a_source_and_recalled_is_not_established() -> None:
    rows = [m.citation for m in muscles()]
    rows += [b.citation for b in anatomy().branches.values()] + [anatomy().trunk.citation]
    assert all(row.text for row in rows)
    assert all(row.established == (row.status is Status.SEEN) for row in rows)


def _expected_sign(part: str, direction: str) -> tuple[str, int]:
    if part == "upper_lid":
        return "height", 1 if direction == "up" else -1
    if part == "lower_lid":
        return "height", -1 if direction == "up" else 1
    return OUTWARD[direction]


@pytest.mark.parametrize("facts", [m for m in muscles() if m.group], ids=lambda m: str(m.id))
def test_groups_move_the_regions_their_muscles_name(facts: Any) -> None:
    for effect in facts.effects:
        skipped = effect.direction == "medial" and effect.region is Region.BROW
        if effect.role != "main" or effect.region is None or skipped:
            continue
        component, sign = _expected_sign(effect.part, effect.direction)
        if effect.region not in VECTOR_REGIONS:
            component = "height"
        column = SIDE_CHANNEL_INDEX[effect.region, component]
        assert TYPICAL_ACTION_MM[GROUP_INDEX[facts.group], column] * sign > 0


@pytest.mark.parametrize("name", ["procerus", "zygomaticus_minor", "levator_anguli_oris"])
def test_treatments_name_the_same_groups(name: str) -> None:
    assert groups_of(name) == (muscle(name).group,)


def test_unknown_muscle_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no such facial muscle.*frontalis.*Found: biceps"):
        muscle("biceps")


def _no_group(table: dict[str, Any]) -> None:
    del _row(table, "mentalis")["group"]


def _both(table: dict[str, Any]) -> None:
    _row(table, "mentalis")["unseen"] = "for no reason"


def _empty_group(table: dict[str, Any]) -> None:
    table["muscle"].remove(_row(table, "risorius"))


def _strange_branch(table: dict[str, Any]) -> None:
    _row(table, "mentalis")["main_branch"] = "lingual"


def _missing_branch(table: dict[str, Any]) -> None:
    del table["branch"][1]


def _twice(table: dict[str, Any]) -> None:
    table["muscle"].append(copy.deepcopy(table["muscle"][0]))


def _no_source(table: dict[str, Any]) -> None:
    _row(table, "mentalis")["source"] = "somebody"


def _no_status(table: dict[str, Any]) -> None:
    del _row(table, "mentalis")["status"]


def _strange_part(table: dict[str, Any]) -> None:
    _row(table, "mentalis")["effects"][0]["part"] = "elbow"


def _more_than_all(table: dict[str, Any]) -> None:
    table["communication"][0]["n_found"] = 41


def _joined_to_itself(table: dict[str, Any]) -> None:
    table["communication"][0]["b"] = "temporal"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_no_group, r"wrong at mentalis.*reason why video cannot see it"),
        (_both, r"wrong at mentalis.*not both"),
        (_empty_group, r"a muscle in every group"),
        (_strange_branch, r"temporal or zygomatic.*Found: lingual"),
        (_missing_branch, r"every branch once"),
        (_twice, r"wrong at frontalis.*every id once"),
        (_no_source, r"wrong at source.*Found: somebody"),
        (_no_status, r"the entry 'status'"),
        (_strange_part, r"wrong at part.*Found: elbow"),
        (_more_than_all, r"Found: 41 of 40"),
        (_joined_to_itself, r"two branches"),
    ],
)
def test_wrong_tables_are_refused(
    table: dict[str, Any], spoil: Callable[[dict[str, Any]], None], message: str
) -> None:
    spoil(table)
    with pytest.raises(UsageError, match=message):
        read_anatomy(table)


def test_listed_names_exist() -> None:
    assert [n for n in anatomy_module.__all__ if not hasattr(anatomy_module, n)] == []
