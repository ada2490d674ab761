"""The study: the instrument against the mean of the raters, and the raters among themselves.

Trained raters do not agree fully themselves; what they reach is the ceiling for any instrument.
Every interval is bootstrapped by patient. Agreement (against the raters) and repeatability (of the
instrument with itself) are different questions and stand apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.validation.bootstrap import drawn_again, interval_by_patient, interval_of
from facewire.validation.detection import (
    CalibrationBin,
    RocCurve,
    calibration_curve,
    roc_curve,
)
from facewire.validation.differences import (
    LimitsOfAgreement,
    limits_of_agreement,
    within_person_sd,
)
from facewire.validation.grades_table import SYNKINESIS, GradeRow, Item, items_of
from facewire.validation.instrument import Result, instrument_value
from facewire.validation.reliability import intraclass_correlation, weighted_kappa
from facewire.words import mark

FloatArray = NDArray[np.float64]
T = TypeVar("T")

LEAST_PATIENTS = 10
"""A group of fewer gets no statistics of its own: they would be noise that looks like a finding."""

GRADED_PRESENT = 0.5
"""From this mean grade on, raters call a synkinesis present: more of them say yes than no."""

ONE_RATER = mark("Some recordings have one rater only: the raters' own agreement rests on less.")
NO_NUMBER = mark("Recordings without a number from the instrument: {count}.")
FEW_PATIENTS = mark("Fewer than 30 patients: the intervals are wide and say so.")
SMALL_GROUPS = mark("Fewer than {count} patients, so no statistics of their own: {groups}.")


@dataclass(frozen=True)
class Note:
    """What must be known of a study: a text with its values not yet filled in."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values)


@dataclass(frozen=True)
class Estimate:
    """A statistic with its 95 % interval by patients; NaN where it does not exist."""

    value: float
    ci_low: float
    ci_high: float
    count: int


@dataclass(frozen=True)
class Subject:
    """One recording and item: the raters' grades and the instrument's number.

    ``session`` is the same for recordings of a patient between which nothing has changed; empty
    where the table does not say.
    """

    patient: str
    session: str
    grades: Mapping[str, float]
    instrument: float
    groups: Mapping[str, str]

    @property
    def mean_grade(self) -> float:
        """Mean over the raters."""
        return float(np.mean(list(self.grades.values())))


@dataclass(frozen=True)
class ItemStudy:
    """Everything about one item, or one group of patients within it.

    Parameters
    ----------
    item : Item
    group : str
        ``all``, or such as ``skin_tone: dark``.
    subjects, patients, raters : int
    rater_icc, rater_kappa : Estimate
        The raters among themselves: the ceiling. Kappa for synkinesis grades alone.
    icc : Estimate
        Instrument against the mean of the raters, absolute agreement; NaN for synkinesis grades,
        whose unit is not the instrument's.
    rank_correlation : Estimate
        Spearman's, instrument against the mean of the raters.
    roc_area : Estimate
    limits : LimitsOfAgreement or None
    roc : RocCurve or None
    calibration : tuple of CalibrationBin
    repeat_sd : float
        Standard deviation of the instrument over recordings of one patient in one session; NaN
        where the table names no session.
    pairs : tuple of (float, float)
        Instrument and mean grade of each recording, sorted, without names: for pictures.
    notes : tuple of Note
    """

    item: Item
    group: str
    subjects: int
    patients: int
    raters: int
    rater_icc: Estimate
    rater_kappa: Estimate
    icc: Estimate
    rank_correlation: Estimate
    roc_area: Estimate
    limits: LimitsOfAgreement | None
    roc: RocCurve | None
    calibration: tuple[CalibrationBin, ...]
    repeat_sd: float
    pairs: tuple[tuple[float, float], ...]
    notes: tuple[Note, ...]


def run_study(rows: Sequence[GradeRow], results: Mapping[str, Result]) -> tuple[ItemStudy, ...]:
    """Compare grades and measurements, item by item, and for each group of patients.

    Parameters
    ----------
    rows : sequence of GradeRow
    results : mapping
        Measurement documents by the name that the rows use.
    """
    found = []
    for item in items_of(rows):
        subjects = subjects_of(rows, results, item)
        groups = _groups(subjects)
        large = [name for name, part in groups.items() if _patients(part) >= LEAST_PATIENTS]
        every = study_item(item, "all", subjects)
        small = [name for name in groups if name not in large]
        if small:
            values = {"count": str(LEAST_PATIENTS), "groups": ", ".join(small)}
            every = replace(every, notes=(*every.notes, Note(SMALL_GROUPS, values)))
        found.append(every)
        found += [study_item(item, name, groups[name]) for name in large]
    return tuple(found)


def _groups(subjects: Sequence[Subject]) -> dict[str, list[Subject]]:
    """Return the recordings by group, such as ``skin_tone: dark``, where there are several."""
    groups: dict[str, list[Subject]] = {}
    for name in sorted({key for s in subjects for key in s.groups}):
        values = sorted({s.groups[name] for s in subjects if name in s.groups})
        for value in values if len(values) > 1 else ():
            groups[f"{name}: {value}"] = [s for s in subjects if s.groups.get(name) == value]
    return groups


def _patients(subjects: Sequence[Subject]) -> int:
    return len({s.patient for s in subjects})


