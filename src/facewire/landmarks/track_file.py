"""Landmark tracks on disk: one Parquet file, units in its metadata; parts while it is made.

While a recording is tracked, finished stretches lie as numbered parts in a folder beside the
track, so that an interrupted run goes on where it stopped and memory stays flat.

A frame takes 11 kB, ten minutes 200 MB. A `StoredTrack` holds what every frame is measured by (the
corrected mesh and the eyes) and leaves the rest on disk; files are read stretch by stretch.
"""

from __future__ import annotations

import json
import shutil
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from facewire.errors import StorageError, TrackError
from facewire.files import storing, whole_path
from facewire.results.provenance import Source

if TYPE_CHECKING:
    import polars as pl

    from facewire.landmarks.tracker import FramePoints

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facewire.landmarks.flow import PLACES
from facewire.landmarks.points import N_EYE_POINTS, N_MESH, N_POINTS
from facewire.landmarks.seen import PARTS
from facewire.landmarks.track import (
    UNKNOWN_SOURCE,
    check_shapes,
    check_times,
    mirrored_mesh,
    mirrored_x,
)

if TYPE_CHECKING:
    import polars as pl


SCHEMA = "facewire.track/1"
PART_FRAMES = 300

SHAPES = {
    "points_px": (N_POINTS, 3),
    "eyes_px": (2, N_EYE_POINTS, 2),
    "eyes_spread_px": (2,),
    "corrected_px": (N_MESH, 2),
    "seen": (2, len(PARTS)),
    "match": (2, len(PLACES)),
}
SCALARS = ("presence", "mismatch")
NEEDED = ("time_s", "points_px", "presence")
MEASURED = ("eyes_px", "corrected_px")
UNITS = {
    "time_s": "seconds since the first frame",
    "points_px": "pixels: x right, y down, z away from the camera; 478 x 3",
    "presence": "0 to 1",
    "eyes_px": "pixels; patient's right eye, left eye; 76 x 2",
    "eyes_spread_px": "pixels",
    "corrected_px": "pixels; 468 x 2",
    "mismatch": "brightness, 0 to 255",
    "seen": "logit that a part is what the points say; right, left; " + ", ".join(PARTS),
    "match": "correlation with the rest picture; right, left; " + ", ".join(PLACES),
}


def _frame_of(points: list[FramePoints]) -> pl.DataFrame:
    import polars as pl

    first = points[0]
    columns: dict[str, Any] = {"time_s": [p.time_s for p in points]}
    for name in SCALARS:
        columns[name] = np.array([getattr(p, name) for p in points], dtype=np.float32)
    for name, shape in SHAPES.items():
        if getattr(first, name) is None:
            continue
        values = np.array([getattr(p, name) for p in points], dtype=np.float32)
        flat = values.reshape(len(points), -1)
        width = int(np.prod(shape))
        columns[name] = pl.Series(name, flat, dtype=pl.Array(pl.Float32, width))
    return pl.DataFrame(columns)


class StoredPoints:
    """Face points of the frames that an interrupted run stored, read part by part when asked for.

    Parameters
    ----------
    parts : tuple of Path
        The parts, in order.
    """

    def __init__(self, parts: tuple[Path, ...]) -> None:
        import polars as pl

        self._parts = parts
        tables = [pl.read_parquet(part, columns=["presence"]) for part in parts]
        self._ends = np.cumsum([len(table) for table in tables], dtype=np.int_)
        self.any_found = any(bool(table["presence"].is_finite().any()) for table in tables)
        # Several threads ask at once, of frames close together: two parts at most.
        self._points_of = lru_cache(maxsize=2)(_points_of)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def __getitem__(self, index: int) -> NDArray[np.float32]:
        """Return the points of one frame, shape (478, 3)."""
        part = int(np.searchsorted(self._ends, index, side="right"))
        points: NDArray[np.float32] = self._points_of(self._parts[part])
        inside: NDArray[np.float32] = points[index - int(self._ends[part]) + len(points)]
        return inside


def _points_of(part: Path) -> NDArray[np.float32]:
    import polars as pl

    column = pl.read_parquet(part, columns=["points_px"])["points_px"]
    points: NDArray[np.float32] = column.to_numpy().reshape(-1, *SHAPES["points_px"])
    return points


