"""`facewire track`: a recording becomes a stored landmark track, where later steps can start."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facewire.cli.grouping import grouped_options
from facewire.cli.options import TrackingChoices, VideoFile
from facewire.cli.screen import interruptible, print_json, results, shown_progress
from facewire.files import sha256_of


@grouped_options
def track(
    video: VideoFile,
    tracking: TrackingChoices,
    out: Annotated[
        Path, typer.Option(metavar="TRACK", help="Parquet file to write.", show_default=False)
    ],
    plain: Annotated[
        bool,
        typer.Option("--plain", help="One pass of the face network, without any correction."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print for programs.")] = False,
) -> None:
    """Follow the face of a recording and store its landmarks."""
    from facewire import pipeline

    kept = f"What was tracked is kept beside {out}; the same command continues from there."
    with interruptible(kept), shown_progress() as progress:
        pipeline.track_video(video, out, tracking.to_pipeline(plain=plain), progress)
    if as_json:
        print_json({"track": str(out), "sha256": sha256_of(out), "bytes": out.stat().st_size})
    else:
        results().print(f"Track written to {out}", soft_wrap=True)
