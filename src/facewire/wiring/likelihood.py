"""What the measured changes of one side say about activations, and what is believed beforehand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, Region, Side
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    GROUPS,
    SIDE_CHANNEL_INDEX,
    SIDE_CHANNELS,
    MuscleGroup,
)
from facewire.results.estimate import Z95
from facewire.results.wiring import ClinicianFinding
from facewire.wiring.action import CHIN, CHIN_ACROSS, MODEL_SHARE, PersonAction
from facewire.wiring.findings import grade_of
from facewire.wiring.joint import Changes
from facewire.wiring.observe import Observations, purpose_mask
from facewire.wiring.sampler import Prior
from facewire.wiring.state import EYE

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

OTHER_SIDE_SHARE = 0.3
"""Uncertainty of carrying over what the model leaves of the other side's movement."""
FLOOR_MM, INNER_FLOOR_MM = 0.12, 0.08
"""What a sum of muscles leaves of any total change and of any involuntary part, on a face of
typical size."""
INNER_SHARE = 0.05
"""What it leaves of an involuntary part, as a part of that."""
DRAG_SHARE = 0.08
"""The mouth is one piece: a side may be carried along by this part of the other corner's way."""
MOUTH = (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA)
RIGHT_MEAN, RIGHT_SD = 0.8, 0.45
"""What belongs to a movement, in parts of healthy activation, before measuring."""
LESSER_SD = 0.7
"""The same of muscles that the movement does not drive fully: how hard it does varies between
people, and force need not grow in proportion to the drive."""
WRONG_SHARE = 0.12
"""Part of all possible wrong edges of a command that exist, before measuring."""
HEALTHY_WRONG_SHARE = 0.01
"""The same on a face in which no side is affected."""
RARER = {MuscleGroup.PLATYSMA: 0.5, MuscleGroup.ORBICULARIS_OCULI_ORBITAL: 0.15}
"""Factor on that share. The lid's own part is taken to narrow the fissure in oral-ocular
synkinesis (anatomy, recalled, not measured): the orbital part is named only where brow and cheek
move as well."""
WRONG_MEAN, WRONG_SD = 0.25, 0.25
"""Activation by a wrong edge that exists, before measuring."""
FOUND_SHARE = 0.9
"""Share of existing edges where the clinician found the muscle active."""


def prior_of(side: Side, findings: Sequence[ClinicianFinding], *, healthy: bool) -> Prior:
    """Return what is believed of one side's activations before measuring.

    Parameters
    ----------
    side : Side
    findings : sequence of ClinicianFinding
        What the clinician saw raises or ends what may be there.
    healthy : bool
        No side of this face is affected.
    """
    typical = healthy_activation()
    certain = typical > 0
    share = np.full(typical.shape, HEALTHY_WRONG_SHARE if healthy else WRONG_SHARE)
    for m, movement in enumerate(MOVEMENTS):
        for g, group in enumerate(GROUPS):
            grade = grade_of(findings, group, movement, side)
            if grade is not None:
                share[m, g] = FOUND_SHARE if grade else 0.0
            elif group in RARER:
                share[m, g] *= RARER[group]
    mean = np.where(certain, RIGHT_MEAN * typical, WRONG_MEAN)
    part = np.where(typical < 1.0, LESSER_SD, RIGHT_SD)
    sd = np.where(certain, part * typical, WRONG_SD)
    return Prior(certain, share, mean, sd)