class TrackWriter:
    """Stores a track while it is made, part by part; a ``with`` block keeps what an error leaves.

    Parameters
    ----------
    path : Path
        The track file to make.
    key : dict
        What the track is made from; parts of another key are not continued.
    """

    def __init__(self, path: Path, key: dict[str, Any]) -> None:
        self._path = path
        self._folder = path.with_name(f"{path.name}.parts")
        self._waiting: list[FramePoints] = []
        with storing(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._keep_or_clear(json.dumps(key, sort_keys=True))
        self._parts = sorted(self._folder.glob("part-*.parquet"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and not issubclass(kind, StorageError):
            self._flush()

    def _keep_or_clear(self, key: str) -> None:
        note = self._folder / "key.json"
        if note.is_file() and note.read_text(encoding="utf8") == key:
            return
        for part in self._folder.glob("part-*.parquet"):
            part.unlink()
        note.write_text(key, encoding="utf8")

    def stored_points(self) -> StoredPoints:
        """Return the face points of the frames stored already."""
        return StoredPoints(tuple(self._parts))

    def add(self, points: FramePoints) -> None:
        """Take one more frame."""
        self._waiting.append(points)
        if len(self._waiting) >= PART_FRAMES:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        part = self._folder / f"part-{len(self._parts):06d}.parquet"
        passing = part.with_suffix(".writing")
        with storing(self._path):
            _frame_of(self._waiting).write_parquet(passing)
            passing.replace(part)
        self._parts.append(part)
        self._waiting = []

    def finish(self, source: Source) -> None:
        """Join the parts to the track file and remove them.

        Raises
        ------
        TrackError
            Not a single frame was stored.
        """
        import polars as pl

        self._flush()
        if not self._parts:
            raise TrackError(
                "The recording has no frame",
                expected="a video with pictures",
                found="none",
                do="check the file by playing it",
            )
        _store(pl.scan_parquet(self._parts, low_memory=True), self._path, source)
        self.discard()

    def discard(self) -> None:
        """Remove the parts: they were joined, or hold nothing to continue from."""
        self._waiting, self._parts = [], []
        with storing(self._path):
            shutil.rmtree(self._folder)


FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class StoredTrack:
    """A track on disk, with the part of it in memory that is measured; made by `open_track`.

    Parameters
    ----------
    path : Path
        The file.
    times_s : ndarray of float64, shape (n_frames,)
        Presentation times, increasing.
    found : ndarray of bool, shape (n_frames,)
        True where a face was found.
    eyes_px, corrected_px : ndarray, or None
        As in `LandmarkTrack`; None in a plain track.
    mismatch : ndarray, shape (n_frames,), or None
        As in `LandmarkTrack`.
    eyes_spread_px, seen, match : ndarray, or None
        As in `LandmarkTrack`; None in a file of an earlier version.
    source : Source
        What the track was made from.
    mirror_width_px : float, optional
        Width of the picture whose sides are exchanged; None leaves the track as it was filmed.
    """

    path: Path
    times_s: NDArray[np.float64]
    found: NDArray[np.bool_]
    eyes_px: FloatArray | None
    corrected_px: FloatArray | None
    mismatch: FloatArray | None
    seen: FloatArray | None = None
    eyes_spread_px: FloatArray | None = None
    match: FloatArray | None = None
    source: Source = UNKNOWN_SOURCE
    mirror_width_px: float | None = None

    def __post_init__(self) -> None:
        n = len(self.times_s)
        measured = {
            name: (n, *SHAPES[name]) for name in (*MEASURED, "seen", "eyes_spread_px", "match")
        }
        check_shapes("a stored track", self, {"found": (n,), "mismatch": (n,), **measured})
        check_times("a stored track", self.times_s)
        if self.mirror_width_px is not None and not self.mirror_width_px > 0:
            raise TrackError(
                "A track cannot be turned over",
                expected="the width of its picture, above 0 pixels",
                found=f"{self.mirror_width_px:g}",
                do="track the recording again",
            )

    def mesh_at(self, frames: Sequence[int] | NDArray[np.int_]) -> FloatArray:
        """Return the face network's points of some frames, shape (n_chosen, 478, 3); NaN if lost.

        Raises
        ------
        TrackError
            The file can no longer be read.
        """
        chosen = np.asarray(frames, dtype=np.int_)
        out = np.empty((len(chosen), *SHAPES["points_px"]), dtype=np.float32)
        with _reading(self.path):
            for start in np.unique(chosen // PART_FRAMES) * PART_FRAMES:
                here = (chosen >= start) & (chosen < start + PART_FRAMES)
                rows = _stretch(self.path, ["points_px"], int(start))
                out[here] = _values(rows, "points_px")[chosen[here] - start]
        return out if self.mirror_width_px is None else mirrored_mesh(out, self.mirror_width_px)


def _store(rows: pl.LazyFrame, path: Path, source: Source) -> None:
    """Write the rows of a track with what is known of its recording."""
    metadata = {
        "facewire.schema": SCHEMA,
        "facewire.units": json.dumps(UNITS),
        "facewire.source": source.model_dump_json(),
    }
    with whole_path(path) as passing:
        rows.sink_parquet(passing, metadata=metadata, row_group_size=PART_FRAMES)


def note_mirroring(path: Path, mirrored: bool) -> None:
    """Write into a track whether its recording is mirrored; the points stay as filmed.

    Parameters
    ----------
    path : Path
    mirrored : bool
        As it was said.

    Raises
    ------
    TrackError, StorageError
        The track cannot be read, or not be written.
    """
    import polars as pl

    source = track_source(path)
    if source.mirrored != mirrored:
        with _reading(path):
            _store(pl.scan_parquet(path), path, source.replaced(mirrored=mirrored))


def track_source(path: Path) -> Source:
    """Return what a stored track was made from; the frames are not read.

    Raises
    ------
    TrackError
        The file is no track of facewire, or is damaged.
    """
    import polars as pl

    with _reading(path):
        metadata = pl.read_parquet_metadata(path)
        schema = pl.read_parquet_schema(path)
    if metadata.get("facewire.schema") != SCHEMA:
        raise _not_a_track(path, f"schema {metadata.get('facewire.schema')}")
    _check_columns(schema, path)
    try:
        return Source.model_validate_json(metadata["facewire.source"])
    except ValueError as error:
        raise _not_a_track(path, f"its source cannot be read: {error}") from error


def open_track(path: Path, mirror_width_px: float | None = None) -> StoredTrack:
    """Open a stored track for measuring.

    Parameters
    ----------
    path : Path
        A track written by `TrackWriter`.
    mirror_width_px : float, optional
        Width of the picture; exchanges left and right. None leaves the track as it was filmed.

    Raises
    ------
    TrackError
        The file is no track of facewire, or is damaged.
    """
    import polars as pl

    source = track_source(path)
    with _reading(path):
        columns = pl.read_parquet_schema(path)
        plain = not all(name in columns for name in MEASURED)
        small = ["time_s", "presence", "mismatch", "seen", "eyes_spread_px", "match"]
        few = pl.read_parquet(path, columns=[name for name in small if name in columns])
        eyes, corrected = (None, None) if plain else _measured(path, len(few), mirror_width_px)
    return StoredTrack(
        path,
        few["time_s"].to_numpy(),
        np.isfinite(few["presence"].to_numpy()),
        eyes,
        corrected,
        None if plain or "mismatch" not in columns else few["mismatch"].to_numpy(),
        _small(few, "seen", mirror_width_px),
        _small(few, "eyes_spread_px", mirror_width_px),
        _small(few, "match", mirror_width_px),
        source,
        mirror_width_px,
    )


def _measured(
    path: Path, n_frames: int, mirror_width_px: float | None
) -> tuple[FloatArray, FloatArray]:
    """Read eyes and corrected mesh stretch by stretch into arrays made once."""
    eyes, corrected = (np.empty((n_frames, *SHAPES[n]), dtype=np.float32) for n in MEASURED)
    for start in range(0, n_frames, PART_FRAMES):
        rows = _stretch(path, list(MEASURED), start)
        one, other = (_values(rows, name) for name in MEASURED)
        if mirror_width_px is not None:
            # The eye network numbers its points from the outer corner inwards on both sides.
            one = mirrored_x(one[:, ::-1], mirror_width_px)
            other = mirrored_mesh(other, mirror_width_px)
        part = slice(start, start + len(rows))
        eyes[part], corrected[part] = one, other
    return eyes, corrected


def _small(few: pl.DataFrame, name: str, mirror_width_px: float | None) -> FloatArray | None:
    """Return a column of both sides, right first; None in a file that has none."""
    if name not in few.columns:
        return None
    values = _values(few, name)
    return values if mirror_width_px is None else values[:, ::-1]


def _stretch(path: Path, columns: list[str], start: int) -> pl.DataFrame:
    """Read some columns of the frames from ``start`` on, as many as a part holds."""
    import polars as pl

    return pl.scan_parquet(path).select(columns).slice(start, PART_FRAMES).collect()


def _values(table: pl.DataFrame, name: str) -> FloatArray:
    values = table[name].to_numpy()
    shaped: FloatArray = values.reshape(len(values), *SHAPES.get(name, ()))
    return shaped


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _not_a_track(path, str(error).splitlines()[0]) from error


def _check_columns(schema: dict[str, pl.DataType], path: Path) -> None:
    import polars as pl

    if not all(name in schema for name in NEEDED):
        raise _not_a_track(path, "columns are missing")
    for name, shape in SHAPES.items():
        kind = pl.Array(pl.Float32, int(np.prod(shape)))
        if schema.get(name, kind) != kind:
            raise _not_a_track(path, f"{name} as {schema[name]}")


def _not_a_track(path: Path, found: str) -> TrackError:
    return TrackError(
        f"{path.name} is not a landmark track that can be read",
        expected=f"a Parquet file written by `facewire track` ({SCHEMA})",
        found=found,
        do="make it again with `facewire track`",
    )
