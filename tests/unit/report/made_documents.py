"""Wiring, forecast, plan and mesh documents of one made-up face; each is made once."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np

from facewire.face import Side
from facewire.landmarks.points import MIRROR_POINTS
from facewire.plan import Preferences, make_plan
from facewire.results.forecast import Forecast
from facewire.results.pictures import Mesh
from facewire.results.plan import Plan
from facewire.results.wiring import InferredFrom, MeasuredFrom, Wiring
from facewire.treatment import (
    BotulinumToxin,
    BrowLift,
    Scheduled,
    TreatmentPlan,
    forecast,
)
from planning_face import SMILE_TO_EYE, stated, wiring

Document = dict[str, Any]

OWN = "d" * 64
"""SHA-256 of the recording that the documents say they are made from."""


def source(sha256: str) -> InferredFrom:
    measured = MeasuredFrom(recording="face.mp4", recording_sha256=sha256, content_sha256="c" * 64)
    return InferredFrom(synthetic=True, measurements=(measured,))


@cache
def made_wiring() -> Wiring:
    return wiring(SMILE_TO_EYE, source=source(OWN))


@cache
def made_forecast(*, treated: bool = True) -> Forecast:
    toxin = BotulinumToxin(
        Side.RIGHT, "orbicularis_oculi", "onabotulinumtoxinA", units=10.0, weakening_percent=50.0
    )
    courses = (Scheduled(14, toxin), Scheduled(100, BrowLift(Side.RIGHT))) if treated else ()
    plan = TreatmentPlan(courses, days=200, show_days=(0, 60, 200))
    return forecast(wiring(SMILE_TO_EYE), plan)


@cache
def made_plan(**facts: Any) -> Plan:
    free = Preferences(largest_closure_loss_mm=float("inf"))
    return make_plan(wiring(SMILE_TO_EYE), stated(**facts), free)


def mesh_points() -> np.ndarray:
    """A symmetric face of 468 points, mm: nothing but apart from one another and mirrored."""
    rng = np.random.default_rng(3)
    points = rng.uniform([-60.0, -100.0], [-1.0, 50.0], (468, 2))
    mirror = np.array(MIRROR_POINTS[:468])
    for i in range(468):
        if mirror[i] == i:
            points[i, 0] = 0.0
        elif mirror[i] > i:
            points[mirror[i]] = points[i] * [-1.0, 1.0]
    return points


def lids(side: str, opening_mm: float = 10.0) -> list[list[float]]:
    """Edge of the lids: an ellipse, outer corner first, below, inner corner, above."""
    out = 1.0 if side == "L" else -1.0
    turn = np.pi * np.r_[np.arange(9) / 8, np.arange(7, 0, -1) / 8]
    x = 31.0 + 12.0 * np.cos(turn)
    y = np.r_[-np.sin(turn[:9]), np.sin(turn[9:])] * opening_mm / 2
    return np.column_stack([out * x, y]).round(2).tolist()


def moment(points: np.ndarray, **opening_mm: float) -> Document:
    return {
        "repetitions": 3,
        "points_mm": points.round(2).tolist(),
        "lids_mm": {side: lids(side, opening_mm.get(side, 10.0)) for side in "LR"},
        "iris_mm": {"L": [31.0, 0.0], "R": [-31.0, 0.0]},
    }


def typed_mesh(values: Document) -> Mesh:
    return Mesh.from_json(json.dumps(values).encode())


def made_mesh() -> Document:
    rest = mesh_points()
    smile = rest.copy()
    smile[[61, 291]] += [[-4.0, 5.0], [4.0, 5.0]]
    return {
        "schema": "facewire.mesh/1",
        "kind": "measured",
        "about": "made up",
        "synthetic": True,
        "side_confirmed": True,
        "recording_sha256": None,
        "iris_diameter_mm": 11.7,
        "depth_mm": (np.abs(rest[:, 0]) * 0.5).round(1).tolist(),
        "rest": moment(rest),
        "movements": [
            {"movement": "smile_open", **moment(smile, R=4.0)},
            {"movement": "eye_close_gentle", **moment(rest, R=0.0, L=0.0)},
        ],
    }
