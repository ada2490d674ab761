"""The result file: everything measured, as plain values (``facewire.measurement/1``)."""

from __future__ import annotations

import math
from dataclasses import asdict
from enum import Enum
from typing import Any

import numpy as np

from facewire.face import CHANNELS, REGIONS
from facewire.landmarks import Track
from facewire.motion import MotionSignals
from facewire.movements import MovementSet
from facewire.synkinesis import SynkinesisCell, SynkinesisMap
from facewire.words import mark

SCHEMA = "facewire.measurement/1"
DIGITS = 4

MARK_WORDS = {
    "gaze": "The eyes looked off the lens",
    "speech": "The mouth moved as in speech",
    "occluded": "Something seems to cover part of the face",
}

Message = tuple[str, str, str]
"""Level, code and text."""

PATTERNS = {
    ("smile_closed", "eye"): mark("oral-ocular"),
    ("smile_open", "eye"): mark("oral-ocular"),
    ("lip_pucker", "eye"): mark("oral-ocular"),
    ("lower_teeth_show", "eye"): mark("oral-ocular"),
    ("eye_close_gentle", "commissure"): mark("ocular-oral"),
    ("eye_close_tight", "commissure"): mark("ocular-oral"),
    ("brow_raise", "commissure"): mark("brow-oral"),
    ("brow_raise", "eye"): mark("brow-ocular"),
    ("snarl", "eye"): mark("snarl-ocular"),
    ("eye_close_gentle", "chin"): mark("ocular-chin"),
    ("eye_close_tight", "chin"): mark("ocular-chin"),
}
"""Names of patterns by what moves what; others are named by their movement and region."""

LIMITS = (
    mark(
        "Not assessed from video: platysma, chin skin, nasolabial fold, cheek tightness, tearing, "
        "stapedial noise. They are not called normal."
    ),
    mark("A mouth corner that rises too little may be weak or held back: video cannot tell."),
    mark(
        "Within the mouth one muscle carries its neighbours along: the mouth is not read as "
        "synkinesis of a mouth movement."
    ),
    mark("Accuracy was measured on rendered faces; real skin is harder. A clinic validates first."),
    mark("facewire measures. It does not diagnose and is not a cleared medical device."),
)


