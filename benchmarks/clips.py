"""Clips to measure speed on: rendered once, kept in out/bench."""

from __future__ import annotations

import json
import math
import shutil
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


def clip_1080p() -> Path:
    """Return `clip_720p` at 1920 x 1080, a key picture every second; cue sheet beside it."""
    small, clip = clip_720p(), FOLDER / "bench_1080p.mp4"
    if not clip.exists():
        passing = clip.with_suffix(".part.mp4")
        _enlarge(small, passing)
        passing.replace(clip)
    shutil.copy(small.with_suffix(".protocol.json"), clip.with_suffix(".protocol.json"))
    return clip


def _enlarge(small: Path, large: Path) -> None:
    with av.open(str(small)) as container, av.open(str(large), "w") as out:
        source = container.streams.video[0]
        options = {"preset": "veryfast", "crf": "20", "g": "30"}
        stream = out.add_stream("libx264", rate=source.average_rate, options=options)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for picture in container.decode(source):
            larger = picture.reformat(1920, 1080, format="yuv420p")
            plain = av.VideoFrame.from_ndarray(larger.to_ndarray(), format="yuv420p")
            out.mux(stream.encode(plain))
        out.mux(stream.encode(None))


def lasting(clip: Path, seconds: float) -> Path:
    """Return a clip repeated to at least so many seconds, and its cue sheet beside it."""
    with av.open(str(clip)) as container:
        source = container.streams.video[0]
        length_s = float(source.duration * source.time_base)
    times = math.ceil(seconds / length_s)
    longer = repeated(clip, times)
    cues = json.loads(clip.with_suffix(".protocol.json").read_text())
    each = dict.fromkeys((cue["movement"] for cue in cues), 0)
    rows = []
    for again in range(times):
        for cue in cues:
            each[cue["movement"]] += 1
            moved = {k: v + again * length_s for k, v in cue.items() if k.endswith("_s")}
            rows.append({**cue, **moved, "repetition": each[cue["movement"]]})
    longer.with_suffix(".protocol.json").write_text(json.dumps(rows))
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
