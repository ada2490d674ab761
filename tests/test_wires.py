"""Wires that end nowhere do not grow: what is defined, some part of the package uses.

`wires` finds them by name. What stands in `SEAMS` is for tests alone, each with its reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from code_reading import Module
from wires import Package

FOR_PROGRAMS = ("Client", "Result", "schema_of")
"""What scripts of users call: the interface of the app, the library."""

SEAMS = {
    "JobRunner.__init__(pace)": "tests do not wait as long as a clinic does",
    "bring_up_to_date(more)": "a migration that is not written yet is tried on today's record",
    "newest_revision": "names the stored records of every version",
    "state_at": "the plain twin of the engine's fast course",
    "infer_wiring(settings)": "fewer draws",
}
"""What only tests set or call, and what for. Nothing else may end nowhere."""


@pytest.fixture(scope="module")
def found() -> set[str]:
    package = Package()
    wires = {*package.unused(), *package.unset(), *package.unread()}
    return {one for one in wires if one.split(".")[0] not in FOR_PROGRAMS}


def test_no_wire_that_ends_nowhere_comes(found: set[str]) -> None:
    assert sorted(found - set(SEAMS)) == []


def test_a_seam_that_is_used_is_taken_off_the_list(found: set[str]) -> None:
    assert sorted(set(SEAMS) - found) == []


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
