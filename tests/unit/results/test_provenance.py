from __future__ import annotations

import getpass
import platform
from pathlib import Path

import pytest
from pydantic import ValidationError

from facewire.results.provenance import Machine, Provenance, Settings, Source, Step
from facewire.version import facewire_version


def test_version_is_a_version() -> None:
    assert facewire_version()[0].isdigit()


def test_folders_are_refused() -> None:
    with pytest.raises(ValidationError, match="name"):
        Source(name="/srv/clips/anna.mp4", sha256="0" * 64)


def test_negative_time_is_refused() -> None:
    with pytest.raises(ValidationError, match="seconds"):
        Step(step="track", seconds=-1.0)


@pytest.mark.parametrize("iris_mm", [-5.0, 8.9, 14.1])
def test_an_iris_of_no_person_is_refused(iris_mm: float) -> None:
    with pytest.raises(ValidationError, match="iris_mm"):
        Settings(iris_mm=iris_mm)


def test_nothing_names_the_person_or_the_computer() -> None:
    made = Provenance(facewire="1", source=Source(name="clip.mp4"), machine=Machine.here())
    text = made.model_dump_json().lower()
    assert str(Path.home()).lower() not in text
    assert platform.node().lower() not in text
    assert f'"{getpass.getuser().lower()}"' not in text


def test_machine_says_what_changes_speed() -> None:
    assert set(Machine.model_fields) == {"system", "processor", "cores", "python"}
    assert Machine.here().python == platform.python_version()
