"""Published group changes, component by component, beside simulated groups of that size.

A group is as many simulated patients as the study had. What is not known of a series is drawn once
for each group: how strongly its injector weakened each side (``BETWEEN_SERIES`` of the logit) and
each muscle (``BETWEEN_MUSCLES``; no abstract gives the units of one), and how severe its patients
were (``SEVERITY``), both chosen; and how its one rater leans. Every rating
has the error of rating again. Strength and severity are set so that
the group begins where the study did; the change sets nothing but where `facts.toml` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, Movement, Region, Side
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.grading import expected_scores
from facewire.treatment import (
    BotulinumToxin,
    Cut,
    Myectomy,
    NeuromuscularRetraining,
    SelectiveNeurolysis,
)
from facewire.treatment.facts import fact
from facewire.treatment.reserve import draw_reserve, rest_after_mm, total_after_mm
from facewire.treatment.sunnybrook import PARTS, drawn_face, movement_ratio, region_mm
from facewire.wiring import FaceState, involuntary_mm, rest_change_mm, total_mm
from facewire.wiring.state import EYE, side_index
from simulated.face_states import Group, synthetic_faces

FloatArray = NDArray[np.float64]

AFFECTED, OTHER = Side.LEFT, Side.RIGHT
PRODUCT = "onabotulinumtoxinA"
GROUPS, SEED = 200, 1
BETWEEN_SERIES, BETWEEN_MUSCLES, SEVERITY = 0.8, 0.8, 0.35
RETEST = np.array([0.915, 0.694, 0.903, 0.810])
"""Intraclass correlation of one rater with himself, of `PARTS` (Cabrol, 31 raters, 20 videos)."""
_PUCKER = MOVEMENTS.index(Movement.LIP_PUCKER)
_CLOSED = MOVEMENTS.index(Movement.SMILE_CLOSED)
_OPEN = MOVEMENTS.index(Movement.SMILE_OPEN)
_CORNER = [SIDE_CHANNEL_INDEX[Region.COMMISSURE, part] for part in ("across", "up")]

Injected = tuple[tuple[Side, str], ...]
Change = Callable[[FaceState, FaceState, int], FloatArray]
"""From before, after and a seed to one number a person, or to one of the whole group."""


def _on(side: Side, *muscles: str) -> Injected:
    return tuple((side, muscle) for muscle in muscles)


DALLA_TOFFOLA = _on(
    AFFECTED, "orbicularis_oculi", "zygomaticus_major", "depressor_labii_inferioris", "platysma"
) + _on(OTHER, "frontalis", "corrugator")
"""As printed."""
CHOI = _on(
    AFFECTED,
    "orbicularis_oculi",
    "depressor_anguli_oris",
    "platysma",
    "mentalis",
    "zygomaticus_major",
    "levator_labii_superioris",
) + _on(
    OTHER,
    "frontalis",
    "corrugator",
    "levator_labii_superioris",
    "levator_labii_superioris_alaeque_nasi",
    "risorius",
    "orbicularis_oris",
    "depressor_labii_inferioris",
    "depressor_anguli_oris",
)
"""Chosen: the abstract names no muscles."""
AFFECTED_SIDE = _on(AFFECTED, "orbicularis_oculi", "depressor_anguli_oris", "platysma", "mentalis")
"""Chosen, where a study says no more than that toxin was given."""


@dataclass(frozen=True)
class Study:
    """A published group before and after.

    Parameters
    ----------
    name : str
    people : int
        In the group; half of a two-armed trial's, as its arms are not in the evidence.
    group : Group
        Simulated patients who begin where the study's did.
    figures : tuple
        Component, published change, and how it is read off a simulated face.
    injected : Injected, optional
        Toxin, looked at on ``day``.
    trained_days : float, optional
        Length of training; 0: none.
    day : float, optional
    """

    name: str
    people: int
    group: Group
    figures: tuple[tuple[str, float, Change], ...]
    injected: Injected = ()
    trained_days: float = 0.0
    day: float = 30.0
    operated: Callable[[FaceState, int], FaceState] | None = None


@dataclass(frozen=True)
class Compared:
    """A published change beside the range of simulated group means."""

    study: str
    component: str
    published: float
    low: float
    mean: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether the published change lies in the range."""
        return self.low <= self.published <= self.high


