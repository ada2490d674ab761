"""Frames per second of tracking and measuring, beside the MediaPipe runtime, on one 720p clip.

Same run, same clip, same machine. Our figures are whole commands on a short and a long clip; the
rate is that of the frames between the two, so that loading counts on neither side, as it does not
for the peer. The time of the short clip is given too.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import peer
from clips import clip_720p, repeated
from facewire.landmarks.models import FACE_BUNDLE, find_network
from rows import Row

PLAIN_TIMES_PEER = 2.5
REPEATS = 4


def _frames(clip: Path) -> int:
    with np.load(clip.with_suffix(".truth.npz")) as arrays:
        return len(arrays["t"])


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "facewire", *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def _commands(clip: Path, folder: Path) -> dict[str, list[str]]:
    track = ["track", str(clip), "--mirrored", "no", "--out"]
    measure = ["measure", str(clip), "--mirrored", "no", "--cues"]
    cues = str(clip_720p().with_suffix(".protocol.json"))
    return {
        "track --plain": [*track, str(folder / "plain"), "--plain"],
        "track --fast": [*track, str(folder / "fast"), "--fast"],
        "track": [*track, str(folder / "full")],
        "measure": [*measure, cues, "--out", str(folder / "measure")],
    }


def _timed(clip: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        commands = _commands(clip, Path(folder))
        return {name: _seconds(*command) for name, command in commands.items()}


def _peer_row(clip: Path) -> Row:
    name = "the runtime (peer), 720p"
    if not peer.installed():
        return Row("speed", name, float("nan"), "frames/s", remark="not there: make bench-peer")
    figures = peer.run_peer(clip, find_network(FACE_BUNDLE), "video")
    how = f"MediaPipe {figures['version']}, video mode with expression scores"
    return Row("speed", name, figures["frames"] / figures["seconds"], "frames/s", remark=how)


def rows() -> list[Row]:
    """Measure; the peer's part is NaN when it is not installed."""
    short = clip_720p()
    long = repeated(short, REPEATS)
    added = _frames(short) * (REPEATS - 1)
    peer_row = _peer_row(long)
    first, all_of_it = _timed(short), _timed(long)
    table = [peer_row]
    for name, seconds in all_of_it.items():
        rate = added / (seconds - first[name])
        goal = PLAIN_TIMES_PEER if name == "track --plain" else 1.0
        how = f"{added} frames; whole command on {_frames(short)} frames: {first[name]:.1f} s"
        table.append(Row("speed", f"{name}, 720p", rate, "frames/s", remark=how))
        ratio = rate / peer_row.value
        table.append(Row("speed", f"{name}, times the peer", ratio, "x", at_least=goal))
    return table
