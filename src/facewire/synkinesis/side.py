"""Which side is affected, from the recording alone: one likelihood for four faces.

The faces: none, right, left, both affected. What is held against them, movement by movement:

- how much more an eye narrows, or a mouth corner moves, on one side than on the other where
  neither was asked to, the stronger side scaled down to the strength of the weaker one: in a weak
  face the strong side carries more along;
- how much less one side does what was asked.

Each is as sure as its repetitions, its tracking and the scaling leave it. Healthy people differ
between their sides too, and alike in every movement of theirs, so that many movements say little
more of such a difference than one. Something else may have moved a region once: a single finding
is no more than a strong hint, and names no side.

A side is named, or that there is none, only where smile, pucker and closure of the eyes were done
and could be used: a recording without them may lack what speaks for the other side. That no side
is affected further needs an answer for most eyes and corners that could go along. Else it stays
undecided. Sides that are affected alike stay hidden.

What is covered on one side says nothing about either: a pair of which one half is not seen gives no
evidence, and that no side is affected is not said while an eye or a corner of the mouth is covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import norm

from facewire.errors import TrackError
from facewire.face import (
    MOVEMENTS,
    SIDES,
    Movement,
    Region,
    Side,
    main_target,
    movements_of,
    moves_on_purpose,
)
from facewire.synkinesis.affected import AffectedSide
from facewire.synkinesis.norms import (
    EYE_CHANGE,
    EYE_SIDE_DIFFERENCE,
    PRESENT_MM,
    WEAKER_OVER_STRONGER,
)
from facewire.synkinesis.parts import (
    CLOSED_RATIO_SD,
    LEAST_EXCURSION_MM,
    RATIO_SD,
    Evidence,
    asked_parts,
)
from facewire.synkinesis.presence import Presence, Question, settle

FloatArray = NDArray[np.float64]
Face = Literal["none", "R", "L", "both"]

PRIOR: dict[Face, float] = {"none": 0.35, "R": 0.3, "L": 0.3, "both": 0.05}
"""Before anything was seen: a convention, alike for the sides. Both is rare."""

NAMED = 0.95
"""Least probability of what is said: a convention."""

CONCERNED = np.array([0.1, 0.3, 0.6, 0.9])
"""In how many movements a region of an affected side goes along, or is weak: from one to most."""
AMOUNTS_MM = np.array([0.7, 1.0, 1.5, 2.0, 3.0, 4.5])
AMOUNTS_WEAK = np.array([0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
"""By how much on average, each as likely as the others, like `CONCERNED`: from what counts as
present to the largest published (Beurskens 2010), and any part of the stronger side."""
LEANING = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
"""The right side's part of the movements concerned, where both sides are affected: each region
leans by itself, to either side, every part as likely. An eye may go along on one side, a corner on
the other."""
AMOUNT_SPREAD = 0.5
"""How much single movements differ from that average, as a part of it: a convention."""

ALONE = 0.9
"""One side is named where its part of that is at least this much: else it may be both."""
CLEAR_Z = 3.0
"""Nor is it named beside a region that goes along on the other side by what counts as present and
by so many standard deviations, a healthy person's own difference among them: what is seen there
would be contradicted."""

STRAY, STRAY_MM, STRAY_RATIO = 0.02, 3.0, 0.5
"""Share of findings that have another cause than the four faces, and how large those are. It
bounds what one finding can say: about 60 to 1, so that two are needed to name a side."""

HEALTHY_EYE = float(np.hypot(EYE_SIDE_DIFFERENCE.mean, EYE_SIDE_DIFFERENCE.sd))
"""Root mean square of the sides' difference in healthy people, of the resting fissure."""
HEALTHY_RATIO = float(np.hypot(1 - WEAKER_OVER_STRONGER.mean, WEAKER_OVER_STRONGER.sd))
"""The same of a mouth corner's movement, of the stronger side's."""

LEAST_REPETITIONS = 2
"""A movement done once says nothing of the side: that once may have been something else."""

