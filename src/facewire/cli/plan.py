"""`facewire plan`: options and trades for one face, simulated, for discussion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewire.cli.options import STDOUT, grouped_options
from facewire.cli.screen import print_json, results
from facewire.errors import UsageError
from facewire.files import refuse_existing

if TYPE_CHECKING:
    from facewire.results.plan import (
        Candidate,
        ObjectiveChange,
        Plan,
        Step,
        Weakening,
    )
    from facewire.results.stage import RestingFace, Stage

FILE_NAME = "plan.json"
PAGE_NAME = "plan.html"
_MOST_SHOWN = 8
_TOLD_CHANCE = 0.05
NO_HARM = "no harm that is simulated comes in any of the simulated faces"
NONE_HELPS = (
    "No weakening is offered: none helps credibly in what was recorded. "
    "What else is tried stands above."
)


@dataclass(frozen=True)
class PlanOutput:
    """Where a plan goes."""

    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="PLANS.json",
            help="Write the plan here; - prints it instead of the table.",
            show_default=False,
        ),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the plan and its page.", show_default=False),
    ] = None
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace output that is there already.")
    ] = False

    def targets(self) -> list[Path]:
        """Return the files to write, refused when they are there already."""
        if self.json_path is None and self.out is None:
            raise UsageError("There is nowhere to write to", expected="--json or --out")
        found = [self.json_path] if self.json_path not in (None, STDOUT) else []
        found += [] if self.out is None else [self.out / FILE_NAME]
        files = [path for path in found if path is not None]
        refuse_existing(*files, self.page, overwrite=self.overwrite)
        return files

    @property
    def page(self) -> Path | None:
        """Where the page goes."""
        return None if self.out is None else self.out / PAGE_NAME


@grouped_options
def plan(
    wiring: Annotated[
        Path, typer.Argument(metavar="WIRING.json", help="An inferred wiring.", show_default=False)
    ],
    output: PlanOutput,
    facts: Annotated[
        Path | None,
        typer.Option(
            metavar="FACTS.toml",
            help="What is known about the person, and your own limits. Unknown is not cleared.",
            show_default=False,
        ),
    ] = None,
    result: Annotated[
        Path | None,
        typer.Option(
            metavar="RESULT.json",
            help="The measurement behind the wiring: its closure gaps decide what is safe.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show options in the published order and the whole front of trades. It never prescribes."""
    from facewire.plan import Facts, Preferences, make_plan, read_facts
    from facewire.report import Unmeasured, document_page, write_page
    from facewire.results.measurement import Measurement
    from facewire.results.wiring import Wiring

    targets = output.targets()
    known, preferences = (Facts(), Preferences()) if facts is None else read_facts(facts)
    measured = None if result is None else Measurement.read(result)
    found = make_plan(Wiring.read(wiring), known, preferences, measured)
    if output.page is not None:
        page = document_page(Unmeasured(plan=found))
        write_page(output.page, page, overwrite=output.overwrite)
    for target in targets:
        found.write(target)
    if output.json_path == STDOUT:
        print_json(found.plain())
    else:
        print_plan(results(), found)


def print_plan(console: Console, found: Plan) -> None:
    """Print a plan in a screenful: options, the best candidates, what is to be asked.

    Parameters
    ----------
    console : Console
        Where to.
    found : Plan
    """
    from facewire.words.coverage import affected_words, seen_of

    if found.source.synthetic:
        console.print("Synthetic patient, not a person.", style="bold")
    for sentence in seen_of(found.source):
        console.print(sentence, soft_wrap=True)
    if found.affected_side is None:
        console.print(found.nothing_to_plan)
        return
    side = affected_words(found.source, found.affected_side)
    console.print(f"Affected side: the patient's {side}.")
    _print_closure(console, found)
    if found.stage is not None:
        print_stage(console, found.stage)
    if found.rest is not None:
        print_rest(console, found.rest)
    for option in found.options:
        steps = ", then ".join(_step_words(step) for step in option.steps)
        console.print(Text(f"{option.name} ({option.side.word}): {steps}"), soft_wrap=True)
    if found.candidates:
        _print_candidates(console, found)
    elif found.nothing_to_weaken:
        console.print(Text(found.nothing_to_weaken), soft_wrap=True)
    else:
        console.print(NONE_HELPS)
    for line in _open_lines(found):
        console.print(Text(line), soft_wrap=True)
    console.print(Text(found.statement), soft_wrap=True)


def _print_closure(console: Console, found: Plan) -> None:
    """Print how the eyes close, before everything else."""
    from facewire.report import plan_words

    for line in plan_words.closure(found):
        console.print(Text(line), soft_wrap=True)


def print_stage(console: Console, stage: Stage) -> None:
    """Print the stage, how likely it is, and what it asks for.

    Parameters
    ----------
    console : Console
        Where to.
    stage : Stage
    """
    said = "stated" if stage.confirmed else "inferred, to be confirmed by the clinician"
    likely = ", ".join(
        f"{one.stage.replace('_', ' ')} {100 * one.probability:.0f} %"
        for one in stage.chances
        if one.probability >= _TOLD_CHANCE
    )
    names = " or ".join(one.replace("_", " ") for one in stage.possible)
    name = names if stage.taken is not None else f"undecided: {names}"
    console.print(Text(f"Stage: {name} ({said}); likely: {likely}"), style="bold", soft_wrap=True)
    for text in stage.evidence:
        console.print(Text(f"stage: {text}"), soft_wrap=True)
    for branch in stage.branches:
        left = "" if branch.months_left is None else f" ({branch.months_left:.0f} months left)"
        left = " (this time is over)" if branch.months_left == 0 else left
        only = " or ".join(one.replace("_", " ") for one in branch.stages)
        about = f"{branch.about}, if {only}" if only else branch.about
        console.print(Text(f"{about}: {branch.text}{left}"), soft_wrap=True)


