"""`facewire grade`: clinical scales of a measurement, or the score of an answered questionnaire."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from facewire.cli.screen import print_json, remarks, results
from facewire.errors import UsageError
from facewire.files import read_json, refuse_existing

if TYPE_CHECKING:
    from facewire.results.grades import (
        EfacePart,
        EfaceTotal,
        Grades,
        SunnybrookComposite,
        SunnybrookPart,
    )
    from facewire.results.questionnaire import MoodScreen, Questionnaire

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
    document: Grades | Questionnaire
    if questionnaire is None:
        _refuse_unused("--before", before, "--questionnaire")
        document = grades = _grades(source, entered)
        show = partial(print_grades, grades=grades)
    else:
        _refuse_unused("--entered", entered, "a result file")
        document = scores = _scores(questionnaire, source, before, crisis_contact)
        _warn(scores)
        show = partial(print_scores, found=scores)
    if target is not None:
        document.write(target)
    if json_path == "-":
        print_json(document.plain())
    else:
        show(results())


def _refuse_unused(option: str, value: object, partner: str) -> None:
    if value is not None:
        raise UsageError(
            f"The option {option} cannot be used here", expected=f"{option} goes with {partner}"
        )


def _entries(path: Path, wanted: str) -> dict[str, Any]:
    """Read named entries that no published schema describes, such as answers."""
    document = read_json(path, wanted)
    if not isinstance(document, dict):
        raise UsageError(f"The file {path} holds no named entries", expected=wanted)
    return document


def _grades(source: Path, entered: Path | None) -> Grades:
    from facewire.files import sha256_of
    from facewire.grading import grade_measurement, read_entered
    from facewire.results.measurement import Measurement
    from facewire.results.provenance import HashedFile

    result = Measurement.read(source)
    own = None if entered is None else read_entered(_entries(entered, "a file of entered grades"))
    origin = HashedFile(name=source.name, sha256=sha256_of(source))
    return grade_measurement(result, own, origin)


def _scores(name: str, source: Path, before: Path | None, contact: str) -> Questionnaire:
    from facewire.grading import score_questionnaire

    earlier = None if before is None else _entries(before, "a file of answers")
    return score_questionnaire(name, _entries(source, "a file of answers"), earlier, contact)


def print_grades(console: Console, grades: Grades) -> None:
    """Print the scores with their ranges, and what a clinician entered beside them."""
    from facewire.words import translate
    from facewire.words.coverage import seen_sentences

    if grades.synthetic:
        words = translate("Synthetic patient: a rendered face, not a person.")
        console.print(words, style="bold")
    words = translate("Estimated, not validated: ranges of probable grades.")
    console.print(words, style="bold")
    for sentence in seen_sentences(grades.coverage):
        console.print(sentence, soft_wrap=True)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(translate("scale"), no_wrap=True)
    for name in (translate("expected"), translate("95 % range"), translate("entered")):
        table.add_column(name, justify="right", no_wrap=True)
    sunnybrook, eface, fngs = grades.sunnybrook, grades.eface_like, grades.fngs2.entered
    for part in ("composite", "resting", "voluntary", "synkinesis"):
        _add_row(table, f"sunnybrook, {part}", getattr(sunnybrook, part))
    for part in ("total", "static", "dynamic", "synkinesis"):
        _add_row(table, f"eface-like, {part}", getattr(eface, part))
    for scale, own in (
        ("house-brackmann", grades.house_brackmann.entered),
        ("fngs2", None if fngs is None else fngs.grade),
    ):
        table.add_row(scale, translate("by entry"), "", own or translate("blank"))
    console.print(table)
    if sunnybrook.resting.of_blanks:
        words = translate("Of the expected points at rest {points} stand for what nobody graded.")
        points = f"{sunnybrook.resting.of_blanks:.0f}"
        console.print(words.format(points=points), soft_wrap=True)
    if sunnybrook.composite.blanks:
        words = translate("Blank, for the clinician: {items}")
        items = ", ".join(sunnybrook.composite.blanks)
        console.print(words.format(items=items), soft_wrap=True)


def _add_row(
    table: Table, name: str, part: SunnybrookPart | SunnybrookComposite | EfacePart | EfaceTotal
) -> None:
    from facewire.words import interval, translate

    own = "" if part.entered is None else f"{part.entered:g}"
    unknown = translate("not known")
    expected = unknown if part.expected is None else f"{part.expected:.0f}"
    span = interval(part.ci_low, part.ci_high, 0)
    table.add_row(name, expected if span else unknown, span, own)


def print_scores(console: Console, found: Questionnaire) -> None:
    """Print the scores of a questionnaire, and what changed since an earlier one."""
    from facewire.words import translate

    console.print(found.title, style="bold")
    for score in found.scores.values():
        words = translate("{scale}: {score} ({low} to {high}, higher is better)")
        if not score.higher_is_better:
            words = translate("{scale}: {score} ({low} to {high}, lower is better)")
        ends = {"low": f"{score.low:g}", "high": f"{score.high:g}"}
        console.print(words.format(scale=score.scale, score=f"{score.score:.1f}", **ends))
    words = translate(
        "{scale}: {shift} since before, {verdict} (smallest detectable change of one person: "
        "{limit})"
    )
    for shift in found.shifts:
        limit = shift.sdc_individual
        told = words.format(
            scale=shift.scale,
            shift=f"{shift.shift:+.1f}",
            verdict=translate(shift.verdict),
            limit=translate("none published") if limit is None else f"{limit:g}",
        )
        console.print(told, soft_wrap=True)
    if found.mood is not None:
        _print_mood(console, found.mood)


def _print_mood(console: Console, mood: MoodScreen) -> None:
    from facewire.words import translate

    if mood.total is None:
        words = translate("no total, {reason}").format(reason=translate(mood.reason or ""))
    else:
        words = translate("total {total}").format(total=mood.total)
    console.print(f"{words}, {translate(mood.band)}" if mood.band else words)
    if mood.next_step:
        words = translate("Positive screen: {next_step}")
        console.print(words.format(next_step=translate(mood.next_step)), soft_wrap=True)


def _warn(found: Questionnaire) -> None:
    """Show the crisis information at once, before anything else can fail."""
    from facewire.words import translate

    for line in found.mood.crisis if found.mood else ():
        remarks().print(translate(line), style="bold", soft_wrap=True)
