"""`facewire grade`: clinical scales of a measurement, or the score of an answered questionnaire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from facewire.cli.documents import refuse_existing, write_document
from facewire.cli.screen import print_json, remarks, results
from facewire.errors import UsageError

SourceFile = Annotated[
    Path,
    typer.Argument(
        metavar="RESULT.json|ANSWERS.json",
        help="A result file; with --questionnaire, the answers.",
        show_default=False,
    ),
]
JsonTarget = Annotated[
    str | None,
    typer.Option(
        "--json",
        metavar="G.json",
        help="File to write; - prints it for programs.",
        show_default=False,
    ),
]
EnteredFile = Annotated[
    Path | None,
    typer.Option(metavar="GRADES.json", help="Grades that a clinician gave.", show_default=False),
]
QuestionnaireName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Score answers instead: saq, fdi, face, phq2, phq9, gad2 or gad7.",
        show_default=False,
    ),
]
EarlierFile = Annotated[
    Path | None,
    typer.Option(
        metavar="ANSWERS.json",
        help="Earlier answers of the same person, to compare with.",
        show_default=False,
    ),
]
CrisisContact = Annotated[
    str,
    typer.Option(
        metavar="TEXT",
        help="The clinic's crisis contact, shown when needed (PHQ-9).",
        show_default=False,
    ),
]


def grade(
    source: SourceFile,
    json_path: JsonTarget = None,
    entered: EnteredFile = None,
    questionnaire: QuestionnaireName = None,
    before: EarlierFile = None,
    crisis_contact: CrisisContact = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that is there already.")
    ] = False,
) -> None:
    """Estimate clinical scales from a result, or score an answered questionnaire."""
    target = None if json_path in (None, "-") else Path(str(json_path))
    if target is not None:
        refuse_existing(target, overwrite=overwrite)
    if questionnaire is None:
        _refuse_unused("--before", before, "--questionnaire")
        document, show = _grades(source, entered), print_grades
    else:
        _refuse_unused("--entered", entered, "a result file")
        document, show = _scores(questionnaire, source, before, crisis_contact), print_scores
    _warn(document)
    if target is not None:
        write_document(target, document)
    if json_path == "-":
        print_json(document)
    else:
        show(results(), document)


def _refuse_unused(option: str, value: object, partner: str) -> None:
    if value is not None:
        raise UsageError(
            f"The option {option} cannot be used here", expected=f"{option} goes with {partner}"
        )


def _grades(source: Path, entered: Path | None) -> dict[str, Any]:
    from facewire.grading import grades_document, read_entered
    from facewire.provenance import sha256_of
    from facewire.schemas import GRADES, MEASUREMENT, read_document, validate

    result = read_document(source, MEASUREMENT)
    own = None if entered is None else read_entered(_read(entered, "a file of entered grades"))
    origin = {"name": source.name, "sha256": sha256_of(source)}
    document = grades_document(result, own, origin)
    validate(document, GRADES)
    return document


def _scores(name: str, source: Path, before: Path | None, contact: str) -> dict[str, Any]:
    from facewire.grading import questionnaire_document
    from facewire.schemas import QUESTIONNAIRE, validate

    earlier = None if before is None else _read(before, "a file of answers")
    document = questionnaire_document(name, _read(source, "a file of answers"), earlier, contact)
    validate(document, QUESTIONNAIRE)
    return document


def _read(path: Path, wanted: str) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read",
            expected=wanted,
            found=error.strerror or str(error),
            do="check the path",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"The file {path} is not JSON", expected=wanted, found=str(error)
        ) from error
    if not isinstance(document, dict):
        raise UsageError(f"The file {path} holds no named entries", expected=wanted)
    return document


def print_grades(console: Console, document: Mapping[str, Any]) -> None:
    """Print the scores with their ranges, and what a clinician entered beside them."""
    if document["synthetic"]:
        console.print("Synthetic patient: a rendered face, not a person.", style="bold")
    console.print("Estimated, not validated: ranges of probable grades.", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("scale", no_wrap=True)
    for name in ("expected", "95 % range", "entered"):
        table.add_column(name, justify="right", no_wrap=True)
    for scale, parts in (
        ("sunnybrook", ("composite", "resting", "voluntary", "synkinesis")),
        ("eface_like", ("total", "static", "dynamic", "synkinesis")),
    ):
        for part in parts:
            _add_row(table, f"{scale.replace('_', '-')}, {part}", document[scale][part])
    for scale in ("house_brackmann", "fngs2"):
        own = document[scale]["entered"]
        own = own["grade"] if isinstance(own, Mapping) else own
        table.add_row(scale.replace("_", "-"), "by entry", "", own or "blank")
    console.print(table)
    blanks = document["sunnybrook"]["composite"]["blanks"]
    if blanks:
        console.print(f"Blank, for the clinician: {', '.join(blanks)}", soft_wrap=True)


def _add_row(table: Table, name: str, part: Mapping[str, Any]) -> None:
    own = "" if part["entered"] is None else f"{part['entered']:g}"
    if part["ci_low"] is None:
        table.add_row(name, "not known", "", own)
        return
    expected = "not known" if part["expected"] is None else f"{part['expected']:.0f}"
    table.add_row(name, expected, f"{part['ci_low']:.0f} to {part['ci_high']:.0f}", own)


def print_scores(console: Console, document: Mapping[str, Any]) -> None:
    """Print the scores of a questionnaire."""
    console.print(document["title"], style="bold")
    for score in document["scores"].values():
        better = "higher" if score["higher_is_better"] else "lower"
        span = f"{score['low']:g} to {score['high']:g}, {better} is better"
        console.print(f"{score['scale']}: {score['score']:.1f} ({span})")
    for shift in document["shifts"]:
        limit = shift["sdc_individual"]
        named = "none published" if limit is None else f"{limit:g}"
        console.print(
            f"{shift['scale']}: {shift['shift']:+.1f} since before, {shift['verdict']} "
            f"(smallest detectable change of one person: {named})"
        )
    mood = document["mood"]
    if mood is None:
        return
    total = f"no total, {mood['reason']}" if mood["total"] is None else f"total {mood['total']}"
    console.print(f"{total}{', ' + mood['band'] if mood['band'] else ''}")
    if mood["next_step"]:
        console.print(f"Positive screen: {mood['next_step']}")


def _warn(document: Mapping[str, Any]) -> None:
    """Show the crisis information at once, before anything else can fail."""
    for line in (document.get("mood") or {}).get("crisis", ()):
        remarks().print(line, style="bold", soft_wrap=True)