def print_rest(console: Console, rest: RestingFace) -> None:
    """Print what is known of the affected side at rest.

    Parameters
    ----------
    console : Console
        Where to.
    rest : RestingFace
    """
    from facewire.report import stage_words

    for part in rest.parts:
        text = stage_words.rest_part(part, rest.graded_on)
        console.print(Text(f"At rest: {text}"), soft_wrap=True)
    for sign in rest.signs:
        if sign.difference_mm is not None:
            text = stage_words.rest_sign(sign)
            console.print(Text(f"Measured at rest: {text}"), soft_wrap=True)


def _print_candidates(console: Console, found: Plan) -> None:
    """Print what each may harm, then what it changes, and how they are put in order."""
    from facewire.report import plan_words

    candidates = found.candidates
    console.print("SIMULATED: what each may harm at its full effect", style="bold")
    for one in candidates[:_MOST_SHOWN]:
        console.print(Text(_harm_line(one)), soft_wrap=True)
    for line in _not_simulated(candidates[:_MOST_SHOWN]):
        console.print(Text(line), soft_wrap=True)
    console.print(_table(candidates))
    for one in candidates[:_MOST_SHOWN]:
        if one.step is not None:
            console.print(Text(f"{one.id}: {plan_words.step_up(one)}"), soft_wrap=True)
    if plan_words.order(found):
        console.print(Text(plan_words.order(found)), soft_wrap=True)
    for line in _symmetry_lines(candidates):
        console.print(Text(line), soft_wrap=True)


def _symmetry_lines(candidates: tuple[Candidate, ...]) -> Iterator[str]:
    """Yield what candidates change of brows and rest, where it is a tenth of a millimetre."""
    from facewire.results.plan import Objective

    names = {Objective.BROW_ASYMMETRY: "brows apart", Objective.REST_ASYMMETRY: "apart at rest"}
    for one in candidates[:_MOST_SHOWN]:
        rows = [(words, one.objective(objective)) for objective, words in names.items()]
        told = [f"{w} {_change(row)} mm" for w, row in rows if row and abs(row.change_mm) >= 0.1]
        if told:
            yield f"{one.id}, simulated: {', '.join(told)}"


def _open_lines(found: Plan) -> Iterator[str]:
    """Yield what is not among the candidates, what would tell more, and what is to be asked."""
    for absent in found.absent:
        name = absent.name.replace("_", " ")
        yield f"Not among them: {name}, {absent.side.word}: {absent.reason}"
    for act in found.acts:
        done = "" if act.result is None else f" (done: {act.result})"
        yield f"Would tell {act.tells}: {act.text}{done}"
    for question in found.ask:
        yield f"To ask: {question.question} ({question.how})"


def _harm_line(one: Candidate) -> str:
    """Say what cannot be told of a candidate, and what it brings in some of the draws."""
    from facewire.report import harm_words

    if one.harms is None:
        return f"{one.id}: not simulated"
    told = [row for row in harm_words.told(one.harms) if row.percent[row.worst] > 0]
    words = [
        *harm_words.omitted_lines(harm_words.unseen(one.harms)),
        *(harm_words.simulated(row, one.harms) for row in told),
    ]
    return f"{one.id}: {'; '.join(words) or NO_HARM}"


def _not_simulated(candidates: tuple[Candidate, ...]) -> Iterator[str]:
    """Yield once what no candidate's figures hold, and the risks in print of what treats them."""
    from facewire.report import harm_words, plan_words
    from facewire.words import translate

    harms = [one.harms for one in candidates if one.harms is not None]
    lines = [harm_words.omitted(r) for each in harms for r in harm_words.never_simulated(each)]
    lines += [translate(each.beyond) for each in harms]
    risks = [plan_words.risk(risk) for one in candidates for risk in one.risks]
    yield from dict.fromkeys(lines)
    yield from (f"Risk in print: {text}" for text in dict.fromkeys(risks))


def _step_words(step: Step) -> str:
    return f"{step.means.replace('_', ' ')} ({step.answer.replace('_', ' ')})"


def _table(candidates: tuple[Candidate, ...]) -> Table:
    from facewire.results.plan import Objective

    shown = candidates[:_MOST_SHOWN]
    title = "SIMULATED: weakening in % of force, change in mm with 95 % interval"
    if len(candidates) > len(shown):
        title += f"; {len(candidates) - len(shown)} more in the file"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    told = {
        Objective.SYNKINESIS: "synkinesis",
        Objective.VOLUNTARY_LOSS: "voluntary lost",
        Objective.CLOSURE_LOSS: "closure lost",
    }
    for name in ("", "weakened", *told.values(), "safety"):
        table.add_column(name)
    for one in shown:
        undecided = "; rests on undecided edges" if one.sensitivity.rests_on_undecided else ""
        table.add_row(
            one.id,
            "\n".join(_weakening_words(weakening) for weakening in one.weakenings),
            *(_change(one.objective(objective)) for objective in told),
            one.answer.replace("_", " ") + undecided,
        )
    return table


def _weakening_words(one: Weakening) -> str:
    strength = "" if one.strength is None else f"{one.strength}, "
    muscle = one.muscle.replace("_", " ")
    return f"{muscle}, {one.side.word}, {strength}{one.weakening_percent:.0f} %"


def _change(row: ObjectiveChange | None) -> str:
    if row is None:
        return "not told"
    return f"{row.change_mm:+.1f} [{row.ci_low:+.1f}, {row.ci_high:+.1f}]"
