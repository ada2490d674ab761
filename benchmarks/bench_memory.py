"""Peak memory of `facewire measure` on one minute of 1080p and on ten, all its processes together.

What is added up is the resident memory of the command and of every process that it started, read
every 20 ms; the ring of pictures that two of them share is counted in both. Linux only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clips import clip_1080p, lasting
from rows import Row

LONG = True
"""Takes about as long as the recordings last: run only when named."""

MINUTES = 10.0
EVERY_S = 0.02
MOST_MB = 700.0
MOST_TIMES = 1.1


def rows(minutes: float = MINUTES) -> list[Row]:
    """Measure one minute, and ``minutes``."""
    if not Path("/proc/self/status").exists():
        return [Row("memory", "peak", float("nan"), "MB", remark="needs /proc")]
    short, long = (_peak_mb(of) for of in (1.0, minutes))
    name = f"peak of measure, {minutes:g} minutes of 1080p"
    return [
        Row("memory", "peak of measure, 1 minute of 1080p", short, "MB", at_most=MOST_MB),
        Row("memory", name, long, "MB", at_most=MOST_MB),
        Row(
            "memory", f"{minutes:g} minutes, times 1 minute", long / short, "x", at_most=MOST_TIMES
        ),
    ]


def _peak_mb(minutes: float) -> float:
    clip = lasting(clip_1080p(), 60.0 * minutes)
    with tempfile.TemporaryDirectory() as folder:
        cues = str(clip.with_suffix(".protocol.json"))
        command = ["measure", str(clip), "--cues", cues, "--mirrored", "no", "--out", folder]
        job = subprocess.Popen(
            [sys.executable, "-m", "facewire", *command], stdout=subprocess.DEVNULL
        )
        peak_kb = 0
        while job.poll() is None:
            peak_kb = max(peak_kb, sum(map(_resident_kb, _with_children(job.pid))))
            time.sleep(EVERY_S)
    if job.returncode:
        raise SystemExit(f"facewire measure ended with {job.returncode}")
    return peak_kb / 1024


def _with_children(pid: int) -> list[int]:
    found = [pid]
    for thread in _lines(Path(f"/proc/{pid}/task")):
        for child in _text(thread / "children").split():
            found += _with_children(int(child))
    return found


def _lines(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _resident_kb(pid: int) -> int:
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def _text(path: Path) -> str:
    """Read a file of a process that may be gone."""
    try:
        return path.read_text()
    except OSError:
        return ""
