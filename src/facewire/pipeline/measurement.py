"""From a map to the result, as a document and as a table: judgements, scales, quality, limits."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

import numpy as np

from facewire.errors import TrackError
from facewire.face import CHANNELS, REGIONS, SIDES
from facewire.findings import cover, find, find_patterns, judged
from facewire.landmarks import Track
from facewire.motion import MotionSignals
from facewire.motion.proportions import squashed
from facewire.motion.scale import PUPILS_MM, unlikely
from facewire.movements import MovementSet
from facewire.movements.sheet_fit import AS_IT_IS, LONGEST_S, SheetDoubt, SheetFit
from facewire.results.measurement import Measurement, Message, Quality, Scale, StoredFiles
from facewire.results.provenance import Provenance, Source
from facewire.synkinesis import SynkinesisMap
from facewire.words import mark

MARK_WORDS = {
    "gaze": "The eyes looked off the lens",
    "speech": "The mouth moved as in speech",
    "occluded": "Something seems to cover part of the face",
}

WHICH = {
    "largest": "the one that was the largest when it was found",
    "left": "the leftmost one",
    "right": "the rightmost one",
}

SLOW_RISE_S = 1.2
"""Three times what asked movements of rendered patients take (0.30 to 0.45 s)."""

COARSE = 31.0
"""From this quantizer on a recording is told to be strongly compressed. A small face, written with
26 and 29, showed lid and mouth corner as in the camera's file; with 32 half of what the corner did
was left, with 35 half of what the lid did too."""

LATE_S = 0.2
"""A later first picture is told; people begin within about so much of a cue."""

Said = tuple[Literal["info", "warning"], str, str]
"""Level, code and text of a message."""

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
    mark(
        "Accuracy was measured on rendered faces and on edited recordings of seven healthy people, "
        "not on patients. A clinic validates first."
    ),
    mark("facewire measures. It does not diagnose and is not a cleared medical device."),
)


def measurement_of(
    found: SynkinesisMap,
    movements: MovementSet,
    quality: Quality,
    source: Source,
    made: Provenance,
) -> Measurement:
    """Return everything measured as a document, judged and with estimated scales.

    Parameters
    ----------
    found : SynkinesisMap
    movements : MovementSet
    quality : Quality
        See `quality_of`.
    source : Source
        The recording, with what was said of it.
    made : Provenance
        Without its last steps; the files beside the result are added when they are written.
    """
    affected = found.affected
    cells = judged(found.synkinesis, affected.side)
    return Measurement(
        subject=None,
        synthetic=source.synthetic,
        files=StoredFiles(),
        provenance=made,
        scale=None,
        side_confirmed=source.mirrored is not None,
        side_affected=affected.side,
        side_status=affected.status,
        side_confidence=None if math.isnan(affected.confidence) else affected.confidence,
        references=found.references,
        rest=found.rest,
        lids=found.lids,
        eye_closure=found.eye_closure,
        blink=found.blink,
        synkinesis=cells,
        voluntary=found.voluntary,
        repetitions=movements.repetitions,
        repetition_values=found.repetition_values,
        patterns=find_patterns(cells),
        coverage=cover(movements.repetitions, cells, affected.sides or SIDES, found.seen_share),
        findings=find(cells, found.voluntary, found.rest, found.eye_closure, affected.side),
        limits=LIMITS,
        quality=quality,
    )


def quality_of(track: Track, signals: MotionSignals, movements: MovementSet) -> Quality:
    """Return how good the recording was, with messages for whoever reads the result."""
    measured = np.isfinite(signals.position_mm).any(axis=1)
    sd_mm = [_middle(column) for column in signals.sd_mm.T]
    noise = {
        region: _middle([sd_mm[i] for i, c in enumerate(CHANNELS) if c.region is region])
        for region in REGIONS
    }
    mismatch = track.mismatch
    said = _about_source(track.source) + _about_frames(track, signals)
    said += _about_repetitions(movements)
    if not signals.rest_seen:
        text = mark(
            "The face was nowhere still with open eyes for 0.3 s: how it stands at rest is not "
            "known, and what the movements are compared with is uncertain. Record a second of rest."
        )
        said.append(("warning", "no_rest", text))
    said += _about_scale(signals.scale)
    return Quality(
        frames=len(track.times_s),
        frames_measured=int(measured.sum()),
        frames_lost=int((~track.found).sum()),
        frames_turned=int(signals.marks["turned"].sum()),
        frames_blink=int(signals.blink.sum()),
        mismatch=None if mismatch is None else _known(float(np.nanmedian(mismatch))),
        noise_mm={region: _known(sd) for region, sd in noise.items()},
        messages=tuple(Message(level=level, code=code, text=text) for level, code, text in said),
    )


@contextmanager
def telling(source: Source) -> Iterator[None]:
    """Add what is known of the recording to a refusal: its cause often lies there.

    Parameters
    ----------
    source : Source
        The recording.

    Raises
    ------
    TrackError
        What was raised, with that in what was found.
    """
    try:
        yield
    except TrackError as error:
        known = [text for _, code, text in _about_source(source) if code != "side_unconfirmed"]
        if not known:
            raise
        found = " ".join([*([f"{error.found.rstrip('.')}."] if error.found else []), *known])
        raise type(error)(error.what, expected=error.expected, found=found, do=error.do) from error


def _middle(values: Iterable[float]) -> float:
    """Return the median of the numbers that are known; NaN where none is."""
    known = [value for value in values if math.isfinite(value)]
    return float(np.median(known)) if known else math.nan


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _about_source(source: Source) -> list[Said]:
    found: list[Said] = []
    if source.mirrored is None:
        text = mark(
            "It was not said whether the recording is mirrored: left and right may be swapped."
        )
        found.append(("warning", "side_unconfirmed", text))
    if source.truncated:
        text = mark("The recording ends early; what could be read was measured.")
        found.append(("warning", "truncated", text))
    found += _about_pictures(source)
    if source.video_tracks > 1:
        text = (
            f"The file holds {source.video_tracks} video tracks: the one of {source.width_px} x "
            f"{source.height_px} pixels was measured, which it marks as default or is the largest."
        )
        found.append(("warning", "several_tracks", text))
    if source.slow_motion > 1:
        text = (
            f"The file says that it plays {source.slow_motion:.1f} times slower than it was "
            "recorded: all times are the face's own, and so many times shorter than in a player."
        )
        found.append(("warning", "slow_motion", text))
    if source.late_s >= LATE_S:
        text = (
            f"The pictures begin {source.late_s:.1f} s after the recording: times count from the "
            "first picture, a player's clock is that much ahead."
        )
        found.append(("info", "late_pictures", text))
    if source.faces_seen > 1:
        share = (
            "" if source.several_faces is None else f" in {source.several_faces:.0%} of the time"
        )
        text = (
            f"{source.faces_seen} faces were seen{share}; one was measured throughout, "
            f"{WHICH.get(source.face, 'the chosen one')}. Another one is chosen with --face."
        )
        found.append(("warning", "several_faces", text))
    return found


def _about_pictures(source: Source) -> list[Said]:
    found: list[Said] = []
    if source.damaged_frames:
        text = f"{source.damaged_frames} frames are damaged or rest on damaged ones."
        found.append(("warning", "damaged_frames", text))
    if source.dropped_frames:
        text = f"{source.dropped_frames} frames without a usable time were left out."
        found.append(("warning", "dropped_frames", text))
    if source.resized_frames:
        text = (
            f"{source.resized_frames} frames had another size and were brought to "
            f"{source.width_px} x {source.height_px} pixels: what is small is less sure in them."
        )
        found.append(("warning", "resized_frames", text))
    if (source.quantizer or 0.0) >= COARSE:
        text = (
            f"The pictures are strongly compressed (quantizer {source.quantizer:.0f} of 51): what "
            "moves little, such as a lid, may have been left out of them, and what is said not to "
            "move may have moved. Send the camera's own file, not a copy from a messenger."
        )
        found.append(("warning", "compressed", text))
    if source.repeated_s > 0:
        text = (
            f"{source.repeated_s:.1f} s of the recording show pictures that were shown before: a "
            "loop, or copies that were joined. What is repeated is no second evidence: intervals "
            "are too narrow, and repetitions seem more alike than they are."
        )
        found.append(("warning", "repeated_pictures", text))
    return found


def _about_scale(scale: Scale) -> list[Said]:
    if squashed(scale.width_to_height):
        text = (
            f"The face is {scale.width_to_height:.2f} times as wide for its height as faces are: "
            "the picture seems squashed, as where 4:3 is shown as 16:9. Lengths across and up may "
            "be wrong against each other by as much. Export the recording in its own proportions."
        )
        return [("warning", "squashed_picture", text)]
    if not unlikely(scale.pupils_mm):
        return []
    text = (
        f"By the width of the irises the pupils stand {scale.pupils_mm:.0f} mm apart; in the vast "
        f"majority of adults it is {PUPILS_MM[0]:.0f} to {PUPILS_MM[1]:.0f}. Glasses, a squashed "
        "picture or a small child may be the reason: all millimetres are as uncertain as that."
    )
    return [("warning", "scale_unlikely", text)]


def _about_frames(track: Track, signals: MotionSignals) -> list[Said]:
    found: list[Said] = []
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
    found += _about_change(signals)
    for name, words in MARK_WORDS.items():
        share = float(signals.marks[name].mean()) if name in signals.marks else 0.0
        if share > 0.02:
            found.append(("warning", name, f"{words} in {100 * share:.0f} % of the frames."))
    return found


def _about_change(signals: MotionSignals) -> list[Said]:
    after = signals.marks.get("changed")
    if after is None or not after.any():
        return []
    at_s = float(signals.times_s[int(np.argmax(after))])
    text = (
        f"From {at_s:.1f} s on the picture is another than before: another person, another "
        "recording, other light, or something that stays before the face. What comes after was "
        "left out. Cut the recording there, and measure that part by itself."
    )
    return [("warning", "changed", text)]


def _about_repetitions(movements: MovementSet) -> list[Said]:
    found: list[Said] = []
    dropped = [r for r in movements.repetitions if not r.kept]
    if dropped:
        counted = "1 repetition" if len(dropped) == 1 else f"{len(dropped)} repetitions"
        text = f"{counted} could not be used; reasons are listed with the repetitions."
        found.append(("info", "dropped", text))
    if len(dropped) == len(movements.repetitions):
        reasons = "; ".join(sorted({r.reason for r in dropped if r.reason})) or "none was found"
        text = (
            f"No repetition of any movement could be measured ({reasons}): the resting face and "
            "the blinks alone are given."
        )
        found.append(("warning", "no_movement", text))
    found += _about_sheet(movements)
    if movements.named_by == "signals":
        text = mark("There was no cue sheet: the movements were found and named from the signals.")
        found.append(("info", "no_cues", text))
    rises = [r.apex_start_s - r.onset_s for r in movements.repetitions if r.kept]
    if len(rises) > 1 and float(np.median(rises)) > SLOW_RISE_S:
        text = (
            f"The movements take {np.median(rises):.1f} s from their beginning to the hold, faces "
            "about 0.4 s. If this is slow motion, all times are too long by as much."
        )
        found.append(("warning", "slow_movements", text))
    kept = [r.movement for r in movements.repetitions if r.kept]
    single = sorted({str(m).replace("_", " ") for m in kept if kept.count(m) == 1})
    if single:
        text = f"Only one usable repetition of: {', '.join(single)}. Its spread is not known."
        found.append(("warning", "one_repetition", text))
    return found


def _about_sheet(movements: MovementSet) -> list[Said]:
    found: list[Said] = []
    if movements.sheet_fit != AS_IT_IS:
        found.append(("warning", "cue_sheet_moved", _how_moved(movements.sheet_fit)))
    kept = sum(r.kept for r in movements.repetitions)
    if movements.sheet_doubt is not None and kept <= len(movements.repetitions) / 2:
        text = _where_else(movements.sheet_doubt)
        found.append(("warning", "cue_sheet_unfit", text))
    if movements.unasked_s:
        n, first_s = len(movements.unasked_s), movements.unasked_s[0]
        counted = "1 movement was" if n == 1 else f"{n} movements were"
        text = (
            f"{counted} seen where the cue sheet asks for none, at {first_s:.1f} s"
            f"{' and later' if n > 1 else ''}. If it was asked for, the sheet counts from another "
            "zero, lacks cues or belongs to another recording."
        )
        found.append(("warning", "unasked_movements", text))
    return found


def _where_else(doubt: SheetDoubt) -> str:
    if not doubt.shifts_s:
        return (
            f"Moved by up to {LONGEST_S:.0f} s either way, the cue sheet comes nowhere to "
            "movements like those it asks for: it belongs to another recording, or hardly any were "
            "done."
        )
    places = " or ".join(_way(shift_s) for shift_s in sorted(doubt.shifts_s))
    return (
        f"The cue sheet does not fit the recording as it is; it would fit {places}. Which is "
        "meant cannot be told: correct its times by when the first movement begins."
    )


def _way(shift_s: float) -> str:
    return f"{abs(shift_s):.1f} s {'later' if shift_s > 0 else 'earlier'}"


def _how_moved(fit: SheetFit) -> str:
    if fit.rate != 1.0:
        return (
            f"The cue sheet fits the recording with its times multiplied by {fit.rate:.3f} and "
            f"{_way(fit.shift_s)}: it was brought "
            "there as a whole. The two clocks run at different rates."
        )
    return (
        f"The cue sheet fits the recording {_way(fit.shift_s)}: it was moved there as a "
        "whole. Either the two count from different zeros, or everything was done that much off "
        "its time."
    )


COLUMNS = (
    "movement",
    "region",
    "side",
    "change_mm",
    "ci_low",
    "ci_high",
    "present",
    "detected",
    "beyond_healthy",
    "percent",
    "percent_of",
    "gain",
    "gain_ci_low",
    "gain_ci_high",
    "voluntary_mm",
    "latency_s",
    "repetitions",
    "reason",
)


def map_csv(result: Measurement) -> str:
    """Return the map's rows as comma-separated values; what could not be told is empty.

    Parameters
    ----------
    result : Measurement
        Millimetres and seconds as in its rows.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, extrasaction="ignore", restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(cell.model_dump(mode="json") for cell in result.synkinesis)
    return text.getvalue()
