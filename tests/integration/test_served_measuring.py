"""A video from upload to result in the real app, killed on the way, against `facewire measure`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from web_app import ANNA, write_clinic

from facewire.client import Client, NoAnswerError
from facewire.record.folder import open_data
from facewire.record.store import Record
from facewire.record.tables import Job
from facewire.results.measurement import Measurement
from served_app import ServedApp, agree, signed_in

LONGEST_S = 240.0


def _until_tracking(app: ServedApp) -> Path:
    """Wait until a stretch of the track is stored; return the folder of the work."""
    end = time.monotonic() + LONGEST_S
    while not (found := list((app.data / "work").glob("*/results/*/*.parquet"))):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found[0]


def _ended(client: Client, job_id: str) -> dict[str, Any]:
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        try:
            return client.wait(job_id, limit_s=LONGEST_S)
        except NoAnswerError:
            time.sleep(0.2)
    raise AssertionError("the job did not end")


def _comparable(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result without when and from which file name it was made."""
    kept = {key: value for key, value in result.items() if key not in ("provenance", "subject")}
    return {**kept, "files": None, "track": (result["files"]["track"] is None)}


@pytest.mark.slow
@pytest.mark.models
def test_a_job_goes_on_after_the_app_was_killed_and_gives_the_same_result(
    small_clip: Path, tmp_path: Path
) -> None:
    clip = shutil.copy(small_clip, tmp_path / "Anna Example.mp4")
    cues = small_clip.with_suffix(".protocol.json")
    app = ServedApp(write_clinic(tmp_path / "data"))
    with app, signed_in(app) as client:
        agree(app.data, ANNA)
        visit = client.add_visit(ANNA, date(2026, 3, 4))
        rows = json.loads(cues.read_text())
        recording = client.upload(visit["id"], Path(clip), mirrored=False, cues=rows)
        stretch = _until_tracking(app)
        app.kill()
        assert stretch.is_file() or (stretch.parent.parent / "track.parquet").is_file()
        app.start()
        job = _ended(client, recording["job_id"])
        result = client.result(job["measurement_id"])
        files = {one["path"]: one["sha256"] for one in client.files(job["measurement_id"])}
        track = client.file(job["measurement_id"], "track.parquet")
    Measurement.from_json(json.dumps(result).encode())
    assert result["subject"] == "P-A001"
    assert "Anna" not in json.dumps(result)
    assert result["files"]["track"]["sha256"] == files["track.parquet"]
    assert len(track) > 100_000
    with Record.open(open_data(app.data).engine()).reading() as session:
        assert session.query(Job).one().attempts == 2
    assert _comparable(result) == _comparable(_measured(Path(clip), cues, tmp_path))


def _measured(clip: Path, cues: Path, folder: Path) -> dict[str, Any]:
    """Return what the command makes of the same video, patient and cue sheet."""
    out = folder / "out"
    options = ["--mirrored", "no", "--cues", str(cues), "--age", str(45), "--out", str(out)]
    program = [sys.executable, "-m", "facewire", "measure", str(clip), *options]
    subprocess.run(program, check=True, capture_output=True)
    return dict(json.loads((out / "result.json").read_text()))
