"""Landmark tracks on disk: one Parquet file, units in its metadata; parts while it is made.

While a recording is tracked, finished stretches lie as numbered parts in a folder beside the
track, so that an interrupted run goes on where it stopped and memory stays flat.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from facewire.errors import StorageError, TrackError
from facewire.landmarks.track import LandmarkTrack

if TYPE_CHECKING:
    import polars as pl

    from facewire.landmarks.tracker import FramePoints

SCHEMA = "facewire.track/1"
PART_FRAMES = 300

SHAPES = {
    "points_px": (478, 3),
    "expressions": (52,),
    "eyes_px": (2, 76, 2),
    "eyes_spread_px": (2,),
    "corrected_px": (468, 2),
}
SCALARS = ("presence", "mismatch")
UNITS = {
    "time_s": "seconds since the first frame",
    "points_px": "pixels: x right, y down, z away from the camera; 478 x 3",
    "presence": "0 to 1",
    "expressions": "0 to 1; 52 scores of the face bundle",
    "eyes_px": "pixels; patient's right eye, left eye; 76 x 2",
    "eyes_spread_px": "pixels",
    "corrected_px": "pixels; 468 x 2",
    "mismatch": "brightness, 0 to 255",
}


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turn a failed write into one clear error.

    Raises
    ------
    StorageError
        The disk is full or the folder cannot be written.
    """
    try:
        yield
    except _write_errors() as error:
        raise StorageError(
            f"{path.name} cannot be written",
            found=getattr(error, "strerror", None) or str(error),
            do="make room on the disk or name another folder; what was stored before is kept",
        ) from error


def _write_errors() -> tuple[type[Exception], ...]:
    """Return what a failed write raises: Polars reports a full disk as an error of its own."""
    polars = sys.modules.get("polars")
    return (OSError,) if polars is None else (OSError, polars.exceptions.PolarsError)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        passing = path.with_name(f".{path.name}.part")
        passing.write_bytes(content)
        passing.replace(path)


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

    def stored_points(self) -> NDArray[np.float32]:
        """Return the face points of the frames stored already, shape (n_frames, 478, 3)."""
        import polars as pl

        if not self._parts:
            return np.empty((0, 478, 3), dtype=np.float32)
        column = pl.concat([pl.read_parquet(p, columns=["points_px"]) for p in self._parts])
        return column["points_px"].to_numpy().reshape(-1, 478, 3)

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

    def finish(self, source: dict[str, Any]) -> None:
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
        metadata = {
            "facewire.schema": SCHEMA,
            "facewire.units": json.dumps(UNITS),
            "facewire.source": json.dumps(source),
        }
        passing = self._path.with_name(f".{self._path.name}.part")
        with storing(self._path):
            pl.scan_parquet(self._parts).sink_parquet(
                passing, metadata=metadata, row_group_size=PART_FRAMES
            )
            passing.replace(self._path)
            shutil.rmtree(self._folder)


def load_track(path: Path) -> LandmarkTrack:
    """Read a stored track.

    Raises
    ------
    TrackError
        The file is no track of facewire, or is damaged.
    """
    import polars as pl

    try:
        metadata = pl.read_parquet_metadata(path)
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _not_a_track(path, str(error).splitlines()[0]) from error
    if metadata.get("facewire.schema") != SCHEMA:
        raise _not_a_track(path, f"schema {metadata.get('facewire.schema')}")

    _check_columns(table, path)

    def array(name: str) -> NDArray[np.float32] | None:
        if name not in table.columns:
            return None
        values = table[name].to_numpy()
        shaped: NDArray[np.float32] = values.reshape(len(values), *SHAPES.get(name, ()))
        return shaped

    points, presence, expressions = array("points_px"), array("presence"), array("expressions")
    if points is None or presence is None or expressions is None or "time_s" not in table.columns:
        raise _not_a_track(path, "columns are missing")
    plain = "eyes_px" not in table.columns
    return LandmarkTrack(
        table["time_s"].to_numpy(),
        points,
        presence,
        expressions,
        array("eyes_px"),
        array("eyes_spread_px"),
        array("corrected_px"),
        None if plain else array("mismatch"),
        json.loads(metadata["facewire.source"]),
    )


def _check_columns(table: pl.DataFrame, path: Path) -> None:
    import polars as pl

    for name, shape in SHAPES.items():
        kind = pl.Array(pl.Float32, int(np.prod(shape)))
        if table.schema.get(name, kind) != kind:
            raise _not_a_track(path, f"{name} as {table.schema[name]}")


def _not_a_track(path: Path, found: str) -> TrackError:
    return TrackError(
        f"{path.name} is not a landmark track that can be read",
        expected=f"a Parquet file written by `facewire track` ({SCHEMA})",
        found=found,
        do="make it again with `facewire track`",
    )
