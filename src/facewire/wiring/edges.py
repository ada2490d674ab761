"""From draws to edges: percent, interval, presence, and what these data cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, SIDES, Movement, Side
from facewire.face.movements import healthy_activation
from facewire.face.muscles import GROUP_INDEX, GROUPS, UNIONS, MuscleGroup
from facewire.results.estimate import QUANTILES_95, Estimate, Kind
from facewire.results.wiring import ClinicianFinding, Edge, UnionEdge
from facewire.wiring.findings import UNSEEN, grade_of
from facewire.wiring.observe import Observations
from facewire.wiring.telling_apart import Likeness, likeness, resolver
from facewire.words import mark

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

PRESENT_PERCENT = 5.0
"""An edge counts as present from this activation on."""
SURE = 0.95
FALSE_DISCOVERY = 0.05
"""Expected share of wrongly named edges among those named present in one face."""
WEAK_SHARE = 0.8
"""Below this part of healthy activation a movement counts as reduced: weak, or held back."""

LEAST_SEEN = 1.0
"""An edge of the reference activation that moves less than this many standard deviations of the
channels cannot be seen."""

OFTEN = 100
"""Draws with the edge that an interval of an edge that may be absent rests on."""

ONE_SIDED = 0.95
"""Upper limit of an interval from 0: nothing can fall below it."""

NOT_RECORDED = mark("the movement was not recorded, or no repetition could be kept")
NOT_ASSESSED = mark("not assessed: video does not see this muscle, and no finding was entered")
NOT_SEEN = mark("too small to be seen in these data")
TOO_ALIKE = mark("these data cannot tell it from another muscle")
UNSURE = mark("cannot be told from these data")


@dataclass(frozen=True)
class Inferred:
    """Draws for one side.

    Parameters
    ----------
    activation : ndarray, shape (kept, n, 8, 14)
        Activation of each group in each movement; 1 is full.
    if_there : ndarray, shape (kept, n, 8, 14)
        What it would be if the edge existed; the same where it does.
    action : ndarray, shape (n, 14, 10)
        What each group moves, on a face of typical size.
    noise_sd : ndarray, shape (8, 10)
        Standard deviation of the measured changes, same size; infinite where not measured.
    certain : ndarray of bool, shape (8, 14)
        What belongs to each movement.
    """

    activation: FloatArray
    if_there: FloatArray
    action: FloatArray
    noise_sd: FloatArray
    certain: BoolArray


@dataclass(frozen=True)
class _Summary:
    """Percent, deviation, interval and probability of each edge, each of shape (8, 14)."""

    percent: FloatArray
    sd: FloatArray
    low: FloatArray
    high: FloatArray
    probability: FloatArray
    called: BoolArray
    reduced: BoolArray


def list_edges(
    inferred: Inferred, seen: Observations, side: Side, findings: Sequence[ClinicianFinding]
) -> list[Edge]:
    """Return every command and group of one side as edges.

    Parameters
    ----------
    inferred : Inferred
    seen : Observations
    side : Side
    findings : sequence of ClinicianFinding
    """
    recorded = seen.recorded(SIDES.index(side))
    open_question = recorded[:, None] & ~inferred.certain & ~_unseen(findings, side)
    summary = _summarise(inferred, open_question, healthy=seen.affected is None)
    alike = likeness(inferred.action, inferred.noise_sd)
    edges = []
    for m, movement in enumerate(MOVEMENTS):
        for g, group in enumerate(GROUPS):
            kind: Literal["right", "wrong"] = "right" if inferred.certain[m, g] else "wrong"
            place: dict[str, Any] = {"command": movement, "muscle": group, "side": side}
            if not recorded[m]:
                told = _untold(NOT_RECORDED, f"record {movement}")
            elif not open_question[m, g] and kind == "wrong":
                told = _untold(NOT_ASSESSED, mark("the clinician's finding on the platysma"))
            else:
                told = _told((m, g), summary, alike, inferred, recorded)
            edges.append(Edge(**place, kind=kind, **told))
    return edges


def list_unions(inferred: Inferred, seen: Observations, side: Side) -> list[UnionEdge]:
    """Return the wrong edges of one side to muscles of one effect, taken together.

    Parameters
    ----------
    inferred : Inferred
    seen : Observations
    side : Side
    """
    recorded = seen.recorded(SIDES.index(side))
    rows = [
        (MOVEMENTS[m], name, wrong)
        for m in np.flatnonzero(recorded)
        for name, union in UNIONS.items()
        if len(wrong := _wrong_of(union, inferred.certain[m])) > 1
    ]
    if not rows:
        return []
    draws = np.stack([_summed(inferred, movement, wrong) for movement, _, wrong in rows], axis=-1)
    probability = (draws[0] >= PRESENT_PERCENT).mean(axis=0)
    called = call_present(probability, np.full(len(rows), seen.affected is not None))
    low, high = interval(draws[0], draws[1])
    low = np.where(called, _low_if_there(draws[0]), low)
    percent, sd = draws[0].mean(axis=0), draws[0].std(axis=0)
    return [
        UnionEdge(
            command=movement,
            union=name,  # type: ignore[arg-type]
            muscles=tuple(wrong),
            side=side,
            percent=float(percent[i]),
            percent_sd=float(sd[i]),
            ci_low=min(float(low[i]), float(percent[i])),
            ci_high=max(float(high[i]), float(percent[i])),
            probability=float(probability[i]),
            present=bool(called[i]),
        )
        for i, (movement, name, wrong) in enumerate(rows)
    ]


def _wrong_of(union: tuple[MuscleGroup, ...], certain: BoolArray) -> list[MuscleGroup]:
    """Return the muscles of a union that do not belong to a movement."""
    return [g for g in union if not certain[GROUP_INDEX[g]]]


def _summed(inferred: Inferred, movement: Movement, wrong: Sequence[MuscleGroup]) -> FloatArray:
    """Return what some muscles add up to, percent, and what they would if one were driven.

    Shape (2, kept * n). Where none is driven, one of them as strongly as if it were.
    """
    groups = [GROUP_INDEX[g] for g in wrong]
    m = MOVEMENTS.index(movement)
    drawn = 100.0 * inferred.activation[:, :, m, groups].reshape(-1, len(groups))
    if_there = 100.0 * inferred.if_there[:, :, m, groups].reshape(drawn.shape).mean(axis=1)
    summed = drawn.sum(axis=1)
    return np.stack([summed, np.where(summed > 0, summed, if_there)])


def _unseen(findings: Sequence[ClinicianFinding], side: Side) -> BoolArray:
    """Return the edges that nobody and nothing has looked at, shape (8, 14)."""
    return np.array(
        [
            [g in UNSEEN and grade_of(findings, g, m, side) is None for g in GROUPS]
            for m in MOVEMENTS
        ]
    )


def _untold(reason: str, resolved_by: str) -> dict[str, Any]:
    return {"distinguishable": False, "resolved_by": resolved_by, "reason": reason}


def _summarise(inferred: Inferred, open_question: BoolArray, *, healthy: bool) -> _Summary:
    draws = 100.0 * inferred.activation.reshape(-1, *inferred.activation.shape[2:])
    low, high = interval(draws, 100.0 * inferred.if_there.reshape(draws.shape))
    probability = (draws >= PRESENT_PERCENT).mean(axis=0)
    called = np.zeros_like(open_question)
    if not healthy:
        called = call_present(probability, open_question)
    low = np.where(called, _low_if_there(draws), low)
    limit = 100.0 * WEAK_SHARE * healthy_activation()
    reduced = inferred.certain & ((draws < limit).mean(axis=0) > 0.5)
    percent, sd = draws.mean(axis=0), draws.std(axis=0)
    return _Summary(percent, sd, low, high, probability, called, reduced)


def interval(draws: FloatArray, if_there: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return 95 % intervals, each of the shape of one draw.

    From 0 unless the edge surely exists; up to how large it may be if it does. The plain quantiles
    of a mostly absent edge would be 0 to 0 and miss a small one that is there.

    Parameters
    ----------
    draws : ndarray, shape (n, ...)
        Activations, 0 where the edge is absent.
    if_there : ndarray, shape (n, ...)
        What they would be if the edge existed.
    """
    low, high = np.quantile(draws, QUANTILES_95, axis=0)
    there = np.where(draws > 0, draws, np.nan)
    often = (draws > 0).sum(axis=0) >= OFTEN
    top = np.nanquantile(np.where(often, there, if_there), ONE_SIDED, axis=0)
    return low, np.where(low > 0, high, np.maximum(top, np.quantile(draws, ONE_SIDED, axis=0)))


