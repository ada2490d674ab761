"""Simulated courses as a document, ``facewire.regrowth/1``: for teaching, and saying so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from facewire.regrowth.facts import facts, published
from facewire.regrowth.movement import PATTERNS, visible_mm
from facewire.regrowth.nerve import FloatArray, nerve
from facewire.regrowth.simulate import TEACHING, RegrowthRuns
from facewire.results.regrowth import (
    Band,
    DriveBand,
    Event,
    FaceCourses,
    Growth,
    MonthBand,
    MuscleBand,
    MuscleCourses,
    PatternCourse,
    Regrowth,
)
from facewire.version import facewire_version
from facewire.words import mark

QUANTILES = {
    "median": 50.0,
    "ci50_low": 25.0,
    "ci50_high": 75.0,
    "ci_low": 2.5,
    "ci_high": 97.5,
}
"""What a band holds: the middle, the middle half, and 95 % of the courses."""

EVENTS = {
    "first_emg": mark("first activity in the muscle that closes the eye"),
    "first_movement": mark("first visible movement"),
    "first_synkinesis": mark("first visible synkinesis"),
    "plateau": mark("course levels off"),
}

SPREAD = mark(
    "The spread is that of the simulation: what the model leaves open. It is not the spread of "
    "patients, and says nothing about any one of them."
)
LEFT_OUT = mark(
    "The brain's own adaptation is not modelled: the commands stay those of a healthy face. Nor "
    "are training, treatment, or other explanations of synkinesis than misdirected axons."
)
ASSUMED = mark(
    "Several parameters have no published figure; each is listed with its source and status."
)
NOTES = (SPREAD, LEFT_OUT, ASSUMED)


def summarise(runs: RegrowthRuns, name: str = "") -> Regrowth:
    """Return simulated courses as the document that tells of them.

    Parameters
    ----------
    runs : RegrowthRuns
    name : str
        What the injury is called.

    Returns
    -------
    Regrowth
        Months that do not come within the time line are null.
    """
    return Regrowth(
        statement=TEACHING,
        facewire=facewire_version(),
        name=name,
        injury=runs.injury.row(),
        runs=runs.runs,
        seed=runs.seed,
        months=tuple(range(runs.months + 1)),
        drive_percent=DriveBand(**_band(100 * runs.drive)),
        muscle_courses=MuscleCourses(
            force_percent=MuscleBand(**_band(100 * runs.force)),
            strength_percent=MuscleBand(**_band(100 * runs.strength)),
            wrong_percent=MuscleBand(**_band(100 * runs.wrong_drive)),
            tone_percent=MuscleBand(**_band(100 * runs.tone)),
        ),
        face_courses=FaceCourses(
            force_percent=Band(**_band(100 * runs.force.mean(axis=-1))),
            wrong_percent=Band(**_band(100 * runs.wrong_drive.mean(axis=-1))),
        ),
        growth=Growth(
            injury_mm=round(runs.injury.level_mm, 1),
            stylomastoid_mm=nerve().foramen_mm,
            division_mm=nerve().division_mm,
            muscles_mm=round(nerve().typical_mm, 1),
            front_mm=Band(**_band(runs.front_mm)),
        ),
        patterns=tuple(_patterns(runs)),
        events=tuple(_event(runs, event) for event in EVENTS),
        published=tuple(published().values()),
        parameters=tuple(facts().values()),
        notes=NOTES,
    )


def _band(values: FloatArray, decimals: int = 1) -> dict[str, Any]:
    """Return the spread over the runs, the first axis, as entries of a band."""
    found = np.round(np.percentile(values, list(QUANTILES.values()), axis=0), decimals) + 0.0
    return {name: _frozen(found[i].tolist()) for i, name in enumerate(QUANTILES)}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def _patterns(runs: RegrowthRuns) -> Iterator[PatternCourse]:
    share = 100 * runs.visible.mean(axis=0)
    for i, pattern in enumerate(PATTERNS):
        known = not np.isnan(pattern.frequency)
        yield PatternCourse(
            id=pattern.id,
            name=pattern.name,
            movements=tuple(pattern.movements),
            region=pattern.region,
            visible_from_mm=visible_mm(pattern),
            visible_percent_of_runs=tuple(np.round(share[:, i], 1).tolist()),
            change_mm=Band(**_band(runs.pattern_mm[..., i], 2)),
            published_percent=round(100 * pattern.frequency, 1) if known else None,
        )


def _event(runs: RegrowthRuns, name: str) -> Event:
    months = getattr(runs, name)
    happens = np.isfinite(months)
    band = _band(months[happens], 2) if happens.any() else dict.fromkeys(QUANTILES)
    return Event(
        id=name,
        words=EVENTS[name],
        happens_percent_of_runs=round(100 * float(happens.mean()), 1),
        month=MonthBand(**band),
    )
