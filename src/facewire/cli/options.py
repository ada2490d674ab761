"""The options that commands share, as the person at the keyboard gives them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from facewire.pipeline import MeasureOptions, TrackOptions


class YesNo(StrEnum):
    """An answer that has no default."""

    YES = "yes"
    NO = "no"


class AffectedSide(StrEnum):
    """The side that the user states, the patient's own."""

    LEFT = "L"
    RIGHT = "R"
    NONE = "none"


VideoFile = Annotated[
    Path,
    typer.Argument(metavar="VIDEO", help="The recording.", show_default=False),
]


@dataclass(frozen=True)
class TrackingChoices:
    """How the face is followed."""

    mirrored: Annotated[
        YesNo | None,
        typer.Option(
            help="Whether the picture is mirrored, as selfies often are. Until this is said, "
            "left and right are not confirmed and every output says so.",
            show_default=False,
        ),
    ] = None
    fast: Annotated[
        bool,
        typer.Option("--fast", help="Coarser corrections, more frames per second, less accurate."),
    ] = False
    allow_partial: Annotated[
        bool,
        typer.Option("--allow-partial", help="Use what can be read of a truncated recording."),
    ] = False
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Folder of the network files; else FACEWIRE_MODEL, models/, the user cache.",
            show_default=False,
        ),
    ] = None

    def to_pipeline(self, *, plain: bool = False) -> TrackOptions:
        """Return the options as the pipeline takes them."""
        from facewire.pipeline import TrackOptions

        return TrackOptions(
            model=self.model,
            mirrored=None if self.mirrored is None else self.mirrored is YesNo.YES,
            plain=plain,
            fast=self.fast,
            allow_partial=self.allow_partial,
        )


@dataclass(frozen=True)
class MeasuringChoices:
    """What is known about the patient and the recording."""

    cues: Annotated[
        Path | None,
        typer.Option(
            metavar="CUES.json",
            help="Cue sheet: when each movement was asked for. Without it, movements are found.",
            show_default=False,
        ),
    ] = None
    affected: Annotated[
        AffectedSide | None,
        typer.Option(
            help="The affected side, the patient's own; else inferred.", show_default=False
        ),
    ] = None
    age: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=120,
            metavar="YEARS",
            help="Under 18 no adult norm is used.",
            show_default=False,
        ),
    ] = None
    iris_mm: Annotated[
        float | None,
        typer.Option(
            min=9.0,
            max=14.0,
            metavar="MM",
            help="Visible iris diameter where it was measured; else 11.7 with its spread.",
            show_default=False,
        ),
    ] = None
    subject: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Pseudonym for the result file.", show_default=False),
    ] = None
    unfitted: Annotated[
        bool,
        typer.Option("--unfitted", help="Leave out every correction fitted to rendered faces."),
    ] = False
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False

    def to_pipeline(self) -> MeasureOptions:
        """Return the options as the pipeline takes them."""
        from facewire.pipeline import MeasureOptions

        return MeasureOptions(
            cues=self.cues,
            affected=None if self.affected is None else self.affected.value,
            age_years=self.age,
            iris_mm=self.iris_mm,
            subject=self.subject,
            fitted=not self.unfitted,
            overwrite=self.overwrite,
        )
