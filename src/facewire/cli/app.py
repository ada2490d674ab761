"""All commands together, and what every one of them does with errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from facewire.cli import (
    compare,
    data_folder,
    demo,
    forecast,
    grade,
    info,
    learn,
    measure,
    model,
    phantom,
    plan,
    regrow,
    report,
    serve,
    simulate,
    track,
    validate,
    wiring,
)
from facewire.cli.extras import needing, needs
from facewire.cli.screen import print_error
from facewire.errors import FacewireError
from facewire.version import facewire_version

app = typer.Typer(
    name="facewire",
    help="Measure facial synkinesis from ordinary video, on your own computer.",
    epilog="Exit codes: 0 done, 1 the job failed, 2 wrong use, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("measure")(measure.measure)
app.command("track")(track.track)
app.command("grade")(grade.grade)
app.command("wiring")(wiring.wiring)
app.command("forecast")(forecast.forecast)
app.command("learn")(needing("web", learn.learn))
app.command("plan")(plan.plan)
app.command("regrow")(regrow.regrow)
app.command("compare")(compare.compare)
app.command("validate")(validate.validate)
app.command("phantom")(phantom.phantom)
app.command("report")(needing("pdf", report.report, option="pdf"))
app.command("simulate")(simulate.simulate)
app.command("demo")(demo.demo)
app.command("serve")(needing("web", serve.serve))
app.command("backup")(needing("web", data_folder.backup))
app.command("restore")(needing("web", needing("postgres", data_folder.restore, option="url")))
app.command("erase")(needing("web", data_folder.erase))
app.command("places")(needing("web", data_folder.places))
app.command("info")(info.info)
app.add_typer(data_folder.account, name="account", callback=lambda: needs("web"))
app.add_typer(data_folder.vault, name="vault", callback=lambda: needs("web"))
app.add_typer(model.app, name="model")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(facewire_version())
        raise typer.Exit


@app.callback()
def _every_command(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="LANGUAGE",
            help="Language of reports, where there is a catalogue of it; else FACEWIRE_LANGUAGE.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Measure facial synkinesis from ordinary video, on your own computer."""
    if language is not None:
        from facewire.words.languages import use_language

        use_language(language)


def main() -> None:
    """Run the command line; a mistake ends with one message and its exit code, no traceback."""
    try:
        app()
    except FacewireError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
