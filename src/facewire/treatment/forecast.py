"""A face and a plan of treatments become a forecast, ``facewire.forecast/1``: simulated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, REGIONS, SIDES, Side
from facewire.face.muscles import SIDE_CHANNELS
from facewire.grading.sunnybrook import resting_points
from facewire.results.cells import Columns
from facewire.results.forecast import (
    Applied,
    CitedFact,
    DifferenceCourse,
    DirectionRow,
    Forecast,
    ForecastSummary,
    GivenTreatment,
    InvoluntaryCourse,
    MovementPicture,
    Pictures,
    PointsCourse,
    PrintedDose,
    RestCourse,
    RestDifferences,
    SidesPicture,
    SunnybrookCourses,
    SymmetryCourse,
    VoluntaryCourse,
)
from facewire.results.learned import Learned
from facewire.results.safety import Answer
from facewire.results.wiring import InferredFrom, Wiring
from facewire.safety import Facts, face_facts
from facewire.safety.rest import graded_fold
from facewire.safety.schedule import outlived
from facewire.safety.stage import stage_facts, stage_of_wiring, undecided_words
from facewire.treatment.conflicts import (
    Scheduled,
    check_start,
    check_treatments,
    closure_warnings,
    printed_doses,
    refuse_barred,
)
from facewire.treatment.facts import Dose, fact
from facewire.treatment.plan import TreatmentPlan
from facewire.treatment.responding import with_learned
from facewire.treatment.simulation import (
    RESTING_NAMES,
    SIMULATED,
    Band,
    DatedDirection,
    Simulation,
    simulate,
)
from facewire.treatment.sunnybrook import PARTS
from facewire.treatment.toxin import BotulinumToxin
from facewire.version import facewire_version
from facewire.wiring import FaceState
from facewire.words import mark

BARRED = mark(
    "Simulated although a rule of safety bars it: a professional asked to see what it would do. It "
    "is not to be done. Not measured, not clinically validated."
)

OWN_PATIENTS = mark(
    "Effects marked as this clinic's or this person's are inferred from courses that were measured "
    "here, of people who came back. Nobody outside of this clinic has tested them."
)

FOLD_UNGRADED = mark(
    "The fold between nose and mouth was not graded by eye: it counts with 5 of its 10 points in "
    "resting points and composite, on every day. Grade it: video does not see it."
)

CellCourse = TypeVar("CellCourse", InvoluntaryCourse, VoluntaryCourse)

MAP_EVERY_DAYS = 7
DECIMALS = 2
PICTURES = (
    "mean simulated displacement of every channel, mm; movements from that day's rest, the "
    "resting face from day 0; straight lines between computed days; the chin is one point, on "
    "both sides the same"
)


def forecast(
    model: Wiring | FaceState,
    plan: TreatmentPlan,
    affected_side: Side | None = None,
    *,
    facts: Facts | None = None,
    simulate_barred: bool = False,
    learned: Learned | None = None,
) -> Forecast:
    """Forecast what a plan of treatments would change in a face.

    Parameters
    ----------
    model : Wiring or FaceState
        The face at day 0; its draws carry what is not known about it.
    plan : TreatmentPlan
    affected_side : Side, optional
        For a `FaceState`; a wiring knows its own.
    facts : Facts, optional
        What is known about the person; what is missing is not cleared.
    simulate_barred : bool, optional
        Whether a professional asks for what a rule bars; the document says so.
    learned : Learned, optional
        What this clinic's own patients taught; without, effects are the literature's.

    Returns
    -------
    Forecast
        Summary numbers for every day, the whole map for every seventh day, the day before and
        the day of each treatment, and the last; null where no size is known, with an entry of
        ``directions``. Same input, same output.

    Raises
    ------
    UsageError
        The plan does not fit the time line, the stated side is not the wiring's, a rule bars a
        treatment and that was not asked for, the facts contradict the plan, or what was learned is
        of another person.
    """
    source = model.source if isinstance(model, Wiring) else InferredFrom()
    marks: tuple[Applied | None, ...] = (None,) * len(plan.treatments)
    if learned is not None:
        side = model.affected_side if isinstance(model, Wiring) else affected_side
        plan, marks = with_learned(plan, learned, side, source.subject)
    given = facts or Facts()
    check_start(plan.start, given)
    checks = check_treatments(model, plan.treatments, given, plan.onset_day, affected_side)
    if not simulate_barred:
        refuse_barred(checks)
    found = simulate(model, plan, affected_side, _fold_points(model, given))
    weeks = _map_days(found)
    return Forecast(
        statement=BARRED if any(one.answer is Answer.BARRED for one in checks) else SIMULATED,
        facewire=facewire_version(),
        affected_side=found.affected_side,
        side_confirmed=found.side_confirmed,
        source=source,
        draws=found.draws,
        seed=plan.seed,
        start_date=None if plan.start is None else plan.start.isoformat(),
        onset_day=plan.onset_day,
        days=tuple(found.days.tolist()),
        shown_days=found.shown_days,
        map_days=tuple(weeks.tolist()),
        harms=found.harms,
        warnings=(*_warnings(found, model, given), *_own_patients(marks)),
        treatments=tuple(map(_treatment, plan.treatments, marks)),
        safety=checks,
        directions=tuple(_direction(one) for one in found.directions),
        involuntary=_cells(InvoluntaryCourse, found.involuntary_mm, weeks),
        voluntary=_cells(VoluntaryCourse, found.voluntary_mm, weeks),
        rest=tuple(
            RestCourse(
                region=region,
                component=component,
                side=side,
                **_columns(found.rest_mm, RestCourse.COLUMNS, (weeks, s, k)),
            )
            for k, (region, component) in enumerate(SIDE_CHANNELS)
            for s, side in enumerate(SIDES)
        ),
        summary=_summary(found),
        pictures=_pictures(found),
    )


def _warnings(found: Simulation, model: Wiring | FaceState, facts: Facts) -> tuple[str, ...]:
    """Return what must be known, what the face itself leaves open before the rest."""
    first, *rest = found.warnings or ("",)
    if found.affected_side is not None and _fold_points(model, facts) is None:
        rest.append(FOLD_UNGRADED)
    told = (
        first,
        *_stage_warning(model, facts, int(found.days[-1])),
        *closure_warnings(found.harms, facts),
        *rest,
    )
    return tuple(text for text in told if text)


def _stage_warning(model: Wiring | FaceState, facts: Facts, days: int) -> tuple[str, ...]:
    """Say between which stages a face is undecided, as a plan does, and which one time outlives."""
    if not isinstance(model, Wiring):
        return ()
    known = face_facts(model, facts)
    stage = stage_of_wiring(model, known)
    if stage is None:
        return ()
    words = undecided_words(stage)
    later = outlived(known.with_answers(stage_facts(stage, known)), days)
    return (*((words,) if words else ()), *later)


def _fold_points(model: Wiring | FaceState, facts: Facts) -> float | None:
    """Return the points of the nasolabial fold where somebody graded it."""
    graded = graded_fold(model if isinstance(model, Wiring) else None, facts)
    return None if graded is None else float(resting_points("cheek_nasolabial_fold", graded))


def _own_patients(marks: Sequence[Applied | None]) -> tuple[str, ...]:
    """Say what learned effects rest on, where there are any."""
    own = any(one is not None and one.source != "literature" for one in marks)
    return (OWN_PATIENTS,) if own else ()


def _cells(kind: type[CellCourse], band: Band, weeks: NDArray[np.intp]) -> tuple[CellCourse, ...]:
    """Return the course of every movement, region and side."""
    return tuple(
        kind(
            movement=movement,
            region=region,
            side=side,
            **_columns(band, kind.COLUMNS, (weeks, s, m, r)),
        )
        for m, movement in enumerate(MOVEMENTS)
        for r, region in enumerate(REGIONS)
        for s, side in enumerate(SIDES)
    )


def _map_days(found: Simulation) -> NDArray[np.intp]:
    """Every seventh day, both sides of each treatment, the last day."""
    last = int(found.days[-1])
    wanted = {*range(0, last + 1, MAP_EVERY_DAYS), last}
    for one in found.plan.treatments:
        wanted |= {one.day - 1, one.day}
    return np.array(sorted(d for d in wanted if 0 <= d <= last), dtype=np.intp)


def _treatment(one: Scheduled, learned: Applied | None) -> GivenTreatment:
    treatment = one.treatment
    doses = None
    if isinstance(treatment, BotulinumToxin):
        doses = tuple(_dose(dose) for dose in printed_doses(treatment))
    return GivenTreatment(
        **treatment.settings(),
        kind=treatment.kind,
        day=one.day,
        side=treatment.side,
        region=getattr(treatment, "region", None),
        sources=tuple(_fact(name) for name in treatment.fact_ids()),
        risks=tuple(_fact(name) for name in treatment.risk_ids()),
        printed_doses=doses,
        learned=learned,
    )


def _fact(name: str) -> CitedFact:
    found = fact(name)
    keys = ("id", "unit", "status", "use", "citation", "value")
    spread = {key: getattr(found, key) for key in ("low", "high", "sd")}
    known: dict[str, Any] = {
        key: float(value) for key, value in spread.items() if not np.isnan(value)
    }
    more = ("spread_kind", "n", "n_study", "condition")
    known |= {key: getattr(found, key) for key in more if getattr(found, key)}
    return CitedFact(**{key: getattr(found, key) for key in keys} | known)


def _dose(dose: Dose) -> PrintedDose:
    keys = ("product", "target", "basis", "low", "high", "citation", "status", "product_status")
    return PrintedDose(
        **{key: getattr(dose, key) for key in keys},
        note=mark("literature only; units of this product, never converted"),
    )


def _direction(dated: DatedDirection) -> DirectionRow:
    way = dated.direction
    return DirectionRow(
        from_day=dated.day,
        quantity=way.quantity,
        region=way.region,
        side=way.side,
        movements=tuple(way.movements),
        direction=way.direction,
        reason=way.reason,
    )


def _summary(found: Simulation) -> ForecastSummary:
    def at(i: int) -> tuple[slice, int]:
        return slice(None), i

    points: dict[str, Any] = {
        part: PointsCourse(**_columns(found.sunnybrook, PointsCourse.COLUMNS, at(i)))
        for i, part in enumerate(PARTS)
    }
    points["against_day_0"] = PointsCourse(
        **_columns(found.against_day_0, PointsCourse.COLUMNS, at(PARTS.index("composite")))
    )
    apart = {
        name: DifferenceCourse(
            **_columns(found.rest_difference_mm, DifferenceCourse.COLUMNS, at(i))
        )
        for i, name in enumerate(RESTING_NAMES)
    }
    return ForecastSummary(
        sunnybrook=SunnybrookCourses(**points),
        rest_difference=RestDifferences(**apart),
        movement_symmetry={
            movement: SymmetryCourse(
                **_columns(found.symmetry_percent, SymmetryCourse.COLUMNS, at(i))
            )
            for i, movement in enumerate(MOVEMENTS)
        },
    )


def _columns(band: Band, columns: Columns, place: tuple[Any, ...]) -> dict[str, Any]:
    """Return the entries of a course's columns, one number a day."""
    parts = (band.value, band.sd, band.ci_low, band.ci_high)
    names = (columns.value, columns.sd, columns.low, columns.high)
    return {name: _numbers(part[place]) for name, part in zip(names, parts, strict=True)}


def _numbers(values: NDArray[np.floating[Any]]) -> tuple[Any, ...]:
    """Return an array as rounded rows, None for NaN."""
    rounded = np.round(values.astype(float), DECIMALS) + 0.0
    listed = rounded.astype(object)
    listed[np.isnan(rounded)] = None
    return tuple(tuple(row) if isinstance(row, list) else row for row in listed.tolist())


def _pictures(found: Simulation) -> Pictures:
    return Pictures(
        about=PICTURES,
        days=found.picture_days,
        movements=tuple(
            MovementPicture(
                movement=movement,
                **{str(side): _numbers(found.picture_mm[:, s, m]) for s, side in enumerate(SIDES)},
            )
            for m, movement in enumerate(MOVEMENTS)
        ),
        rest=SidesPicture(
            **{str(side): _numbers(found.picture_rest_mm[:, s]) for s, side in enumerate(SIDES)}
        ),
    )
