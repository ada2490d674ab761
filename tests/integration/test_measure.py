"""Measuring a clip whose movements are known: result, stored track, interruption, other folders."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from facewire.errors import OutputExistsError, StorageError, UsageError
from facewire.pipeline import MeasureOptions, TrackOptions, measure, track_video
from facewire.results.measurement import Measurement

pytestmark = pytest.mark.models

SAID = TrackOptions(mirrored=False)
MADE_ANEW = ("files", "provenance")


def _options(clip: Path, **changes: Any) -> MeasureOptions:
    return MeasureOptions(cues=clip.with_suffix(".cues.json"), **changes)


@pytest.fixture(scope="module")
def measured(moving_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("measured") / "out"
    measure(moving_clip, out, None, SAID, _options(moving_clip))
    return out


@pytest.fixture
def own_copy(measured: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(measured, tmp_path / "out"))


def _result(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "result.json").read_text("utf-8")))


def _numbers(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name not in MADE_ANEW}


def _excursion_mm(result: dict[str, Any], movement: str, region: str, side: str) -> float:
    rows = [r for r in result["voluntary"] if (r["movement"], r["region"]) == (movement, region)]
    return float(next(r["excursion_mm"] for r in rows if r["side"] == side))


def test_the_drawn_movements_are_measured(measured: Path) -> None:
    """The right corner was drawn with 60 % of the left one's movement; both eyes closed."""
    result = _result(measured)
    Measurement.read(measured / "result.json")
    right, left = (_excursion_mm(result, "smile_closed", "commissure", s) for s in "RL")
    assert right / left == pytest.approx(0.6, abs=0.1)
    assert all(_excursion_mm(result, "eye_close_gentle", "eye", s) < -5 for s in "RL")


def test_key_frames_are_pictures_of_one_scale(measured: Path) -> None:
    sheet = json.loads((measured / "frames" / "frames.json").read_text())
    assert [f["phase"] for f in sheet["frames"]] == ["rest", "apex", "apex"]
    assert [f["movement"] for f in sheet["frames"]][1:] == ["smile_closed", "eye_close_gentle"]
    for frame in sheet["frames"]:
        assert (measured / "frames" / frame["file"]).read_bytes().startswith(b"\xff\xd8\xff")
        right, left = (np.array(frame["points_px"][f"commissure_{s}"]) for s in "RL")
        assert right[0] < 200 < left[0]


@pytest.mark.slow
def test_a_stored_track_gives_the_same_result(
    measured: Path, moving_clip: Path, tmp_path: Path
) -> None:
    track = measured / "track.parquet"
    again = measure(track, tmp_path / "again", None, SAID, _options(moving_clip))
    assert _numbers(again.plain()) == _numbers(_result(measured))
    assert again.files.frames is None
    assert again.files.track is None


@pytest.mark.slow
def test_the_mark_of_a_synthetic_patient_goes_with_its_track(
    moving_clip: Path, tmp_path: Path
) -> None:
    """The track alone is measured later, where the rendered clip and its truth are not."""
    clip = Path(shutil.copy(moving_clip, tmp_path / "patient.mp4"))
    (tmp_path / "patient.truth.json").write_text("{}")
    track_video(clip, tmp_path / "elsewhere" / "t.parquet", SAID)
    clip.unlink()
    (tmp_path / "patient.truth.json").unlink()
    result = measure(tmp_path / "elsewhere" / "t.parquet", tmp_path / "out", None, SAID)
    assert result.synthetic is True
    assert "Synthetic patient" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_existing_result_is_refused(own_copy: Path, moving_clip: Path) -> None:
    before = (own_copy / "result.json").read_bytes()
    with pytest.raises(OutputExistsError, match=r"is there already.*--overwrite") as error:
        measure(moving_clip, own_copy, None, SAID, _options(moving_clip))
    assert error.value.exit_code == 2
    assert (own_copy / "result.json").read_bytes() == before


@pytest.mark.slow
def test_track_of_this_recording_is_used_again(own_copy: Path, moving_clip: Path) -> None:
    _forget_result(own_copy)
    written = (own_copy / "track.parquet").stat().st_mtime_ns
    measure(moving_clip, own_copy, None, SAID, _options(moving_clip))
    assert (own_copy / "track.parquet").stat().st_mtime_ns == written


def _forget_result(out: Path) -> None:
    (out / "result.json").unlink()
    (out / "report.html").unlink()