def subjects_of(
    rows: Iterable[GradeRow], results: Mapping[str, Result], item: Item
) -> list[Subject]:
    """Return every recording that was graded for an item.

    Raises
    ------
    UsageError
        A rater graded the same recording twice without an ``occasion``.
    """
    grades: dict[str, dict[str, float]] = {}
    about: dict[str, GradeRow] = {}
    for row in rows:
        if row.item != item:
            continue
        rater = f"{row.rater} ({row.occasion})" if row.occasion else row.rater
        if rater in grades.setdefault(row.result, {}):
            raise UsageError(
                f"Rater {row.rater} graded {row.result} twice for {item.name}",
                do="tell the grades apart in a column occasion",
            )
        grades[row.result][rater] = row.grade
        about[row.result] = row
    return [
        Subject(
            about[name].patient,
            about[name].session,
            given,
            instrument_value(results[name], item),
            about[name].groups,
        )
        for name, given in grades.items()
    ]


def study_item(item: Item, group: str, subjects: Sequence[Subject]) -> ItemStudy:
    """Return all statistics of one item in one group of patients."""
    patient = np.array([s.patient for s in subjects])
    grade = np.array([s.mean_grade for s in subjects])
    value = np.array([s.instrument for s in subjects])
    table = _ratings(subjects)
    graded = item.kind == SYNKINESIS
    present = grade >= GRADED_PRESENT
    both = np.column_stack([value, grade])
    return ItemStudy(
        item,
        group,
        len(subjects),
        len(set(patient)),
        table.shape[1],
        _estimate(lambda r: intraclass_correlation(table[r]).agreement, patient),
        _estimate(lambda r: _mean_kappa(table[r]), patient) if graded else _nothing(),
        _nothing()
        if graded
        else _estimate(lambda r: intraclass_correlation(both[r]).agreement, patient),
        _estimate(lambda r: _rank_correlation(both[r]), patient),
        _estimate(lambda r: roc_curve(value[r], present[r]).area, patient)
        if graded
        else _nothing(),
        None if graded else _limits(value, grade, patient),
        _or_none(lambda: roc_curve(value, present)) if graded else None,
        calibration_curve(value, present) if graded else (),
        _repeat_sd(subjects, value),
        tuple(sorted((float(v), float(g)) for v, g in both if np.isfinite(v))),
        tuple(_notes(subjects, value)),
    )


def _limits(
    value: FloatArray, grade: FloatArray, patient: NDArray[np.str_]
) -> LimitsOfAgreement | None:
    """Return the limits of agreement, every interval bootstrapped by patient."""
    limits = _or_none(lambda: limits_of_agreement(value, grade, patient))
    if limits is None:
        return None
    drawn = [_drawn_limits(value[r], grade[r], who) for r, who in drawn_again(patient)]
    bias, low, high = np.array(drawn).reshape(-1, 3).T
    return replace(
        limits, bias_ci=interval_of(bias), low_ci=interval_of(low), high_ci=interval_of(high)
    )


def _drawn_limits(
    value: FloatArray, grade: FloatArray, who: NDArray[np.intp]
) -> tuple[float, float, float]:
    drawn = _or_none(lambda: limits_of_agreement(value, grade, who))
    return (math.nan,) * 3 if drawn is None else (drawn.bias, drawn.low, drawn.high)


def _repeat_sd(subjects: Sequence[Subject], value: FloatArray) -> float:
    told = np.array([bool(s.session) for s in subjects], dtype=bool)
    who = np.array([f"{s.patient} {s.session}" for s in subjects])
    return within_person_sd(value[told], who[told])


def _notes(subjects: Sequence[Subject], value: FloatArray) -> list[Note]:
    notes = []
    if min((len(s.grades) for s in subjects), default=0) < 2:
        notes.append(Note(ONE_RATER))
    missing = int((~np.isfinite(value)).sum())
    if missing:
        notes.append(Note(NO_NUMBER, {"count": str(missing)}))
    if len({s.patient for s in subjects}) < 30:
        notes.append(Note(FEW_PATIENTS))
    return notes


def _ratings(subjects: Sequence[Subject]) -> FloatArray:
    raters = sorted({rater for s in subjects for rater in s.grades})
    return np.array([[s.grades.get(r, math.nan) for r in raters] for s in subjects]).reshape(
        len(subjects), len(raters)
    )


def _mean_kappa(table: FloatArray) -> float:
    """Mean weighted kappa over all pairs of raters."""
    pairs = [
        weighted_kappa(table[:, i], table[:, j])
        for i in range(table.shape[1])
        for j in range(i + 1, table.shape[1])
    ]
    known = [k for k in pairs if math.isfinite(k)]
    return float(np.mean(known)) if known else math.nan


def _rank_correlation(both: FloatArray) -> float:
    from scipy.stats import rankdata

    known = both[np.isfinite(both).all(axis=1)]
    if len(known) < 3:
        return math.nan
    one, two = rankdata(known[:, 0]), rankdata(known[:, 1])
    if one.std() == 0 or two.std() == 0:
        return math.nan
    return float(np.corrcoef(one, two)[0, 1])


def _estimate(
    statistic: Callable[[NDArray[np.intp]], float], patient: NDArray[np.str_]
) -> Estimate:
    every = np.arange(len(patient))
    value = _or_none(lambda: float(statistic(every)))
    if value is None or not math.isfinite(value):
        return Estimate(math.nan, math.nan, math.nan, len(patient))
    return Estimate(value, *interval_by_patient(statistic, patient), len(patient))


def _nothing() -> Estimate:
    return Estimate(math.nan, math.nan, math.nan, 0)


def _or_none(make: Callable[[], T]) -> T | None:
    """Return what is made, or None where there is too little to make it from."""
    try:
        return make()
    except UsageError:
        return None
