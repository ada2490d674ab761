"""Quality, limits and provenance as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facewire.report.professional import Row
from facewire.results import measurement as results
from facewire.results.document import Row as DocumentRow
from facewire.words import (
    cannot_tell,
    mark,
    mm,
    movement_name,
    percent,
    plain,
    region_name,
    sentence,
    translate,
)

LEVELS = {"info": mark("Note"), "warning": mark("Warning"), "problem": mark("Problem")}
REST_KINDS = {"before": mark("just before"), "opening": mark("opening rest")}
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
    "faces_seen": mark("faces seen"),
    "mirrored": mark("mirrored"),
    "synthetic": mark("synthetic"),
    "affected": mark("affected"),
    "system": mark("system"),
    "processor": mark("processor"),
    "cores": mark("cores"),
    "python": mark("Python"),
}
"""Words for fields of the provenance; other fields are told by their own names."""


@dataclass(frozen=True)
class Fact:
    """A name and its value, both as text."""

    name: str
    value: str


@dataclass(frozen=True)
class Message:
    """A message about the recording; ``level`` is info, warning or problem."""

    level: str
    word: str
    text: str


@dataclass(frozen=True)
class QualityView:
    """The part "Quality and limits".

    Parameters
    ----------
    frames : tuple of Fact
        Frames measured, lost, turned away, in a blink; sharpness and light where known.
    noise : tuple of Row
        Noise per region, mm.
    messages : tuple of Message
        What the measurement says about the recording.
    repetitions : tuple of Row
        Every repetition: times, kept or dropped, the rest it is compared with, the reason.
    dropped : tuple of Row
        The dropped ones alone.
    scale : str
        Where millimetres come from and how sure they are.
    limits : tuple of str
        What was not assessed.
    """

    frames: tuple[Fact, ...]
    noise: tuple[Row, ...]
    messages: tuple[Message, ...]
    repetitions: tuple[Row, ...]
    dropped: tuple[Row, ...]
    scale: str
    limits: tuple[str, ...]


@dataclass(frozen=True)
class ProvenanceView:
    """The part "Provenance": facts, networks, steps, settings; hashes are SHA-256.

    ``essentials`` are those of the facts that tell which recording and program gave the numbers.
    """

    facts: tuple[Fact, ...]
    networks: tuple[Row, ...]
    steps: tuple[Fact, ...]
    settings: tuple[Fact, ...]
    essentials: tuple[Fact, ...] = ()


def quality_view(result: results.Measurement) -> QualityView:
    """Gather how good the recording was and what it cannot show."""
    quality = result.quality
    return QualityView(
        frames=tuple(_frame_facts(quality)),
        noise=tuple(
            Row(
                sentence(region_name(region)),
                (cannot_tell() if sd_mm is None else f"{plain(sd_mm, 2)} mm",),
            )
            for region, sd_mm in quality.noise_mm.items()
        ),
        messages=tuple(
            Message(one.level, translate(LEVELS[one.level]), translate(one.text))
            for one in quality.messages
        ),
        repetitions=tuple(_repetition(one) for one in result.repetitions),
        dropped=tuple(_repetition(one) for one in result.repetitions if not one.kept),
        scale=scale_text(result.scale),
        limits=tuple(translate(text) for text in result.limits),
    )


def _frame_facts(quality: results.Quality) -> Iterable[Fact]:
    yield Fact(translate("Frames"), str(quality.frames))
    for name, count in (
        (translate("Frames measured"), quality.frames_measured),
        (translate("Face lost"), quality.frames_lost),
        (translate("Head turned too far"), quality.frames_turned),
        (translate("In a blink"), quality.frames_blink),
    ):
        share = f" ({percent(100 * count / quality.frames)})" if quality.frames else ""
        yield Fact(name, f"{count}{share}")
    for name, value in (
        (translate("Sharpness"), quality.sharpness),
        (translate("Light"), quality.light),
    ):
        if value is not None:
            yield Fact(name, plain(value, 2))


def _repetition(one: results.Repetition) -> Row:
    times = (one.start_s, one.onset_s, one.apex_start_s, one.apex_end_s)
    return Row(
        f"{sentence(movement_name(one.movement))} {one.repetition}",
        (
            *(plain(time_s, 2) for time_s in times),
            translate(REST_KINDS[one.rest_kind]),
            translate("kept") if one.kept else translate("dropped"),
        ),
        translate(one.reason or ""),
    )


def scale_text(scale: results.Scale | None) -> str:
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


def provenance_view(result: results.Measurement) -> ProvenanceView:
    """Gather how the result was made."""
    made = result.provenance
    return ProvenanceView(
        facts=tuple(_facts(result)),
        networks=tuple(Row(one.name, (one.licence, one.sha256)) for one in made.networks),
        steps=tuple(Fact(translate(s.step), f"{plain(s.seconds)} s") for s in made.steps),
        settings=tuple(_fields("", made.settings)),
        essentials=tuple(_essentials(result)),
    )


def _essentials(result: results.Measurement) -> Iterable[Fact]:
    made = result.provenance
    yield Fact(translate("facewire"), made.facewire)
    yield Fact(translate("Schema"), result.schema_)
    for name, part in ((translate("Recording"), made.source), (translate("Cue sheet"), made.cues)):
        if part is not None and part.sha256:
            yield Fact(f"{name} · {translate(FIELDS['sha256'])}", part.sha256)


def _facts(result: results.Measurement) -> Iterable[Fact]:
    made = result.provenance
    yield Fact(translate("facewire"), made.facewire)
    yield Fact(translate("Schema"), result.schema_)
    yield from _fields(translate("Recording"), made.source)
    if made.cues is None:
        yield Fact(translate("Cue sheet"), translate("none"))
    else:
        yield from _fields(translate("Cue sheet"), made.cues)
    for name, words in FILES.items():
        entry: results.StoredFile | None = getattr(result.files, name)
        if entry is None:
            yield Fact(sentence(translate(words)), translate("not kept"))
        else:
            yield Fact(entry.path, entry.sha256)
    yield from _fields(translate("Machine"), made.machine)


def _fields(prefix: str, row: DocumentRow) -> Iterable[Fact]:
    """Write each field of a row on one line, its name behind that of the row."""
    for name in type(row).model_fields:
        words = translate(FIELDS.get(name, name.replace("_", " ")))
        value = getattr(row, name)
        if not isinstance(value, tuple):
            yield Fact(f"{prefix} · {words}" if prefix else sentence(words), _value(value))


def _value(value: float | str | None) -> str:
    if value is None:
        return translate("none")
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    return str(value)
