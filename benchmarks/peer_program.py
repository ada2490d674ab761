"""Runs in the peer's environment: the MediaPipe runtime over one clip. See peer.py."""

from __future__ import annotations

import json
import sys
import time

import av
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    FaceLandmarker,
    FaceLandmarkerOptions,
    RunningMode,
)


def main(video: str, model: str, mode: str, points_file: str | None) -> None:
    image_mode = mode == "image"
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=model),
        running_mode=RunningMode.IMAGE if image_mode else RunningMode.VIDEO,
        output_face_blendshapes=True,
    )
    points = []
    with FaceLandmarker.create_from_options(options) as landmarker, av.open(video) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        start = time.perf_counter()
        for frame in container.decode(stream):
            picture = mp.Image(mp.ImageFormat.SRGB, frame.to_ndarray(format="rgb24"))
            if image_mode:
                found = landmarker.detect(picture)
            else:
                found = landmarker.detect_for_video(picture, int(1000 * frame.time))
            points.append(_points(found, frame.width, frame.height))
        seconds = time.perf_counter() - start
    if points_file:
        np.save(points_file, np.array(points, np.float32))
    print(json.dumps({"frames": len(points), "seconds": seconds, "version": mp.__version__}))


def _points(found: object, width_px: int, height_px: int) -> np.ndarray:
    if not found.face_landmarks:
        return np.full((478, 3), np.nan)
    scale = (width_px, height_px, width_px)
    return np.array([(p.x, p.y, p.z) for p in found.face_landmarks[0]]) * scale


if __name__ == "__main__":
    main(*sys.argv[1:4], sys.argv[4] if len(sys.argv) > 4 else None)