@pytest.mark.parametrize("left", ["result.json", "report.html"])
def test_either_output_alone_is_refused_before_any_work(
    tmp_path: Path, moving_clip: Path, left: str
) -> None:
    (tmp_path / left).write_text("mine")
    with pytest.raises(OutputExistsError, match=left):
        measure(moving_clip, tmp_path, None, SAID)
    assert [p.name for p in tmp_path.iterdir()] == [left]


def _of_another_recording(track: Path) -> None:
    metadata = pl.read_parquet_metadata(track)
    source = json.loads(metadata["facewire.source"])
    metadata["facewire.source"] = json.dumps({**source, "sha256": "0" * 64})
    pl.read_parquet(track).write_parquet(track, metadata=metadata)


def _damaged(track: Path) -> None:
    track.write_bytes(track.read_bytes()[:-1000])


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [_of_another_recording, _damaged])
def test_another_track_is_replaced_only_when_allowed(
    own_copy: Path, moving_clip: Path, spoil: Any
) -> None:
    _forget_result(own_copy)
    track = own_copy / "track.parquet"
    spoil(track)
    before = track.read_bytes()
    with pytest.raises(OutputExistsError, match=r"another recording.*--overwrite"):
        measure(moving_clip, own_copy, None, SAID, _options(moving_clip))
    assert track.read_bytes() == before
    allowed = _options(moving_clip, overwrite=True)
    with pytest.raises(KeyboardInterrupt):
        measure(moving_clip, own_copy, None, SAID, allowed, _stop_after(0.0))
    assert not track.exists()


@pytest.mark.slow
def test_pictures_of_an_earlier_patient_do_not_stay(own_copy: Path, moving_clip: Path) -> None:
    """A track has no pictures: the report must not show those of whoever was measured before."""
    track = Path(shutil.copy(own_copy / "track.parquet", own_copy.parent / "t.parquet"))
    measure(track, own_copy, None, SAID, _options(moving_clip, overwrite=True))
    assert list((own_copy / "frames").iterdir()) == []
    assert "data:image/jpeg" not in (own_copy / "report.html").read_text("utf-8")


def test_saying_the_opposite_about_mirroring_is_refused(
    measured: Path, moving_clip: Path, tmp_path: Path
) -> None:
    metadata = pl.read_parquet_metadata(measured / "track.parquet")
    source = {**json.loads(metadata["facewire.source"]), "mirrored": False}
    metadata["facewire.source"] = json.dumps(source)
    track = tmp_path / "track.parquet"
    pl.read_parquet(measured / "track.parquet").write_parquet(track, metadata=metadata)
    with pytest.raises(UsageError, match=r"--mirrored no.*Found: --mirrored yes"):
        measure(track, None, tmp_path / "r.json", TrackOptions(mirrored=True))


def _stop_after(share: float) -> Any:
    def progress(step: str, done: float) -> None:
        if step == "track" and done > share:
            raise KeyboardInterrupt

    return progress


@pytest.mark.slow
def test_interrupted_measurement_continues_to_the_same_numbers(
    measured: Path, moving_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        measure(moving_clip, out, None, SAID, _options(moving_clip), _stop_after(0.4))
    assert list((out / "track.parquet.parts").glob("part-*.parquet")) != []
    assert not (out / "result.json").exists()
    again = measure(moving_clip, out, None, SAID, _options(moving_clip))
    assert _numbers(again.plain()) == _numbers(_result(measured))
    assert not (out / "track.parquet.parts").exists()


@pytest.mark.slow
def test_without_a_folder_the_track_waits_beside_the_result(
    measured: Path, moving_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "r.json"
    with pytest.raises(KeyboardInterrupt):
        measure(moving_clip, None, path, SAID, _options(moving_clip), _stop_after(0.4))
    parts = tmp_path / "r.json.track.parquet.parts"
    assert len(list(parts.glob("part-*.parquet"))) > 0
    result = measure(moving_clip, None, path, SAID, _options(moving_clip))
    assert _numbers(result.plain()) == _numbers(_result(measured))
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]


@pytest.mark.slow
def test_full_disk_keeps_the_parts(
    moving_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(KeyboardInterrupt):
        track_video(moving_clip, tmp_path / "t.parquet", SAID, _stop_after(0.4))
    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", full)
    with pytest.raises(StorageError, match=r"No space left on device.*is kept"):
        track_video(moving_clip, tmp_path / "t.parquet", SAID)
    assert list((tmp_path / "t.parquet.parts").glob("part-*.parquet")) != []
