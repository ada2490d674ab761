"""What-if: a face and a plan of treatments become arrays of numbers with intervals. Simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, VOLUNTARY_TARGETS, Region, Side
from facewire.face.muscles import SIDE_CHANNEL_INDEX, SIDE_CHANNELS
from facewire.grading import SUNNYBROOK_MOVEMENTS, SYNKINESIS_REGIONS, DrawnFace
from facewire.results.estimate import QUANTILES_95
from facewire.results.harm import Harms
from facewire.results.wiring import Wiring
from facewire.treatment.conflicts import Scheduled, dose_warnings, face_warnings
from facewire.treatment.effect import Direction
from facewire.treatment.engine import Moment, MovingFace, knot_days, timed_effects
from facewire.treatment.facts import fact
from facewire.treatment.harm import HarmWatch
from facewire.treatment.plan import TreatmentPlan
from facewire.treatment.reserve import draw_reserve
from facewire.treatment.sunnybrook import (
    PARTS,
    draw_leaning,
    drawn_face,
    movement_ratio,
    region_mm,
    scores,
)
from facewire.wiring import FaceState
from facewire.wiring.observe import covered_in, watched
from facewire.wiring.state import side_index
from facewire.words import mark

FloatArray = NDArray[np.floating[Any]]

SIMULATED = mark(
    "Simulated, not measured: what a model of this face and of the treatments expects. Not "
    "clinically validated; for discussion between professionals."
)
UNCONFIRMED = mark("Left and right are not confirmed: sides in this forecast may be exchanged.")
NO_SIDE = mark("The affected side is not known: no symmetry and no score can be given.")
OTHER_SIDE_LESS = mark(
    "Part of the composite's gain is a loss of the other side, which the score compares with: see "
    "the score against the other side as on day 0."
)
REST_UNSEEN = (
    (
        Region.EYE,
        mark(
            "The eyes at rest were not seen: nothing is said of how narrow the eye is at rest, of "
            "resting points, or of the composite."
        ),
    ),
    (
        Region.COMMISSURE,
        mark(
            "The corners of the mouth at rest were not seen: nothing is said of how high they "
            "stand at rest, of resting points, or of the composite."
        ),
    ),
    (
        Region.BROW,
        mark("The brows at rest were not seen: nothing is said of how high they stand at rest."),
    ),
)
APPARENT_POINTS = 0.5
"""Points of the composite, from which such a gain is told."""
RESTING = tuple(
    SIDE_CHANNEL_INDEX[key]
    for key in ((Region.EYE, "height"), (Region.BROW, "height"), (Region.COMMISSURE, "up"))
)
_OWN = [k for k, (region, _) in enumerate(SIDE_CHANNELS) if region is not Region.CHIN]
"""Channels of one side alone: the chin is one point that both move."""
RESTING_NAMES = ("eye", "brow", "commissure")
MOST_PICTURES = 120
"""Even steps between pictures over a whole course: enough for a slider to move smoothly."""
_POINTS = (QUANTILES_95[0], 0.5, QUANTILES_95[1])


@dataclass(frozen=True, eq=False)
class Band:
    """A middle (median of the draws), its deviation and 95 % interval, arrays of one shape.

    NaN where no size is known; the forecast's ``directions`` say what is.
    """

    value: FloatArray
    sd: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray

    def without(self, hidden: NDArray[np.bool_]) -> Band:
        """Return the band with NaN where ``hidden``."""
        parts = (self.value, self.sd, self.ci_low, self.ci_high)
        return Band(*(np.where(hidden, np.nan, part) for part in parts))


@dataclass(frozen=True)
class DatedDirection:
    """A direction without a size, from a day on."""

    day: int
    direction: Direction


@dataclass(frozen=True, eq=False)
class Simulation:
    """The simulated course of a face, one entry for each day ``0 .. days``.

    Parameters
    ----------
    days : ndarray, shape (d,)
    harms : Harms
        What the plan may bring that nobody wants.
    affected_side : Side or None
    side_confirmed : bool or None
        None where the face came without a measurement.
    involuntary_mm, voluntary_mm : Band, shape (d, 2, 8, 7)
        For side, movement, region: what the wrong wiring moves, and hold minus rest. Heights with
        their sign, lengths for commissure, ala and chin.
    rest_mm : Band, shape (d, 2, 10)
        Change of the resting position since day 0; NaN where it was not seen on both sides.
    rest_difference_mm : Band, shape (d, 3)
        Affected minus other side at rest, for `RESTING_NAMES`; NaN where it was not seen.
    against_day_0 : Band, shape (d, 4)
        The same scores against the other side as it was on day 0.
    symmetry_percent : Band, shape (d, 8)
        How far the affected side's main target goes against the other's in each movement.
    sunnybrook : Band, shape (d, 4)
        Estimated score, not validated; `facewire.treatment.sunnybrook.PARTS`.
    shown_days : tuple of int
        Days whose numbers are told: the plan's, or before, after each treatment, and the end.
    picture_days : tuple of int
        Evenly spread over the course, the shown ones and both sides of each treatment among them.
    picture_mm : ndarray, shape (p, 2, 8, 10)
        Mean displacement of every channel in each movement on those days, from that day's rest.
    picture_rest_mm : ndarray, shape (p, 2, 10)
        Mean displacement of the resting face since day 0.
    plan : TreatmentPlan
    directions : tuple of DatedDirection
    warnings : tuple of str
        What a reader must know; the first says that this is simulated.
    draws : int
    """

    days: NDArray[np.intp]
    harms: Harms
    affected_side: Side | None
    side_confirmed: bool | None
    involuntary_mm: Band
    voluntary_mm: Band
    rest_mm: Band
    rest_difference_mm: Band
    symmetry_percent: Band
    sunnybrook: Band
    against_day_0: Band
    shown_days: tuple[int, ...]
    picture_days: tuple[int, ...]
    picture_mm: FloatArray
    picture_rest_mm: FloatArray
    plan: TreatmentPlan
    directions: tuple[DatedDirection, ...]
    warnings: tuple[str, ...]
    draws: int


def simulate(
    model: Wiring | FaceState,
    plan: TreatmentPlan,
    affected_side: Side | None = None,
    fold_points: float | None = None,
) -> Simulation:
    """Simulate a plan of treatments on a face.

    Parameters
    ----------
    model : Wiring or FaceState
        The face at day 0; its draws carry the uncertainty of the wiring, the treatments draw
        theirs beside them, one for one.
    plan : TreatmentPlan
    affected_side : Side, optional
        For a `FaceState`; a model knows its own.
    fold_points : float, optional
        Sunnybrook points of the nasolabial fold at rest, graded by eye; video does not see it.

    Returns
    -------
    Simulation
        Same input, same output.

    Raises
    ------
    UsageError
        The plan does not fit the time line, or the stated side is not the model's.
    """
    state, side, confirmed = _face(model, affected_side)
    shown = plan.show_days or _show_days(plan)
    reserve = draw_reserve(state, plan.seed)
    face = MovingFace(state, timed_effects(state, plan.treatments, plan.seed), reserve)
    recorded = watched(model) if isinstance(model, Wiring) else MOVEMENTS
    recorder = _Recorder(state, side, plan.seed)
    hidden = covered_in(model) if isinstance(model, Wiring) else ()
    watch = HarmWatch(state, side, plan.seed, recorded, hidden)
    steps = {d.day for d in plan.treatments}
    knots = np.union1d(knot_days(plan.days, sorted(steps)), np.array(shown, dtype=np.intp))
    for day in knots:
        moment = face.at(float(day))
        recorder.add(moment)
        watch.add(moment)
    pictured = _picture_days(plan, shown)
    moved, rested = recorder.pictures(knots, np.array(pictured, dtype=np.intp))
    bands = recorder.bands(knots, np.arange(plan.days + 1), fold_points)
    found = Simulation(
        days=np.arange(plan.days + 1),
        harms=watch.harms(knots, np.arange(plan.days + 1), plan.treatments),
        affected_side=side,
        side_confirmed=confirmed,
        **bands,
        shown_days=shown,
        picture_days=pictured,
        picture_mm=moved,
        picture_rest_mm=rested,
        plan=plan,
        directions=_directions(plan.treatments),
        warnings=tuple(
            dict.fromkeys([*_warnings(state, side, confirmed, plan, model), *_apparent(bands)])
        ),
        draws=state.draws,
    )
    return _hidden(found)


def _apparent(bands: dict[str, Band]) -> list[str]:
    """Say where the composite rises because the other side does less."""
    more = bands["sunnybrook"].value[:, 0] - bands["against_day_0"].value[:, 0]
    return [OTHER_SIDE_LESS] if np.any(more >= APPARENT_POINTS) else []


def _face(
    model: Wiring | FaceState, stated: Side | None
) -> tuple[FaceState, Side | None, bool | None]:
    if isinstance(model, FaceState):
        return model, stated, None
    if stated is not None and stated is not model.affected_side:
        raise UsageError(
            "The stated affected side is not the one of the wiring",
            expected=str(model.affected_side),
            found=str(stated),
        )
    return FaceState.of_draws(model.draws), model.affected_side, model.side_confirmed


def _show_days(plan: TreatmentPlan) -> tuple[int, ...]:
    """Before, four weeks after each treatment, and the end."""
    after = {min(max(s.day, 0) + 28, plan.days) for s in plan.treatments}
    return tuple(sorted({0, *sorted(after)[:4], plan.days}))


def _picture_days(plan: TreatmentPlan, shown: Sequence[int]) -> tuple[int, ...]:
    """Even steps, no more than `MOST_PICTURES` of them, and the days at which something happens."""
    step = -(-plan.days // MOST_PICTURES)
    wanted = {*range(0, plan.days + 1, step), *shown, plan.days}
    for one in plan.treatments:
        wanted |= {one.day - 1, one.day}
    return tuple(sorted(day for day in wanted if 0 <= day <= plan.days))


def _directions(treatments: Sequence[Scheduled]) -> tuple[DatedDirection, ...]:
    return tuple(
        DatedDirection(s.day, d) for s in treatments if s.day >= 0 for d in s.treatment.directions()
    )


def _warnings(
    state: FaceState,
    side: Side | None,
    confirmed: bool | None,
    plan: TreatmentPlan,
    model: Wiring | FaceState,
) -> list[str]:
    found = [SIMULATED]
    found += [UNCONFIRMED] if confirmed is False else []
    found += [NO_SIDE] if side is None else []
    seen = rest_seen(state)
    found += [
        text
        for region, text in REST_UNSEEN
        if not all(seen[k] for k, (r, _) in enumerate(SIDE_CHANNELS) if r is region)
    ]
    found += face_warnings(state, plan.treatments) + dose_warnings(plan.treatments)
    found += [text for s in plan.treatments for text in s.treatment.remarks()]
    for one in plan.treatments:
        weak = [fact(i).id for i in one.treatment.fact_ids() if not fact(i).established]
        if weak:
            found.append(
                f"{one.treatment.kind}: rests on numbers without a published source "
                f"({', '.join(weak)}); their intervals are wide on purpose."
            )
    if isinstance(model, Wiring):
        found += list(model.notes)
    return found


def rest_seen(state: FaceState) -> NDArray[np.bool_]:
    """Return of which channels both sides were seen at rest, shape (10,): tone is told by both."""
    return np.asarray(np.isfinite(state.rest_mm).all(axis=(0, 1)))


class _Recorder:
    """Collects the days that are computed and turns draws into bands."""

    def __init__(self, state: FaceState, side: Side | None, seed: int) -> None:
        self._n = state.draws
        self._side = None if side is None else side_index(side)
        self._leaning = draw_leaning(self._n, seed)
        self._faces: list[DrawnFace] = []
        self._own_faces: list[DrawnFace] = []
        self._start: FloatArray | None = None
        self._first: FloatArray = np.zeros(0, np.float32)
        self._rest_mm = state.rest_mm
        self._rest_seen = rest_seen(state)
        self._cells: dict[str, list[FloatArray]] = {}
        self._means: list[tuple[FloatArray, FloatArray]] = []

    def add(self, moment: Moment) -> None:
        """Keep one day's percentiles and mean movements."""
        if self._start is None:
            self._start, self._first = moment.rest_change, moment.total
        since = np.where(self._rest_seen, moment.rest_change - self._start, np.nan)
        was = self._rest_mm
        rest = was + since
        inner = region_mm(moment.involuntary)
        self._keep("involuntary_mm", inner)
        self._keep("voluntary_mm", region_mm(moment.total))
        self._keep("rest_mm", since)
        if self._side is not None:
            a = self._side
            difference = rest[:, a] - rest[:, 1 - a]
            self._keep("rest_difference_mm", difference[:, RESTING])
            ratio = movement_ratio(moment.total, rest, a, self._first)
            self._keep("symmetry_percent", 100.0 * ratio)
            self._faces.append(drawn_face(inner[:, a], ratio, difference))
            self._own_faces.append(self._own_face(moment, (rest, was), inner))
        self._means.append((moment.total.mean(axis=0), since.mean(axis=0)))

    def _own_face(
        self, moment: Moment, rests: tuple[FloatArray, FloatArray], inner: FloatArray
    ) -> DrawnFace:
        """Return the face with the other side as on day 0; the same object where it is so."""
        a, b = self._side or 0, 1 - (self._side or 0)
        rest, was = rests
        moved, then = (one[:, b][..., _OWN] for one in (moment.total, self._first))
        if np.array_equal(moved, then) and np.array_equal(rest[:, b], was[:, b]):
            return self._faces[-1]
        total, stood = self._first.copy(), was.copy()
        total[:, a], stood[:, a] = moment.total[:, a], rest[:, a]
        ratio = movement_ratio(total, stood, a, self._first)
        return drawn_face(inner[:, a], ratio, stood[:, a] - stood[:, b])

    def _keep(self, name: str, draws: FloatArray) -> None:
        cells = np.ascontiguousarray(draws.reshape(self._n, -1).T, dtype=np.float32)
        cells.sort(axis=-1)
        both = np.concatenate([_points(cells), cells.std(axis=-1)[None]])
        self._cells.setdefault(name, []).append(both.reshape(4, *draws.shape[1:]))

    def pictures(
        self, knots: NDArray[np.intp], days: NDArray[np.intp]
    ) -> tuple[FloatArray, FloatArray]:
        """Return mean movements and mean rest of some days, straight lines between the computed."""
        moved, rested = (np.stack(one) for one in zip(*self._means, strict=True))
        return _along(knots, moved, days), _along(knots, rested, days)

    def bands(
        self, knots: NDArray[np.intp], days: NDArray[np.intp], fold_points: float | None
    ) -> dict[str, Band]:
        """Return the bands of every day, straight lines between the computed ones."""
        for one in scores(self._faces, self._leaning, fold_points):
            self._keep("sunnybrook", one)
        if all(own is whole for own, whole in zip(self._own_faces, self._faces, strict=True)):
            self._cells["against_day_0"] = self._cells.get("sunnybrook", [])
        else:
            for one in scores(self._own_faces, self._leaning, fold_points):
                self._keep("against_day_0", one)
        shapes = {
            "rest_difference_mm": 3,
            "symmetry_percent": len(MOVEMENTS),
            "sunnybrook": 4,
            "against_day_0": 4,
        }
        found = {name: _between(knots, np.stack(v), days) for name, v in self._cells.items() if v}
        for name, width in shapes.items():
            found.setdefault(name, Band(*(np.full((len(days), width), np.nan) for _ in range(4))))
        return found


