"""Recordings of people on real skin with known edits: their files, and what facewire says of them.

A folder of ``PERSON_LEVEL.mp4`` with a cue sheet (``.protocol.json``) and the edits
(``.truth.json``), named in ``FACEWIRE_REAL`` or ``../shared/real`` beside the checkout. Level 0 is
unedited, 1 to 3 lower the upper lid in the mouth's movement and pull the mouth corner in the
closure by so many millimetres, s1 and s2 narrow the fissure from both sides and lower the brow.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

import facewire
from facewire.errors import FacewireError
from facewire.pipeline import TrackOptions, track_video
from facewire.results.measurement import Measurement
from patients import ROOT

TRACKS = ROOT / "out" / "bench" / "real"
LEVELS = ("0", "1", "2", "3", "s1", "s2")

Picture = NDArray[np.uint8]
"""Red, green, blue."""


@dataclass(frozen=True)
class Clip:
    """One recording of a person, edited or not."""

    person: str
    level: str
    video: Path

    @property
    def cues(self) -> Path:
        """The cue sheet."""
        return self.video.with_suffix(".protocol.json")

    @property
    def side(self) -> str | None:
        """The edited side; None in an unedited recording."""
        found: str | None = self._truth()["affected_side"]
        return found

    def edits(self) -> list[Edit]:
        """Return what was edited, and nothing else of that side."""
        side = self.side
        rows = [r for r in self._truth()["summary"] if r["side"] == side]
        return [
            Edit(r["movement"], r["region"], r["side"], float(r["involuntary_mm"]))
            for r in rows
            if abs(r["involuntary_mm"]) > 0.05
        ]

    def _truth(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.video.with_suffix(".truth.json").read_text())
        return found


@dataclass(frozen=True)
class Edit:
    """A known change: what goes along with a movement."""

    movement: str
    region: str
    side: str
    true_mm: float


def clips(levels: tuple[str, ...] = LEVELS) -> list[Clip]:
    """Return the recordings of these levels, person by person; none where there is no folder."""
    named = os.environ.get("FACEWIRE_REAL")
    folder = Path(named) if named else ROOT.parent / "shared" / "real"
    found = []
    for video in sorted(folder.glob("*.mp4")):
        person, _, level = video.stem.partition("_")
        if level in levels:
            found.append(Clip(person, level, video))
    return found


def measured(clip: Clip, video: Path | None = None, *, fitted: bool = True) -> Measurement | None:
    """Measure a recording, or a copy of it; None where it is refused. Tracks are kept."""
    video = video or clip.video
    track = TRACKS / f"{video.stem}.parquet"
    try:
        if not track.exists():
            TRACKS.mkdir(parents=True, exist_ok=True)
            track_video(video, track, TrackOptions(mirrored=False))
        return facewire.measure(track, cues=clip.cues, mirrored=False, fitted=fitted).measurement
    except FacewireError:
        return None


def rewritten(
    clip: Clip, name: str, change: Callable[[Picture, float], Picture], *, crf: int, every: int = 1
) -> Path:
    """Return a copy of a recording in which every picture was changed; made once.

    Parameters
    ----------
    clip : Clip
    name : str
        Of the change, for the file.
    change : callable
        Takes a picture and its time, returns the picture.
    crf : int
        Of H.264: 18 is hardly visible, 35 is a bad connection.
    every : int
        2 keeps every second picture.
    """
    target = TRACKS / f"{clip.video.stem}_{name}.mp4"
    if target.exists():
        return target
    TRACKS.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part.mp4")
    with av.open(str(clip.video)) as source, av.open(str(part), "w") as out:
        video = source.streams.video[0]
        stream = None
        for i, frame in enumerate(source.decode(video)):
            if i % every:
                continue
            picture = change(frame.to_ndarray(format="rgb24"), float(frame.time))
            height, width = (n // 2 * 2 for n in picture.shape[:2])
            if stream is None:
                rate = video.average_rate / every
                stream = out.add_stream("libx264", rate=rate, options={"crf": str(crf)})
                stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            cut = np.ascontiguousarray(picture[:height, :width])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(cut, format="rgb24")))
        if stream is not None:
            out.mux(stream.encode())
    part.replace(target)
    return target
