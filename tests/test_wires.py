"""Wires that end nowhere do not grow: what is defined, some part of the package uses.

`wires` finds them by name. What stands in `OPEN` was there when this test was written; an entry
goes when its wire is connected or taken out, and none may come.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from code_reading import Module
from wires import Package

FOR_PROGRAMS = ("Client", "Result", "schema_of")
"""What scripts of users call: the interface of the app, the library."""

OPEN = {
    "clinic": {
        "JobRunner.__init__(lanes)",
        "JobRunner.__init__(pace)",
    },
    "face": {
        "Anatomy.divisions",
        "groups_of_branch",
        "other_muscles",
    },
    "record": {
        "bring_up_to_date(more)",
        "encrypt_data(cost)",
        "newest_revision",
        "open_work(room_bytes)",
    },
    "report": {},
    "results": {
        "Measurement.affected_sides",
    },
    "synkinesis": {
        "adaptive_q(rate)",
    },
    "treatment": {
        "state_at",
    },
    "web": {
        "entered_of(rater)",
        "error_response(headers)",
    },
    "wiring": {
        "infer_wiring(settings)",
    },
}
"""By the room that they stand in: public names that nothing in the package uses, parameters with a
default that no call sets, fields that nothing reads."""


@pytest.fixture(scope="module")
def found() -> set[str]:
    package = Package()
    wires = {*package.unused(), *package.unset(), *package.unread()}
    return {one for one in wires if one.split(".")[0] not in FOR_PROGRAMS}


def test_no_wire_that_ends_nowhere_comes(found: set[str]) -> None:
    assert sorted(found - set().union(*OPEN.values())) == []


def test_a_wire_that_was_mended_is_taken_off_the_list(found: set[str]) -> None:
    assert sorted(set().union(*OPEN.values()) - found) == []


class Made(Module):
    """A module of a test."""

    @property
    def place(self) -> str:
        return self.path.name


MADE = """
from dataclasses import dataclass
from elsewhere import Base, route

@dataclass
class Record:
    read: int
    unread: int

@route("/")
def registered(): ...
def called(needed, given=1, forgotten=2): return needed + given + forgotten
def itself(n): return itself(n - 1)
def shown(): ...
def handed_on(choice=1): ...
class Heir(Base):
    def by_name(self): ...
    def _own(self, more=1): ...

called(Record(1, 2).read, 3)
table = [handed_on, Heir]
"""


def test_each_kind_is_found_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "made.py"
    path.write_text(MADE)
    package = Package()
    package.modules = [Made(path)]
    package.__dict__["template_words"] = {"shown"}
    assert set(package.unused()) == {"itself"}
    assert set(package.unset()) == {"called(forgotten)"}
    assert set(package.unread()) == {"Record.unread"}
