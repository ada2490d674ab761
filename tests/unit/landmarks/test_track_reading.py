"""What is measured is read stretch by stretch, and is what the whole track holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from facewire.errors import TrackError
from facewire.landmarks import TrackWriter, open_track, track_file, track_source
from facewire.results.provenance import Source
from unit.landmarks.made_track import equal, frame_points
from whole_tracks import load_track
from whole_tracks import mirrored as turned_over

N = 11
WIDTH_PX = 300.0
CLIP = Source(name="a.mp4", width_px=int(WIDTH_PX))


@pytest.fixture(autouse=True)
def _small_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track_file, "PART_FRAMES", 4)


def _track(folder: Path, *, plain: bool = False) -> Path:
    path = folder / "track.parquet"
    writer = TrackWriter(path, {})
    for i in range(N):
        writer.add(frame_points(i, plain=plain, found=i != 2))
    writer.finish(CLIP)
    return path


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("plain", [False, True])
def test_it_is_the_whole_track(tmp_path: Path, plain: bool, mirrored: bool) -> None:
    path = _track(tmp_path, plain=plain)
    opened = open_track(path, WIDTH_PX if mirrored else None)
    whole = turned_over(load_track(path), WIDTH_PX) if mirrored else load_track(path)
    for name in ("times_s", "found", "eyes_px", "corrected_px", "mismatch", "seen", "match"):
        assert equal(getattr(opened, name), getattr(whole, name)), name
    assert opened.source == whole.source
    frames = [9, 0, 2, 3, 10]
    assert equal(opened.mesh_at(frames), whole.points_px[frames])
    assert equal(opened.mesh_at(frames), whole.mesh_at(frames))


def test_mirrored_exchanges_the_sides(tmp_path: Path) -> None:
    """In a picture 300 px wide the outer corner of the right eye becomes that of the left one."""
    path = _track(tmp_path)
    filmed, turned = open_track(path), open_track(path, WIDTH_PX)
    before, after = filmed.mesh_at([0])[0], turned.mesh_at([0])[0]
    assert after[263, 0] == WIDTH_PX - before[33, 0]
    assert after[263, 1:] == pytest.approx(before[33, 1:])
    assert filmed.eyes_px is not None
    assert turned.eyes_px is not None
    assert turned.eyes_px[0, 1, 5, 0] == WIDTH_PX - filmed.eyes_px[0, 0, 5, 0]
    assert filmed.corrected_px is not None
    assert turned.corrected_px is not None
    assert turned.corrected_px[0, 61, 0] == WIDTH_PX - filmed.corrected_px[0, 291, 0]


def test_arrays_are_in_single_precision(tmp_path: Path) -> None:
    opened = open_track(_track(tmp_path))
    assert opened.corrected_px is not None
    assert opened.corrected_px.dtype == np.float32


def test_the_source_is_read_without_the_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _track(tmp_path)

    def never(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(pl, "read_parquet", never)
    monkeypatch.setattr(pl, "scan_parquet", never)
    assert track_source(path) == CLIP


@pytest.mark.parametrize("content", [b"", b"text"])
def test_what_is_no_track_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(content)
    with pytest.raises(TrackError, match=r"not a landmark track.*facewire track"):
        open_track(path)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    path = _track(tmp_path)
    opened = open_track(path)
    path.unlink()
    with pytest.raises(TrackError, match="not a landmark track"):
        opened.mesh_at([0])


def test_times_that_do_not_increase_are_refused(tmp_path: Path) -> None:
    path = _track(tmp_path)
    metadata = pl.read_parquet_metadata(path)
    pl.read_parquet(path).reverse().write_parquet(path, metadata=metadata)
    with pytest.raises(TrackError, match="do not increase"):
        open_track(path)
