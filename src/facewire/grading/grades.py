"""The grades of one measurement: ``facewire.grades/1``, and the scores that a measurement holds."""

from __future__ import annotations

from facewire.grading.combine import Item, sum_of
from facewire.grading.eface import PARTS as EFACE_PARTS
from facewire.grading.eface import estimate_eface_like
from facewire.grading.entered import EnteredGrades
from facewire.grading.facts import fact
from facewire.grading.sunnybrook_estimate import PARTS, SunnybrookEstimate, estimate_sunnybrook
from facewire.results.grades import (
    EfaceLike,
    EfacePart,
    EfaceSummary,
    EfaceTotal,
    Fngs,
    GradedItem,
    Grades,
    GradeSummary,
    HealthyRange,
    HouseBrackmann,
    ScoreRange,
    Sighting,
    Sunnybrook,
    SunnybrookComposite,
    SunnybrookPart,
    SunnybrookSummary,
)
from facewire.results.measurement import Measurement
from facewire.results.provenance import HashedFile
from facewire.version import facewire_version
from facewire.words import mark

STATEMENTS = (
    mark(
        "Estimated, not validated: no relation between video and these grades is published. A "
        "clinic validates first."
    ),
    mark(
        "A grade is a range of probable grades, never one number. Blank items are the clinician's; "
        "scores are ranges over the blanks."
    ),
    mark("House-Brackmann and FNGS 2.0 are entered by the clinician and never estimated."),
    mark(
        "Synkinesis of the neck, the chin skin and the cheek is not seen by video: a clinician may "
        "grade higher."
    ),
    mark("facewire measures. It does not diagnose and is not a cleared medical device."),
)
BY_ENTRY = mark("entered by the clinician, never estimated")


def grade_measurement(
    result: Measurement, entered: EnteredGrades | None = None, source: HashedFile | None = None
) -> Grades:
    """Return the grades of a measurement, with those a clinician entered beside them.

    Parameters
    ----------
    result : Measurement
    entered : EnteredGrades, optional
    source : HashedFile, optional
        The result file.

    Raises
    ------
    UsageError
        The measurement is of an earlier version and holds no standard deviations.
    """
    result.refuse_without_deviations()
    own = entered or EnteredGrades()
    fngs = own.fngs2
    return Grades(
        statements=_statements(result),
        facewire=facewire_version(),
        source=source,
        recording_sha256=result.provenance.source.sha256,
        subject=result.subject,
        synthetic=result.synthetic,
        side_affected=result.side_affected,
        side_status=result.side_status,
        side_confirmed=result.side_confirmed,
        coverage=result.coverage,
        rater=own.rater or None,
        sunnybrook=_sunnybrook(estimate_sunnybrook(result, own.sunnybrook), own),
        eface_like=_eface(result, own),
        house_brackmann=HouseBrackmann(
            kind="blank" if own.house_brackmann is None else "entered",
            entered=own.house_brackmann,
            reason=BY_ENTRY if own.house_brackmann is None else None,
            source=fact("house_brackmann.citation"),
        ),
        fngs2=Fngs(
            kind="blank" if fngs is None else "entered",
            entered=fngs,
            reason=BY_ENTRY if fngs is None else None,
            source=fact("fngs2.citation"),
        ),
    )


def grade_summary(result: Measurement) -> GradeSummary:
    """Return the estimated scores alone, as a measurement holds them.

    Raises
    ------
    UsageError
        The measurement is of an earlier version and holds no standard deviations.
    """
    found, eface = estimate_sunnybrook(result), estimate_eface_like(result)
    return GradeSummary(
        sunnybrook=SunnybrookSummary(
            composite=_from_zero(found.composite),
            **{part: getattr(found, part) for part in PARTS},
        ),
        eface_like=EfaceSummary(
            **{part: getattr(eface, part) for part in (*EFACE_PARTS, "total")},
        ),
    )


def _statements(result: Measurement) -> tuple[str, ...]:
    remarks = (
        (
            result.side_status in ("none", "undecided"),
            mark(
                "No affected side is known: each side was graded against the other, with equal "
                "weight."
            ),
        ),
        (not result.side_confirmed, mark("Left and right are not confirmed.")),
        (result.synthetic, mark("Synthetic patient: a rendered face, not a person.")),
    )
    return (*STATEMENTS, *(text for holds, text in remarks if holds))


def _from_zero(raw: ScoreRange) -> ScoreRange:
    """Return the composite on its usual scale, which ends at 0."""
    return ScoreRange(
        expected=None if raw.expected is None else max(0.0, raw.expected),
        ci_low=max(0.0, raw.ci_low),
        ci_high=max(0.0, raw.ci_high),
    )


def _sunnybrook(found: SunnybrookEstimate, own: EnteredGrades) -> Sunnybrook:
    score = own.sunnybrook_score

    def part_of(part: str) -> SunnybrookPart:
        given = own.sunnybrook.get(part, {})
        return SunnybrookPart(
            **dict(getattr(found, part)),
            entered=None if score is None else getattr(score, part),
            items={name: _item(one, given.get(name)) for name, one in found.items[part].items()},
        )

    return Sunnybrook(
        composite=SunnybrookComposite(
            **dict(_from_zero(found.composite)),
            raw=found.composite,
            lowest_with_unseen=max(0.0, found.lowest_with_unseen),
            blanks=tuple(
                f"{part}.{name}"
                for part in PARTS
                for name, item in found.items[part].items()
                if item.blank
            ),
            entered=None if score is None else score.shown,
        ),
        resting=part_of("resting"),
        voluntary=part_of("voluntary"),
        synkinesis=part_of("synkinesis"),
        source=fact("sunnybrook.citation"),
        healthy=HealthyRange(
            low=float(fact("sunnybrook.healthy.right_reference.min")),
            high=float(fact("sunnybrook.healthy.right_reference.max")),
            source=fact("sunnybrook.healthy.citation"),
        ),
    )


def _item(item: Item, entered: int | None) -> GradedItem:
    low, high = item.grade_range()
    # A face without an affected side was graded each way: then no side's numbers stand for it.
    sights = item.sights[0] if len(item.sights) == 1 else ()
    return GradedItem(
        kind="blank" if item.blank else "estimated" if item.estimated else "entered",
        expected=None if item.blank else sum_of([(1, item)]).mean,
        ci_low=low,
        ci_high=high,
        probabilities={str(g): min(max(p, 0.0), 1.0) for g, p in item.probabilities().items()},
        entered=entered,
        measured=tuple(
            Sighting(
                region=str(one.region),
                unit=item.unit,
                value=one.reading.value,
                sd=one.reading.sd,
                ci_low=one.reading.low,
                ci_high=one.reading.high,
            )
            for one in sights
        ),
        not_seen=item.not_seen if item.estimated else (),
        basis=item.basis or None,
        reason=item.reason or None,
    )


def _eface(result: Measurement, own: EnteredGrades) -> EfaceLike:
    found, entered = estimate_eface_like(result), own.eface

    def part_of(part: str) -> EfacePart:
        return EfacePart(
            **dict(getattr(found, part)),
            entered=None if entered is None else getattr(entered, part),
            items=found.items[part],
        )

    return EfaceLike(
        static=part_of("static"),
        dynamic=part_of("dynamic"),
        synkinesis=part_of("synkinesis"),
        total=EfaceTotal(**dict(found.total), entered=None if entered is None else entered.total),
        source=fact("auto_eface.citation"),
    )
