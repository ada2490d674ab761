"""Inference: from measured maps of one face to its wiring, with what is not known about it.

For each command on the affected side ``y = A (r + w) + noise``: ``A`` what each group moves in
this person (`facewire.wiring.action`), ``r`` what belongs to the movement and may be weak, ``w``
what does not belong there, most of it zero. Where a movement moves a region on purpose ``y`` is
the total change; elsewhere it is the measured involuntary part, and ``r`` does not enter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, SIDES, Movement, Side
from facewire.face.muscles import GROUPS, TYPICAL_ACTION_MM
from facewire.results.measurement import Measurement
from facewire.results.wiring import ClinicianFinding, Wiring
from facewire.version import facewire_version
from facewire.wiring.action import (
    CHIN,
    PALPEBRAL,
    PersonAction,
    action_posterior,
    draw_patterns,
    face_scale,
)
from facewire.wiring.edges import Inferred, list_edges, list_unions
from facewire.wiring.joint import ActionPrior, draw_normal, sample_jointly
from facewire.wiring.likelihood import OTHER_SIDE_SHARE, changes_of, prior_of
from facewire.wiring.notes import describe_source, measured_patterns, write_notes
from facewire.wiring.observe import Observations, observe, purpose_mask, seen_zones
from facewire.wiring.rest import closing_the_fissure, draw_rest, draw_tone, rest_signs
from facewire.wiring.state import EYE, FaceState, saturated

FloatArray = NDArray[np.float64]

CHAINS = 100
SWEEPS = 100
KEPT = 40
HEALTHY_SWEEPS = 60
"""Both sides of a healthy face are asked, and nearly every wrong edge is absent."""
SEED = 20260

SIDE_SPREAD = 0.11
"""Standard deviation of each entry of the action table between the two sides of a face."""
LEAST_MOVEMENTS = 2


@dataclass(frozen=True)
class Settings:
    """How much work the inference does: chains, sweeps over all groups, sweeps kept, seed."""

    chains: int = CHAINS
    sweeps: int = SWEEPS
    kept: int = KEPT
    seed: int = SEED


def infer_wiring(
    results: Sequence[Measurement],
    findings: Sequence[ClinicianFinding] = (),
    settings: Settings | None = None,
) -> Wiring:
    """Infer the wiring of one face from one or several measured maps.

    Parameters
    ----------
    results : sequence of Measurement
        Measurements of one person.
    findings : sequence of ClinicianFinding, optional
        What the clinician saw and video does not see.
    settings : Settings, optional
        Same input and settings, same output.

    Returns
    -------
    Wiring
        Inferred, not measured. Edges are in percent of the full activation of the healthy
        side's own muscle, with 95 % intervals; null where nothing can be said, with the reason.

    Raises
    ------
    UsageError
        No measurement, contradictory ones, one without standard deviations, the affected side
        undecided, or too few movements.
    """
    settings = settings or Settings()
    seen = observe(results)
    _enough(seen)
    rng = np.random.default_rng(settings.seed)
    person = _person(seen, settings.chains, rng)
    sides = list(SIDES) if seen.affected is None else [seen.affected]
    if seen.affected is None:
        fewer = min(settings.sweeps, HEALTHY_SWEEPS)
        settings = replace(settings, sweeps=fewer, kept=min(settings.kept, fewer // 2))
    inferred = {side: _one_side(seen, person, side, findings, settings, rng) for side in sides}
    state = _state(seen, person, inferred, rng)
    edges = tuple(e for side in sides for e in list_edges(inferred[side], seen, side, findings))
    confirmed = all(result.side_confirmed for result in results)
    named = len(results) == 1 or all(result.subject for result in results)
    return Wiring(
        facewire=facewire_version(),
        affected_side=seen.affected,
        side_confirmed=confirmed,
        edges=edges,
        unions=tuple(u for side in sides for u in list_unions(inferred[side], seen, side)),
        measured=measured_patterns(results),
        rest=rest_signs(seen, results),
        zones=seen_zones(seen, results),
        source=describe_source(results),
        findings=tuple(findings),
        notes=write_notes(
            seen, edges, findings, confirmed=confirmed, named=named, asked=_asked(results)
        ),
        draws=state.to_draws(),
    )


def _asked(results: Sequence[Measurement]) -> frozenset[Movement]:
    """Return the movements that were asked for, as far as the measurements say."""
    told = [one.coverage for one in results if one.coverage is not None]
    return frozenset(m.movement for one in told for m in one.movements if m.asked)


def _enough(seen: Observations) -> None:
    sides = range(len(SIDES)) if seen.affected is None else [SIDES.index(seen.affected)]
    for side in sides:
        both = seen.recorded(side) & seen.recorded(1 - side)
        if both.sum() < LEAST_MOVEMENTS:
            names = [str(m) for m, there in zip(MOVEMENTS, both, strict=True) if there]
            raise UsageError(
                "There are too few movements to infer a wiring",
                expected=f"{LEAST_MOVEMENTS} movements or more measured on both sides",
                found=", ".join(names) or "none",
                do="record the standard movements and measure again",
            )


def _reference(seen: Observations) -> tuple[FloatArray, FloatArray]:
    """Return the healthy side's changes, or the sides' mean; of the chin one side's part."""
    if seen.affected is None:
        change, sd = seen.total_mm.mean(axis=0), seen.total_sd_mm.mean(axis=0)
    else:
        other = SIDES.index(seen.affected.other)
        change, sd = seen.total_mm[other].copy(), seen.total_sd_mm[other].copy()
    change[:, CHIN] /= 2.0
    chin_sd = np.hypot(sd[:, CHIN] / 2.0, OTHER_SIDE_SHARE * change[:, CHIN])
    sd[:, CHIN] = sd[:, CHIN] / 2.0 if seen.affected is None else chin_sd
    return change, sd


