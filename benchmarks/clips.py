"""Clips to measure speed on: rendered once, kept in out/bench."""

from __future__ import annotations

from pathlib import Path

import av

from facewire.landmarks.models import FACE_BUNDLE, find_network
from facewire.synthetic.face3d import render_patient
from facewire.synthetic.patient import load_patient

FOLDER = Path(__file__).parents[1] / "out" / "bench"

PATIENT_720P = """
name = "bench_720p"
affected_side = "R"
seed = 11

[[miswiring]]
from = "smile"
to = "orbicularis_oculi_palpebral"
gain = 0.4

[camera]
width_px = 1280
height_px = 720
fps = 30.0

[protocol]
movements = ["smile_open", "eye_close_gentle"]
repetitions = 3
"""


def repeated(clip: Path, times: int) -> Path:
    """Return a clip that shows another one several times, made without coding it again."""
    longer = clip.with_name(f"{clip.stem}_x{times}.mp4")
    if longer.exists():
        return longer
    with av.open(str(longer), "w") as out:
        stream, shift = None, 0
        for _ in range(times):
            with av.open(str(clip)) as container:
                source = container.streams.video[0]
                stream = stream or out.add_stream_from_template(source)
                last = shift
                for packet in container.demux(source):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    last = max(last, packet.pts + (packet.duration or 0))
                    packet.stream = stream
                    out.mux(packet)
                shift = last
    return longer


def clip_720p() -> Path:
    """Return a clip of about 15 s at 1280 x 720 and 30 frames a second, cue sheet beside it."""
    clip = FOLDER / "bench_720p.mp4"
    if not clip.with_suffix(".protocol.json").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        description = FOLDER / "bench_720p.toml"
        description.write_text(PATIENT_720P, encoding="utf-8")
        render_patient(load_patient(description), find_network(FACE_BUNDLE), clip)
    return clip
