"""The options that commands share, as the person at the keyboard gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from facewire.cli.screen import print_json
from facewire.errors import UsageError
from facewire.files import refuse_existing, write_whole
from facewire.results.document import document_text
from facewire.results.provenance import AGE_RANGE_YEARS, IRIS_RANGE_MM

if TYPE_CHECKING:
    from facewire.pipeline import MeasureOptions, TrackOptions

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import wraps
from typing import get_type_hints

STDOUT = Path("-")
"""What `--json` is given to print instead of writing; nothing else goes to stdout then."""


class YesNo(StrEnum):
    """An answer that has no default."""

    YES = "yes"
    NO = "no"


class AffectedSide(StrEnum):
    """The side that the user states, the patient's own."""

    LEFT = "L"
    RIGHT = "R"
    NONE = "none"


@dataclass(frozen=True)
class ProgramOutput:
    """What a command tells other programs, and whether its output may be replaced."""

    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="FILE",
            help="Write what was done here, for programs; - prints it, and nothing else.",
            show_default=False,
        ),
    ] = None
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False

    def refuse_existing(self, *others: Path | None) -> None:
        """Refuse outputs that are there already, this one included, before any work.

        Raises
        ------
        OutputExistsError
            At least one of them exists and may not be replaced.
        """
        own = None if self.json_path == STDOUT else self.json_path
        refuse_existing(*others, own, overwrite=self.overwrite)

    def give(self, said: Mapping[str, Any]) -> bool:
        """Print or write what was done; return whether people may be told on stdout too."""
        if self.json_path == STDOUT:
            print_json(said)
        elif self.json_path is not None:
            write_whole(self.json_path, (document_text(said) + "\n").encode())
        return self.json_path != STDOUT


@dataclass(frozen=True)
class TrackingChoices:
    """How the face is followed."""

    mirrored: Annotated[
        YesNo | None,
        typer.Option(
            help="Whether the picture is mirrored, as selfies often are. Until this is said, "
            "left and right are not confirmed and every output says so.",
            show_default=False,
        ),
    ] = None
    fast: Annotated[
        bool,
        typer.Option("--fast", help="Coarser corrections, more frames per second, less accurate."),
    ] = False
    allow_partial: Annotated[
        bool,
        typer.Option("--allow-partial", help="Use what can be read of a truncated recording."),
    ] = False
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Folder of the network files; else FACEWIRE_MODEL, models/, the user cache.",
            show_default=False,
        ),
    ] = None

    face: Annotated[
        str,
        typer.Option(
            metavar="WHICH",
            help="Which of several faces: largest, left, right (in the picture), or its number "
            "from the left.",
        ),
    ] = "largest"

    def to_pipeline(self, *, plain: bool = False) -> TrackOptions:
        """Return the options as the pipeline takes them."""
        from facewire.pipeline import TrackOptions

        return TrackOptions(
            model=self.model,
            mirrored=None if self.mirrored is None else self.mirrored is YesNo.YES,
            plain=plain,
            fast=self.fast,
            allow_partial=self.allow_partial,
            face=self.face,
        )


@dataclass(frozen=True)
class MeasuringChoices:
    """What is known about the patient and the recording."""

    cues: Annotated[
        Path | None,
        typer.Option(
            metavar="CUES.json",
            help="Cue sheet: when each movement was asked for. Without it, movements are found.",
            show_default=False,
        ),
    ] = None
    affected: Annotated[
        AffectedSide | None,
        typer.Option(
            help="The affected side, the patient's own; else inferred.", show_default=False
        ),
    ] = None
    other_side_treated: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|operated",
            help="Day of botulinum toxin into the other side, or that it was operated on: within "
            "6 months, or ever, it is no reference. With --affected L or R.",
            show_default=False,
        ),
    ] = None
    recorded: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Day of the recording, for --other-side-treated; else the file's own.",
            show_default=False,
        ),
    ] = None
    age: Annotated[
        float | None,
        typer.Option(
            min=AGE_RANGE_YEARS[0],
            max=AGE_RANGE_YEARS[1],
            metavar="YEARS",
            help="Under 18 no adult norm is used.",
            show_default=False,
        ),
    ] = None
    iris_mm: Annotated[
        float | None,
        typer.Option(
            min=IRIS_RANGE_MM[0],
            max=IRIS_RANGE_MM[1],
            metavar="MM",
            help="Visible iris diameter where it was measured; else 11.7 with its spread.",
            show_default=False,
        ),
    ] = None
    subject: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Pseudonym for the result file.", show_default=False),
    ] = None
    unfitted: Annotated[
        bool,
        typer.Option("--unfitted", help="Leave out every correction fitted to rendered faces."),
    ] = False
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False

    def to_pipeline(self, source: Path) -> MeasureOptions:
        """Return the options as the pipeline takes them, for measuring a recording or a track.

        Raises
        ------
        UsageError
            What is said of the other side's treatment cannot be.
        VideoError
            The recording's own day is asked for, and it cannot be read.
        """
        from facewire.pipeline import MeasureOptions

        return MeasureOptions(
            cues=self.cues,
            affected=None if self.affected is None else self.affected.value,
            age_years=self.age,
            iris_mm=self.iris_mm,
            subject=self.subject,
            fitted=not self.unfitted,
            overwrite=self.overwrite,
            other_side_refused=self._other_side_refused(source),
        )

    def _other_side_refused(self, source: Path) -> str:
        if self.other_side_treated is None:
            if self.recorded is not None:
                raise UsageError(
                    "The day of the recording is asked for with --other-side-treated alone",
                    do="leave --recorded out, or say when the other side was treated",
                )
            return ""
        if self.affected not in (AffectedSide.LEFT, AffectedSide.RIGHT):
            raise UsageError(
                "The other side was treated: the other one of which?",
                expected="--affected L or R beside --other-side-treated",
                found="no stated side" if self.affected is None else f"--affected {self.affected}",
            )
        from facewire.pipeline import day_of, other_side_refused, treated_of

        recorded = None if self.recorded is None else day_of(self.recorded)
        return other_side_refused(source, treated_of(self.other_side_treated), recorded)


def grouped_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take dataclasses of options.

    Parameters
    ----------
    command : callable
        Its parameters are Typer's own, or dataclasses whose fields are annotated for Typer; each
        field becomes an option of the command.

    Returns
    -------
    callable
        What Typer is given: the same command with all options side by side.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}

    @wraps(command)
    def flat(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{f.name: given.pop(f.name) for f in fields(group)})
        command(**given)

    flat_parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name in groups:
            flat_parameters += _options_of(groups[name])
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            flat_parameters.append(parameter.replace(annotation=hints[name], kind=kind))
    flat.__signature__ = inspect.Signature(flat_parameters)  # type: ignore[attr-defined]
    return flat


def _options_of(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_default(field),
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]


def _default(field: Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default