def _points(ordered: FloatArray) -> FloatArray:
    """Return the percentiles ``_POINTS`` of sorted rows, shape (3, rows)."""
    place = np.array(_POINTS) * (ordered.shape[1] - 1)
    low = place.astype(np.intp)
    part = (place - low).astype(ordered.dtype)
    high = np.minimum(low + 1, ordered.shape[1] - 1)
    return np.asarray(((1.0 - part) * ordered[:, low] + part * ordered[:, high]).T)


def _between(knots: NDArray[np.intp], values: FloatArray, days: NDArray[np.intp]) -> Band:
    every = _along(knots, values, days)
    return Band(every[:, 1], every[:, 3], every[:, 0], every[:, 2])


def _along(knots: NDArray[np.intp], values: FloatArray, days: NDArray[np.intp]) -> FloatArray:
    right = np.clip(np.searchsorted(knots, days), 1, len(knots) - 1) if len(knots) > 1 else 0 * days
    left = np.maximum(right - 1, 0)
    width = np.maximum(knots[right] - knots[left], 1)
    part = ((days - knots[left]) / width).astype(np.float32)
    part = part.reshape(-1, *(1,) * (values.ndim - 1))
    return np.asarray((1.0 - part) * values[left] + part * values[right])


def _hidden(found: Simulation) -> Simulation:
    """Return the forecast without the numbers whose size nobody has published."""
    for dated in found.directions:
        found = _hide_one(found, dated)
    return found


