"""The whole flow on one screen: video -> landmarks -> motion -> movements -> map -> report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from facewire.errors import OutputExistsError, TrackError, UsageError
from facewire.files import refuse_existing, sha256_of, storing, write_whole
from facewire.grading import grade_summary
from facewire.landmarks import Track, note_mirroring, track_source
from facewire.motion import MotionSettings, compute_motion, fix_head, write_signals
from facewire.movements import Cue, check_cues_fit, load_cues, locate_movements
from facewire.movements.sheet_fit import SheetFit, moved
from facewire.pipeline.keyframes import clear_key_frames, write_key_frames
from facewire.pipeline.measurement import map_csv, measurement_of, quality_of, telling
from facewire.pipeline.mesh_file import make_mesh, write_mesh
from facewire.pipeline.tracking import (
    Progress,
    TrackOptions,
    is_synthetic,
    track_video,
    upright_track,
)
from facewire.report import page_view, render_page, write_page
from facewire.results.measurement import Measurement, StoredFile, StoredFiles
from facewire.results.provenance import (
    AGE_RANGE_YEARS,
    HashedFile,
    Machine,
    Provenance,
    Settings,
    Source,
    Step,
)
from facewire.synkinesis import MapSettings, estimate_map
from facewire.version import facewire_version
from facewire.video import VideoInfo
from facewire.words import mark

TRACK, SIGNALS, FRAMES, MESH, RESULT, REPORT, TABLE = (
    "track.parquet",
    "signals.parquet",
    "frames/frames.json",
    "mesh.json",
    "result.json",
    "report.html",
    "map.csv",
)


_BESIDE = (("track", TRACK), ("signals", SIGNALS), ("frames", FRAMES), ("mesh", MESH))


@dataclass(frozen=True)
class MeasureOptions:
    """What is known of the patient and the recording.

    Parameters
    ----------
    cues : Path, optional
        Cue sheet; without it the movements are found and named from the signals.
    affected : str, optional
        ``L``, ``R`` or ``none``; None infers it.
    age_years : float, optional
        No adult norm is applied under 18.
    iris_mm : float, optional
        The patient's own iris diameter, within `IRIS_RANGE_MM`.
    subject : str, optional
        Pseudonym, stored in the result.
    fitted : bool
        Whether the fitted maps are applied.
    overwrite : bool
        Replace results that are there.
    other_side_refused : str
        Why the other side is no reference, such as its treatment; empty where it is one.
    """

    cues: Path | None = None
    affected: Literal["L", "R", "none"] | None = None
    age_years: float | None = None
    iris_mm: float | None = None
    subject: str | None = None
    fitted: bool = True
    overwrite: bool = False
    other_side_refused: str = ""

    def __post_init__(self) -> None:
        # What is wrong is said here, not after minutes of following a face.
        self.motion_settings  # noqa: B018 - made for its checks
        youngest, oldest = AGE_RANGE_YEARS
        if self.age_years is not None and not youngest <= self.age_years <= oldest:
            raise UsageError(
                "The age is not one of a person",
                expected=f"{youngest:g} to {oldest:g} years",
                found=f"{self.age_years:g} years",
            )
        self.map_settings  # noqa: B018 - made for its checks

    @property
    def motion_settings(self) -> MotionSettings:
        """What the motion step has to know of it."""
        return MotionSettings(iris_mm=self.iris_mm, fitted=self.fitted)

    @property
    def map_settings(self) -> MapSettings:
        """What the map has to know of it."""
        return MapSettings(self.affected, self.age_years, self.fitted, self.other_side_refused)


@dataclass(frozen=True)
class _Job:
    """What is measured, and where it goes; ``video`` is None when a stored track is measured."""

    source: Path
    video: Path | None
    out: Path
    track: Path
    cues: tuple[Cue, ...] | None
    tracking: TrackOptions
    options: MeasureOptions
    progress: Progress

    def file(self, name: str) -> Path:
        return self.out / name


def measure(
    source: Path,
    out: Path | None,
    json_path: Path | None,
    tracking: TrackOptions | None = None,
    options: MeasureOptions | None = None,
    progress: Progress | None = None,
) -> Measurement:
    """Measure a video or a stored track.

    Parameters
    ----------
    source : Path
        A video, or a track written by `track_video`.
    out : Path, optional
        Folder for result, track, signals, frames and report. Without it only the result is made;
        the track then lies beside ``json_path`` until it is, see `track_beside`.
    json_path : Path, optional
        Where the result is written as well.
    tracking, options
        How the face is followed; what is known of the patient.
    progress : callable, optional
        Called with step and share.

    Returns
    -------
    Measurement
        The result as it is written to ``result.json``.

    Raises
    ------
    FacewireError
        Whatever stands in the way; see the error tree. What was tracked is kept.
    """
    options, tracking = options or MeasureOptions(), tracking or TrackOptions()
    if tracking.plain:
        raise UsageError(
            "A plain track cannot be measured", do="leave --plain out: it is for `facewire track`"
        )
    wanted = () if out is None else (out / RESULT, out / REPORT)
    refuse_existing(*wanted, json_path, overwrite=options.overwrite)
    cues = load_cues(options.cues) if options.cues else None
    with _folder(out) as folder:
        video = None if source.suffix == ".parquet" else source
        passing = out is None and json_path is not None
        track = track_beside(json_path) if passing and json_path else folder / TRACK
        job = _Job(source, video, folder, track, cues, tracking, options, progress or _silent)
        result = _measure(job)
        if out is None:
            result = result.replaced(files=StoredFiles())
        text = result.to_json()
        result = Measurement.from_json(text)  # what is returned is what was written
        if out is not None:
            write_whole(folder / RESULT, text)
            write_whole(folder / TABLE, map_csv(result).encode())
            _write_report(job, result)
    if json_path is not None:
        write_whole(json_path, text)
    if passing:
        with storing(track):
            track.unlink(missing_ok=True)
    return result


def track_beside(json_path: Path) -> Path:
    """Return where the track of a video lies while only its result is asked for.

    It stays there when the measurement is interrupted or fails, so that the same call continues
    from it, and is removed once the result is written.
    """
    return json_path.with_name(f"{json_path.name}.{TRACK}")


def _silent(step: str, share: float) -> None:
    """Progress for nobody."""


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    if out is None:
        with tempfile.TemporaryDirectory(prefix="facewire-") as passing:
            yield Path(passing)
        return
    there = out.exists()
    try:
        yield out
    finally:
        # Whatever was refused or held no face leaves no empty folder behind.
        if not there and out.is_dir() and not any(out.iterdir()):
            out.rmdir()


def _measure(job: _Job) -> Measurement:
    steps: list[Step] = []
    started = time.monotonic()
    track = _track(job)
    cues = by_the_face(job.cues, track.source.slow_motion)
    beside = job.video is not None and is_synthetic(job.video)
    source = track.source.replaced(synthetic=beside or track.source.synthetic)
    with storing(job.out):
        job.out.mkdir(parents=True, exist_ok=True)
    steps.append(Step(step=mark("track"), seconds=time.monotonic() - started))
    started = time.monotonic()
    job.progress("measure", 0.0)
    motion = job.options.motion_settings
    with telling(track.source):
        head = fix_head(track, motion)
        signals = compute_motion(track, motion, head)
        if cues is not None:
            check_cues_fit(cues, float(track.times_s[-1]))
        movements = locate_movements(signals, cues, track.source.late_s)
    found = estimate_map(signals, movements, job.options.map_settings)
    write_signals(signals, job.file(SIGNALS))
    write_mesh(job.file(MESH), make_mesh(head, signals, movements, source))
    steps.append(Step(step=mark("measure"), seconds=time.monotonic() - started))
    job.progress("measure", 1.0)
    frames = job.file(FRAMES).parent
    if job.video is None:
        clear_key_frames(frames)
    else:
        started = time.monotonic()
        write_key_frames(job.video, frames, track, signals, movements)
        steps.append(Step(step=mark("key frames"), seconds=time.monotonic() - started))
    quality = quality_of(track, signals, movements)
    made = _provenance(job, source, steps)
    result = measurement_of(found, movements, quality, source, made).replaced(
        subject=job.options.subject, files=_files(job), scale=signals.scale
    )
    return result.replaced(grades=grade_summary(result))


def _track(job: _Job) -> Track:
    """Track the video, or go on with the track of an earlier run of the same input."""
    if job.video is None:
        return upright_track(job.source, job.tracking.mirrored)
    path = job.track
    asked = replace(job.tracking, mirrored=None)
    if path.exists() and not _is_track_of(path, job):
        _make_way(path, job)
    if not path.exists():
        track_video(job.video, path, asked, job.progress, lambda info: _accept(job, info))
    said = job.tracking.mirrored
    if said is not None and (job.options.overwrite or track_source(path).mirrored is None):
        note_mirroring(path, said)
    return upright_track(path, said)


def _accept(job: _Job, info: VideoInfo) -> None:
    """Refuse a cue sheet that cannot fit before minutes are spent; checked again by the frames."""
    cues = by_the_face(job.cues, info.slow_motion)
    if cues is not None and info.duration_s > 0:
        check_cues_fit(cues, info.duration_s)


def by_the_face(cues: tuple[Cue, ...] | None, slow_motion: float) -> tuple[Cue, ...] | None:
    """Return a sheet, which counts as a player does, by the clock of the face."""
    return None if cues is None else moved(cues, SheetFit(rate=1.0 / slow_motion))


def _make_way(path: Path, job: _Job) -> None:
    if not job.options.overwrite and path == job.file(TRACK):
        raise OutputExistsError(
            f"The track {path} is there already",
            expected="no track, or the one of this recording with these settings",
            found="that of another recording, or one made with other settings",
            do="name another folder, or replace the track with --overwrite",
        )
    with storing(path):
        path.unlink()


def _is_track_of(path: Path, job: _Job) -> bool:
    try:
        source = track_source(path)
    except TrackError:
        return False
    return (
        job.video is not None
        and source.sha256 == sha256_of(job.video)
        and source.fast == job.tracking.fast
        and source.face == job.tracking.face
        and not source.plain
        and (job.tracking.allow_partial or not source.truncated)
    )


def _files(job: _Job) -> StoredFiles:
    """List what this measurement made or read; what another one left beside it is not listed."""
    own_track = job.video is not None or job.source.resolve() == job.file(TRACK).resolve()
    listed = {
        name: StoredFile(path=path, sha256=sha256_of(job.file(path)))
        for name, path in _BESIDE
        if job.file(path).is_file() and (own_track or name != "track")
    }
    return StoredFiles(**listed)


def _provenance(job: _Job, source: Source, steps: list[Step]) -> Provenance:
    cues, options = job.options.cues, job.options
    return Provenance(
        facewire=facewire_version(),
        source=source.replaced(networks=()),
        cues=None if cues is None else HashedFile(name=cues.name, sha256=sha256_of(cues)),
        networks=source.networks,
        settings=Settings(
            affected=options.affected,
            age_years=options.age_years,
            iris_mm=options.iris_mm,
            fitted=options.fitted,
            fast=source.fast,
            mirrored=source.mirrored,
        ),
        steps=tuple(steps),
        machine=Machine.here(),
    )


def _write_report(job: _Job, result: Measurement) -> None:
    job.progress("report", 0.0)
    page = render_page(page_view(result, job.out))
    write_page(job.file(REPORT), page, overwrite=job.options.overwrite)
    job.progress("report", 1.0)