def points(*parts: str, signs: Iterable[float] = (1.0,)) -> Change:
    """Return how to read the change of some parts of the estimated score off a face."""
    places, weights = [PARTS.index(part) for part in parts], np.array(tuple(signs))

    def change(before: FaceState, after: FaceState, seed: int) -> FloatArray:
        rng = np.random.default_rng([SEED, seed])
        leaning = np.full(before.draws, rng.standard_normal())
        then, now = (_rated(state, before, leaning)[:, places] for state in (before, after))
        error = np.sqrt(2.0 * (1.0 - RETEST[places])) * then.std(axis=0)
        noise = error * rng.standard_normal(then.shape)
        return np.asarray(((now - then + noise) * weights).sum(axis=1), dtype=np.float64)

    return change


def medians(part: str) -> Change:
    """Return how to read the difference of a group's medians off, where a study prints medians."""
    place = PARTS.index(part)

    def change(before: FaceState, after: FaceState, seed: int) -> FloatArray:
        rng = np.random.default_rng([SEED, seed])
        leaning = np.full(before.draws, rng.standard_normal())
        then, now = (_rated(state, before, leaning)[:, place] for state in (before, after))
        error = np.sqrt(1.0 - RETEST[place]) * then.std()
        noise = error * rng.standard_normal((2, len(then)))
        return np.array([np.median(now + noise[1]) - np.median(then + noise[0])])

    return change


def _rated(state: FaceState, before: FaceState, leaning: FloatArray) -> FloatArray:
    """Return the scores of a group by one rater, (n, 4); as `facewire.treatment.estimate`."""
    side, reserve = side_index(AFFECTED), draw_reserve(before, 0)
    since = rest_after_mm(state, before, reserve) - rest_change_mm(before)
    rest = before.rest_mm + since
    total = total_after_mm(state, before, reserve)
    ratio = movement_ratio(total, rest, side, total_mm(before))
    inner = region_mm(involuntary_mm(state))[:, side]
    return expected_scores(drawn_face(inner, ratio, rest[:, side] - rest[:, 1 - side]), leaning)


def _lid_rise_mm(before: FaceState, after: FaceState, _seed: int) -> FloatArray:
    """How much wider the eye stays in a pucker."""
    moved = involuntary_mm(after) - involuntary_mm(before)
    return np.asarray(moved[:, 0, _PUCKER, EYE])


def _narrowing_gone(before: FaceState, after: FaceState, _seed: int) -> FloatArray:
    """Share of the involuntary narrowing of the whole group that is gone."""
    then, now = (involuntary_mm(s)[:, 0, :, EYE].sum(axis=1) for s in (before, after))
    return np.asarray((then - now) / then.mean())


def _apart_mm(row: int) -> Change:
    def change(before: FaceState, after: FaceState, _seed: int) -> FloatArray:
        then, now = (
            np.linalg.norm(np.diff(total_mm(s)[:, :, row][..., _CORNER], axis=1)[:, 0], axis=1)
            for s in (before, after)
        )
        return np.asarray(now - then)

    return change


def _excursion_mm(row: int) -> Change:
    def change(before: FaceState, after: FaceState, _seed: int) -> FloatArray:
        way = total_mm(before)[:, 1, row][..., _CORNER]
        way = way / np.linalg.norm(way, axis=1, keepdims=True)
        then, now = (total_mm(s)[:, 0, row][..., _CORNER] for s in (before, after))
        return np.asarray(((now - then) * way).sum(axis=1))

    return change


def _cut_eye(state: FaceState, seed: int) -> FaceState:
    return SelectiveNeurolysis(AFFECTED, (Cut("orbicularis_oculi"),)).after(state, 1.0, seed)


