"""Grades and changes of simulated measurements, with their truth: do their intervals hold it?

A measurement is written from true sizes and errors of known deviation, so that what is tested is
what grading and comparison make of stored numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from facewire.comparison import Visit, compare_visits
from facewire.face import MOVEMENTS, REGIONS, SIDES, VOLUNTARY_TARGETS, Movement, Region, Side
from facewire.grading import SUNNYBROOK_MOVEMENTS, grade_measurement
from facewire.grading.ordinal import SHARED_PART, cut_points
from facewire.results.cells import SynkinesisCell, VoluntaryCell
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement, Quality, Scale, StoredFiles
from facewire.results.provenance import Provenance, Source

MOVED_MM = 8.0
SD_MM = 0.1
Place = tuple[Movement, Region, Side]


def measured(
    total: dict[Place, tuple[float, float]], involuntary: dict[Place, tuple[float, float]]
) -> Measurement:
    """Return a measurement of a right-sided case; 8 mm and 0 mm where nothing else is said.

    Parameters
    ----------
    total, involuntary : dict
        Value and standard deviation, mm, by place.
    """
    places = [(m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES]
    names = ("movement", "region", "side")
    voluntary, synkinesis = [], []
    for place in places:
        keys: dict[str, Any] = dict(zip(names, place, strict=True))
        moved = Estimate.of(*total.get(place, (MOVED_MM, SD_MM)), "mm")
        along = Estimate.of(*involuntary.get(place, (0.0, SD_MM)), "mm")
        voluntary.append(VoluntaryCell(**keys, **VoluntaryCell.columns("excursion_mm", moved)))
        synkinesis.append(
            SynkinesisCell(
                **keys, **SynkinesisCell.columns("change_mm", along), voluntary_mm=MOVED_MM
            )
        )
    source = Source(name="simulated", synthetic=True, mirrored=False)
    return Measurement(
        subject=None,
        synthetic=True,
        files=StoredFiles(),
        provenance=Provenance(facewire="", source=source),
        scale=Scale(source="simulated", reference_mm=11.7, relative_sd=0.0, mm_per_px=0.2),
        side_confirmed=True,
        side_affected=Side.RIGHT,
        side_status="stated",
        side_confidence=None,
        rest=(),
        eye_closure=(),
        blink=(),
        synkinesis=tuple(synkinesis),
        voluntary=tuple(voluntary),
        repetitions=(),
        quality=Quality(frames=1, frames_measured=1, frames_lost=0),
    )


def change_held(rng: np.random.Generator) -> bool:
    """Tell whether the interval of one change between two visits holds the true change."""
    place = (Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    true, sd = (-2.4, -1.0), (0.3, 0.5)
    seen = rng.normal(true, sd)
    visits = [
        Visit(name, measured({}, {place: (float(value), one)}))
        for name, value, one in zip("ab", seen, sd, strict=True)
    ]
    (row,) = (c for c in compare_visits(visits).changes if (c.movement, c.region) == place[:2])
    return row.change is not None and not row.change.excludes(true[1] - true[0])


def grade_held(rng: np.random.Generator) -> bool:
    """Tell whether the range of the voluntary sub-score holds the grades that a rater gives.

    The rater sees the true ratios and leans as the model says; the measurement has its own error.
    """
    ratio, sd = rng.uniform(0.1, 0.9, len(SUNNYBROOK_MOVEMENTS)), 0.25
    cuts = cut_points("voluntary", lowest=1)
    lean = np.sqrt(SHARED_PART) * rng.normal()
    own = np.sqrt(1.0 - SHARED_PART) * rng.normal(size=(len(ratio), len(cuts.at)))
    grades = 1 + (ratio[:, None] >= np.array(cuts.at) + (lean + own) * np.array(cuts.spread)).sum()
    grades = int(grades) + len(ratio) - 1
    seen = ratio + rng.normal(0.0, sd, len(ratio))
    total = {}
    for movement, value in zip(SUNNYBROOK_MOVEMENTS, seen, strict=True):
        place = (movement, VOLUNTARY_TARGETS[movement][0], Side.RIGHT)
        total[place] = (MOVED_MM * float(value), MOVED_MM * sd)
    part = grade_measurement(measured(total, {})).sunnybrook.voluntary
    return part.ci_low <= 4 * grades <= part.ci_high
