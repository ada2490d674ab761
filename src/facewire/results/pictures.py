"""Files beside a measurement that show the face: key frames, and the person's own mesh."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from facewire.face import Movement, Side
from facewire.results.document import Count, Document, FileName, Positive, Row, Sha256

Point = tuple[float, float]
"""Across towards the patient's left, and up, mm; or x and y, pixels."""

Lid = Annotated[tuple[Point, ...], Field(min_length=16, max_length=16)]
"""Outer corner, lower lid, inner corner, upper lid from the outer side."""

MeshPoints = Annotated[tuple[Point, ...], Field(min_length=468, max_length=468)]
"""By the numbers of the face network."""


class MeshMoment(Row):
    """The face at one moment, head-fixed, mm."""

    repetitions: Annotated[int, Field(ge=1)]
    """Kept repetitions that it is the mean of."""
    points_mm: MeshPoints
    lids_mm: dict[Side, Lid]
    iris_mm: dict[Side, Point]
    """Centre of the iris, also behind a closed lid."""


class MovementMesh(MeshMoment):
    """The face held in a movement."""

    movement: Movement


class Mesh(Document):
    """The person's own face as points, at rest and held in each movement.

    For pictures. Without a photograph, but the shape of a face may tell who it is.
    """

    KIND: ClassVar[str] = "mesh"
    MADE_BY: ClassVar[str] = "`facewire measure`"

    schema_: Annotated[Literal["facewire.mesh/1"], Field(alias="schema")] = "facewire.mesh/1"
    kind: Literal["measured"] = "measured"
    about: str
    synthetic: bool
    side_confirmed: bool
    recording_sha256: Sha256 | None
    """Of the recording that it was measured from; null where that is not known."""
    iris_diameter_mm: Positive
    depth_mm: Annotated[tuple[float, ...], Field(min_length=468, max_length=468)]
    """Away from the camera; for shading only."""
    rest: MeshMoment
    movements: tuple[MovementMesh, ...]


class KeyFrame(Row):
    """One picture of rest or of a hold, upright, with the measured points in its pixels."""

    file: FileName
    movement: str
    """A movement, or ``rest``."""
    repetition: Count
    phase: Literal["rest", "apex"]
    time_s: float
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)]
    points_px: dict[str, Point] = Field(default_factory=dict)
    eye_contour_L: tuple[Point, ...] = ()  # noqa: N815 - sides are L and R in files
    eye_contour_R: tuple[Point, ...] = ()  # noqa: N815


class KeyFrames(Row):
    """The list of pictures beside a measurement, ``frames/frames.json``."""

    mm_per_px: Positive
    """All pictures share one scale."""
    frames: tuple[KeyFrame, ...]