TOLD_SHARE = 0.5
"""That no side is affected is said where at least this share of the witnesses has an answer."""

NEEDED = {"smile": 2, "eye_close": 2, "pucker": 1}
"""Least usable repetitions of each command before anything is said of the affected side: the
patterns that are most often seen show in them (oral-ocular and ocular-oral, Beurskens 2010). How
many is a convention: two where most is seen, because a single one may have been something else."""

WITNESSES = (Region.EYE, Region.COMMISSURE)

_TRAIT, _TRAIT_WEIGHT = (x.astype(np.float64) for x in np.polynomial.hermite_e.hermegauss(15))
"""Nodes of a person's own, healthy difference between the sides, in standard deviations."""


@dataclass(frozen=True)
class Difference:
    """The right side against the left in one movement; positive speaks for the right one.

    Parameters
    ----------
    trait : str
        What a healthy person's own difference between the sides is shared over.
    value, sd : float
        How much more the right side moves along, mm; or how much less it does what was asked, as
        a part of the stronger side.
    healthy : float
        Standard deviation of healthy people's own difference, same unit.
    weak : bool
        Whether it is weakness rather than movement along.
    """

    trait: str
    value: float
    sd: float
    healthy: float
    weak: bool

    def __post_init__(self) -> None:
        if not (self.sd > 0 and self.healthy > 0 and np.isfinite(self.value)):
            raise TrackError(
                "A difference between the sides cannot be held against a face",
                expected="a number, and spreads above 0",
                found=f"{self.value}, {self.sd}, {self.healthy}",
            )

    def log_likelihood(self, face: Face) -> FloatArray:
        """Return the logarithm of its density, shape (4, 6, 15); for both sides (5, 4, 6, 15).

        For each share of movements concerned and each amount that an affected side goes along or is
        weak by, and each node of the person's own difference; before them each of `LEANING`.

        Parameters
        ----------
        face : str
            One of `PRIOR`.
        """
        value = self.value - self.healthy * _TRAIT
        amount = (AMOUNTS_WEAK if self.weak else AMOUNTS_MM)[:, None]
        odd_sd = float(np.hypot(self.sd, STRAY_RATIO if self.weak else STRAY_MM))
        moved_sd = np.hypot(self.sd, AMOUNT_SPREAD * amount)
        found = STRAY * norm.pdf(value, 0.0, odd_sd)
        still = norm.pdf(value, 0.0, self.sd)
        toward = {"R": norm.pdf(value, amount, moved_sd), "L": norm.pdf(-value, amount, moved_sd)}
        right = LEANING[:, None, None, None]
        both = right * toward["R"] + (1 - right) * toward["L"]
        moved = {**toward, "none": still, "both": both}[face]
        share = CONCERNED[:, None, None]
        return np.asarray(np.log(found + (1 - STRAY) * ((1 - share) * still + share * moved)))


def differences(evidence: Evidence) -> tuple[Difference, ...]:
    """Return what the sides differ by in every movement that was done often enough."""
    done = [m for m in MOVEMENTS if evidence.changes.count(m) >= LEAST_REPETITIONS]
    return (*_along(evidence, done), *_weakness(evidence, done))


