"""A face at rest as draws: where it stands, and which activation holds it there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from facewire.face import SIDES, Region, Side
from facewire.face.muscles import GROUPS, SIDE_CHANNEL_INDEX
from facewire.findings import THRESHOLDS
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement
from facewire.results.wiring import RestSays, RestSign, RestSignName
from facewire.wiring.action import CHIN, PALPEBRAL
from facewire.wiring.observe import Observations, pooled
from facewire.wiring.state import EYE

FloatArray = NDArray[np.float64]

LEAST_FISSURE_MM = 1.0
"""No open eye is drawn narrower."""
TONE_SD = 0.12
"""Standard deviation of resting activation between muscles, before measuring."""
RESTING_DIFFERENCE_MM = 0.5
"""Difference between the sides of healthy faces at rest, as standard deviation."""


def draw_rest(seen: Observations, n: int, rng: np.random.Generator) -> FloatArray:
    """Draw the resting positions, shape (n, 2, 10), mm; NaN where not measured.

    The measured interval of a position holds what both sides share (the scale, the head's frame)
    and what they do not; that of the difference between the sides holds only the latter. With
    ``p`` and ``d`` their standard deviations the sides' mean has ``sqrt(p**2 - d**2 / 4)``, no
    less than 0, and the difference ``d``. Where no difference is measured the sides are
    independent; the chin is one point.

    Parameters
    ----------
    seen : Observations
    n : int
        Number of draws.
    rng : numpy.random.Generator
    """
    own = np.nan_to_num(seen.rest_sd_mm)
    apart = np.where(np.isfinite(seen.difference_sd_mm), seen.difference_sd_mm, np.sqrt(2.0) * own)
    apart = np.where(CHIN, 0.0, apart.mean(axis=0))
    shared = np.sqrt(np.maximum((own**2).mean(axis=0) - apart**2 / 4.0, 0.0))
    noise = rng.standard_normal((2, n, own.shape[-1]))
    half = apart / 2.0 * noise[1]
    rest = seen.rest_mm + (shared * noise[0])[:, None] + np.stack([half, -half], axis=1)
    rest[..., EYE] = np.where(
        np.isnan(rest[..., EYE]), np.nan, np.maximum(rest[..., EYE], LEAST_FISSURE_MM)
    )
    return np.asarray(rest)


def closing_the_fissure(action_mm: FloatArray, rest_mm: FloatArray) -> FloatArray:
    """Return the actions with 100 % of the lid's own muscle closing each draw's own fissure.

    Parameters
    ----------
    action_mm : ndarray, shape (n, 2, 14, 10)
    rest_mm : ndarray, shape (n, 2, 10)
    """
    closing = action_mm.copy()
    fissure = rest_mm[..., EYE]
    kept = closing[:, :, PALPEBRAL, EYE]
    closing[:, :, PALPEBRAL, EYE] = np.where(np.isfinite(fissure), -fissure, kept)
    return closing


def draw_tone(
    seen: Observations, action_mm: FloatArray, scale: float, rng: np.random.Generator
) -> FloatArray:
    """Draw the resting activation of the affected side, shape (n, 2, 14); the other side's is 0.

    ``difference = A' tone + noise`` with tone normal around 0; the posterior is normal (Bishop
    2006, equations 2.116 and 2.117). Negative where the face hangs. 0 on a healthy face.

    Parameters
    ----------
    seen : Observations
    action_mm : ndarray, shape (n, 2, 14, 10)
    scale : float
        Size of the face against the typical one.
    rng : numpy.random.Generator
    """
    n = len(action_mm)
    tone = np.zeros((n, len(SIDES), len(GROUPS)))
    if seen.affected is None:
        return tone
    side = SIDES.index(seen.affected)
    usable = np.isfinite(seen.difference_mm[side]) & ~CHIN
    if not usable.any():
        return tone
    value = seen.difference_mm[side][usable]
    noise = seen.difference_sd_mm[side][usable] ** 2 + (RESTING_DIFFERENCE_MM * scale) ** 2
    design = action_mm[:, side][:, :, usable]
    prior = TONE_SD * rng.standard_normal((n, len(GROUPS)))
    noisy = value + np.sqrt(noise) * rng.standard_normal((n, int(usable.sum())))
    spread = TONE_SD**2 * np.matmul(design.swapaxes(1, 2), design)
    spread += np.diag(noise)
    miss = noisy - np.matmul(prior[:, None, :], design)[:, 0]
    weight = np.linalg.solve(spread, miss[..., None])
    tone[:, side] = prior + TONE_SD**2 * np.matmul(design, weight)[..., 0]
    return tone


LID_MM = 0.5
"""A lid that stands off by no more is not noticed (doi 10.1097/IOP.0000000000002650)."""
_UP, _OUT = (SIDE_CHANNEL_INDEX[Region.COMMISSURE, part] for part in ("up", "across"))
_TIGHT: dict[RestSignName, tuple[int, float]] = {
    "fissure": (-1, THRESHOLDS.rest_mm),
    "upper_lid": (-1, LID_MM),
    "lower_lid": (-1, LID_MM),
    "corner_up": (1, THRESHOLDS.rest_mm),
    "corner_out": (1, THRESHOLDS.rest_mm),
}
"""Which way tightness takes each sign, and how large a difference counts, mm."""


def rest_signs(seen: Observations, results: Sequence[Measurement]) -> tuple[RestSign, ...]:
    """Return the affected side at rest against the other side's: measured; () on a healthy face.

    Parameters
    ----------
    seen : Observations
        The measurements, pooled.
    results : sequence of Measurement
        The same, for their lids.
    """
    side = seen.affected
    if side is None:
        return ()
    value, sd = (one[SIDES.index(side)] for one in (seen.difference_mm, seen.difference_sd_mm))
    upper, lower = _lids(results, side)
    found: dict[RestSignName, tuple[float, float]] = {
        "fissure": (value[EYE], sd[EYE]),
        "upper_lid": upper,
        "lower_lid": lower,
        "corner_up": (value[_UP], sd[_UP]),
        "corner_out": (value[_OUT], sd[_OUT]),
    }
    return tuple(_sign(name, side, number) for name, number in found.items())


def _lids(
    results: Sequence[Measurement], side: Side
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what both lids differ by; the lower lid's doubt is taken as the upper lid's."""
    rows = np.full((len(results), 3), np.nan)
    for row, result in zip(rows, results, strict=True):
        own, other = result.lid_cell(side), result.lid_cell(side.other)
        upper = None if own is None else own.number("difference_mm")
        if own is None or other is None or upper is None:
            continue
        if own.mrd2_mm is not None and other.mrd2_mm is not None:
            row[:] = upper.value, own.mrd2_mm - other.mrd2_mm, upper.needed_sd
    values, sds = pooled(rows[:, :2], np.repeat(rows[:, 2:], 2, axis=1))
    return (float(values[0]), float(sds[0])), (float(values[1]), float(sds[1]))


def _sign(name: RestSignName, side: Side, number: tuple[float, float]) -> RestSign:
    difference = Estimate.of(float(number[0]), float(number[1]), "mm")
    return RestSign(
        sign=name,
        side=side,
        **RestSign.columns("difference_mm", difference),
        says=_says(difference, *_TIGHT[name]),
    )


def _says(difference: Estimate | None, way: int, least_mm: float) -> RestSays:
    if difference is None:
        return "untold"
    if abs(difference.value) >= least_mm and difference.excludes(0.0):
        return "tight" if difference.value * way > 0 else "slack"
    return "even" if max(-difference.low, difference.high) < least_mm else "untold"
