"""Draw the training eyes into shards: ``python shards.py FOLDER N [FIRST]``.

Shard k is drawn from seed (SEED, k) alone, so the same shards come out in any order, on any
machine with the same versions of numpy and OpenCV.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from drawn import FILMED_TIMES, draw_eyes

SEED = 20261130
SHARD_SIZE = 4096


def write_shard(folder: Path, number: int) -> None:
    """Draw one shard, unless it is there already."""
    target = folder / f"{number:04d}.npz"
    if target.exists():
        return
    rng = np.random.default_rng((SEED, number))
    eyes = [eye for _ in range(SHARD_SIZE // FILMED_TIMES) for eye in draw_eyes(rng)]
    part = target.with_suffix(".part")
    with part.open("wb") as out:
        np.savez(out, rgb=np.stack([e.rgb for e in eyes]), rows=np.stack([e.rows_px for e in eyes]))
    part.rename(target)


if __name__ == "__main__":
    cv2.setNumThreads(1)
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[3]) if len(sys.argv) > 3 else 0, count):
        write_shard(folder, number)
