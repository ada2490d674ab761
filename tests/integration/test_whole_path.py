"""From signals, and from a clip, to a result file that has its published shape."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import facewire
from facewire.face import Movement, Region, Side
from facewire.results.measurement import Measurement
from facewire.synthetic.agreement import compare_with_truth

Job = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def measured(small_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Job]:
    out = tmp_path_factory.mktemp("measured")
    cues = str(small_clip.with_suffix(".protocol.json"))
    command = [sys.executable, "-m", "facewire", "measure", str(small_clip), "--out", str(out)]
    # Without a pucker no side is inferred: it is stated, as for a patient who is known.
    command += ["--cues", cues, "--mirrored", "no", "--affected", "R"]
    command += ["--json", str(out / "again.json")]
    job = subprocess.run(command, capture_output=True, text=True, check=False)
    assert job.returncode == 0, job.stderr
    return out, job


def _result(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "result.json").read_text("utf-8")))


@pytest.mark.slow
@pytest.mark.models
class TestClip:
    def test_result_has_its_published_shape(self, measured: tuple[Path, Job]) -> None:
        out, _ = measured
        Measurement.from_json(json.dumps(_result(out)).encode())
        assert (out / "again.json").read_bytes() == (out / "result.json").read_bytes()

    def test_every_file_is_there_and_named_in_the_result(self, measured: tuple[Path, Job]) -> None:
        out, _ = measured
        files = _result(out)["files"]
        assert [name for name, file in files.items() if file is None] == []
        assert all((out / file["path"]).is_file() for file in files.values())
        assert (out / "report.html").stat().st_size > 10_000

    def test_the_synkinesis_is_found(self, measured: tuple[Path, Job], small_clip: Path) -> None:
        truth = json.loads(small_clip.with_suffix(".truth.json").read_text("utf-8"))
        agreement = compare_with_truth(facewire.read(measured[0]).measurement, truth)
        assert agreement.side_correct
        assert agreement.found == agreement.present
        assert agreement.false_alarms == 0

    def test_screen_says_it_is_synthetic_and_nothing_is_muttered(
        self, measured: tuple[Path, Job]
    ) -> None:
        assert "not a person" in measured[1].stdout
        assert measured[1].stderr == ""

    def test_signals_table_has_its_columns(self, measured: tuple[Path, Job]) -> None:
        table = pl.read_parquet(measured[0] / "signals.parquet")
        wanted = {"time_s", "eye_height_L", "commissure_across_R", "chin_up", "chin_up_sd"}
        assert wanted | {"yaw_deg", "blink", "lost", "turned"} <= set(table.columns)

    def test_measuring_the_track_gives_the_same_map(
        self, measured: tuple[Path, Job], small_clip: Path, tmp_path: Path
    ) -> None:
        out, _ = measured
        cues = str(small_clip.with_suffix(".protocol.json"))
        command = [sys.executable, "-m", "facewire", "measure", str(out / "track.parquet")]
        command += ["--cues", cues, "--mirrored", "no", "--affected", "R"]
        command += ["--json", str(tmp_path / "r.json")]
        subprocess.run(command, check=True, capture_output=True)
        again = json.loads((tmp_path / "r.json").read_text("utf-8"))
        assert again["synkinesis"] == _result(out)["synkinesis"]
        assert again["voluntary"] == _result(out)["voluntary"]
        assert again["synthetic"] is True


@pytest.mark.slow
@pytest.mark.models
def test_mirrored_recording_exchanges_the_sides(
    measured: tuple[Path, Job], small_clip: Path, tmp_path: Path
) -> None:
    """Calling an unmirrored clip mirrored is a lie; the result must then be the mirror image."""
    out, _ = measured
    cues = str(small_clip.with_suffix(".protocol.json"))
    command = [sys.executable, "-m", "facewire", "measure", str(small_clip), "--cues", cues]
    command += ["--mirrored", "yes", "--affected", "L", "--json", str(tmp_path / "r.json")]
    subprocess.run(command, check=True, capture_output=True)
    told, lied = (Measurement.read(p) for p in (out / "result.json", tmp_path / "r.json"))
    for cell in told.synkinesis:
        twin = lied.involuntary_cell(cell.movement, cell.region, cell.side.other)
        assert twin.present is cell.present
        assert (twin.change_mm is None) is (cell.change_mm is None)
        if cell.change_mm is not None and twin.change_mm is not None:
            assert twin.change_mm == pytest.approx(cell.change_mm, abs=0.15)
    assert told.involuntary_cell(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT).present
