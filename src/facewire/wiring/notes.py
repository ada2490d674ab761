"""What a reader of an inferred wiring must know, in words; and where it came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence

from facewire.face import MOVEMENTS, SIDES, Movement, Region, Side
from facewire.findings import complete, find_patterns
from facewire.results.measurement import Measurement
from facewire.results.wiring import (
    ClinicianFinding,
    Edge,
    InferredFrom,
    MeasuredFrom,
    MeasuredPattern,
)
from facewire.wiring.observe import Observations
from facewire.words import mark

INFERRED = mark(
    "Inferred by a model, not measured: which command drives which muscle. Consistent with the "
    "measurement; not clinically validated."
)
UNCONFIRMED = mark(
    "Left and right are not confirmed: whether the picture is mirrored was not said. No plan is "
    "made until it is."
)
UNNAMED = mark(
    "Not every measurement names a subject (measure --subject): whether they are of one person was "
    "not checked."
)
HEALTHY = mark("No side is affected: healthy, no wrong edge is present.")
OVERACTIVE = mark(
    "100 % is the full activation of the healthy side's own muscle. That side may itself be "
    "overactive; then the affected side's percents are too small."
)
HELD_BACK = mark(
    "A movement that is too small may be weak or held back by another muscle: video cannot tell "
    "where an edge says so."
)
LIDS = mark("Lids that meet hide how strongly they close: such a closure counts as about 100 %.")
NOT_ASSESSED = mark("Not assessed from video: platysma.")
SYNTHETIC = mark("Synthetic patient: rendered or simulated, not a person.")


def write_notes(
    seen: Observations,
    edges: Sequence[Edge],
    findings: Sequence[ClinicianFinding],
    *,
    confirmed: bool,
    named: bool,
    asked: Collection[Movement] = (),
) -> tuple[str, ...]:
    """Return the notes of a wiring, the most important first.

    Parameters
    ----------
    seen : Observations
    edges : sequence of Edge
    findings : sequence of ClinicianFinding
    confirmed : bool
        Whether left and right are confirmed.
    named : bool
        Whether it is known that all measurements are of one person.
    asked : collection of Movement
        What was asked for, whether it could be used or not.
    """
    notes = [INFERRED]
    if not confirmed:
        notes.append(UNCONFIRMED)
    if not named:
        notes.append(UNNAMED)
    notes += [HEALTHY] if seen.affected is None else [OVERACTIVE, HELD_BACK, LIDS]
    for side in SIDES if seen.affected is None else [seen.affected]:
        recorded = seen.recorded(SIDES.index(side))
        missing = [m for m, there in zip(MOVEMENTS, recorded, strict=True) if not there]
        for words, own in (
            ("Asked for and not seen", [m for m in missing if m in asked]),
            ("Not recorded", [m for m in missing if m not in asked]),
        ):
            if own:
                notes.append(f"{words} on the {side.word}: {', '.join(own)}.")
    if not any(finding.finding == "platysma" for finding in findings):
        notes.append(NOT_ASSESSED)
    unsure = sum(e.present is None and e.kind == "wrong" and e.reason != "" for e in edges)
    if unsure:
        notes.append(f"{unsure} of {len(edges)} edges cannot be told from these data.")
    return tuple(notes)


def describe_source(results: Sequence[Measurement]) -> InferredFrom:
    """Return what a wiring was inferred from: recordings, subject, whether synthetic."""
    return InferredFrom(
        synthetic=any(result.synthetic for result in results),
        subject=next((result.subject for result in results if result.subject), None),
        measurements=tuple(
            MeasuredFrom(
                recording=result.provenance.source.name,
                recording_sha256=result.provenance.source.sha256,
                content_sha256=content_sha256(result),
                side_status=result.side_status,
                side_confidence=result.side_confidence,
                eye_closure=result.eye_closure,
                coverage=result.coverage,
            )
            for result in results
        ),
    )


def measured_patterns(results: Sequence[Measurement]) -> tuple[MeasuredPattern, ...]:
    """Return what the maps show beyond healthy faces, each movement and region once."""
    found: dict[tuple[Movement, Region, Side], MeasuredPattern] = {}
    for result in results:
        for one in find_patterns(complete(result).synkinesis):
            if isinstance(one.movement, Movement) and one.region is not None and one.side:
                row = MeasuredPattern(
                    name=one.name,
                    movement=one.movement,
                    region=one.region,
                    side=one.side,
                    change_mm=one.change_mm or 0.0,
                )
                found.setdefault((row.movement, row.region, row.side), row)
    return tuple(found.values())


def content_sha256(result: Measurement) -> str:
    """Return what tells one measurement from another: the hash of its values, in any layout."""
    text = json.dumps(result.plain(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