def _person(seen: Observations, n: int, rng: np.random.Generator) -> PersonAction:
    change, sd = _reference(seen)
    scale = face_scale(change)
    if not scale > 0.0:
        raise UsageError(
            "The healthy side moves too little to set a scale",
            expected="voluntary movement on the side that is compared with",
            found="none",
            do="check which side is affected",
        )
    side = None if seen.affected is None else SIDES.index(seen.affected.other)
    fissure = seen.rest_mm[:, EYE].mean() if side is None else seen.rest_mm[side, EYE]
    fissure_sd = seen.rest_sd_mm[:, EYE].mean() if side is None else seen.rest_sd_mm[side, EYE]
    pattern = draw_patterns(n, rng)
    typical = (fissure / scale, max(fissure_sd, 1e-6) / scale)
    precision, information = action_posterior(change / scale, sd / scale, typical, pattern)
    action = draw_normal(precision, information, rng).swapaxes(1, 2)
    return PersonAction(scale, pattern, action, precision, information)


def _own_actions(seen: Observations, person: PersonAction, side: int) -> ActionPrior:
    """One side's actions: the healthy side's, a little different; lids close their own gap."""
    cov = np.linalg.inv(person.precision)
    mean = np.matmul(cov, person.information[..., None])[..., 0]
    here, there = seen.rest_mm[side, EYE], seen.rest_mm[1 - side, EYE]
    if seen.affected is not None and np.isfinite(here + there) and min(here, there) > 0:
        mean[:, EYE, PALPEBRAL] *= here / there
        cov[:, EYE, PALPEBRAL] *= here / there
        cov[:, EYE, :, PALPEBRAL] *= here / there
    square = mean**2 + np.diagonal(cov, axis1=-2, axis2=-1)
    square[:, EYE, PALPEBRAL] = 0.0
    cov = cov + (SIDE_SPREAD**2 * square)[..., None] * np.eye(len(GROUPS))
    precision = np.linalg.inv(cov)
    return ActionPrior(precision, np.matmul(precision, mean[..., None])[..., 0])


def _one_side(
    seen: Observations,
    person: PersonAction,
    side: Side,
    findings: Sequence[ClinicianFinding],
    settings: Settings,
    rng: np.random.Generator,
) -> Inferred:
    index = SIDES.index(side)
    prior = prior_of(side, findings, healthy=seen.affected is None)
    changes, noise_sd = changes_of(seen, person, index)
    actions = _own_actions(seen, person, index)
    drawn = sample_jointly(changes, actions, prior, (settings.sweeps, settings.kept), rng)
    return Inferred(
        activation=_shown(drawn.pull),
        if_there=_shown(drawn.if_there),
        action=np.concatenate(list(drawn.action)),
        noise_sd=noise_sd,
        certain=prior.certain,
    )


def _shown(pull: FloatArray) -> FloatArray:
    """Return what is shown of what pulls: the lid's own muscle has done all when the lids meet."""
    activation = unsaturated(pull)
    activation[..., PALPEBRAL] = np.minimum(activation[..., PALPEBRAL], 1.0)
    return activation


