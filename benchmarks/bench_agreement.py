"""Agreement of the landmarks with the MediaPipe runtime in image mode: same model, same frames.

In image mode the runtime detects the face anew in every frame; ours carries the region of interest
along, so a difference of a fraction of a pixel is expected.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

import peer
from clips import clip_720p
from facewire.landmarks.models import FACE_BUNDLE, find_network
from facewire.pipeline import TrackOptions, track_video
from rows import Row
from whole_tracks import load_track

GROUPS = {
    "right eye": (33, 133, 145, 159, 246, 7),
    "left eye": (263, 362, 374, 386, 466, 249),
    "brows": (70, 105, 107, 300, 334, 336),
    "nose": (1, 4, 6, 98, 168, 327),
    "lips": (0, 13, 14, 17, 61, 291),
    "outline": (10, 127, 152, 234, 356, 454),
}


def rows() -> list[Row]:
    """Compare every frame of the 720p clip."""
    if not peer.installed():
        remark = "not there: make bench-peer"
        return [Row("agreement", "median distance, 720p", float("nan"), "px", remark=remark)]
    clip = clip_720p()
    with tempfile.TemporaryDirectory() as folder:
        theirs_file = Path(folder) / "theirs.npy"
        peer.run_peer(clip, find_network(FACE_BUNDLE), "image", theirs_file)
        theirs = np.load(theirs_file)
        ours_file = Path(folder) / "ours.parquet"
        track_video(clip, ours_file, TrackOptions(mirrored=False, plain=True))
        ours = load_track(ours_file).points_px
    n = min(len(ours), len(theirs))
    away = ours[:n, :, :2] - theirs[:n, :, :2]
    distance = float(np.nanmedian(np.linalg.norm(away, axis=2)))
    found = [Row("agreement", "median distance, 720p", distance, "px", at_most=1.0)]
    for name, points in GROUPS.items():
        bias = np.nanmedian(away[:, list(points)], axis=(0, 1))
        size = float(np.linalg.norm(bias))
        found.append(Row("agreement", f"median offset, {name}", size, "px", at_most=1.0))
    return found
