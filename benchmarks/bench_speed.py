"""Frames per second of tracking and measuring, beside the MediaPipe runtime, on one 720p clip.

Same run, same clip, same machine. Each figure is the whole command, start of Python included, so
that nothing is hidden; the peer's loading is left out, which favours the peer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import peer
from clips import clip_720p
from facewire.landmarks.models import FACE_BUNDLE, find_network
from rows import Row

PLAIN_TIMES_PEER = 2.5


def _frames(clip: Path) -> int:
    with np.load(clip.with_suffix(".truth.npz")) as arrays:
        return len(arrays["t"])


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "facewire", *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def _own_rates(clip: Path, frames: int) -> dict[str, float]:
    cues = str(clip.with_suffix(".protocol.json"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        track = ["track", str(clip), "--mirrored", "no", "--out"]
        measure = ["measure", str(clip), "--mirrored", "no", "--cues", cues, "--out"]
        return {
            "track --plain": frames / _seconds(*track, str(out / "plain.parquet"), "--plain"),
            "track --fast": frames / _seconds(*track, str(out / "fast.parquet"), "--fast"),
            "track": frames / _seconds(*track, str(out / "full.parquet")),
            "measure": frames / _seconds(*measure, str(out / "measure")),
        }


def rows() -> list[Row]:
    """Measure; the peer's part is NaN when it is not installed."""
    clip = clip_720p()
    frames = _frames(clip)
    rates = _own_rates(clip, frames)
    nan, remark = float("nan"), "not installed: make bench-peer"
    peer_rate = nan
    if peer.installed():
        figures = peer.run_peer(clip, find_network(FACE_BUNDLE), "video")
        peer_rate = figures["frames"] / figures["seconds"]
        remark = f"MediaPipe {figures['version']}, video mode with expression scores"
    table = [Row("speed", "the runtime (peer), 720p", peer_rate, "frames/s", remark=remark)]
    for name, rate in rates.items():
        goal = PLAIN_TIMES_PEER if name == "track --plain" else 1.0
        how = f"{frames} frames, whole command"
        table.append(Row("speed", f"{name}, 720p", rate, "frames/s", remark=how))
        table.append(Row("speed", f"{name}, times the peer", rate / peer_rate, "x", at_least=goal))
    return table
