"""Synthetic patients as files."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from facewire.errors import PatientFileError
from facewire.face import Movement, Side
from facewire.synthetic.commands import Muscle
from facewire.synthetic.patient import (
    DEMO_PATIENT,
    FLACCID_PATIENT,
    HEALTHY_PATIENT,
    PatientSpec,
    load_patient,
)
from facewire.synthetic.performance import plan_performance

EDGE = 'name = "x"\naffected_side = "R"\n[[miswiring]]\n'


def read(tmp_path: Path, text: str) -> PatientSpec:
    path = tmp_path / "patient.toml"
    path.write_text(text)
    return load_patient(path)


def test_demo_patient_is_oral_ocular_and_ocular_oral_on_the_right() -> None:
    demo = load_patient(DEMO_PATIENT)
    edges = {(e.command, e.muscle) for e in demo.miswiring}
    assert demo.affected_side is Side.RIGHT
    assert ("smile", Muscle.ORBICULARIS_OCULI_PALPEBRAL) in edges
    assert ("eye_close", Muscle.ZYGOMATICUS_MAJOR) in edges


def test_flaccid_and_healthy_patients_have_no_wrong_edge() -> None:
    assert load_patient(HEALTHY_PATIENT).affected_side is None
    assert load_patient(FLACCID_PATIENT).miswiring == ()
    assert load_patient(FLACCID_PATIENT).affected_side is Side.LEFT


@pytest.mark.parametrize("path", [DEMO_PATIENT, HEALTHY_PATIENT, FLACCID_PATIENT])
def test_packaged_patient_fits_the_short_set(path: Path) -> None:
    performance = plan_performance(load_patient(path))
    cues = performance.cues
    assert performance.duration_s <= 40
    assert cues[0].start_s >= 2.5
    assert min(b.start_s - a.end_s for a, b in pairwise(cues)) >= 1
    assert {c.movement for c in cues} == {
        Movement.EYE_CLOSE_GENTLE,
        Movement.SMILE_OPEN,
        Movement.LIP_PUCKER,
        Movement.BROW_RAISE,
    }
    assert len({c.effort for c in cues}) == 3


def test_small_file_takes_defaults(tmp_path: Path) -> None:
    patient = read(tmp_path, 'name = "small"\n[camera]\nfps = 25\n')
    assert patient.camera.fps == 25
    assert patient.camera.width_px == 640
    assert patient.protocol.movements == tuple(Movement)


def test_mirroring_twice_gives_the_patient_back() -> None:
    demo = load_patient(DEMO_PATIENT)
    assert demo.mirrored() != demo
    assert demo.mirrored().mirrored() == demo


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "is not TOML"),
        ('name = ""', r"name cannot be used.*a word"),
        ("seed = 3", r"name cannot be used"),
        ('name = "x"\ncolour = 1', r"keys of the file.*Found: colour"),
        ('name = "x"\naffected_side = "left"', r"affected_side.*one of L, R, none.*Found: left"),
        ('name = "x"\nseed = 1.5', r"seed.*a whole number.*Found: 1\.5"),
        ('name = "x"\nseed = -1', r"seed.*0 or more"),
        ('name = "x"\n[camera]\nwidth_px = 641', r"camera\.width_px.*an even number.*641"),
        ('name = "x"\n[camera]\nfps = 500', r"camera\.fps.*5 to 120"),
        ('name = "x"\n[camera]\nzoom = 2', r"keys of camera.*Found: zoom"),
        ('name = "x"\n[camera]\nfps = true', r"camera\.fps.*a number.*True"),
        ('name = "x"\ncamera = 3', r"camera.*a table.*Found: 3"),
        ('name = "x"\n[face]\niris_rgb = [1, 2]', r"face\.iris_rgb.*three numbers"),
        ('name = "x"\n[protocol]\nmovements = ["wink"]', r"protocol\.movements.*Found: wink"),
        ('name = "x"\n[protocol]\nmovements = []', r"at least one movement"),
        ('name = "x"\n[voluntary_gain]\nbuccal = 0.5', r"affected_side.*no side"),
        ('name = "x"\naffected_side = "R"\n[voluntary_gain]\ntrunk = 1', "Found: trunk"),
        ('name = "x"\naffected_side = "R"\n[resting_tone]\nbiceps = 1', "Found: biceps"),
        ('name = "x"\naffected_side = "R"\n[[miswiring]]\nfrom = "smile"', "no gain, no to"),
        (
            EDGE + 'from = "smile"\nto = "mentalis"\ngain = 2',
            r"miswiring\.gain.*0 to 1.*Found: 2",
        ),
        (
            EDGE + 'from = "wink"\nto = "mentalis"\ngain = 1',
            r"miswiring\.from.*Found: wink",
        ),
    ],
)
def test_wrong_patient_file_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PatientFileError, match=message):
        read(tmp_path, text)


def test_missing_patient_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatientFileError, match=r"none\.toml cannot be read"):
        load_patient(tmp_path / "none.toml")
