"""The check of a room: a healthy person's recording, known changes in copies of it, the figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from facewire.errors import NoFaceError, OutputExistsError, TrackError, UsageError
from facewire.face import Region, Side
from facewire.files import refuse_existing, sha256_of, storing
from facewire.landmarks import open_track
from facewire.movements import load_cues
from facewire.phantom.implant import (
    IMPLANTED,
    Implant,
    Stage,
    implant_of,
    implanted_mm,
    set_stage,
    write_copy,
)
from facewire.phantom.score import (
    CODED,
    LARGEST_MM,
    POWER,
    Measured,
    Truth,
    cells_of,
    region_check,
)
from facewire.pipeline import MeasureOptions, TrackOptions, measure
from facewire.pipeline.tracking import Progress
from facewire.results.coverage import MovementCoverage
from facewire.results.findings import PRESENT_VERDICTS
from facewire.results.measurement import Measurement, Message
from facewire.results.phantom import Phantom, PhantomCopy, RegionCheck
from facewire.version import facewire_version
from facewire.video import probe_video
from facewire.words import mark, region_name

DOCUMENT, PAGE = "phantom.json", "phantom.html"
ORIGINAL = "original"
LEVELS_MM = (1.0, 2.0, 3.0)
LEAST_S = 6.0
"""A shorter recording holds no rest, movement of the mouth and closure."""

TELLING = 0.1
"""A slope this far from 1, and surely not 1, is told."""

LIMITS = (
    mark(
        "The changes are drawn: skin is moved as it is. No wrinkle forms, no fold opens, no cheek "
        "rises and no shadow falls but what moves along."
    ),
    mark(
        "The truth is as good as the landmarks of the unedited recording: they say where the lid's "
        "margin, the brow and the mouth corner lie, and the iris says how large a millimetre is. "
        "An error of the scale does not show here."
    ),
    mark(
        "A healthy person: a patient's resting tone, weakness and asymmetry are not in the copies. "
        "Patients may be harder to measure, and move less alike from one repetition to the next."
    ),
    mark(
        "It holds for this camera, light, distance and person. Another person in the same room may "
        "give other figures; a few checked people say more than one."
    ),
)


@dataclass(frozen=True)
class CheckOptions:
    """How a room is checked.

    Parameters
    ----------
    cues : Path, optional
        Cue sheet; without it the movements are found and named from the signals.
    tracking : TrackOptions
        How the face is followed, in the recording and in its copies.
    keep : bool
        Keep the copies' video files.
    overwrite : bool
        Replace a check that is there already.
    """

    cues: Path | None = None
    tracking: TrackOptions = field(default_factory=TrackOptions)
    keep: bool = False
    overwrite: bool = False


def _silent(step: str, share: float) -> None:
    """Progress for nobody."""


def check_room(
    video: Path, out: Path, options: CheckOptions, progress: Progress | None = None
) -> Phantom:
    """Measure a healthy person's recording and copies of it with known changes.

    One copy is coded again without a change; then for each side and each of `LEVELS_MM` one, in
    which the upper lid and the brow come down during movements of the mouth, the lower lid up by
    a third, and the mouth corner is pulled in closures of the eyes. Interrupted, it keeps what was
    measured; the same call continues.

    Parameters
    ----------
    video : Path
        The recording: a smile or pucker and a closure of the eyes, from rest.
    out : Path
        Folder for the document, the recording's own measurement (``original``) and the copies'.
    options : CheckOptions
    progress : callable, optional
        Called with a step and the part of it that is done.

    Raises
    ------
    OutputExistsError
        Another check is there, and may not be replaced.
    UsageError
        The recording is too short, or a movement that is needed is not in it.
    FacewireError
        As `facewire.pipeline.measure` of the recording.
    """
    refuse_existing(out / DOCUMENT, out / PAGE, overwrite=options.overwrite)
    _refuse_short(video)
    if (out / DOCUMENT).exists() or not _continues(video, out, options):
        _clear(out)
    told = progress or _silent
    steps = 2 + len(LEVELS_MM) * 2
    original = _original(video, out, options, partial(_part, told, 0, steps))
    _refuse_without_movements(original)
    cues = load_cues(options.cues) if options.cues else None
    stage = set_stage(open_track(out / ORIGINAL / "track.parquet", None), cues)
    copies = [Measured(_copy(ORIGINAL, None, 0.0, original), _truth(stage, None), original)]
    for step, (name, side, level_mm) in enumerate(_planned(), start=1):
        implant = None
        if side is not None:
            filmed = side.other if options.tracking.mirrored else side
            implant = implant_of(stage, filmed, level_mm)
        job = _Copying(video, out / "copies", name, stage, implant)
        result, reason = _measured(job, options, partial(_part, told, step, steps))
        copy = _copy(name, side, level_mm, result, reason)
        copies.append(Measured(copy, _truth(stage, implant), result))
    found = _document(original, copies)
    found.write(out / DOCUMENT)
    return found


def _part(told: Progress, step: int, steps: int, inner: str, share: float) -> None:
    """Pass on the progress of a step as a part of the whole: following the face takes the time."""
    done = share if inner == "track" else 1.0
    told("check", (step + 0.95 * done) / steps)


def _planned() -> Iterator[tuple[str, Side | None, float]]:
    yield CODED, None, 0.0
    for level_mm in LEVELS_MM:
        for side in (Side.RIGHT, Side.LEFT):
            yield f"{side}-{level_mm:g}mm", side, level_mm


def _refuse_short(video: Path) -> None:
    if video.suffix == ".parquet":
        raise UsageError(
            "A stored track has no pictures to draw a change into",
            expected="a video file",
            found=video.name,
            do="give the recording itself",
        )
    duration_s = probe_video(video).duration_s
    if duration_s < LEAST_S:
        raise UsageError(
            f"The recording {video.name} is too short to check a room with",
            expected=f"at least {LEAST_S:g} s: rest, a smile or pucker, a closure of the eyes",
            found=f"{duration_s:.1f} s",
            do="film about 30 s: rest 3 s, smile three times, close the eyes three times",
        )


def _refuse_without_movements(original: Measurement) -> None:
    usable: dict[str, MovementCoverage] = {}
    if original.coverage is not None:
        usable = {one.movement: one for one in original.coverage.movements if one.usable}
    wanted = {
        "a smile or a pucker": IMPLANTED[Region.EYE],
        "a closure of the eyes": IMPLANTED[Region.COMMISSURE],
    }
    missing = [words for words, movements in wanted.items() if not usable.keys() & set(movements)]
    if missing:
        raise UsageError(
            f"The recording holds no usable repetition of {' and of '.join(missing)}",
            expected=" and ".join(wanted) + ", each at least once, better three times",
            found=", ".join(usable) or "no movement",
            do="film again, or give the cue sheet that says when each movement was asked for",
        )


def _continues(video: Path, out: Path, options: CheckOptions) -> bool:
    """Tell whether what lies in the folder is an unfinished check of this recording."""
    path = out / ORIGINAL / "result.json"
    if not path.exists():
        return True
    made = Measurement.read(path).provenance
    cues = None if made.cues is None else made.cues.sha256
    same = (
        made.source.sha256 == sha256_of(video)
        and cues == (sha256_of(options.cues) if options.cues else None)
        and made.settings.mirrored == options.tracking.mirrored
        and made.settings.fast == options.tracking.fast
        and made.facewire == facewire_version()
    )
    if not same and not options.overwrite:
        raise OutputExistsError(
            f"The folder {out} holds the check of another recording, or with other settings",
            expected="an empty folder, or the unfinished check of this recording",
            found=made.source.name,
            do="name another folder, or replace it with --overwrite",
        )
    return same


def _clear(out: Path) -> None:
    """Remove what an earlier check left."""
    known = [out / DOCUMENT, out / PAGE, out / ORIGINAL / "result.json"]
    known += [out / ORIGINAL / "report.html", out / ORIGINAL / "track.parquet"]
    for name, _, _ in _planned():
        known += [out / "copies" / f"{name}{end}" for end in (".json", ".mp4")]
        known.append(out / "copies" / f"{name}.json.track.parquet")
    for path in known:
        with storing(path):
            path.unlink(missing_ok=True)


def _original(video: Path, out: Path, options: CheckOptions, told: Progress) -> Measurement:
    path = out / ORIGINAL / "result.json"
    if path.exists():
        return Measurement.read(path)
    # A report without its result is what an interruption left.
    choices = MeasureOptions(cues=options.cues, overwrite=True)
    return measure(video, out / ORIGINAL, None, options.tracking, choices, told)


@dataclass(frozen=True)
class _Copying:
    video: Path
    folder: Path
    name: str
    stage: Stage
    implant: Implant | None

    @property
    def copy(self) -> Path:
        return self.folder / f"{self.name}.mp4"

    @property
    def result(self) -> Path:
        return self.folder / f"{self.name}.json"


def _measured(
    job: _Copying, options: CheckOptions, told: Progress
) -> tuple[Measurement | None, str]:
    """Write and measure a copy; return its result, or why there is none."""
    if job.result.exists():
        return Measurement.read(job.result), ""
    told("track", 0.0)
    if not job.copy.exists():
        write_copy(job.video, job.copy, job.stage, job.implant)
    choices = MeasureOptions(cues=options.cues, subject=f"phantom {job.name}")
    result, reason = None, ""
    try:
        result = measure(job.copy, None, job.result, options.tracking, choices, told)
    except (NoFaceError, TrackError) as error:
        reason = error.what
    if not options.keep:
        with storing(job.copy):
            job.copy.unlink()
    return result, reason


def _truth(stage: Stage, implant: Implant | None) -> Truth:
    moved = {one.movement for one in stage.repetitions}
    truth = {}
    for region, movements in IMPLANTED.items():
        for movement in movements:
            if movement in moved:
                mm = 0.0 if implant is None else implanted_mm(stage, implant, movement, region)
                truth[movement, region] = mm or 0.0
    return truth


def _copy(
    name: str, side: Side | None, level_mm: float, result: Measurement | None, reason: str = ""
) -> PhantomCopy:
    if result is None:
        return PhantomCopy(name=name, side=side, level_mm=level_mm, reason=reason)
    return PhantomCopy(
        name=name,
        side=side,
        level_mm=level_mm,
        side_status=result.side_status,
        side_affected=result.side_affected,
        present=sum(cell.verdict in PRESENT_VERDICTS for cell in result.synkinesis),
        told=sum(cell.change_mm is not None for cell in result.synkinesis),
    )


def _document(original: Measurement, copies: list[Measured]) -> Phantom:
    cells = cells_of(copies)
    regions = tuple(region_check(region, cells, copies) for region in IMPLANTED)
    smallest = [one.smallest_mm for one in regions]
    known = [size for size in smallest if size is not None]
    if original.scale is None:
        raise TrackError("The recording has no scale", expected="millimetres by the iris")
    return Phantom(
        synthetic=original.synthetic,
        provenance=original.provenance,
        scale=original.scale,
        side_confirmed=original.side_confirmed,
        noise_mm=original.quality.noise_mm,
        power=POWER,
        largest_mm=LARGEST_MM,
        copies=tuple(one.copy for one in copies),
        cells=cells,
        regions=regions,
        smallest_mm=max(known) if len(known) == len(smallest) else None,
        messages=(*_messages(original), *_misread(regions)),
        limits=LIMITS,
    )


def _messages(original: Measurement) -> Iterator[Message]:
    if original.side_affected is not None:
        text = mark(
            "The unedited recording names an affected side. In a healthy person that is a false "
            "alarm; in anyone else this check does not count: it needs a healthy person."
        )
        yield Message(level="problem", code="side_named", text=text)
    yield from (m for m in original.quality.messages if m.level != "info")


def _misread(regions: tuple[RegionCheck, ...]) -> Iterator[Message]:
    """Say of which regions the millimetres are too small or too large here."""
    for each in regions:
        low, high = each.slope_low, each.slope_high
        if each.slope is None or low is None or high is None or low <= 1.0 <= high:
            continue
        if abs(each.slope - 1.0) <= TELLING:
            continue
        size = "small" if each.slope < 1 else "large"
        text = (
            f"A change of 1 mm is measured as {each.slope:.2f} mm ({low:.2f} to {high:.2f}) at the "
            f"{region_name(each.region)}: its numbers are too {size} here, and its intervals hold "
            f"the truth in {each.held} of {each.intervals}."
        )
        yield Message(level="warning", code="misread", text=text)