def _myectomy(*muscles: str) -> Callable[[FaceState, int], FaceState]:
    return lambda state, seed: Myectomy(AFFECTED, muscles).after(state, 1.0, seed)


def _three(state: FaceState, seed: int) -> FaceState:
    cut = SelectiveNeurolysis(AFFECTED, (Cut("platysma"), Cut("depressor_anguli_oris")))
    excised = _myectomy("depressor_anguli_oris", "platysma")
    return excised(cut.after(state, 1.0, seed), seed)


def _more_mm(before: FaceState, after: FaceState, seed: int) -> FloatArray:
    """How much further a closed smile goes than after excision of one muscle alone."""
    alone = _myectomy("depressor_anguli_oris")(before, seed)
    read = _excursion_mm(_CLOSED)
    return read(before, after, seed) - read(before, alone, seed)


def _year_later(before: FaceState, after: FaceState, seed: int) -> FloatArray:
    """Change in the year after the training, by the same rater."""
    training = NeuromuscularRetraining(AFFECTED, lasts_days=91.0)
    later = training.after(before, 91.0 + 365.0, seed)
    return COMPOSITE(before, later, seed) - COMPOSITE(before, after, seed)


def _value(name: str) -> float:
    return fact(name).value


def _change(name: str) -> float:
    return _value(f"{name}_after") - _value(f"{name}_before")


COMPOSITE = points("composite")
SYMMETRY = points("voluntary", "resting", signs=(1.0, -1.0))
CLOSES = 1.0
SEVERE = Group(strength=0.43, severity=1.75, overactive=1.1, closure=CLOSES)
MILD = Group(strength=0.66, severity=0.75, closure=CLOSES)
MIDDLE = Group(strength=0.58, severity=1.0, closure=CLOSES)


def studies() -> Iterator[Study]:
    """Yield the studies of which a change is published and can be read off a face."""
    dalla = "toxin_dallatoffola"
    yield Study(
        "Dalla Toffola 2010, toxin",
        30,
        SEVERE,
        (
            ("composite", _change(dalla), medians("composite")),
            ("resting", _change(f"{dalla}_resting"), points("resting")),
            ("voluntary", _change(f"{dalla}_voluntary"), medians("voluntary")),
            ("synkinesis", _change(f"{dalla}_synkinesis"), medians("synkinesis")),
        ),
        DALLA_TOFFOLA,
        day=35.0,
    )
    yield Study(
        "Choi 2013, toxin on both sides",
        42,
        SEVERE,
        (
            ("composite", _value("toxin_group_after") - _value("toxin_group_before"), COMPOSITE),
            ("symmetry", _value("toxin_group_symmetry_part"), SYMMETRY),
            ("synkinesis", -_value("toxin_group_synkinesis_part"), points("synkinesis")),
        ),
        CHOI,
    )
    figures = (("composite", _change("toxin_diaz"), COMPOSITE),)
    yield Study("Diaz-Aristizabal 2023, toxin", 20, MILD, figures, AFFECTED_SIDE)
    figures = (("composite", _change("toxin_voluntary_loss"), COMPOSITE),)
    yield Study("Ophthal Plast Reconstr Surg 2014, toxin", 9, MIDDLE, figures, AFFECTED_SIDE)
    figures = (("fissure in a pucker, mm", _value("toxin_lid_rise"), _lid_rise_mm),)
    eye = _on(AFFECTED, "orbicularis_oculi_pretarsal")
    yield Study("McElhinny 2013, toxin", 16, MIDDLE, figures, eye)
    yield from _trained()
    yield from _operated()