def _low_if_there(draws: FloatArray) -> FloatArray:
    """Lower limit of an edge that is called present: how large it is, given that it is there."""
    there = np.where(draws > 0, draws, np.nan)
    there[0] = np.where(np.isnan(there).all(axis=0), 0.0, there[0])
    return np.asarray(np.nanquantile(there, QUANTILES_95[0], axis=0))


def call_present(probability: FloatArray, asked: BoolArray) -> BoolArray:
    """Return which edges are called present: surely there, false discovery rate held.

    The expected share of false ones among those called is the mean of their probabilities of
    being false (Newton et al., Biostatistics 5, 2004, 155-176).

    Parameters
    ----------
    probability : ndarray
        Posterior probability that each edge is there.
    asked : ndarray of bool
        The edges that the question is asked of.
    """
    flat = np.where(asked, 1.0 - probability, 2.0).ravel()
    order = np.argsort(flat, kind="stable")
    running = np.cumsum(flat[order]) / np.arange(1, flat.size + 1)
    called = np.zeros(flat.size, bool)
    called[order] = (running <= FALSE_DISCOVERY) & (flat[order] <= 1.0 - SURE)
    return called.reshape(probability.shape)


def _told(
    place: tuple[int, int],
    summary: _Summary,
    alike: Likeness,
    inferred: Inferred,
    recorded: BoolArray,
) -> dict[str, Any]:
    """Return what the data say of an edge, as entries of its row.

    The mean of an edge that may be absent can lie outside of its interval if it is there: the
    interval then reaches to it.
    """
    seen = bool(alike.seen[place] >= LEAST_SEEN) or bool(summary.called[place])
    confused = _confused(summary, alike, inferred.certain, place) if seen else []
    wrong = not inferred.certain[place]
    present = _present(place, summary, seen=seen, confused=bool(confused)) if wrong else None
    percent = float(summary.percent[place])
    number = Estimate(
        value=percent,
        sd=float(summary.sd[place]),
        low=min(float(summary.low[place]), percent),
        high=max(float(summary.high[place]), percent),
        unit="%",
        kind=Kind.INFERRED,
    )
    reason = UNSURE if present is None and wrong else ""
    if not seen or confused:
        reason = TOO_ALIKE if seen else NOT_SEEN
    return {
        **Edge.columns("percent", number),
        "probability": float(summary.probability[place]),
        "present": present,
        "distinguishable": seen and not confused,
        "confused_with": tuple(GROUPS[h] for h in confused),
        "resolved_by": resolver(inferred.action, inferred.noise_sd, place, confused, recorded)
        if confused
        else "",
        "reason": reason,
    }


def _present(
    place: tuple[int, int], summary: _Summary, *, seen: bool, confused: bool
) -> bool | None:
    if summary.called[place]:
        return True
    absent = summary.probability[place] <= 1.0 - SURE
    return False if absent and seen and not confused else None


def _confused(
    summary: _Summary, alike: Likeness, certain: BoolArray, edge: tuple[int, int]
) -> list[int]:
    """Return the groups that matter and that this edge cannot be told from.

    Two wrong edges that are both absent need no telling apart; a muscle of the movement itself
    matters where the movement is reduced.
    """
    m, g = edge
    there = summary.probability[m] > 1.0 - SURE
    found = []
    for h in alike.confused(m, g):
        if alike.seen[m, h] < LEAST_SEEN:
            continue
        if certain[m, g] and certain[m, h]:
            matters = bool(summary.reduced[m, g] or summary.reduced[m, h])
        elif certain[m, g] or certain[m, h]:
            matters = bool(summary.reduced[m, g] or summary.reduced[m, h] or there[g] or there[h])
        else:
            matters = bool(there[g] or there[h])
        if matters:
            found.append(h)
    return found
