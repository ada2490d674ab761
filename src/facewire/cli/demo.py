"""`facewire demo`: a rendered patient, or one's own video, from clip to report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from facewire.cli.grouping import grouped_options
from facewire.cli.options import MeasuringChoices, ProgramOutput, TrackingChoices, YesNo
from facewire.cli.rendering import files_of_clip, render_clip
from facewire.cli.screen import ProgressReport, interruptible, remarks, results, shown_progress
from facewire.cli.summary import print_agreement, print_summary

RESULTS_FOLDER = Path("out")
CLIP = "patient.mp4"


@grouped_options
def demo(
    tracking: TrackingChoices,
    output: ProgramOutput,
    video: Annotated[
        Path | None,
        typer.Option(
            metavar="VIDEO",
            help="Your own recording; else a synthetic patient.",
            show_default=False,
        ),
    ] = None,
    cues: Annotated[
        Path | None,
        typer.Option(metavar="CUES.json", help="Cue sheet of your recording.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of the results. "
            "Default: out/demo, or out/ and the name of your recording.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show the whole way on a synthetic patient: clip, measurement, report, and how true it is."""
    from facewire import pipeline

    folder = out or RESULTS_FOLDER / (video.stem if video else "demo")
    recording = video or folder / CLIP
    rendered = () if video else files_of_clip(recording).values()
    output.refuse_existing(folder / "result.json", folder / "report.html", *rendered)
    kept = f"What was tracked is kept in {folder}."
    truth: dict[str, Any] | None = None
    with interruptible(kept), shown_progress() as progress:
        if video is None:
            cues, truth = _render(recording, tracking.model, progress)
            tracking = replace(tracking, mirrored=YesNo.NO)
        choices = MeasuringChoices(cues=cues, overwrite=output.overwrite)
        result = pipeline.measure(
            recording,
            folder,
            None,
            tracking.to_pipeline(),
            choices.to_pipeline(recording),
            progress,
        )
    agreement = None if truth is None else _agreement(result.plain(), truth)
    report = str(folder / "report.html")
    said = {"report": report, "result": result.plain(), "agreement_with_truth": agreement}
    if output.give(said):
        print_summary(results(), result, folder)
        if agreement is not None:
            print_agreement(results(), agreement)


def _render(
    clip: Path, model: Path | None, progress: ProgressReport
) -> tuple[Path, dict[str, Any]]:
    from facewire.synthetic.patient import DEMO_PATIENT, load_patient

    remarks().print("Rendering a synthetic patient (no real person; this takes a few minutes).")
    files = render_clip(load_patient(DEMO_PATIENT), clip, model, progress)
    return files["cues"], json.loads(files["truth"].read_text("utf-8"))


def _agreement(result: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    from facewire.synthetic.agreement import compare_with_truth

    return compare_with_truth(result, truth).to_dict()
