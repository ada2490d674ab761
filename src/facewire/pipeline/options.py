"""What a caller of the pipeline chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from facewire.errors import UsageError
from facewire.motion import MotionSettings
from facewire.results.provenance import AGE_RANGE_YEARS
from facewire.synkinesis import MapSettings

Progress = Callable[[str, float], None]
"""Called with the name of a step and the share of it that is done, 0 to 1."""


@dataclass(frozen=True)
class TrackOptions:
    """How the face is followed.

    Parameters
    ----------
    model : Path, optional
        Folder of the network files.
    mirrored : bool, optional
        Whether the picture is mirrored; None leaves the sides unconfirmed.
    plain : bool
        The face network alone; such a track cannot be measured.
    fast : bool
        Coarser corrections.
    allow_partial : bool
        Use what can be read of a truncated file.
    """

    model: Path | None = None
    mirrored: bool | None = None
    plain: bool = False
    fast: bool = False
    allow_partial: bool = False


@dataclass(frozen=True)
class MeasureOptions:
    """What is known of the patient and the recording.

    Parameters
    ----------
    cues : Path, optional
        Cue sheet; without it the movements are found and named from the signals.
    affected : str, optional
        ``L``, ``R`` or ``none``; None infers it.
    age_years : float, optional
        No adult norm is applied under 18.
    iris_mm : float, optional
        The patient's own iris diameter, within `IRIS_RANGE_MM`.
    subject : str, optional
        Pseudonym, stored in the result.
    fitted : bool
        Whether the fitted maps are applied.
    overwrite : bool
        Replace results that are there.
    other_side_refused : str
        Why the other side is no reference, such as its treatment; empty where it is one.
    """

    cues: Path | None = None
    affected: Literal["L", "R", "none"] | None = None
    age_years: float | None = None
    iris_mm: float | None = None
    subject: str | None = None
    fitted: bool = True
    overwrite: bool = False
    other_side_refused: str = ""

    def __post_init__(self) -> None:
        # What is wrong is said here, not after minutes of following a face.
        self.motion_settings  # noqa: B018 - made for its checks
        youngest, oldest = AGE_RANGE_YEARS
        if self.age_years is not None and not youngest <= self.age_years <= oldest:
            raise UsageError(
                "The age is not one of a person",
                expected=f"{youngest:g} to {oldest:g} years",
                found=f"{self.age_years:g} years",
            )
        self.map_settings  # noqa: B018 - made for its checks

    @property
    def motion_settings(self) -> MotionSettings:
        """What the motion step has to know of it."""
        return MotionSettings(iris_mm=self.iris_mm, fitted=self.fitted)

    @property
    def map_settings(self) -> MapSettings:
        """What the map has to know of it."""
        return MapSettings(self.affected, self.age_years, self.fitted, self.other_side_refused)
