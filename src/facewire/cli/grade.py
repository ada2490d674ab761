"""`facewire grade`: clinical scales of a measurement, or the score of an answered questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from facewire.cli.documents import read_entries, refuse_existing, write_document
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
    from facewire.files import sha256_of
    from facewire.grading import grades_document, read_entered
    from facewire.schemas import GRADES, MEASUREMENT, read_document, validate

    result = read_document(source, MEASUREMENT)
    own = (
        None if entered is None else read_entered(read_entries(entered, "a file of entered grades"))
    )
    origin = {"name": source.name, "sha256": sha256_of(source)}
    document = grades_document(result, own, origin)
    validate(document, GRADES)
    return document


def _scores(name: str, source: Path, before: Path | None, contact: str) -> dict[str, Any]:
    from facewire.grading import questionnaire_document
    from facewire.schemas import QUESTIONNAIRE, validate

    earlier = None if before is None else read_entries(before, "a file of answers")
    document = questionnaire_document(
        name, read_entries(source, "a file of answers"), earlier, contact
    )
    validate(document, QUESTIONNAIRE)
    return document


def print_grades(console: Console, document: Mapping[str, Any]) -> None:
    """Print the scores with their ranges, and what a clinician entered beside them."""
    from facewire.words import translate

    if document["synthetic"]:
        words = translate("Synthetic patient: a rendered face, not a person.")
        console.print(words, style="bold")
    words = translate("Estimated, not validated: ranges of probable grades.")
    console.print(words, style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(translate("scale"), no_wrap=True)
    for name in (translate("expected"), translate("95 % range"), translate("entered")):
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
        name = scale.replace("_", "-")
        table.add_row(name, translate("by entry"), "", own or translate("blank"))
    console.print(table)
    blanks = document["sunnybrook"]["composite"]["blanks"]
    if blanks:
        words = translate("Blank, for the clinician: {items}").format(items=", ".join(blanks))
        console.print(words, soft_wrap=True)


def _add_row(table: Table, name: str, part: Mapping[str, Any]) -> None:
    from facewire.words import interval, translate

    own = "" if part["entered"] is None else f"{part['entered']:g}"
    unknown = translate("not known")
    expected = unknown if part["expected"] is None else f"{part['expected']:.0f}"
    span = interval(part["ci_low"], part["ci_high"], 0)
    table.add_row(name, expected if span else unknown, span, own)


def print_scores(console: Console, document: Mapping[str, Any]) -> None:
    """Print the scores of a questionnaire, and what changed since an earlier one."""
    from facewire.words import translate

    console.print(document["title"], style="bold")
    for score in document["scores"].values():
        words = translate("{scale}: {score} ({low} to {high}, higher is better)")
        if not score["higher_is_better"]:
            words = translate("{scale}: {score} ({low} to {high}, lower is better)")
        spans = {name: f"{score[name]:g}" for name in ("low", "high")}
        console.print(words.format(scale=score["scale"], score=f"{score['score']:.1f}", **spans))
    words = translate(
        "{scale}: {shift} since before, {verdict} (smallest detectable change of one person: "
        "{limit})"
    )
    for shift in document["shifts"]:
        limit = shift["sdc_individual"]
        told = words.format(
            scale=shift["scale"],
            shift=f"{shift['shift']:+.1f}",
            verdict=translate(shift["verdict"]),
            limit=translate("none published") if limit is None else f"{limit:g}",
        )
        console.print(told, soft_wrap=True)
    if document["mood"] is not None:
        _print_mood(console, document["mood"])


def _print_mood(console: Console, mood: Mapping[str, Any]) -> None:
    from facewire.words import translate

    if mood["total"] is None:
        words = translate("no total, {reason}").format(reason=translate(mood["reason"]))
    else:
        words = translate("total {total}").format(total=mood["total"])
    console.print(f"{words}, {translate(mood['band'])}" if mood["band"] else words)
    if mood["next_step"]:
        words = translate("Positive screen: {next_step}")
        console.print(words.format(next_step=translate(mood["next_step"])), soft_wrap=True)


def _warn(document: Mapping[str, Any]) -> None:
    """Show the crisis information at once, before anything else can fail."""
    from facewire.words import translate

    for line in (document.get("mood") or {}).get("crisis", ()):
        remarks().print(translate(line), style="bold", soft_wrap=True)
