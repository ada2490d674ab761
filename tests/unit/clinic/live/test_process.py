"""The live tracker's process, from outside."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from facewire.confined import can_confine


@pytest.mark.slow
@pytest.mark.skipif(not can_confine(), reason="this kernel has no seccomp")
def test_a_browsers_pictures_are_decoded_without_a_network() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "facewire.clinic.live.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    status, end = "", time.monotonic() + 60
    while "\nSeccomp:\t2\n" not in status and time.monotonic() < end and process.poll() is None:
        time.sleep(0.02)
        status = Path(f"/proc/{process.pid}/status").read_text()
    process.kill()
    process.communicate()
    assert "\nSeccomp:\t2\n" in status
