"""An interrupted measurement ends cleanly, keeps what was tracked, and continues."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from facewire.results.measurement import Measurement

LONGEST_WAIT_S = 60.0


def _command(clip: Path, out: Path) -> list[str]:
    cues = str(clip.with_suffix(".protocol.json"))
    program = [sys.executable, "-m", "facewire", "measure", str(clip), "--mirrored", "no"]
    return [*program, "--cues", cues, "--out", str(out)]


def _wait_until_tracking(out: Path, job: subprocess.Popen[str]) -> None:
    end = time.monotonic() + LONGEST_WAIT_S
    while not (out.exists() and any(out.iterdir())):
        assert job.poll() is None, "the job ended before it could be interrupted"
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.models
def test_interrupted_run_says_so_and_continues(small_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    job = subprocess.Popen(
        _command(small_clip, out), stderr=subprocess.PIPE, text=True, env=environment
    )
    _wait_until_tracking(out, job)
    job.send_signal(signal.SIGINT)
    _, remarks = job.communicate(timeout=LONGEST_WAIT_S)
    assert job.returncode == 130
    assert "Interrupted" in remarks
    assert "Traceback" not in remarks
    assert not (out / "result.json").exists()

    again = subprocess.run(_command(small_clip, out), capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    Measurement.read(out / "result.json")


@pytest.mark.slow
@pytest.mark.models
def test_existing_output_is_refused(small_clip: Path, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("mine")
    job = subprocess.run(
        _command(small_clip, tmp_path), capture_output=True, text=True, check=False
    )
    assert job.returncode == 2
    assert "--overwrite" in job.stderr
    assert (tmp_path / "result.json").read_text() == "mine"
