"""The whole flow on one screen: video -> landmarks -> motion -> movements -> map -> report."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from facewire.errors import OutputExistsError, TrackError, UsageError
from facewire.grading import result_grades
from facewire.landmarks import Track, replace_file, storing, track_source
from facewire.motion import MotionSettings, compute_motion, fix_head, write_signals
from facewire.movements import Cue, check_cues_fit, load_cues, locate_movements
from facewire.pipeline.document import SCHEMA, map_part, plain, quality_part
from facewire.pipeline.keyframes import clear_key_frames, write_key_frames
from facewire.pipeline.mesh_file import write_mesh
from facewire.pipeline.options import MeasureOptions, Progress, TrackOptions
from facewire.pipeline.tables import map_csv
from facewire.pipeline.tracking import is_synthetic, track_video, upright_track
from facewire.provenance import Provenance, Step, sha256_of
from facewire.report import write_report
from facewire.synkinesis import MapSettings, estimate_map
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
) -> dict[str, Any]:
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
    dict
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
    _refuse_existing(out, json_path, overwrite=options.overwrite)
    cues = load_cues(options.cues) if options.cues else None
    with _folder(out) as folder:
        video = None if source.suffix == ".parquet" else source
        passing = out is None and json_path is not None
        track = track_beside(json_path) if passing and json_path else folder / TRACK
        job = _Job(source, video, folder, track, cues, tracking, options, progress or _silent)
        result = _measure(job)
        if out is None:
            result["files"] = {"track": None, "signals": None, "frames": None, "mesh": None}
        text = json.dumps(result, indent=1, ensure_ascii=False).encode()
        if out is not None:
            replace_file(folder / RESULT, text)
            replace_file(folder / TABLE, map_csv(result).encode())
            _write_report(job, result)
    if json_path is not None:
        replace_file(json_path, text)
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


def _refuse_existing(out: Path | None, json_path: Path | None, *, overwrite: bool) -> None:
    wanted = [] if out is None else [out / RESULT, out / REPORT]
    wanted += [] if json_path is None else [json_path]
    there = [str(p) for p in wanted if p.exists()]
    if there and not overwrite:
        raise OutputExistsError(
            f"The output {', '.join(there)} is there already",
            do="name another place, or allow it with --overwrite",
        )


def _measure(job: _Job) -> dict[str, Any]:
    steps: list[Step] = []
    started = time.monotonic()
    track = _track(job)
    with storing(job.out):
        job.out.mkdir(parents=True, exist_ok=True)
    steps.append(Step(mark("track"), time.monotonic() - started))
    started = time.monotonic()
    job.progress("measure", 0.0)
    motion = MotionSettings(iris_mm=job.options.iris_mm, fitted=job.options.fitted)
    head = fix_head(track, motion)
    signals = compute_motion(track, motion, head)
    if job.cues is not None:
        check_cues_fit(job.cues, float(track.times_s[-1]))
    movements = locate_movements(signals, job.cues)
    chosen = MapSettings(job.options.affected, job.options.age_years, job.options.fitted)
    found = estimate_map(signals, movements, chosen)
    write_signals(signals, job.file(SIGNALS))
    marks = {
        "synthetic": _is_synthetic(job, track),
        "side_confirmed": track.source.get("mirrored") is not None,
        "recording_sha256": track.source.get("sha256"),
    }
    write_mesh(job.file(MESH), head, signals, movements, marks)
    steps.append(Step(mark("measure"), time.monotonic() - started))
    job.progress("measure", 1.0)
    frames = job.file(FRAMES).parent
    if job.video is None:
        clear_key_frames(frames)
    else:
        started = time.monotonic()
        write_key_frames(job.video, frames, track, signals, movements)
        steps.append(Step(mark("key frames"), time.monotonic() - started))
    document = {
        "schema": SCHEMA,
        "subject": job.options.subject,
        "synthetic": marks["synthetic"],
        "files": _files(job),
        "provenance": plain(_provenance(job, track, steps).to_dict()),
        "scale": plain(vars(signals.scale)),
        "side_confirmed": marks["side_confirmed"],
        **map_part(found, movements),
        "quality": quality_part(track, signals, movements),
    }
    return document | {"grades": result_grades(document)}


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
    return upright_track(path, job.tracking.mirrored)


def _accept(job: _Job, info: VideoInfo) -> None:
    """Refuse a cue sheet that cannot fit before minutes are spent; checked again by the frames."""
    if job.cues is not None and info.duration_s > 0:
        check_cues_fit(job.cues, info.duration_s)


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
        and source.get("sha256") == sha256_of(job.video)
        and source.get("fast") == job.tracking.fast
        and not source.get("plain")
        and (job.tracking.allow_partial or not source.get("truncated"))
    )


def _is_synthetic(job: _Job, track: Track) -> bool:
    beside = job.video is not None and is_synthetic(job.video)
    return beside or bool(track.source.get("synthetic"))


def _files(job: _Job) -> dict[str, Any]:
    """List what this measurement made or read; what another one left beside it is not listed."""
    own_track = job.video is not None or job.source.resolve() == job.file(TRACK).resolve()
    listed: dict[str, Any] = {}
    for name, path in _BESIDE:
        there = job.file(path).is_file() and (own_track or name != "track")
        listed[name] = {"path": path, "sha256": sha256_of(job.file(path))} if there else None
    return listed


def _provenance(job: _Job, track: Track, steps: list[Step]) -> Provenance:
    source = dict(track.source)
    networks = source.pop("networks", [])
    cues = job.options.cues
    return Provenance(
        source,
        None if cues is None else {"name": cues.name, "sha256": sha256_of(cues)},
        networks,
        {
            "affected": job.options.affected,
            "age_years": job.options.age_years,
            "iris_mm": job.options.iris_mm,
            "fitted": job.options.fitted,
            "fast": bool(source.get("fast")),
            "mirrored": source.get("mirrored"),
        },
        steps,
    )


def _write_report(job: _Job, result: dict[str, Any]) -> None:
    job.progress("report", 0.0)
    write_report(result, job.out, job.file(REPORT), overwrite=job.options.overwrite)
    job.progress("report", 1.0)
