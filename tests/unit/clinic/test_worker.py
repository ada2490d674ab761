"""What the measuring process makes of what it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from facewire.clinic.worker import JOB, _options
from facewire.confined import can_confine

TOLD: dict[str, Any] = {
    "source": "stored.parquet",
    "cues": None,
    "mirrored": False,
    "affected": "R",
    "other_side_treated": None,
    "recorded": "2026-03-04",
    "age_years": 40.0,
    "iris_mm": None,
    "subject": "P-001",
}


@pytest.mark.parametrize(
    ("treated", "why"),
    [
        (None, ""),
        ("2025-06-01", ""),
        ("2026-01-07", "the other side had botulinum toxin on 2026-01-07, 56 days before"),
        ("operated", "the other side was operated on"),
    ],
)
def test_a_treated_other_side_is_no_reference(
    tmp_path: Path, treated: str | None, why: str
) -> None:
    options = _options(tmp_path, TOLD | {"other_side_treated": treated})
    assert options.other_side_refused.startswith(why)
    assert bool(options.other_side_refused) is bool(why)
    assert options.map_settings.references.other_side is (why == "")


@pytest.mark.skipif(not can_confine(), reason="this kernel has no seccomp")
def test_before_it_reads_anything_it_has_given_up_the_network(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / JOB)
    worker = subprocess.Popen(
        [sys.executable, "-m", "facewire.clinic.worker", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    # This returns once the worker opens its job to read it.
    with (tmp_path / JOB).open("w") as job:
        status = Path(f"/proc/{worker.pid}/status").read_text()
        job.write("{")
    worker.communicate()
    assert "\nSeccomp:\t2\n" in status
    assert "\nNoNewPrivs:\t1\n" in status