def unsaturated(pull: FloatArray) -> FloatArray:
    """Return the activation that pulls so strongly: the inverse of `saturated`, interpolated."""
    grid = np.linspace(0.0, 4.0, 4001)
    return np.asarray(np.interp(pull, saturated(grid), grid))


def _state(
    seen: Observations,
    person: PersonAction,
    inferred: Mapping[Side, Inferred],
    rng: np.random.Generator,
) -> FaceState:
    """Gather 2 draws of each chain as a face in millimetres."""
    chains = len(person.pattern)
    n = 2 * chains
    twice = np.tile(np.arange(chains), 2)
    shape = (n, len(SIDES), len(MOVEMENTS))
    right, wrong = np.zeros((*shape, len(GROUPS))), np.zeros((*shape, len(GROUPS)))
    action = np.empty((n, len(SIDES), *TYPICAL_ACTION_MM.shape))
    for s, side in enumerate(SIDES):
        if side not in inferred:
            right[:, s] = unsaturated(person.pattern)[twice]
            action[:, s] = person.action[twice] * person.scale
            continue
        one = inferred[side]
        draws = np.concatenate([one.activation[len(one.activation) // 2], one.activation[-1]])
        draws = np.where(seen.recorded(s)[:, None], draws, np.nan)
        draws = np.where(np.isnan(draws), unsaturated(person.pattern)[twice], draws)
        right[:, s] = np.where(one.certain, draws, 0.0)
        wrong[:, s] = np.where(one.certain | ~seen.recorded(s)[:, None], 0.0, draws)
        action[:, s] = one.action * person.scale
    rest = draw_rest(seen, n, rng)
    action = closing_the_fissure(action, rest)
    tone = draw_tone(seen, action, person.scale, rng)
    zeros = np.zeros((n, len(SIDES), seen.rest_mm.shape[-1]))
    return FaceState(
        right=right,
        wrong=wrong,
        tone=tone,
        strength=np.ones_like(tone),
        action_mm=action,
        added_mm=np.zeros((*shape, zeros.shape[-1])),
        shift_mm=zeros,
        rest_mm=rest,
        physiological_mm=draw_unexplained(seen, right + wrong, action, rng),
    )


LEAST_SPREAD = 0.3
"""Movement that no wiring explains is spread at least so far, in deviations of its measurement."""


def draw_unexplained(
    seen: Observations, activation: FloatArray, action_mm: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw what healthy faces do too in regions that a movement does not move on purpose.

    The measured total change less what the wiring of the same draw moves there, with the doubt of
    the measurement. Noise alone would look like movement, above all where the length of a vector
    counts; so what is left is drawn towards 0, the more, the less this face's channel stands out
    of its noise: a normal prior around 0 whose spread comes from the data (empirical Bayes; Efron
    and Morris, J Am Stat Assoc 68, 1973, 117-130).

    Parameters
    ----------
    seen : Observations
    activation : ndarray, shape (n, 2, 8, 14)
        Right and wrong together.
    action_mm : ndarray, shape (n, 2, 14, 10)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, 2, 8, 10)
        0 where a movement moves the region on purpose and where nothing was measured. The chin is
        one point that both sides move: each takes half of what is left of it.
    """
    moved = np.matmul(saturated(activation), action_mm)
    moved = np.where(CHIN, moved.sum(axis=1, keepdims=True), moved)
    usable = np.isfinite(seen.total_mm) & np.isfinite(seen.total_sd_mm) & ~purpose_mask()
    left = np.where(usable, seen.total_mm - moved, 0.0)
    variance = np.where(usable, seen.total_sd_mm, 0.0) ** 2
    spread = _spread(left.mean(axis=0), variance, usable)
    share = spread / np.where(usable, spread + variance, 1.0)
    noise = rng.standard_normal(moved.shape)
    noise[..., CHIN] = noise[:, :1][..., CHIN]
    drawn = share * left + np.sqrt(share * variance) * noise
    return np.where(usable, np.where(CHIN, drawn / 2.0, drawn), 0.0)


def _spread(left: FloatArray, variance: FloatArray, usable: NDArray[np.bool_]) -> FloatArray:
    """Return the variance of what is left in each channel beyond its noise, shape (10,)."""
    count = np.maximum(usable.sum(axis=(0, 1)), 1)
    noise = variance.sum(axis=(0, 1)) / count
    found = (left**2).sum(axis=(0, 1)) / count - noise
    return np.asarray(np.maximum(np.maximum(found, LEAST_SPREAD**2 * noise), 1e-12))
