"""What a reader of an inferred wiring must know, in words; and where it came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from facewire.face import MOVEMENTS, SIDES
from facewire.wiring.model import Edge
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
    findings: Sequence[Mapping[str, Any]],
    *,
    confirmed: bool,
) -> tuple[str, ...]:
    """Return the notes of a wiring, the most important first.

    Parameters
    ----------
    seen : Observations
    edges : sequence of Edge
    findings : sequence of mapping
    confirmed : bool
        Whether left and right are confirmed.
    """
    notes = [INFERRED]
    if not confirmed:
        notes.append(UNCONFIRMED)
    notes += [HEALTHY] if seen.affected is None else [OVERACTIVE, HELD_BACK, LIDS]
    for side in SIDES if seen.affected is None else [seen.affected]:
        recorded = seen.recorded(SIDES.index(side))
        missing = [str(m) for m, there in zip(MOVEMENTS, recorded, strict=True) if not there]
        if missing:
            notes.append(f"Not recorded on the {side.word}: {', '.join(missing)}.")
    if not any(finding["finding"] == "platysma" for finding in findings):
        notes.append(NOT_ASSESSED)
    unsure = sum(e.present is None and e.kind == "wrong" and e.reason != "" for e in edges)
    if unsure:
        notes.append(f"{unsure} of {len(edges)} edges cannot be told from these data.")
    return tuple(notes)


def describe_source(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a wiring was inferred from: recordings, subject, scale, whether synthetic."""
    return {
        "synthetic": any(bool(r.get("synthetic")) for r in results),
        "subject": next((r["subject"] for r in results if r.get("subject")), None),
        "measurements": [_one(r) for r in results],
    }


def _one(result: Mapping[str, Any]) -> dict[str, Any]:
    recording = (result.get("provenance") or {}).get("source") or {}
    text = json.dumps(result, sort_keys=True, ensure_ascii=False)
    return {
        "recording": recording.get("name"),
        "recording_sha256": recording.get("sha256"),
        "content_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        "side_status": result.get("side_status"),
        "side_confidence": result.get("side_confidence"),
        "eye_closure": [dict(row) for row in result.get("eye_closure") or ()],
    }
