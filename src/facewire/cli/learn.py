"""`facewire learn`: what the clinic's own record teaches about its treatments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from facewire.cli.data_options import (
    DataOption,
    PassphraseFileOption,
    find_passphrase,
    need_folder,
)
from facewire.cli.options import STDOUT
from facewire.cli.screen import print_json, remarks, results
from facewire.files import refuse_existing, write_whole

if TYPE_CHECKING:
    from facewire.results.learned import Learned


def learn(
    data: DataOption,
    json_path: Annotated[
        Path,
        typer.Option(
            "--json",
            metavar="LEARNED.json",
            help="Write what was learned here; - prints it.",
            show_default=False,
        ),
    ],
    patient: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="Also this person's own figures; the file is then about that person.",
            show_default=False,
        ),
    ] = None,
    passphrase_file: PassphraseFileOption = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that is there already.")
    ] = False,
) -> None:
    """Learn from courses that were measured: forecast against what came. Nothing is sent."""
    from facewire.clinic.learning import learn_from_record
    from facewire.record.audit import SYSTEM, saw
    from facewire.record.folder import open_data
    from facewire.record.patients import find_by_code
    from facewire.record.store import Record

    refuse_existing(None if json_path == STDOUT else json_path, overwrite=overwrite)
    need_folder(data)
    folder = open_data(data, find_passphrase(passphrase_file))
    record = Record.open(folder.engine())
    try:
        with record.reading() as session:
            person = None if patient is None else find_by_code(session, patient)
            saw(session, SYSTEM, "learned", None, None if person is None else person.id)
            today = record.moment().astimezone().date()
            found = learn_from_record(session, today, person, _say_progress)
    finally:
        record.close()
    if json_path == STDOUT:
        print_json(found.plain())
        return
    write_whole(json_path, found.to_json(), private=True)
    print_learned(results(), found)


def _say_progress(number: int, of: int) -> None:
    if number % 10 == 0 and of > 10:
        remarks().print(f"{number} of {of} people read", soft_wrap=True)


def print_learned(console: Console, found: Learned) -> None:
    """Print what was learned, one treatment after the other, with what was left out and why.

    Parameters
    ----------
    console : Console
        Where to.
    found : Learned
    """
    from facewire.report import learned_words
    from facewire.words import translate

    console.print(Text(translate(found.statement)), soft_wrap=True)
    for row in found.treatments:
        console.print(Text(learned_words.title(row)), style="bold", soft_wrap=True)
        for line in learned_words.lines(row):
            console.print(Text(f"  {line}"), soft_wrap=True)
    for one in found.left_out:
        console.print(Text(learned_words.left_out(one)), soft_wrap=True)
    for note in found.notes:
        remarks().print(translate(note), soft_wrap=True)
