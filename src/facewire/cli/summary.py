"""A result in a screenful: side, findings, and where the report is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewire.results.cells import SynkinesisCell
from facewire.results.findings import Delay, Verdict
from facewire.results.measurement import Measurement
from facewire.words.cells import moved_sentence
from facewire.words.coverage import cover_sentences, coverage_sentence, limit_sentences

_MOST_ROWS = 12


def print_summary(console: Console, result: Measurement, folder: Path | None) -> None:
    """Print what was found.

    Parameters
    ----------
    console : Console
        Where to.
    result : Measurement
    folder : Path or None
        Where its files were written.
    """
    if result.synthetic:
        console.print("Synthetic patient: a rendered face, not a person.", style="bold")
    limits: tuple[str, ...] = ()
    if result.coverage is not None:
        for covered in cover_sentences(result.coverage):
            console.print(covered, style="bold")
        console.print(coverage_sentence(result.coverage))
        limits = limit_sentences(result.coverage)
    console.print(side_sentence(result))
    rows = findings(result)
    if rows:
        console.print(_findings_table(rows[:_MOST_ROWS], result.judgements.delays))
        if len(rows) > _MOST_ROWS:
            console.print(f"and {len(rows) - _MOST_ROWS} more in the result file")
    else:
        console.print(_without_findings(result, limits))
    for limit in limits:
        console.print(limit)
    for message in result.quality.messages:
        if message.level != "info":
            console.print(Text.assemble((f"{message.level}: ", "bold"), message.text))
    if folder is not None:
        console.print(f"Report: {folder / 'report.html'}", soft_wrap=True)


def findings(result: Measurement) -> list[SynkinesisCell]:
    """Return the cells of the map that are called synkinesis, the surest first."""
    found = [cell for cell in result.synkinesis if cell.verdict is Verdict.SYNKINESIS]
    return sorted(found, key=lambda cell: -(cell.score or 0.0))


def _without_findings(result: Measurement, limits: tuple[str, ...]) -> str:
    """Return what may be said where nothing is called synkinesis: no more than could be seen."""
    from facewire.findings import complete, moved_cells

    overall = complete(result).judgements.overall
    moved = moved_sentence(moved_cells(result.synkinesis))
    if result.side_status == "undecided" or overall == "nothing told":
        return moved or "Nothing can be said of synkinesis."
    if overall == "mostly untold":
        return "Most of this recording cannot be told: no synkinesis is ruled out."
    seen = "In what could be seen, no" if limits else "No"
    known = moved if result.side_affected is not None else ""
    return f"{known} {seen} synkinesis was found beyond what healthy faces show.".strip()


def side_sentence(result: Measurement) -> str:
    """Return what is known of the affected side, in one sentence or two."""
    status, side = result.side_status, result.side_affected
    sentences = {
        "stated": "No side is affected, as was stated.",
        "none": "No affected side was found.",
        "undecided": "The affected side could not be decided.",
        "both": "Both sides seem affected; what they do alike is not seen.",
    }
    text = sentences.get(status, "")
    if side is not None:
        text = f"Affected side: the patient's {side.word} ({status}"
        confidence = result.side_confidence
        if status == "inferred" and confidence is not None:
            share = f"{100 * confidence:.0f}" if confidence <= 0.99 else "over 99"
            text += f", {share} % sure"
        text += ")."
    if not result.side_confirmed:
        text += " Left and right are not confirmed: say --mirrored yes or no."
    return text.strip()


def _findings_table(cells: list[SynkinesisCell], delays: Iterable[Delay]) -> Table:
    resolved = {(d.movement, d.region, d.side) for d in delays if d.says in ("resolved", "long")}
    title = "Synkinesis: the involuntary part, with its 95 % interval"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("movement", "moves also", "side"):
        table.add_column(name, no_wrap=True)
    for name in ("mm", "percent", "delay"):
        table.add_column(name, justify="right", no_wrap=True)
    for cell in cells:
        change = cell.change
        table.add_row(
            cell.movement,
            cell.region,
            cell.side.word,
            ""
            if change is None
            else f"{change.value:+.1f} ({change.low:+.1f} to {change.high:+.1f})",
            "" if cell.percent is None else f"{cell.percent:.0f} %",
            f"{1000 * cell.latency_s:.0f} ms"
            if cell.latency_s is not None and cell.key in resolved
            else "not resolved",
        )
    return table
