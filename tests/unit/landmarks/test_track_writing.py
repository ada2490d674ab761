from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from facewire.errors import StorageError, TrackError
from facewire.files import storing, write_whole
from facewire.landmarks import TrackWriter, open_track, track_file
from facewire.results.provenance import Source
from unit.landmarks.made_track import frame_points, same, track_of
from whole_tracks import load_track

CLIP = Source(name="a.mp4", mirrored=None)
KEY = {"sha256": "abc", "fast": False}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "track.parquet"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track_file, "PART_FRAMES", 4)


def _write(path: Path, frames: range, *, plain: bool = False) -> TrackWriter:
    writer = TrackWriter(path, KEY)
    for i in frames:
        writer.add(frame_points(i, plain=plain, found=i != 2))
    return writer


def _parts(path: Path) -> list[str]:
    return sorted(p.name for p in path.with_name("track.parquet.parts").glob("part-*"))


@pytest.mark.parametrize("plain", [False, True])
def test_what_is_written_is_read(path: Path, plain: bool) -> None:
    _write(path, range(10), plain=plain).finish(CLIP)
    read = load_track(path)
    assert same(read, _expected(10, plain=plain))
    assert read.source == CLIP
    assert [p.name for p in path.parent.iterdir()] == ["track.parquet"]


def _expected(n: int, *, plain: bool = False) -> Any:
    made = track_of([frame_points(i, plain=plain, found=i != 2) for i in range(n)])
    if not plain:
        return made
    from dataclasses import replace

    return replace(made, mismatch=None)


def test_units_and_types_are_in_the_file(path: Path) -> None:
    _write(path, range(5)).finish(CLIP)
    metadata = pl.read_parquet_metadata(path)
    assert json.loads(metadata["facewire.units"])["time_s"].startswith("seconds")
    assert metadata["facewire.schema"] == "facewire.track/1"
    assert pl.read_parquet_schema(path)["points_px"] == pl.Array(pl.Float32, 478 * 3)


def test_parts_are_continued(path: Path) -> None:
    _write(path, range(9))
    assert _parts(path) == ["part-000000.parquet", "part-000001.parquet"]
    writer = TrackWriter(path, KEY)
    known = writer.stored_points()
    assert len(known) == 8
    assert known.any_found
    for index in (0, 3, 4, 7, 5):
        np.testing.assert_array_equal(known[index], frame_points(index).points_px)
    for i in range(8, 10):
        writer.add(frame_points(i))
    writer.finish(CLIP)
    assert same(load_track(path), _expected(10))


def test_an_error_keeps_what_was_waiting(path: Path) -> None:
    def interrupted() -> None:
        with TrackWriter(path, KEY) as writer:
            for i in range(6):
                writer.add(frame_points(i))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(TrackWriter(path, KEY).stored_points()) == 6


def test_parts_of_another_input_are_not_continued(path: Path) -> None:
    _write(path, range(9))
    assert len(TrackWriter(path, {**KEY, "fast": True}).stored_points()) == 0
    assert _parts(path) == []


def test_a_part_that_was_being_written_does_not_count(path: Path) -> None:
    _write(path, range(5))
    torn = path.with_name("track.parquet.parts") / "part-000001.writing"
    torn.write_bytes(b"half")
    assert len(TrackWriter(path, KEY).stored_points()) == 4


def test_parts_without_a_face_are_thrown_away(path: Path) -> None:
    writer = TrackWriter(path, KEY)
    for i in range(5):
        writer.add(frame_points(i, found=False))
    assert not TrackWriter(path, KEY).stored_points().any_found
    writer.discard()
    assert list(path.parent.iterdir()) == []


def test_no_frame_is_no_track(path: Path) -> None:
    with pytest.raises(TrackError, match=r"no frame.*playing it"):
        TrackWriter(path, KEY).finish(CLIP)


def test_full_disk_is_one_clear_error_and_parts_stay(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = _write(path, range(5))

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", full)
        with pytest.raises(StorageError, match=r"No space left on device.*make room"):
            writer.finish(CLIP)
    assert _parts(path) == ["part-000000.parquet"]
    assert len(TrackWriter(path, KEY).stored_points()) == 4


def test_polars_says_a_full_disk_like_python() -> None:
    """The device that is always full."""
    table = pl.DataFrame({"a": [1.0]})
    with pytest.raises(StorageError, match="cannot be written"), storing(Path("x")):
        table.write_parquet("/dev/full")
    with pytest.raises(StorageError, match="cannot be written"), storing(Path("x")):
        table.lazy().sink_parquet("/dev/full")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        TrackWriter(tmp_path / "file" / "track.parquet", KEY)
    with pytest.raises(StorageError, match="cannot be written"):
        write_whole(tmp_path / "file" / "result.json", b"")


def _text(path: Path) -> None:
    path.write_text("not a table")


def _other_table(path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(path)


def _cut(path: Path) -> None:
    _write(path, range(5)).finish(CLIP)
    path.write_bytes(path.read_bytes()[:-2000])


def _without_a_column(path: Path) -> None:
    _write(path, range(5)).finish(CLIP)
    metadata = pl.read_parquet_metadata(path)
    pl.read_parquet(path).drop("presence").write_parquet(path, metadata=metadata)


def _with_a_narrow_column(path: Path) -> None:
    _write(path, range(5)).finish(CLIP)
    metadata = pl.read_parquet_metadata(path)
    table = pl.read_parquet(path).with_columns(points_px=pl.col("presence"))
    table.write_parquet(path, metadata=metadata)


def _nothing(path: Path) -> None:
    """No such file."""


@pytest.mark.parametrize(
    "spoil", [_text, _other_table, _cut, _without_a_column, _with_a_narrow_column, _nothing]
)
def test_what_is_no_track_is_refused(path: Path, spoil: Any) -> None:
    spoil(path)
    with pytest.raises(TrackError, match=r"not a landmark track.*facewire track"):
        open_track(path)