def _hide_one(found: Simulation, dated: DatedDirection) -> Simulation:
    way = dated.direction
    after = found.days >= dated.day
    pictured = np.array(found.picture_days) >= dated.day
    side, region = side_index(way.side), REGIONS.index(way.region)
    columns = [k for k, (r, _) in enumerate(SIDE_CHANNELS) if r is way.region]
    rows = [MOVEMENTS.index(m) for m in way.movements]
    changes: dict[str, Any] = {}
    if way.quantity == "rest_mm":
        changes["rest_mm"] = _cover(found.rest_mm, after, (side, columns))
        changes["picture_rest_mm"] = _blank(found.picture_rest_mm, pictured, (side, columns))
        if str(way.region) in RESTING_NAMES:
            row = RESTING_NAMES.index(str(way.region))
            changes["rest_difference_mm"] = _cover(found.rest_difference_mm, after, (row,))
    else:
        band = getattr(found, way.quantity)
        changes[way.quantity] = _cover(band, after, (side, rows, region))
    if way.quantity == "voluntary_mm":
        place = np.ix_([side], rows, columns)
        changes["picture_mm"] = _blank(found.picture_mm, pictured, place)
        aimed = [m for m in rows if VOLUNTARY_TARGETS[MOVEMENTS[m]][0] is way.region]
        changes["symmetry_percent"] = _cover(found.symmetry_percent, after, (aimed,))
    part = _scored_part(way)
    if part is not None:
        parts = [PARTS.index("composite"), PARTS.index(part)]
        for name in ("sunnybrook", "against_day_0"):
            changes[name] = _cover(getattr(found, name), after, (parts,))
    return replace(found, **changes)


def _scored_part(way: Direction) -> str | None:
    """Return the part of the score that a change counts in; the other side counts as well."""
    graded = [m for m in way.movements if m in SUNNYBROOK_MOVEMENTS]
    if way.quantity == "rest_mm":
        return "resting" if way.region in (Region.EYE, Region.COMMISSURE) else None
    if way.quantity == "voluntary_mm":
        aimed = any(VOLUNTARY_TARGETS[m][0] is way.region for m in graded)
        return "voluntary" if aimed else None
    return "synkinesis" if graded and way.region in SYNKINESIS_REGIONS else None


def _cover(band: Band, after: NDArray[np.bool_], place: tuple[Any, ...]) -> Band:
    hidden = np.zeros(band.value.shape, bool)
    hidden[(slice(None), *place)] = True
    hidden &= after.reshape(-1, *(1,) * (hidden.ndim - 1))
    return band.without(hidden)


def _blank(values: FloatArray, after: NDArray[np.bool_], place: tuple[Any, ...]) -> FloatArray:
    hidden = np.zeros(values.shape, bool)
    hidden[(slice(None), *place)] = True
    hidden &= after.reshape(-1, *(1,) * (hidden.ndim - 1))
    return np.where(hidden, np.nan, values)
