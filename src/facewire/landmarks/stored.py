"""Reading landmark tracks: the whole of one, or what is measured in little memory.

A frame takes 11 kB, ten minutes 200 MB. A `StoredTrack` holds what every frame is measured by (the
corrected mesh and the eyes) and leaves the rest on disk; files are read stretch by stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.landmarks.mirror import MIRROR_POINTS
from facewire.landmarks.store import PART_FRAMES, SCHEMA, SHAPES
from facewire.landmarks.track import N_MESH, UNKNOWN_SOURCE, LandmarkTrack, check_times
from facewire.results.provenance import Source

if TYPE_CHECKING:
    import polars as pl

FloatArray = NDArray[np.float32]

NEEDED = ("time_s", "points_px", "presence", "expressions")
MEASURED = ("eyes_px", "corrected_px")


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
    source: Source = UNKNOWN_SOURCE
    mirror_width_px: float | None = None

    def __post_init__(self) -> None:
        check_times(self.times_s)

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
        return out if self.mirror_width_px is None else _flip(out, self.mirror_width_px)


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
        scalars = ["time_s", "presence", "mismatch"]
        few = pl.read_parquet(path, columns=[name for name in scalars if name in columns])
        eyes, corrected = (None, None) if plain else _measured(path, len(few), mirror_width_px)
    return StoredTrack(
        path,
        few["time_s"].to_numpy(),
        np.isfinite(few["presence"].to_numpy()),
        eyes,
        corrected,
        None if plain or "mismatch" not in columns else few["mismatch"].to_numpy(),
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
            one = _mirror_x(one[:, ::-1], mirror_width_px)
            other = _flip(other, mirror_width_px)
        part = slice(start, start + len(rows))
        eyes[part], corrected[part] = one, other
    return eyes, corrected


def _stretch(path: Path, columns: list[str], start: int) -> pl.DataFrame:
    """Read some columns of the frames from ``start`` on, as many as a part holds."""
    import polars as pl

    return pl.scan_parquet(path).select(columns).slice(start, PART_FRAMES).collect()


def _values(table: pl.DataFrame, name: str) -> FloatArray:
    values = table[name].to_numpy()
    shaped: FloatArray = values.reshape(len(values), *SHAPES.get(name, ()))
    return shaped


def _flip(points: FloatArray, width_px: float) -> FloatArray:
    order = MIRROR_POINTS if points.shape[1] > N_MESH else MIRROR_POINTS[:N_MESH]
    return _mirror_x(points[:, order], width_px)


def _mirror_x(points: FloatArray, width_px: float) -> FloatArray:
    turned = points.copy()
    turned[..., 0] = np.float32(width_px) - turned[..., 0]
    return turned


def load_track(path: Path) -> LandmarkTrack:
    """Read a whole stored track into memory.

    Raises
    ------
    TrackError
        The file is no track of facewire, or is damaged.
    """
    import polars as pl

    source = track_source(path)
    with _reading(path):
        table = pl.read_parquet(path)

    def array(name: str) -> FloatArray | None:
        return _values(table, name) if name in table.columns else None

    return LandmarkTrack(
        table["time_s"].to_numpy(),
        _values(table, "points_px"),
        _values(table, "presence"),
        _values(table, "expressions"),
        array("eyes_px"),
        array("eyes_spread_px"),
        array("corrected_px"),
        array("mismatch") if "eyes_px" in table.columns else None,
        source,
    )


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