def _trained() -> Iterator[Study]:
    gains = (
        ("Beurskens 2006, training", 25, "training_group_gain", MIDDLE, 91.0, 91.0),
        ("Pourmomeny 2015, training", 17, "training_biofeedback_gain", MILD, 122.0, 122.0),
    )
    for name, people, gain, group, length, day in gains:
        figures = (("composite", _value(gain), COMPOSITE),)
        yield Study(name, people, group, figures, trained_days=length, day=day)
    stable = (("composite, the year after", _value("training_stable_1_year"), _year_later),)
    name = "Beurskens, Heymans, Oostendorp, the year after"
    yield Study(name, 46, MIDDLE, stable, trained_days=91.0, day=91.0)
    figures = (("composite", _value("training_with_toxin_gain"), COMPOSITE),)
    name = "Pourmomeny 2015, toxin and training"
    yield Study(name, 17, MIDDLE, figures, AFFECTED_SIDE, trained_days=122.0, day=122.0)


def _operated() -> Iterator[Study]:
    figures: tuple[tuple[str, float, Change], ...]
    figures = (("narrowing gone, share", _value("neurolysis_cut"), _narrowing_gone),)
    yield Study("s00266-023-03620-8, neurectomy", 32, MIDDLE, figures, operated=_cut_eye)
    figures = (("corners apart, mm", _value("combined_myectomy_asymmetry"), _apart_mm(_OPEN)),)
    three = _myectomy("depressor_anguli_oris", "platysma", "buccinator")
    group = Group(strength=0.8, closure=CLOSES)
    yield Study("a-2741-2508, three muscles excised", 20, group, figures, operated=three)
    frozen = Group(strength=0.8, held_back=0.85, closure=CLOSES)
    figures = (("excursion, mm", _value("dao_myectomy_excursion"), _excursion_mm(_OPEN)),)
    one = _myectomy("depressor_anguli_oris")
    yield Study("Releasing the smile, myectomy", 43, frozen, figures, operated=one)
    figures = (("closed smile, mm more", _value("dao_with_neurectomy_excursion"), _more_mm),)
    bands = Group(strength=0.8, severity=1.75, closure=CLOSES)
    yield Study("Sanchez 2024, three operations over one", 18, bands, figures, operated=_three)


def compare(study: Study, groups: int = GROUPS) -> list[Compared]:
    """Return each published change beside the middle 95 % of simulated group means.

    Parameters
    ----------
    study : Study
    groups : int, optional
        How many groups are simulated.
    """
    rng = np.random.default_rng(SEED)
    means: list[list[float]] = []
    for seed in range(groups):
        severity = min(study.group.severity * float(rng.lognormal(0.0, SEVERITY)), 3.0)
        before = synthetic_faces(study.people, seed, replace(study.group, severity=severity))
        after = _treated(study, before, rng, seed)
        means.append([float(read(before, after, seed).mean()) for _, _, read in study.figures])
    found = []
    for (component, published, _), column in zip(study.figures, np.array(means).T, strict=True):
        low, mean, high = np.percentile(column, 2.5), column.mean(), np.percentile(column, 97.5)
        found.append(
            Compared(study.name, component, published, float(low), float(mean), float(high))
        )
    return found


def _treated(study: Study, before: FaceState, rng: np.random.Generator, seed: int) -> FaceState:
    after = before
    series = rng.normal(0.0, BETWEEN_SERIES, 2)
    for side, muscle in study.injected:
        shift = series[int(side is OTHER)] + rng.normal(0.0, BETWEEN_MUSCLES)
        prior = fact("toxin_weakening" if side is AFFECTED else "toxin_weakening_healthy")
        ends = (prior.value, prior.low, prior.high)
        degrees = [_shifted(end, shift) for end in ends]
        middle, low, high = (100.0 * degree for degree in degrees)
        toxin = BotulinumToxin(
            side,
            muscle,
            PRODUCT,
            weakening_percent=middle,
            weakening_low=low,
            weakening_high=high,
        )
        after = toxin.after(after, study.day, seed)
    if study.trained_days:
        training = NeuromuscularRetraining(AFFECTED, lasts_days=study.trained_days)
        after = training.after(after, study.day, seed)
    return after if study.operated is None else study.operated(after, seed)


def _shifted(share: float, shift: float) -> float:
    return float(1.0 / (1.0 + (1.0 - share) / share * np.exp(-shift)))