def _along(evidence: Evidence, done: list[Movement]) -> Iterator[Difference]:
    """Regions that were not asked to move, the stronger side scaled to the weaker one's effort."""
    known = [mm for mm in evidence.rest_fissure_mm.values() if np.isfinite(mm)]
    fissure = float(np.mean(known)) if known else float("nan")
    for region in WITNESSES:
        for movement in done:
            if moves_on_purpose(movement, region) or any(
                evidence.covered(region, s) for s in SIDES
            ):
                continue
            effort = {s: evidence.excursion_mm(movement, s) for s in SIDES}
            strong = max(effort.values())
            if strong < LEAST_EXCURSION_MM:
                effort, strong = dict.fromkeys(SIDES, 1.0), 1.0
            weaker = Side.RIGHT if effort[Side.RIGHT] < effort[Side.LEFT] else Side.LEFT
            ratio = effort[weaker] / strong
            moved = {s: _along_mm(evidence, movement, region, s) for s in SIDES}
            least = abs(min(moved.values(), key=abs))  # the side that would be the reference
            scaled = {s: moved[s] * (1.0 if s is weaker else ratio) for s in SIDES}
            one, both = (
                _variance(evidence, movement, region, weaker.other, difference=d)
                for d in (False, True)
            )
            doubt = RATIO_SD * (1.0 - ratio)
            if main_target(movement) is Region.EYE:
                doubt = max(doubt, CLOSED_RATIO_SD)
            variance = one * (1 - ratio) ** 2 + both * ratio + (doubt * least) ** 2
            if region is Region.EYE:
                healthy = HEALTHY_EYE * fissure * _eye_share(movement)
            else:
                healthy = HEALTHY_RATIO * least
            value = scaled[Side.RIGHT] - scaled[Side.LEFT]
            if np.isfinite([value, variance, healthy]).all() and variance > 0:
                yield Difference(
                    str(region), value, float(np.sqrt(variance)), max(healthy, 1e-3), weak=False
                )


def _eye_share(movement: Movement) -> float:
    """Return how much of a smile's narrowing a movement has in healthy people; 1 if unknown."""
    known = EYE_CHANGE.get(movement)
    return 1.0 if known is None else abs(known.mean / EYE_CHANGE[Movement.SMILE_OPEN].mean)


def _along_mm(evidence: Evidence, movement: Movement, region: Region, side: Side) -> float:
    """Return how far a region went along: an eye by narrowing, a corner in any direction."""
    change = evidence.change(movement, region, side)
    return float(-change[0] if region is Region.EYE else np.linalg.norm(change))


def _variance(
    evidence: Evidence, movement: Movement, region: Region, side: Side, *, difference: bool
) -> float:
    """Return the variance along a change, mm2; of a vector's direction alone."""
    covariance = evidence.change_covariance(movement, region, side, difference=difference)
    change = evidence.change(movement, region, side)
    size = float(change @ change)
    if len(change) == 1 or size == 0:
        return float(np.mean(np.diag(covariance)))
    return float(change @ covariance @ change) / size


def _weakness(evidence: Evidence, done: list[Movement]) -> Iterator[Difference]:
    """How much less each side does what was asked."""
    for movement in done:
        effort = {s: evidence.excursion_mm(movement, s) for s in SIDES}
        strong = max(effort.values())
        if not strong >= LEAST_EXCURSION_MM:
            continue
        region = main_target(movement)
        if any(evidence.covered(region, s) for s in SIDES):
            continue
        sd_mm = evidence.change_sd(movement, region, Side.RIGHT, difference=True)
        sd = float(np.linalg.norm(sd_mm)) / strong
        value = (effort[Side.LEFT] - effort[Side.RIGHT]) / strong
        if np.isfinite([value, sd]).all() and sd > 0:
            yield Difference(f"{region} asked", value, sd, HEALTHY_RATIO, weak=True)


def face_probabilities(found: tuple[Difference, ...]) -> dict[Face, float]:
    """Return the probability of each face.

    Parameters
    ----------
    found : tuple of Difference
        A person's own differences are integrated out, see the module's text.
    """
    weak = tuple(d for d in found if d.weak)
    apart = tuple(tuple(d for d in found if d.trait == str(region)) for region in WITNESSES)
    log = {
        face: float(np.log(prior)) + sum(_log_evidence(g, face) for g in (weak, *apart) if g)
        for face, prior in PRIOR.items()
    }
    total = logsumexp(list(log.values()))
    return {face: float(np.exp(value - total)) for face, value in log.items()}


