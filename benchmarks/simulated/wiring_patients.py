"""Faces of known wiring, measured with noise: to see whether the inference finds it again.

Two families. ``own``: drawn from what the inference assumes and moved by the package's own
forward model (`facewire.wiring.total_mm`). ``foreign``: nothing of that is shared: other action
vectors, another law of saturation, an overactive other side that co-contracts, muscles that help
in movements where the model knows none, and noise that is correlated and has heavy tails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, SIDES, Movement, Region, Side
from facewire.face.movements import ONE_COMMAND, healthy_activation
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNEL_INDEX,
    SIDE_CHANNELS,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.results.measurement import Measurement
from facewire.wiring import FaceState, involuntary_mm, rest_change_mm, total_mm
from simulated.wiring_measured import (
    INVOLUNTARY_SD_MM,
    OTHER_REST_SD_MM,
    REST_SD_MM,
    TOTAL_SD_MM,
    channel_sds,
    simulated_measurement,
)

FloatArray = NDArray[np.float64]
Rng = np.random.Generator

EYE = SIDE_CHANNEL_INDEX[Region.EYE, "height"]
PALPEBRAL = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]
PLATYSMA = GROUP_INDEX[MuscleGroup.PLATYSMA]
CHIN = np.array([region is Region.CHIN for region, _ in SIDE_CHANNELS])
CHIN_ACROSS = SIDE_CHANNEL_INDEX[Region.CHIN, "across"]

REST_POSITION_MM = (10.2, 22.0, 24.0, -62.0, -54.0, -68.0, 15.5, -37.5, 0.0, -97.0)
SMILE_NARROWING = {Movement.SMILE_OPEN: 0.22, Movement.SMILE_CLOSED: 0.09, Movement.SNARL: 0.08}
"""Part of the fissure that a movement closes on both sides of a healthy face."""

SIBLING_SHARE = 0.8
"""Part of the wrong edges that two efforts of one command share."""
WRONG_SHARE = 0.12
FOREIGN_BEND = 1.2
"""How strongly the foreign law of force bends: ``(1 - exp(-b a)) / (1 - exp(-b))``."""


class Kind(StrEnum):
    """What is wrong with a simulated face."""

    HEALTHY = "healthy"
    WEAK = "weak"
    MISWIRED = "miswired"


@dataclass(frozen=True)
class WiringPatient:
    """A simulated face of known wiring.

    Parameters
    ----------
    kind : Kind
    affected : Side
        Side that is affected, or stated to be.
    percent : ndarray, shape (8, 14)
        True activation on that side, percent of the healthy side's own full activation.
    result : Measurement
        What was measured.
    """

    kind: Kind
    affected: Side
    percent: FloatArray
    result: Measurement


def simulate_patient(
    seed: int,
    kind: Kind = Kind.MISWIRED,
    *,
    foreign: bool = False,
    side_stated: bool = True,
    movements: tuple[Movement, ...] = MOVEMENTS,
) -> WiringPatient:
    """Simulate a face of known wiring and its measurement.

    Parameters
    ----------
    seed : int
    kind : Kind
    foreign : bool
        From a model that the inference does not share.
    side_stated : bool
        False: the measurement says that no side is affected (for healthy faces).
    movements : tuple of Movement
        Those that were recorded.
    """
    rng = np.random.default_rng([seed, int(foreign)])
    affected = SIDES[int(rng.integers(2))]
    draw = _foreign_face if foreign else _own_face
    face = draw(kind, SIDES.index(affected), rng)
    total, inner = _noisy(face, foreign, rng)
    rest = _noisy_rest(face.rest, rng)
    side = affected if side_stated else None
    result = simulated_measurement(total, inner, rest, side, movements)
    return WiringPatient(kind, affected, face.percent, result)


@dataclass(frozen=True)
class _Face:
    """True changes: total (2, 8, 10), involuntary (8, 10), rest (2, 10), percent (8, 14)."""

    total: FloatArray
    involuntary: FloatArray
    rest: FloatArray
    percent: FloatArray


def _truncated(mean: FloatArray, sd: FloatArray, rng: Rng) -> FloatArray:
    """Draw normal values above 0 by drawing again what fell below."""
    drawn = mean + sd * rng.standard_normal(mean.shape)
    while np.any(drawn < 0):
        drawn = np.where(drawn < 0, mean + sd * rng.standard_normal(mean.shape), drawn)
    return drawn


def _drives(kind: Kind, rng: Rng) -> tuple[FloatArray, FloatArray]:
    """Draw what belongs to each movement on the affected side, and what does not."""
    typical = healthy_activation()
    if kind is Kind.HEALTHY:
        return typical, np.zeros_like(typical)
    right = np.minimum(_truncated(0.8 * typical, 0.45 * typical + 1e-9, rng), 1.2)
    right = np.where(typical > 0, right, 0.0)
    right[:, PALPEBRAL] = np.minimum(right[:, PALPEBRAL], 1.0)
    if kind is Kind.WEAK:
        return right, np.zeros_like(typical)
    there = (rng.random(typical.shape) < WRONG_SHARE) & (typical == 0)
    there[:, PLATYSMA] = False
    size = _truncated(np.full(typical.shape, 0.25), np.full(typical.shape, 0.25), rng)
    for first, second in ONE_COMMAND:
        a, b = MOVEMENTS.index(first), MOVEMENTS.index(second)
        same = rng.random(len(GROUPS)) < SIBLING_SHARE
        there[b] = np.where(same, there[a], there[b]) & (typical[b] == 0)
        size[b] = size[a] * np.exp(0.25 * rng.standard_normal(len(GROUPS)))
    return right, np.where(there, size, 0.0)


def _rest_positions(scale: float, rng: Rng) -> FloatArray:
    rest = np.tile(np.array(REST_POSITION_MM), (2, 1)) * scale
    rest += 0.4 * rng.standard_normal(rest.shape)
    rest[:, EYE] = np.maximum(rest[:, EYE], 6.0)
    rest[:, CHIN] = rest[:1, CHIN]
    return rest


def _narrowing(rest: FloatArray, rng: Rng) -> FloatArray:
    extra = np.zeros((2, len(MOVEMENTS), len(SIDE_CHANNELS)))
    for movement, part in SMILE_NARROWING.items():
        own = part * np.exp(0.4 * rng.standard_normal())
        extra[:, MOVEMENTS.index(movement), EYE] = -own * rest[:, EYE]
    return extra


def face_of_drives(right: FloatArray, wrong: FloatArray, side: int, rng: Rng) -> _Face:
    """Return the true changes of a face whose affected side is driven as stated.

    Parameters
    ----------
    right, wrong : ndarray, shape (8, 14)
        What belongs to each movement on that side, and what does not.
    side : int
        Its place among the sides.
    rng : Generator
    """
    return _driven(right, wrong, Kind.MISWIRED, side, rng)


def measured_face(
    face: _Face, side: int, rng: Rng, *, side_stated: bool = True
) -> tuple[Side, Measurement]:
    """Return the affected side of a face and its measurement with noise."""
    total, inner = _noisy(face, foreign=False, rng=rng)
    rest = _noisy_rest(face.rest, rng)
    affected = SIDES[side]
    stated = affected if side_stated else None
    return affected, simulated_measurement(total, inner, rest, stated, MOVEMENTS)


def _own_face(kind: Kind, side: int, rng: Rng) -> _Face:
    return _driven(None, None, kind, side, rng)


def _driven(
    right: FloatArray | None, wrong: FloatArray | None, kind: Kind, side: int, rng: Rng
) -> _Face:
    scale = float(np.exp(0.12 * rng.standard_normal()))
    person = TYPICAL_ACTION_MM * (1 + 0.3 * rng.standard_normal(TYPICAL_ACTION_MM.shape))
    person = scale * (person + 0.25 * rng.standard_normal(person.shape))
    person[:, CHIN_ACROSS] = 0.0
    action = person * np.exp(0.07 * rng.standard_normal((2, *person.shape)))
    typical = healthy_activation()
    pattern = np.where(
        typical >= 1, typical, typical * np.exp(0.2 * rng.standard_normal(typical.shape))
    )
    if right is None or wrong is None:
        right, wrong = _drives(kind, rng)
    rest = _rest_positions(scale, rng)
    action[:, PALPEBRAL, EYE] = -rest[:, EYE]
    both_right, both_wrong = np.stack([pattern, pattern]), np.zeros((2, *typical.shape))
    both_right[side] = right * (pattern if kind is Kind.HEALTHY else 1.0)
    if kind is Kind.HEALTHY:
        both_right[side] = pattern
    both_wrong[side] = wrong
    state = _state(both_right, both_wrong, action, rest, _narrowing(rest, rng))
    total = total_mm(state)[0]
    total[:, :, CHIN] = total[:, :, CHIN].sum(axis=0)
    rest = rest + rest_change_mm(state)[0]
    inner = involuntary_mm(state)[0, side]
    return _Face(total, inner, rest, 100 * (both_right[side] + wrong))


def _state(
    right: FloatArray, wrong: FloatArray, action: FloatArray, rest: FloatArray, extra: FloatArray
) -> FaceState:
    zeros = np.zeros((1, 2, len(GROUPS)))
    return FaceState(
        right=right[None],
        wrong=wrong[None],
        tone=zeros,
        strength=np.ones_like(zeros),
        action_mm=action[None],
        added_mm=np.zeros((1, *extra.shape)),
        shift_mm=np.zeros((1, *rest.shape)),
        rest_mm=rest[None],
        physiological_mm=extra[None],
    )


def _turned(action: FloatArray, rng: Rng) -> FloatArray:
    """Turn each muscle's pull on corner, ala and chin by about 15 degrees."""
    turned = action.copy()
    for region in (Region.COMMISSURE, Region.ALA):
        across, up = (SIDE_CHANNEL_INDEX[region, part] for part in ("across", "up"))
        angle = np.radians(15) * rng.standard_normal(len(action))
        x, y = action[:, across].copy(), action[:, up].copy()
        turned[:, across] = np.cos(angle) * x - np.sin(angle) * y
        turned[:, up] = np.sin(angle) * x + np.cos(angle) * y
    return turned


