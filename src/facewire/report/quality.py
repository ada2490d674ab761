"""Words for how good a recording was, where its millimetres come from, how a result was made."""

from __future__ import annotations

from collections.abc import Iterator

from facewire.results.document import Row
from facewire.results.measurement import (
    Measurement,
    Message,
    Quality,
    Repetition,
    Scale,
    StoredFile,
)
from facewire.words import mark, mm, movement_name, percent, plain, sentence, translate

LEVELS = {"info": mark("Note"), "warning": mark("Warning"), "problem": mark("Problem")}
FILES = {
    "track": mark("track"),
    "signals": mark("signals"),
    "frames": mark("key frames"),
    "mesh": mark("mesh"),
}
FIELDS = {
    "name": mark("name"),
    "sha256": mark("SHA-256"),
    "width_px": mark("width, pixels"),
    "height_px": mark("height, pixels"),
    "rotation_deg": mark("rotation, degrees"),
    "frame_rate_hz": mark("frames per second"),
    "duration_s": mark("duration, seconds"),
    "truncated": mark("cut off"),
    "plain": mark("one pass"),
    "fast": mark("fast, less accurate"),
    "seconds": mark("time to follow the face, seconds"),
    "iris_mm": mark("iris, mm"),
    "age_years": mark("age, years"),
    "fitted": mark("corrections fitted to rendered faces"),
    "codec": mark("codec"),
    "container": mark("container"),
    "damaged_frames": mark("damaged frames"),
    "dropped_frames": mark("dropped frames"),
    "resized_frames": mark("frames of another size"),
    "quantizer": mark("quantizer of the pictures, of 51"),
    "repeated_s": mark("shown before, seconds"),
    "slow_motion": mark("times slower in a player"),
    "late_s": mark("first picture after a player's zero, seconds"),
    "video_tracks": mark("video tracks in the file"),
    "faces_seen": mark("faces seen"),
    "several_faces": mark("share of the recording with several faces"),
    "eye_crop": mark("picture of an eye, in widths of the eye"),
    "face": mark("face that was followed"),
    "mirrored": mark("mirrored"),
    "synthetic": mark("synthetic"),
    "affected": mark("affected"),
    "system": mark("system"),
    "processor": mark("processor"),
    "cores": mark("cores"),
    "python": mark("Python"),
}
"""Words for fields of the provenance; other fields are told by their own names."""

Fact = tuple[str, str]
"""A name and its value, both in words."""


def level_word(message: Message) -> str:
    """Return how much a message about the recording matters, such as ``Warning``."""
    return translate(LEVELS[message.level])


def repetition_name(one: Repetition) -> str:
    """Return such as ``Open smile 2``."""
    return f"{sentence(movement_name(one.movement))} {one.repetition}"


def frame_facts(quality: Quality) -> Iterator[Fact]:
    """Yield how many frames were measured, lost, turned away, in a blink; light where known."""
    yield translate("Frames"), str(quality.frames)
    for name, count in (
        (translate("Frames measured"), quality.frames_measured),
        (translate("Face lost"), quality.frames_lost),
        (translate("Head turned too far"), quality.frames_turned),
        (translate("In a blink"), quality.frames_blink),
    ):
        share = f" ({percent(100 * count / quality.frames)})" if quality.frames else ""
        yield name, f"{count}{share}"
    for name, value in (
        (translate("Sharpness"), quality.sharpness),
        (translate("Light"), quality.light),
    ):
        if value is not None:
            yield name, plain(value, 2)


def scale_text(scale: Scale | None) -> str:
    """Say where millimetres come from, and how sure they are."""
    if scale is None:
        return translate("The scale is not known.")
    if scale.source == "iris":
        text = translate(
            "Millimetres come from the visible iris, taken as {reference} wide: no ruler was in "
            "the picture. {spread} {scale} per pixel."
        )
    else:
        text = translate(
            "Millimetres come from: {source} ({reference}). {spread} {scale} per pixel."
        )
    spread = translate(
        "People differ, so every length may be larger or smaller by the same share: "
        "standard deviation {percent}. Percentages and left-right ratios do not depend on it."
    )
    return text.format(
        source=scale.source,
        reference=mm(scale.reference_mm),
        spread=spread.format(percent=f"{plain(100 * scale.relative_sd)} %"),
        scale=f"{plain(scale.mm_per_px, 3)} mm",
    )


def essential_facts(result: Measurement) -> Iterator[Fact]:
    """Yield what tells which recording and program gave the numbers; hashes are SHA-256."""
    made = result.provenance
    yield translate("facewire"), made.facewire
    yield translate("Schema"), result.schema_
    for name, part in ((translate("Recording"), made.source), (translate("Cue sheet"), made.cues)):
        if part is not None and part.sha256:
            yield f"{name} · {translate(FIELDS['sha256'])}", part.sha256


def provenance_facts(result: Measurement) -> Iterator[Fact]:
    """Yield program, recording, cue sheet, files and machine."""
    made = result.provenance
    yield translate("facewire"), made.facewire
    yield translate("Schema"), result.schema_
    yield from field_facts(made.source, translate("Recording"))
    if made.cues is None:
        yield translate("Cue sheet"), translate("none")
    else:
        yield from field_facts(made.cues, translate("Cue sheet"))
    for name, words in FILES.items():
        entry: StoredFile | None = getattr(result.files, name)
        if entry is None:
            yield sentence(translate(words)), translate("not kept")
        else:
            yield entry.path, entry.sha256
    yield from field_facts(made.machine, translate("Machine"))


def field_facts(row: Row, of: str = "") -> Iterator[Fact]:
    """Yield each field of a row with its name, behind the name of what it is a field of."""
    for name in type(row).model_fields:
        words = translate(FIELDS.get(name, name.replace("_", " ")))
        value = getattr(row, name)
        if not isinstance(value, tuple):
            yield f"{of} · {words}" if of else sentence(words), _value(value)


def _value(value: float | str | None) -> str:
    if value is None:
        return translate("none")
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    return str(value)