def _log_evidence(together: tuple[Difference, ...], face: Face) -> float:
    """Return how likely differences of one extent and amount are in a face, whatever those are.

    Each region goes along by an amount of its own, and leans by itself; a weak side is weak in all
    it does.
    """
    weight = np.log(_TRAIT_WEIGHT / _TRAIT_WEIGHT.sum())
    each = np.zeros(1)
    for trait in {d.trait for d in together}:
        shared = [d.log_likelihood(face) for d in together if d.trait == trait]
        each = each + logsumexp(weight + np.sum(shared, axis=0), axis=-1)
    return float(logsumexp(each) - np.log(each.size))


def leads(evidence: Evidence, movement: Movement, region: Region, side: Side) -> bool:
    """Tell whether a region moves more on this side than on the other; the eye: narrows more.

    The chin has no sides; it is counted with the left.

    Parameters
    ----------
    evidence : Evidence
        Changes of both sides.
    movement, region, side
        Which change.
    """
    own, other = (evidence.change(movement, region, s) for s in (side, side.other))
    if region is Region.CHIN:
        return side is Side.LEFT
    if region is Region.EYE:
        return bool(own[0] < other[0])
    return bool(np.linalg.norm(own) > np.linalg.norm(other))


def _could_show(evidence: Evidence, answers: Sequence[Mapping[Question, Presence]]) -> bool:
    """Tell whether the recording could have shown an affected side: most witnesses answer."""
    if any(evidence.covered(region, side) for region in WITNESSES for side in SIDES):
        return False
    asked = [
        (movement, region)
        for movement in MOVEMENTS
        for region in WITNESSES
        if not moves_on_purpose(movement, region)
    ]
    recorded = [key for key in asked if evidence.changes.count(key[0])]
    told = sum(
        key in found and found[key].present is not None for found in answers for key in recorded
    )
    return told >= TOLD_SHARE * len(SIDES) * len(recorded) > 0


def lacking(usable: Mapping[Movement, int]) -> tuple[str, ...]:
    """Return the commands of `NEEDED` with too few usable repetitions.

    Parameters
    ----------
    usable : mapping of Movement to int
        Usable repetitions; none of a movement that is not in it.
    """
    return tuple(
        command
        for command, least in NEEDED.items()
        if sum(usable.get(movement, 0) for movement in movements_of(command)) < least
    )


def infer_side(evidence: Evidence) -> AffectedSide:
    """Name the affected side, or say that there is none, that both are, or that it is not clear."""
    if lacking({movement: evidence.changes.count(movement) for movement in MOVEMENTS}):
        return AffectedSide(None, "undecided", float("nan"))
    found = differences(evidence)
    likely = face_probabilities(found)
    side = max(SIDES, key=lambda s: likely[s.value])
    affected = likely[side.value] + likely["both"]  # it is affected in either face
    alone = likely[side.value] >= ALONE * affected and not _clear(found, side.other)
    if affected >= NAMED and alone:
        return AffectedSide(side, "inferred", min(affected, 1.0))
    if likely["both"] >= NAMED:
        return AffectedSide(None, "both", float("nan"))
    answers = [settle(asked_parts(evidence, s), evidence.rest_fissure_mm[s]) for s in SIDES]
    if not _could_show(evidence, answers):
        return AffectedSide(None, "undecided", float("nan"))
    if likely["none"] >= NAMED and not any(_found(a) for a in answers):
        return AffectedSide(None, "none", likely["none"])
    return AffectedSide(None, "undecided", likely[side.value])


def _clear(found: tuple[Difference, ...], side: Side) -> bool:
    """Tell whether a region surely goes along more on this side, by what counts as present."""
    sign = 1.0 if side is Side.RIGHT else -1.0
    return any(
        not d.weak
        and sign * d.value >= PRESENT_MM
        and sign * d.value >= CLEAR_Z * np.hypot(d.sd, d.healthy)
        for d in found
    )


def _found(answers: Mapping[Question, Presence]) -> bool:
    """Tell whether a side's map has a finding: that nothing was found would contradict it."""
    return any(a.present for (_, region), a in answers.items() if region in WITNESSES)
