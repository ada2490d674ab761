"""`facewire track`: a recording becomes a stored landmark track, where later steps can start."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.options import ProgramOutput, TrackingChoices, grouped_options
from facewire.cli.screen import interruptible, results, shown_progress
from facewire.errors import UsageError
from facewire.files import sha256_of, storing

TRACK = "track.parquet"
"""As `facewire measure --out` names it too."""


@grouped_options
def track(
    video: Annotated[
        Path, typer.Argument(metavar="VIDEO", help="The recording.", show_default=False)
    ],
    tracking: TrackingChoices,
    output: ProgramOutput,
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR",
            help="Folder for track.parquet; measure --out DIR goes on from there.",
            show_default=False,
        ),
    ],
    plain: Annotated[
        bool,
        typer.Option("--plain", help="One pass of the face network, without any correction."),
    ] = False,
) -> None:
    """Follow the face of a recording and store its landmarks."""
    from facewire import pipeline

    if out.suffix == ".parquet" or out.is_file():
        raise UsageError(
            "--out names a file",
            expected=f"a folder; the track is written into it as {TRACK}",
            found=str(out),
        )
    path = out / TRACK
    output.refuse_existing(path)
    # What is replaced stays until its successor is whole.
    passing = path.with_name(f"new-{TRACK}") if output.overwrite else path
    kept = f"What was tracked is kept in {out}; the same command continues from there."
    with interruptible(kept), shown_progress() as progress:
        pipeline.track_video(video, passing, tracking.to_pipeline(plain=plain), progress)
    with storing(path):
        passing.replace(path)
    said = {"track": str(path), "sha256": sha256_of(path), "bytes": path.stat().st_size}
    if output.give(said):
        results().print(f"Track written to {path}", soft_wrap=True)
