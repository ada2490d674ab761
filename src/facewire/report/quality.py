"""Quality, limits and provenance as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from facewire.face import Movement, Region
from facewire.report.professional import Row
from facewire.words import (
    cannot_tell,
    mark,
    mm,
    movement_name,
    number,
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


def quality_view(result: Mapping[str, Any]) -> QualityView:
    """Gather how good the recording was and what it cannot show."""
    quality = result["quality"]
    rows = tuple(_repetition(row) for row in result["repetitions"])
    kept = [bool(row["kept"]) for row in result["repetitions"]]
    return QualityView(
        frames=tuple(_frame_facts(quality)),
        noise=tuple(_noise(quality.get("noise_mm") or {})),
        messages=tuple(_message(row) for row in quality.get("messages", ())),
        repetitions=rows,
        dropped=tuple(row for row, used in zip(rows, kept, strict=True) if not used),
        scale=scale_text(result["scale"]),
        limits=tuple(translate(str(text)) for text in result["limits"]),
    )


def _frame_facts(quality: Mapping[str, Any]) -> Iterable[Fact]:
    total = number(quality, "frames")
    names = {
        "frames_measured": translate("Frames measured"),
        "frames_lost": translate("Face lost"),
        "frames_turned": translate("Head turned too far"),
        "frames_blink": translate("In a blink"),
    }
    yield Fact(translate("Frames"), cannot_tell() if total is None else plain(total, 0))
    for key, name in names.items():
        value = number(quality, key)
        if value is None:
            yield Fact(name, cannot_tell())
        else:
            share = f" ({percent(100 * value / total)})" if total else ""
            yield Fact(name, plain(value, 0) + share)
    for key, name in (("sharpness", translate("Sharpness")), ("light", translate("Light"))):
        value = number(quality, key)
        if value is not None:
            yield Fact(name, plain(value, 2))


def _noise(noise: Mapping[str, Any]) -> Iterable[Row]:
    known = set(Region)
    for name in noise:
        label = region_name(Region(name)) if name in known else name
        value = number(noise, name)
        yield Row(sentence(label), (cannot_tell() if value is None else f"{plain(value, 2)} mm",))


def _message(row: Mapping[str, Any]) -> Message:
    level = str(row["level"])
    return Message(level, translate(LEVELS.get(level, level)), translate(str(row["text"])))


def _repetition(row: Mapping[str, Any]) -> Row:
    times = (number(row, name) for name in ("start_s", "onset_s", "apex_start_s", "apex_end_s"))
    shown = (cannot_tell() if value is None else plain(value, 2) for value in times)
    kind = str(row.get("rest_kind") or "")
    used = translate("kept") if row["kept"] else translate("dropped")
    return Row(
        f"{sentence(movement_name(Movement(row['movement'])))} {row['repetition']}",
        (*shown, translate(REST_KINDS.get(kind, kind)), used),
        translate(str(row.get("reason") or "")),
    )


def scale_text(scale: Mapping[str, Any] | None) -> str:
    """Say where millimetres come from, and how sure they are."""
    if scale is None or number(scale, "mm_per_px") is None:
        return translate("The scale is not known.")
    reference, spread = number(scale, "reference_mm"), number(scale, "relative_sd")
    if scale["source"] == "iris":
        text = translate(
            "Millimetres come from the visible iris, taken as {reference} wide: no ruler was in "
            "the picture. {spread} {scale} per pixel."
        )
    else:
        text = translate(
            "Millimetres come from: {source} ({reference}). {spread} {scale} per pixel."
        )
    uncertainty = (
        ""
        if spread is None
        else translate(
            "People differ, so every length may be larger or smaller by the same share: "
            "standard deviation {percent}. Percentages and left-right ratios do not depend on it."
        ).format(percent=f"{plain(100 * spread)} %")
    )
    return text.format(
        source=scale["source"],
        reference=mm(reference),
        spread=uncertainty,
        scale=f"{plain(scale['mm_per_px'], 3)} mm",
    )


def provenance_view(result: Mapping[str, Any]) -> ProvenanceView:
    """Gather how the result was made."""
    made = result["provenance"]
    return ProvenanceView(
        facts=tuple(_facts(result)),
        networks=tuple(
            Row(str(n["name"]), (str(n["licence"]), str(n["sha256"])))
            for n in made.get("networks", ())
        ),
        steps=tuple(
            Fact(translate(str(step["step"])), f"{plain(float(step['seconds']))} s")
            for step in made.get("steps", ())
            if step.get("seconds") is not None
        ),
        settings=tuple(_flat("", made.get("settings") or {})),
        essentials=tuple(_essentials(result)),
    )


def _essentials(result: Mapping[str, Any]) -> Iterable[Fact]:
    made = result["provenance"]
    yield Fact(translate("facewire"), str(made.get("facewire", cannot_tell())))
    yield Fact(translate("Schema"), str(result["schema"]))
    for name, part in ((translate("Recording"), "source"), (translate("Cue sheet"), "cues")):
        sha256 = (made.get(part) or {}).get("sha256")
        if sha256:
            yield from _flat(name, {"sha256": sha256})


def _facts(result: Mapping[str, Any]) -> Iterable[Fact]:
    made = result["provenance"]
    yield Fact(translate("facewire"), str(made.get("facewire", cannot_tell())))
    yield Fact(translate("Schema"), str(result["schema"]))
    yield from _flat(translate("Recording"), made.get("source") or {})
    cues = made.get("cues")
    if cues:
        yield from _flat(translate("Cue sheet"), cues)
    else:
        yield Fact(translate("Cue sheet"), translate("none"))
    for name, entry in result["files"].items():
        if entry:
            yield Fact(f"{entry['path']}", str(entry["sha256"]))
        else:
            yield Fact(sentence(translate(FILES.get(name, str(name)))), translate("not kept"))
    yield from _flat(translate("Machine"), made.get("machine") or {})


def _flat(prefix: str, value: Any) -> Iterable[Fact]:
    """Write nested settings as one line each, their names joined by points."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            words = translate(FIELDS.get(name, name.replace("_", " ")))
            yield from _flat(f"{prefix} · {words}" if prefix else sentence(words), inner)
    elif isinstance(value, list | tuple):
        yield Fact(prefix, ", ".join(map(_value, value)))
    else:
        yield Fact(prefix, _value(value))


def _value(value: Any) -> str:
    if value is None:
        return translate("none")
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    return str(value)