def plain(value: Any) -> Any:
    """Turn values into what JSON can hold: NaN becomes null, numbers are rounded."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), DIGITS) if math.isfinite(value) else None
    return value


def map_part(found: SynkinesisMap, movements: MovementSet) -> dict[str, Any]:
    """Return the measured part of the document."""
    return {
        "side_affected": plain(found.affected.side),
        "side_status": found.affected.status,
        "side_confidence": plain(found.affected.confidence),
        "rest": plain([asdict(c) for c in found.rest]),
        "eye_closure": plain([asdict(c) for c in found.eye_closure]),
        "blink": plain([asdict(c) for c in found.blink]),
        "synkinesis": [_synkinesis_row(c) for c in found.synkinesis],
        "voluntary": plain([asdict(c) for c in found.voluntary]),
        "repetitions": plain([asdict(r) for r in movements.repetitions]),
        "patterns": [_pattern(c) for c in found.synkinesis if c.present and c.beyond_healthy],
        "grades": {},
        "limits": list(LIMITS),
    }


def _synkinesis_row(cell: SynkinesisCell) -> dict[str, Any]:
    row: dict[str, Any] = plain(asdict(cell))
    row["percent_of"] = row["percent_of"] or None
    row["score"] = row["score"] or 0.0
    if row["present"] is None:
        del row["present"]  # an answer that cannot be given is left out: it must not read as no
    return row


def _pattern(cell: SynkinesisCell) -> dict[str, Any]:
    movement, region = str(cell.movement), str(cell.region)
    name = PATTERNS.get((movement, region), f"{movement}-{region}".replace("_", "-"))
    size = abs(cell.change_mm)
    what = "narrows" if region == "eye" else "moves"
    words = f"{movement.replace('_', ' ')}: the {cell.side.word} {region.replace('_', ' ')} {what}"
    return {
        "name": name,
        "movement": movement,
        "region": region,
        "side": str(cell.side),
        "change_mm": plain(cell.change_mm),
        "text": f"{words} by {size:.1f} mm without being asked",
    }


def quality_part(track: Track, signals: MotionSignals, movements: MovementSet) -> dict[str, Any]:
    """Return how good the recording was, with messages for whoever reads the result."""
    measured = np.isfinite(signals.position_mm[:, 0])
    sd_mm = np.nanmedian(signals.sd_mm, axis=0)
    noise = {
        str(region): plain(
            float(np.median([sd_mm[i] for i, c in enumerate(CHANNELS) if c.region is region]))
        )
        for region in REGIONS
    }
    mismatch = track.mismatch
    return {
        "frames": len(track.times_s),
        "frames_measured": int(measured.sum()),
        "frames_lost": int((~track.found).sum()),
        "frames_turned": int(signals.marks["turned"].sum()),
        "frames_blink": int(signals.blink.sum()),
        "mismatch": None if mismatch is None else plain(np.nanmedian(mismatch)),
        "noise_mm": noise,
        "messages": _messages(track, signals, movements),
    }


def _messages(track: Track, signals: MotionSignals, movements: MovementSet) -> list[dict[str, str]]:
    found = _about_source(track.source) + _about_frames(track, signals)
    found += _about_repetitions(movements)
    return [{"level": level, "code": code, "text": text} for level, code, text in found]


def _about_source(source: dict[str, Any]) -> list[Message]:
    found: list[Message] = []
    if source.get("mirrored") is None:
        text = mark(
            "It was not said whether the recording is mirrored: left and right may be swapped."
        )
        found.append(("warning", "side_unconfirmed", text))
    if source.get("truncated"):
        text = mark("The recording ends early; what could be read was measured.")
        found.append(("warning", "truncated", text))
    if source.get("damaged_frames"):
        text = f"{source['damaged_frames']} frames are damaged or rest on damaged ones."
        found.append(("warning", "damaged_frames", text))
    if source.get("dropped_frames"):
        text = f"{source['dropped_frames']} frames without a usable time were left out."
        found.append(("warning", "dropped_frames", text))
    if int(source.get("faces_seen", 1)) > 1:
        text = f"{source['faces_seen']} faces were seen; the largest one was measured."
        found.append(("warning", "several_faces", text))
    return found


def _about_frames(track: Track, signals: MotionSignals) -> list[Message]:
    found: list[Message] = []
    rate_hz = 1.0 / float(np.median(np.diff(track.times_s)))
    if rate_hz < 20:
        text = f"Only {rate_hz:.0f} pictures a second: timing and blinks are uncertain."
        found.append(("warning", "slow", text))
    lost = float(np.mean(~track.found))
    if lost > 0.02:
        found.append(("warning", "lost", f"The face was lost in {100 * lost:.0f} % of the frames."))
    turned = float(signals.marks["turned"].mean())
    if turned > 0.02:
        text = f"The head was turned too far in {100 * turned:.0f} % of the frames."
        found.append(("warning", "turned", text))
    for name, words in MARK_WORDS.items():
        share = float(signals.marks[name].mean()) if name in signals.marks else 0.0
        if share > 0.02:
            found.append(("warning", name, f"{words} in {100 * share:.0f} % of the frames."))
    return found


def _about_repetitions(movements: MovementSet) -> list[Message]:
    found: list[Message] = []
    dropped = [r for r in movements.repetitions if not r.kept]
    if dropped:
        counted = "1 repetition" if len(dropped) == 1 else f"{len(dropped)} repetitions"
        text = f"{counted} could not be used; reasons are listed with the repetitions."
        found.append(("info", "dropped", text))
    if movements.named_by == "signals":
        text = mark("There was no cue sheet: the movements were found and named from the signals.")
        found.append(("info", "no_cues", text))
    single = _single_repetitions(movements)
    if single:
        text = f"Only one usable repetition of: {', '.join(single)}. Its spread is not known."
        found.append(("warning", "one_repetition", text))
    return found


def _single_repetitions(movements: MovementSet) -> list[str]:
    kept = [r.movement for r in movements.repetitions if r.kept]
    return sorted({str(m).replace("_", " ") for m in kept if kept.count(m) == 1})
