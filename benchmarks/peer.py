"""The MediaPipe runtime as a peer, in an environment of its own.

    make bench-peer        installs it into benchmarks/.mediapipe-venv

It is never a dependency: its releases send usage metrics (docs/decisions/0001). Here it is run with
the network taken away where the system lets us.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOLDER = HERE / ".mediapipe-venv"
PYTHON = FOLDER / "bin" / "python"
NO_NETWORK = ["unshare", "--map-root-user", "--net", "--"]


def installed() -> bool:
    """Whether `make bench-peer` was run."""
    return PYTHON.exists()


def install() -> None:
    """Make the environment from the hash-pinned requirements."""
    venv.create(FOLDER, with_pip=True, clear=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    pinned = HERE.parent / "requirements" / "peer.txt"
    subprocess.run([*pip, "--require-hashes", "-r", str(pinned)], check=True)


def _without_network() -> list[str]:
    try:
        tried = subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return NO_NETWORK if tried.returncode == 0 else []


def run_peer(video: Path, model: Path, mode: str, points: Path | None = None) -> dict[str, Any]:
    """Run the peer over a clip and return its figures.

    Parameters
    ----------
    video : Path
        Clip.
    model : Path
        ``face_landmarker.task``.
    mode : str
        ``video`` (as used on recordings) or ``image`` (each frame alone).
    points : Path, optional
        Where to keep the landmarks, ``.npy``, shape (n_frames, 478, 3), pixels, NaN where none.

    Returns
    -------
    dict
        ``frames``, ``seconds`` (decoding and landmarks, loading left out), ``version``.
    """
    program = [str(PYTHON), str(HERE / "peer_program.py"), str(video), str(model), mode]
    program += [str(points)] if points else []
    done = subprocess.run(
        [*_without_network(), *program], check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__" and sys.argv[1:] == ["install"]:
    install()