def changes_of(seen: Observations, person: PersonAction, side: int) -> tuple[Changes, FloatArray]:
    """Return one side's changes with their doubt, and standard deviations of shape (8, 10).

    Parameters
    ----------
    seen : Observations
    person : PersonAction
    side : int
        Place in ``SIDES``.
    """
    purpose = purpose_mask()
    inner = seen.involuntary_mm[side] / person.scale
    inner_sd = seen.involuntary_sd_mm[side] / person.scale
    total, total_sd, carried = _voluntary(seen, person, side)
    drag = np.where(purpose, _drag(seen, 1 - side) / person.scale, 0.0)
    change = np.where(purpose, total, inner)
    misfit = np.where(purpose, FLOOR_MM, INNER_FLOOR_MM) ** 2 + drag**2
    misfit = misfit + (np.where(purpose, MODEL_SHARE, INNER_SHARE) * change) ** 2
    misfit = misfit + np.where(purpose, OTHER_SIDE_SHARE * carried, 0.0) ** 2
    measured = np.broadcast_to(np.where(purpose, total_sd, inner_sd) ** 2, misfit.shape)
    variance = measured + misfit
    usable = np.isfinite(change).all(axis=0) & np.isfinite(variance).all(axis=0)
    usable[:, CHIN_ACROSS] = False
    safe = np.where(usable, variance, 1.0)
    counts = purpose[:, None, :] | ~(healthy_activation() > 0)[:, :, None]
    changes = Changes(
        value=np.where(usable, change, 0.0),
        precision=np.where(usable, 1.0 / safe, 0.0),
        counts=counts,
        lids_meet=_lids_meet(seen, side) & usable[:, EYE],
        measured=np.where(usable, measured, 1.0),
        misfit=np.where(usable, misfit, 0.0),
    )
    return changes, np.where(usable.any(axis=0), np.sqrt(safe.mean(axis=0)), np.inf)


def _drag(seen: Observations, other: int) -> FloatArray:
    """Return how far a side of the mouth may be carried along by the other; shape (8, 10), mm."""
    moved = np.nan_to_num(seen.total_mm[other])
    across, up = (SIDE_CHANNEL_INDEX[Region.COMMISSURE, part] for part in ("across", "up"))
    length = np.hypot(moved[:, across], moved[:, up])[:, None]
    mouth = [region in MOUTH for region, _ in SIDE_CHANNELS]
    return np.asarray(DRAG_SHARE * length * np.array(mouth))


def _lids_meet(seen: Observations, side: int) -> BoolArray:
    """Return the movements in which the lids meet, or may do so; shape (8,)."""
    gap = seen.rest_mm[side, EYE] + seen.total_mm[side, :, EYE]
    return np.asarray(np.isfinite(gap) & (gap < Z95 * seen.total_sd_mm[side, :, EYE]))


def _fissure(seen: Observations, side: int) -> float:
    found = float(seen.rest_mm[side, EYE])
    return found if np.isfinite(found) else 0.0


def _voluntary(
    seen: Observations, person: PersonAction, side: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return a side's total change less the model's remainder of the other side; (n, 8, 10) each.

    What the other side does and its muscles do not explain is taken to be this person's way of
    moving, in the proportion in which this side moves; the chin loses the other side's part.
    """
    modelled = np.matmul(person.pattern, person.action)
    modelled[..., EYE] = np.maximum(modelled[..., EYE], -_fissure(seen, 1 - side) / person.scale)
    here, there = seen.total_mm[side] / person.scale, seen.total_mm[1 - side] / person.scale
    left = there - modelled
    ratio = _strength(here, there)[:, None]
    carried = np.where(CHIN, modelled, ratio * left)
    carried = np.where(np.isfinite(carried), carried, 0.0)
    sd = seen.total_sd_mm[side] / person.scale
    other_sd = np.where(CHIN, 0.0, ratio * seen.total_sd_mm[1 - side] / person.scale)
    total_sd = np.broadcast_to(np.hypot(sd, np.nan_to_num(other_sd) / 2), modelled.shape)
    return np.asarray(here - carried), np.asarray(total_sd), np.asarray(carried)


def _strength(here: FloatArray, there: FloatArray) -> FloatArray:
    """Return how strongly a side makes each movement, against the other; shape (8,), 0 to 1."""
    both = np.isfinite(here) & np.isfinite(there) & purpose_mask() & ~CHIN
    mine, other = np.where(both, here, 0.0), np.where(both, there, 0.0)
    return np.asarray(
        np.clip((mine * other).sum(axis=1) / np.maximum((other**2).sum(axis=1), 1e-9), 0.0, 1.0)
    )