def _bent(activation: FloatArray) -> FloatArray:
    return np.asarray(-np.expm1(-FOREIGN_BEND * activation) / -np.expm1(-FOREIGN_BEND))


def _foreign_face(kind: Kind, side: int, rng: Rng) -> _Face:
    scale = float(np.exp(0.15 * rng.standard_normal()))
    size = np.exp(0.35 * rng.standard_normal(TYPICAL_ACTION_MM.shape))
    person = scale * (_turned(TYPICAL_ACTION_MM * size, rng))
    person += scale * 0.3 * rng.standard_t(5, person.shape) / np.sqrt(5 / 3)
    person[:, CHIN_ACROSS] = 0.0
    action = person * np.exp(0.12 * rng.standard_normal((2, *person.shape)))
    rest = _rest_positions(scale, rng)
    action[:, PALPEBRAL, EYE] = -rest[:, EYE]
    typical = healthy_activation()
    pattern = typical * np.exp(0.3 * rng.standard_normal(typical.shape))
    pattern = np.where(typical >= 1, typical, pattern)
    helpers = (rng.random(typical.shape) < 0.05) & (typical == 0)
    helpers = np.where(helpers, 0.15 * rng.random(typical.shape), 0.0)
    over = 1.0 if kind is Kind.HEALTHY else float(rng.uniform(1.0, 1.35))
    right, wrong = _drives(kind, rng)
    if kind is Kind.HEALTHY:
        right = pattern
    pull = np.stack([_bent(over * pattern), _bent(over * pattern)]) + helpers
    pull[side] = _bent(right) + helpers * np.minimum(_ratio(right, typical), 1.0)[:, None]
    full = _bent(np.full(len(GROUPS), over))
    wrong_pull = _bent(right + wrong) - _bent(right)
    total = np.einsum("smg,sgk->smk", pull, action) + _narrowing(rest, rng)
    inner = wrong_pull @ action[side]
    total[side] += inner
    total[:, :, CHIN] = total[:, :, CHIN].sum(axis=0)
    total[..., EYE] = np.maximum(total[..., EYE], -rest[:, None, EYE])
    percent = 100 * np.where(typical > 0, _bent(right), wrong_pull) / full
    percent[:, PALPEBRAL] *= full[PALPEBRAL]
    return _Face(total, inner, rest, percent)


