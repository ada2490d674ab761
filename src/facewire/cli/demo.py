"""`facewire demo`: a rendered patient, or one's own video, from clip to report."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from facewire.cli.options import (
    MeasuringChoices,
    ProgramOutput,
    TrackingChoices,
    YesNo,
    grouped_options,
)
from facewire.cli.screen import ProgressReport, interruptible, remarks, results, shown_progress
from facewire.cli.simulate import files_of_clip, render_clip
from facewire.cli.summary import print_summary

if TYPE_CHECKING:
    from facewire.synthetic.agreement import Agreement

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
    said: dict[str, Any] = {"report": str(folder / "report.html"), "result": result.plain()}
    agreement = None
    if truth is not None:
        from facewire.synthetic.agreement import compare_with_truth

        agreement = compare_with_truth(result, truth)
    said["agreement_with_truth"] = None if agreement is None else asdict(agreement)
    if output.give(said):
        print_summary(results(), result, folder)
        if agreement is not None:
            _print_agreement(results(), agreement)


def _render(
    clip: Path, model: Path | None, progress: ProgressReport
) -> tuple[Path, dict[str, Any]]:
    from facewire.synthetic.patient import DEMO_PATIENT, load_patient

    remarks().print("Rendering a synthetic patient (no real person; this takes a few minutes).")
    files = render_clip(load_patient(DEMO_PATIENT), clip, model, progress)
    return files["cues"], json.loads(files["truth"].read_text("utf-8"))


def _print_agreement(console: Console, agreement: Agreement) -> None:
    console.print("Against the truth of the rendering (a self-check, not evidence):", style="bold")
    console.print(f"  affected side: {'right' if agreement.side_correct else 'wrong'}")
    wrong = ", ".join(f"{size_mm:.1f}" for size_mm in agreement.false_alarms_mm)
    console.print(
        f"  involuntary movements: {agreement.found} of {agreement.present} found, "
        f"{agreement.false_alarms} of {agreement.absent} others named that are too small"
        + (f" to count (truly {wrong} mm)" if wrong else " to count")
    )
    for region, error_mm in agreement.median_error_mm.items():
        console.print(f"  involuntary {region}: median error {error_mm:.2f} mm")
    if agreement.covered is not None:
        console.print(f"  95 % intervals that hold the truth: {100 * agreement.covered:.0f} %")
