"""The study: the instrument against the mean of the raters, and the raters among themselves.

Trained raters do not agree fully themselves; what they reach is the ceiling for any instrument.
Every interval is bootstrapped by patient. Agreement (against the raters) and repeatability (of the
instrument with itself) are different questions and stand apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.results.measurement import Measurement
from facewire.results.validation import (
    Context,
    ItemStudy,
    LimitsOfAgreement,
    Note,
    Statistic,
    Validation,
)
from facewire.validation.grades_table import (
    SYNKINESIS,
    GradeRow,
    Item,
    instrument_value,
    items_of,
)
from facewire.validation.sample_size import usual_sample_sizes
from facewire.validation.statistics import (
    calibration_curve,
    drawn_again,
    intraclass_correlation,
    limits_of_agreement,
    roc_curve,
    spread_by_patient,
    spread_of,
    weighted_kappa,
    within_person_sd,
)
from facewire.version import facewire_version
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


CONTEXT = (
    Context(
        text=mark(
            "Trained raters agree on Sunnybrook synkinesis with an ICC of 0.476 "
            "(0.333 to 0.666), on the composite with 0.847 (0.755 to 0.923)."
        ),
        source="Cabrol et al., French version of the Sunnybrook system, 31 raters, 20 videos",
    ),
)
"""For orientation only; not a claim about this instrument."""


@dataclass(frozen=True)
class Subject:
    """One recording and item: the raters' grades and the instrument's number.

    ``session`` is the same for recordings of a patient between which nothing has changed; empty
    where the table does not say.
    """

    patient: str
    session: str
    grades: Mapping[str, float]
    instrument: float | None
    groups: Mapping[str, str]

    @property
    def mean_grade(self) -> float:
        """Mean over the raters."""
        return float(np.mean(list(self.grades.values())))


def validate_instrument(
    rows: Sequence[GradeRow], results: Mapping[str, Measurement], table_sha256: str
) -> Validation:
    """Compare grades and measurements, item by item, and for each group of patients.

    Parameters
    ----------
    rows : sequence of GradeRow
    results : mapping of str to Measurement
        By the name that the rows use.
    table_sha256 : str
        Hash of the table of grades.

    Raises
    ------
    UsageError
        A rater graded the same recording twice without an ``occasion``.
    """
    return Validation(
        facewire=facewire_version(),
        table_sha256=table_sha256,
        synthetic=any(result.synthetic for result in results.values()),
        studies=run_study(rows, results),
        context=CONTEXT,
        sample_size=usual_sample_sizes(),
    )


def run_study(
    rows: Sequence[GradeRow], results: Mapping[str, Measurement]
) -> tuple[ItemStudy, ...]:
    """Return the study of every item, and of each group of patients that is large enough."""
    found = []
    for item in items_of(rows):
        subjects = subjects_of(rows, results, item)
        groups = _groups(subjects)
        large = [name for name, part in groups.items() if _patients(part) >= LEAST_PATIENTS]
        every = study_item(item, "all", subjects)
        small = [name for name in groups if name not in large]
        if small:
            values = {"count": str(LEAST_PATIENTS), "groups": ", ".join(small)}
            every = every.replaced(notes=(*every.notes, Note(text=SMALL_GROUPS, values=values)))
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
    rows: Iterable[GradeRow], results: Mapping[str, Measurement], item: Item
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
    value = np.array([np.nan if s.instrument is None else s.instrument for s in subjects])
    table = _ratings(subjects)
    graded = item.kind == SYNKINESIS
    present = grade >= GRADED_PRESENT
    both = np.column_stack([value, grade])
    return ItemStudy(
        item=item.name,
        item_kind=item.kind,
        group=group,
        subjects=len(subjects),
        patients=len(set(patient)),
        raters=table.shape[1],
        rater_icc=_statistic(lambda r: intraclass_correlation(table[r]), patient),
        rater_kappa=_statistic(lambda r: _mean_kappa(table[r]), patient) if graded else Statistic(),
        icc=Statistic()
        if graded
        else _statistic(lambda r: intraclass_correlation(both[r]), patient),
        rank_correlation=_statistic(lambda r: _rank_correlation(both[r]), patient),
        roc_area=_statistic(lambda r: roc_curve(value[r], present[r]).area, patient)
        if graded
        else Statistic(),
        limits=None if graded else _limits(value, grade, patient),
        roc=_or_none(lambda: roc_curve(value, present)) if graded else None,
        calibration=calibration_curve(value, present) if graded else (),
        repeat_sd=_repeat_sd(subjects, value),
        pairs=tuple(sorted((float(v), float(g)) for v, g in both if np.isfinite(v))),
        notes=tuple(_notes(subjects, value)),
    )


def _limits(
    value: FloatArray, grade: FloatArray, patient: NDArray[np.str_]
) -> LimitsOfAgreement | None:
    """Return the limits of agreement, every interval bootstrapped by patient."""
    limits = _or_none(lambda: limits_of_agreement(value, grade, patient))
    if limits is None:
        return None
    drawn = [_drawn_limits(value[r], grade[r], who) for r, who in drawn_again(patient)]
    bias, low, high = (spread_of(one)[1:] for one in np.array(drawn).reshape(-1, 3).T)
    return limits.replaced(bias_ci=bias, low_ci=low, high_ci=high)


def _drawn_limits(
    value: FloatArray, grade: FloatArray, who: NDArray[np.intp]
) -> tuple[float, float, float]:
    drawn = _or_none(lambda: limits_of_agreement(value, grade, who))
    return (math.nan,) * 3 if drawn is None else (drawn.bias, drawn.low, drawn.high)


def _repeat_sd(subjects: Sequence[Subject], value: FloatArray) -> float | None:
    told = np.array([bool(s.session) for s in subjects], dtype=bool)
    who = np.array([f"{s.patient} {s.session}" for s in subjects])
    return within_person_sd(value[told], who[told])


def _notes(subjects: Sequence[Subject], value: FloatArray) -> list[Note]:
    notes = []
    if min((len(s.grades) for s in subjects), default=0) < 2:
        notes.append(Note(text=ONE_RATER))
    missing = int((~np.isfinite(value)).sum())
    if missing:
        notes.append(Note(text=NO_NUMBER, values={"count": str(missing)}))
    if len({s.patient for s in subjects}) < 30:
        notes.append(Note(text=FEW_PATIENTS))
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


def _statistic(
    statistic: Callable[[NDArray[np.intp]], float], patient: NDArray[np.str_]
) -> Statistic:
    value = _or_none(lambda: float(statistic(np.arange(len(patient)))))
    if value is None or not math.isfinite(value):
        return Statistic(count=len(patient))
    sd, low, high = spread_by_patient(statistic, patient)
    return Statistic(value=value, sd=sd, ci_low=low, ci_high=high, count=len(patient))


def _or_none(make: Callable[[], T]) -> T | None:
    """Return what is made, or None where there is too little to make it from."""
    try:
        return make()
    except UsageError:
        return None