def _ratio(right: FloatArray, typical: FloatArray) -> FloatArray:
    return np.asarray((right * typical).sum(axis=1) / (typical**2).sum(axis=1))


def _noisy(face: _Face, foreign: bool, rng: Rng) -> tuple[FloatArray, FloatArray]:
    """Add measurement noise; foreign noise is shared between movements and sides in part."""
    total_sd, inner_sd = channel_sds(TOTAL_SD_MM), channel_sds(INVOLUNTARY_SD_MM)
    noise = _noise(face.total.shape, foreign, rng)
    noise[:, :, CHIN] = noise[:1, :, CHIN]
    inner_noise = _noise(face.involuntary.shape, foreign, rng)
    return face.total + total_sd * noise, face.involuntary + inner_sd * inner_noise


def _noise(shape: tuple[int, ...], foreign: bool, rng: Rng) -> FloatArray:
    if not foreign:
        return rng.standard_normal(shape)
    own = rng.standard_t(5, shape) / np.sqrt(5 / 3)
    channel = rng.standard_normal((*shape[:-2], 1, shape[-1]))
    movement = rng.standard_normal((*shape[:-2], shape[-2], 1))
    return np.asarray(np.sqrt(0.6) * own + np.sqrt(0.2) * channel + np.sqrt(0.2) * movement)


def _noisy_rest(rest: FloatArray, rng: Rng) -> FloatArray:
    """Errors of the difference between the sides; the head's own frame shares the rest."""
    sds = np.array([REST_SD_MM.get(region, OTHER_REST_SD_MM) for region, _ in SIDE_CHANNELS])
    noisy = rest + sds / np.sqrt(2) * rng.standard_normal(rest.shape)
    noisy[:, CHIN] = noisy[:1, CHIN]
    return np.asarray(noisy)
