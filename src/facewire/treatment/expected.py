"""What the literature alone expects of treatments in one face: for courses that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.results.wiring import Wiring
from facewire.treatment.base import OwnResponse
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.engine import MovingFace, timed_effects
from facewire.treatment.facts import fact
from facewire.treatment.reserve import draw_reserve
from facewire.treatment.sunnybrook import region_mm
from facewire.wiring import FaceState

FloatArray = NDArray[np.floating[Any]]

SEED = 0


@dataclass(frozen=True, eq=False)
class Expected:
    """Changes since day 0, for the draws of a wiring.

    Parameters
    ----------
    involuntary_mm, voluntary_mm : ndarray, shape (d, n, 2, 8, 7)
        For day, draw, side, movement and region.
    """

    involuntary_mm: FloatArray
    voluntary_mm: FloatArray


def expected_changes(
    model: Wiring, treatments: Sequence[Scheduled], days: Sequence[int]
) -> Expected:
    """Return what treatments change in a face when each comes as the middle of the literature.

    Effect and duration are fixed at the literature's own: the draws differ by what is not known of
    the wiring alone, so that what came can be held against it.

    Parameters
    ----------
    model : Wiring
        Of the face at day 0.
    treatments : sequence of Scheduled
        From day 0 on.
    days : sequence of int
        Which changes are wanted.
    """
    state = FaceState.of_draws(model.draws)
    middle = OwnResponse(1.0, 0.0, fact("toxin_duration").value, 0.0)
    usual = [replace(one, treatment=replace(one.treatment, response=middle)) for one in treatments]
    face = MovingFace(state, timed_effects(state, usual, SEED), draw_reserve(state, SEED))
    first = face.at(-1.0)
    then = [face.at(float(day)) for day in days]
    return Expected(
        np.stack([region_mm(one.involuntary) - region_mm(first.involuntary) for one in then]),
        np.stack([region_mm(one.total) - region_mm(first.total) for one in then]),
    )
