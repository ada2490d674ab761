"""A camera for Chromium, fed by a rendered patient: Motion JPEG with a mark at its beginning."""

from __future__ import annotations

from pathlib import Path

import av
import cv2

MARK_FROM_PX, MARK_TO_PX, MARK_FRAMES = 12, 44, 15
"""Not at the picture's edge: what stands there is continued beyond it where the face's surroundings
reach out of the picture, and a light that goes out there is another picture."""
PATIENT = """
name = "live"
affected_side = "R"
seed = 7

[[miswiring]]
from = "smile"
to = "orbicularis_oculi_palpebral"
gain = 0.38
latency_s = 0.045

[[miswiring]]
from = "eye_close"
to = "zygomaticus_major"
gain = 0.2
latency_s = 0.035

[camera]
width_px = 640
height_px = 480
fps = 30.0

[protocol]
movements = ["eye_close_gentle", "smile_open"]
repetitions = 3
opening_rest_s = 4.0
rest_s = 2.0
ramp_s = 0.5
hold_s = 1.0
"""
"""Both ways of synkinesis on the right side; rests as long as a guided session needs."""

MARK_SEEN = """() => {
  const video = document.querySelector('video'), canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const lit = () => {
    pen.drawImage(video, 16, 16, 24, 24, 0, 0, 8, 8);
    return pen.getImageData(4, 4, 1, 1).data[0] > 128;
  };
  return new Promise((seen) => {
    let before = true;
    const look = () => {
      const now = lit();
      if (now && !before) {
        document.querySelector('[data-part=start]').click();
        seen(true);
      } else {
        before = now;
        requestAnimationFrame(look);
      }
    };
    look();
  });
}"""
"""Presses "Start" at the moment in which the clip begins again."""


def write_camera(clip: Path, out: Path) -> Path:
    """Write a clip as the camera's pictures, with a mark: white for half a second, then black."""
    with av.open(str(clip)) as container, out.open("wb") as file:
        for i, picture in enumerate(container.decode(video=0)):
            drawn = picture.to_ndarray(format="bgr24")
            mark = slice(MARK_FROM_PX, MARK_TO_PX)
            drawn[mark, mark] = 255 if i < MARK_FRAMES else 0
            _, code = cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, 95])
            file.write(code.tobytes())
    return out
