"""Writing landmark tracks: one Parquet file, units in its metadata; parts while it is made.

While a recording is tracked, finished stretches lie as numbered parts in a folder beside the
track, so that an interrupted run goes on where it stopped and memory stays flat. Reading: `stored`.
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
        metadata = {
            "facewire.schema": SCHEMA,
            "facewire.units": json.dumps(UNITS),
            "facewire.source": source.model_dump_json(),
        }
        with whole_path(self._path) as passing:
            joined = pl.scan_parquet(self._parts, low_memory=True)
            joined.sink_parquet(passing, metadata=metadata, row_group_size=PART_FRAMES)
        self.discard()

    def discard(self) -> None:
        """Remove the parts: they were joined, or hold nothing to continue from."""
        self._waiting, self._parts = [], []
        with storing(self._path):
            shutil.rmtree(self._folder)
