"""A room is checked on a clip of a warped, made-up face: copies, figures, interruption."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from facewire.errors import OutputExistsError, UsageError
from facewire.face import Region, Side
from facewire.phantom import CheckOptions, check, check_room
from facewire.pipeline import TrackOptions
from facewire.results.phantom import Phantom, PhantomCell
from facewire.video import open_video
from moving_face import write_clip

pytestmark = [pytest.mark.models, pytest.mark.slow]

SAID = TrackOptions(mirrored=False)
CODING = 12
"""Brightness by which coding alone changes no pixel."""
MICROMETRES_MM = 0.003
"""What is summed in another order when the sides change places."""


def _options(clip: Path, **changes: bool) -> CheckOptions:
    return CheckOptions(clip.with_suffix(".cues.json"), SAID, **changes)


def _stop_at(part: float) -> Callable[[str, float], None]:
    def progress(step: str, done: float) -> None:
        if done > part:
            raise KeyboardInterrupt

    return progress


@pytest.fixture(scope="module")
def room(moving_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Phantom]:
    """One level in place of three, interrupted once while the second copy is followed."""
    out = tmp_path_factory.mktemp("room") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "LEVELS_MM", (2.0,))
        with pytest.raises(KeyboardInterrupt):
            check_room(moving_clip, out, _options(moving_clip, keep=True), _stop_at(0.55))
        left = sorted(path.name for path in (out / "copies").iterdir() if path.suffix == ".json")
        assert left == ["coded.json"]
        before = (out / "copies" / "coded.json").stat().st_mtime_ns
        found = check_room(moving_clip, out, _options(moving_clip, keep=True))
        assert (out / "copies" / "coded.json").stat().st_mtime_ns == before
    return out, found


def _brightness(path: Path) -> NDArray[np.float64]:
    with open_video(path) as stream:
        return np.array([frame.y.copy() for frame in stream], dtype=np.float64)


def test_the_copy_without_a_change_is_the_recording_coded_again(
    room: tuple[Path, Phantom], moving_clip: Path
) -> None:
    out, _ = room
    source, coded = _brightness(moving_clip), _brightness(out / "copies" / "coded.mp4")
    assert coded.shape == source.shape
    assert np.abs(coded - source).mean() < 1.0
    with open_video(moving_clip) as one, open_video(out / "copies" / "coded.mp4") as other:
        assert [f.time_s for f in one] == pytest.approx([f.time_s for f in other], abs=1e-4)


def test_a_change_is_drawn_in_its_movement_alone(room: tuple[Path, Phantom]) -> None:
    """At rest the copies are alike; in smile and closure one half of the picture differs."""
    out, _ = room
    coded, right = (_brightness(out / "copies" / f"{n}.mp4") for n in ("coded", "R-2mm"))
    differs = np.abs(coded - right) > CODING
    times_s = np.arange(len(coded)) / 20
    rest = (times_s < 1.4) | ((times_s > 3.5) & (times_s < 3.8))
    assert differs[rest].sum() == 0
    for start_s, end_s in ((2.1, 2.7), (4.5, 5.1)):
        held = differs[(times_s > start_s) & (times_s < end_s)]
        assert held[:, :, :140].sum() > 500
        assert held[:, :, 140:].sum() == 0


def test_what_was_drawn_is_told_and_measured(room: tuple[Path, Phantom]) -> None:
    _, found = room
    assert [one.name for one in found.copies] == ["original", "coded", "R-2mm", "L-2mm"]
    true_mm = {(c.region, c.side): c.true_mm for c in found.cells if c.copy_name[0] == str(c.side)}
    for side in Side:
        assert true_mm[Region.COMMISSURE, side] == pytest.approx(2.0, abs=0.05)
        assert -8 / 3 - 0.05 <= true_mm[Region.EYE, side] < -1.5
        assert -2.05 <= true_mm[Region.BROW, side] < -1.5
    for region in found.regions:
        assert region.own_slope == pytest.approx(1.0, abs=0.5)
        assert abs(region.leak or 0.0) < 0.25


def test_saying_that_it_is_mirrored_swaps_the_sides_and_nothing_else(
    room: tuple[Path, Phantom], moving_clip: Path, tmp_path: Path
) -> None:
    """The same pixels: what is right in a plain picture is left in a mirrored one."""
    _, plain = room
    cues = moving_clip.with_suffix(".cues.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "LEVELS_MM", (2.0,))
        options = CheckOptions(cues, TrackOptions(mirrored=True))
        turned = check_room(moving_clip, tmp_path / "turned", options)
    swapped = {"R-2mm": "L-2mm", "L-2mm": "R-2mm"}
    expected = {
        (swapped.get(cell.copy_name, cell.copy_name), cell.side.other, *_place(cell)): _values(cell)
        for cell in plain.cells
    }
    found = {(cell.copy_name, cell.side, *_place(cell)): _values(cell) for cell in turned.cells}
    assert found.keys() == expected.keys()
    for key, values in found.items():
        assert values == pytest.approx(expected[key], abs=MICROMETRES_MM), key
    sides = {c.name: c.side_affected and c.side_affected.other for c in plain.copies}
    assert {swapped.get(c.name, c.name): c.side_affected for c in turned.copies} == sides


def _place(cell: PhantomCell) -> tuple[str, str]:
    return cell.movement, cell.region


def _values(cell: PhantomCell) -> list[float | None]:
    numbers = (cell.true_mm, cell.change_mm, cell.ci_low, cell.ci_high)
    return [*numbers, cell.moved_mm, cell.other_moved_mm, cell.detected]


def test_the_document_is_read_as_it_was_made(room: tuple[Path, Phantom]) -> None:
    out, found = room
    assert Phantom.read(out / "phantom.json").plain() == found.plain()


def test_another_recording_is_not_taken_for_this_one(
    room: tuple[Path, Phantom], moving_clip: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(room[0], tmp_path / "out"))
    with pytest.raises(OutputExistsError, match=r"phantom\.json.*--overwrite"):
        check_room(moving_clip, out, _options(moving_clip))
    (out / "phantom.json").unlink()
    other = CheckOptions(moving_clip.with_suffix(".cues.json"), TrackOptions(mirrored=True))
    with pytest.raises(OutputExistsError, match="another recording, or with other settings"):
        check_room(moving_clip, out, other)


def test_a_recording_without_a_closure_is_refused(
    room: tuple[Path, Phantom], moving_clip: Path, tmp_path: Path
) -> None:
    """The cue sheet asks for a smile alone; the track is there already."""
    out = Path(shutil.copytree(room[0] / "original", tmp_path / "out" / "original"))
    (out / "result.json").unlink()
    cues = tmp_path / "smile.json"
    text = moving_clip.with_suffix(".cues.json").read_text()
    cues.write_text(text.split(', {"movement": "eye_close_gentle"')[0] + "]")
    with pytest.raises(UsageError, match="no usable repetition of a closure of the eyes"):
        check_room(moving_clip, out.parent, CheckOptions(cues, SAID))


def test_what_is_too_short_or_no_video_is_refused_before_any_work(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "short.mp4", 3.0)
    with pytest.raises(UsageError, match=r"too short.*at least 6 s.*3\.0 s"):
        check_room(clip, tmp_path / "out", CheckOptions())
    with pytest.raises(UsageError, match="no pictures to draw"):
        check_room(tmp_path / "track.parquet", tmp_path / "out", CheckOptions())
    assert not (tmp_path / "out").exists()
