"""Repeatability: rendered people filmed twice, on another day, distance, light and phone.

Standard deviation within a person (SEM) of the involuntary part, by region; the smallest
detectable change is 1.96 sqrt(2) SEM. The figures stand in
``src/facewire/comparison/floors.toml`` as floors until a clinic has its own. Rendering takes about
half an hour the first time; clips and results are kept under ``out/bench``.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from clips import FOLDER
from facewire.comparison import Visit, compare_visits
from facewire.face import REGIONS, Region, Side
from facewire.landmarks.models import FACE_BUNDLE, find_network
from facewire.motion import MotionSettings, compute_motion
from facewire.synkinesis import MapSettings
from facewire.synthetic.commands import Muscle
from facewire.synthetic.face3d import render_patient
from facewire.synthetic.patient_spec import (
    Behaviour,
    Camera,
    FaceLook,
    Miswiring,
    PatientSpec,
    Protocol,
)
from patients import Patient, measurement_from, patients, track_of
from rows import Row

LIDS, CORNER, CHIN = (
    Muscle.ORBICULARIS_OCULI_PALPEBRAL,
    Muscle.ZYGOMATICUS_MAJOR,
    Muscle.MENTALIS,
)
PROTOCOL = Protocol(repetitions=2, rest_s=1.2, ramp_s=0.45, hold_s=0.9)

PEOPLE = (
    PatientSpec(
        "repeat_a",
        Side.RIGHT,
        41,
        {"buccal": 0.8},
        miswiring=(Miswiring("smile", LIDS, 0.35), Miswiring("pucker", LIDS, 0.3)),
        face=FaceLook(0.2, asymmetry=0.01),
        protocol=PROTOCOL,
    ),
    PatientSpec(
        "repeat_b",
        Side.LEFT,
        42,
        {"zygomatic": 0.9},
        miswiring=(Miswiring("eye_close", CORNER, 0.25), Miswiring("brow", CORNER, 0.15)),
        face=FaceLook(0.7, smile_eye_narrowing=0.26),
        protocol=PROTOCOL,
    ),
    PatientSpec(
        "repeat_c",
        Side.LEFT,
        43,
        {"frontal": 0.5, "buccal": 0.7, "marginal": 0.7},
        miswiring=(
            Miswiring("smile", LIDS, 0.2),
            Miswiring("snarl", LIDS, 0.2),
            Miswiring("eye_close", CHIN, 0.25),
        ),
        face=FaceLook(0.45, asymmetry=-0.015),
        protocol=PROTOCOL,
    ),
    PatientSpec(
        "repeat_d",
        Side.RIGHT,
        44,
        {"buccal": 0.6, "marginal": 0.8},
        miswiring=(Miswiring("pucker", LIDS, 0.15), Miswiring("eye_close", CORNER, 0.12)),
        face=FaceLook(0.1, smile_eye_narrowing=0.15),
        protocol=PROTOCOL,
    ),
)


def again(spec: PatientSpec) -> PatientSpec:
    """Return the same person filmed on another day: farther, dimmer, noisier, other sway."""
    return replace(
        spec,
        name=spec.name + "_again",
        seed=spec.seed + 100,
        camera=Camera(view_height_mm=380.0, light=0.7, noise_sigma=4.0),
        behaviour=Behaviour(yaw_sway_deg=2.5, pitch_sway_deg=2.0, shift_mm=6.0),
    )


def filmed(spec: PatientSpec) -> Patient:
    """Return the rendered recording of a person, made once."""
    clip = FOLDER / f"{spec.name}.mp4"
    cues = clip.with_suffix(".protocol.json")
    if not cues.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        render_patient(spec, find_network(FACE_BUNDLE), clip)
    return Patient(spec.name, clip, cues, spec.name.removesuffix("_again"))


def visit_of(recording: Patient, side: Side | None) -> Visit:
    """Measure a recording and return it as a visit."""
    signals = compute_motion(track_of(recording), MotionSettings())
    settings = MapSettings(affected=str(side) if side else None)
    return Visit(recording.case, measurement_from(recording, signals, settings))


def pairs() -> list[tuple[Visit, Visit]]:
    """Return both visits of everyone: our own people, and those of the folder of patients."""
    found = [
        (visit_of(filmed(p), p.affected_side), visit_of(filmed(again(p)), p.affected_side))
        for p in PEOPLE
    ]
    known: dict[str, Patient] = {}
    for patient in patients():
        if patient.identity in known:
            truth = json.loads(Path(patient.video).with_suffix(".truth.json").read_text("utf-8"))
            side = Side(truth["affected_side"]) if truth["affected_side"] else None
            found.append((visit_of(known[patient.identity], side), visit_of(patient, side)))
        known.setdefault(patient.identity, patient)
    return found


def sem_mm(all_pairs: list[tuple[Visit, Visit]], region: Region) -> tuple[float, int]:
    """Return the standard deviation within a person, and how many differences it rests on.

    Differences as visits are compared: at equal effort, against the first visit's reference.
    """
    squares = [
        change.change_mm**2 / 2
        for pair in all_pairs
        for change in compare_visits(pair).changes
        if change.region is region and change.change_mm is not None
    ]
    return (math.sqrt(float(np.mean(squares))) if squares else math.nan), len(squares)


def rows() -> list[Row]:
    """Film everyone twice and compare."""
    both = pairs()
    found = []
    for region in REGIONS:
        sem, count = sem_mm(both, region)
        remark = f"{count} differences of {len(both)} people"
        found.append(Row("repeatability", f"SEM, {region}", sem, "mm", remark=remark))
    compared = [compare_visits(pair) for pair in both]
    rows = [c for one in compared for c in (*one.changes, *one.voluntary_changes)]
    told = [c for c in rows if c.beyond_sdc is not None]
    answers = [c.beyond_sdc for c in told]
    share = sum(bool(answer) for answer in answers) / len(answers)
    own = [number for c in told if c.kind == "involuntary" and (number := c.change) is not None]
    held = sum(not number.excludes(0.0) for number in own) / len(own)
    name = "involuntary: 95 % intervals of no change that hold 0"
    found.append(Row("repeatability", name, held, "", at_least=0.93, remark=f"{len(own)} rows"))
    remark = f"{len(answers)} rows; nothing has changed in these people"
    name = "called change, share of rows"
    found.append(Row("repeatability", name, share, "", at_most=0.05, remark=remark))
    return found
