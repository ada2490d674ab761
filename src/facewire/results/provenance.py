"""How a result was made: version, input, networks, settings, steps; carried by every result.

Nothing here names a person, a folder or a computer: files are named without their folders, and
the machine is described by what changes speed, not by what identifies it.
"""

from __future__ import annotations

import os
import platform
from typing import Annotated, Literal

from pydantic import Field

from facewire.results.document import (
    AtLeastZero,
    Count,
    FileName,
    Positive,
    Row,
    Sha256,
    Share,
)

IRIS_RANGE_MM = (9.0, 14.0)
"""Visible iris diameters that are accepted as entered: people's own lie well inside."""

AGE_RANGE_YEARS = (0.0, 120.0)

IrisDiameter = Annotated[float, Field(ge=IRIS_RANGE_MM[0], le=IRIS_RANGE_MM[1])]


class HashedFile(Row):
    """A file that something was made from: its name without a folder, and its bytes' hash."""

    name: FileName
    sha256: Sha256


class Network(HashedFile):
    """A network file that was used."""

    licence: str


class Source(Row):
    """A recording as it was read and tracked."""

    name: FileName
    sha256: Sha256 | None = None
    width_px: int | None = None
    height_px: int | None = None
    rotation_deg: Annotated[int, Field(ge=0, le=270, multiple_of=90)] | None = None
    codec: str | None = None
    container: str | None = None
    frame_rate_hz: float | None = None
    duration_s: float | None = None
    truncated: bool = False
    """The recording ends early."""
    damaged_frames: Count = 0
    dropped_frames: Count = 0
    """Pictures without a usable time."""
    resized_frames: Count = 0
    """Pictures of another size than the first, brought to its size."""
    quantizer: Annotated[float, Field(ge=0, le=51)] | None = None
    """How coarsely the pictures were written, on H.264's scale of 0 to 51; null: not known."""
    repeated_s: AtLeastZero = 0.0
    """Length of the stretches whose pictures were shown before, to the bit or coded anew."""
    slow_motion: Positive = 1.0
    """How many times slower than the face a player shows it; all times here are the face's own."""
    late_s: AtLeastZero = 0.0
    """How long after a player's zero the first picture, our zero, is shown."""
    video_tracks: Count = 1
    """Moving pictures in the file: the one marked as default, or the largest, was read."""
    faces_seen: Count = 1
    several_faces: Share | None = None
    """Share of the recording in which there was more than one face."""
    face: str = "largest"
    """Which of several was followed: largest, left, right, or a number from the picture's left."""
    mirrored: bool | None = None
    """What was said of it; null: nothing, so left and right may be exchanged."""
    plain: bool = False
    fast: bool = False
    eye_crop: Positive | None = None
    """Side of the eye network's crop in eye widths: what it reads of the iris hangs on it."""
    facewire: str = ""
    seconds: AtLeastZero | None = None
    synthetic: bool = False
    networks: tuple[Network, ...] = ()


class Settings(Row):
    """What was stated or chosen, as far as it changes numbers."""

    affected: Literal["L", "R", "none"] | None = None
    age_years: AtLeastZero | None = None
    iris_mm: IrisDiameter | None = None
    fitted: bool = True
    fast: bool = False
    mirrored: bool | None = None


class Step(Row):
    """One step of the flow as it was run."""

    step: str
    seconds: AtLeastZero


class Machine(Row):
    """What changes speed; no names."""

    system: str = ""
    processor: str = ""
    cores: int | None = None
    python: str = ""

    @classmethod
    def here(cls) -> Machine:
        """Describe this machine."""
        return cls(
            system=platform.system(),
            processor=platform.machine(),
            cores=os.cpu_count(),
            python=platform.python_version(),
        )


class Provenance(Row):
    """How a result was made."""

    facewire: str
    """Version."""
    source: Source
    cues: HashedFile | None = None
    networks: tuple[Network, ...] = ()
    settings: Settings = Settings()
    steps: tuple[Step, ...] = ()
    machine: Machine = Machine()
