"""Which traces are shown, and in what words: a few panels per movement, the asked region first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facewire.face import MOVEMENTS, REGIONS, VOLUNTARY_TARGETS, Movement, Region, Side
from facewire.figures.traces import Figure, Panel, build_panel, draw_panel, held_mm
from facewire.findings import complete
from facewire.report.stored import Signals
from facewire.results.findings import PRESENT_VERDICTS, Verdict
from facewire.results.measurement import Measurement
from facewire.words import movement_name, plain, region_name, sentence, side_word, translate

if TYPE_CHECKING:
    import polars as pl

ALWAYS_SHOWN = (Region.EYE, Region.COMMISSURE, Region.BROW)


@dataclass(frozen=True)
class PanelView:
    """A drawn panel: heading, alternative text, shapes, and whether the movement asks for it."""

    title: str
    description: str
    figure: Figure
    asked: bool


@dataclass(frozen=True)
class MovementTraces:
    """The panels of one movement; ``note`` says how many repetitions are shown."""

    title: str
    note: str
    panels: tuple[PanelView, ...]


@dataclass(frozen=True)
class TracesView:
    """The part "Traces"; ``missing`` says why there are none. ``bold``, ``thin`` name the sides."""

    movements: tuple[MovementTraces, ...]
    missing: str
    affected: str
    other: str


@dataclass(frozen=True)
class RegionTrace:
    """The panel of one region in one movement, its heading the movement."""

    movement: str
    note: str
    panel: PanelView


def traces_view(result: Measurement, signals: Signals) -> TracesView:
    """Draw the traces of a measurement."""
    side = result.side_affected
    main = side or Side.RIGHT
    role = translate("{side} side (affected)") if side else translate("{side} side")
    shown: tuple[MovementTraces, ...] = ()
    missing = signals.missing
    if signals.table is not None:
        shown = tuple(_all_movements(complete(result), signals.table, main))
        missing = "" if shown else translate("no repetition could be used")
    return TracesView(
        movements=shown,
        missing=missing,
        affected=sentence(role.format(side=side_word(main))),
        other=sentence(translate("{side} side").format(side=side_word(main.other))),
    )


def region_traces(result: Measurement, signals: Signals, region: Region) -> tuple[RegionTrace, ...]:
    """Draw one region in every movement that has a kept repetition."""
    main = result.side_affected or Side.RIGHT
    made = []
    for movement in MOVEMENTS if signals.table is not None else ():
        panel = _panel(result, signals.table, movement, region)
        if panel is not None:
            title = sentence(movement_name(movement))
            made.append(RegionTrace(title, _note(result, movement), _view(panel, main)))
    return tuple(made)


def _panel(
    result: Measurement, table: pl.DataFrame | None, movement: Movement, region: Region
) -> Panel | None:
    kept = [one for one in result.repetitions if one.movement is movement and one.kept]
    return build_panel(table, movement, region, kept) if kept and table is not None else None


def _all_movements(
    result: Measurement, table: pl.DataFrame, main: Side
) -> Iterable[MovementTraces]:
    for movement in MOVEMENTS:
        panels = [_panel(result, table, movement, one) for one in _regions(result, movement)]
        views = tuple(_view(panel, main) for panel in panels if panel)
        if any(one.movement is movement and one.kept for one in result.repetitions):
            yield MovementTraces(sentence(movement_name(movement)), _note(result, movement), views)


def _regions(result: Measurement, movement: Movement) -> list[Region]:
    """Return the movement's main target, then what moved along, then what is always shown."""
    seen = {
        cell.region
        for cell in result.synkinesis
        if cell.movement is movement and cell.says in (*PRESENT_VERDICTS, Verdict.TRACE)
    }
    target = VOLUNTARY_TARGETS[movement][0]
    wanted = [r for r in REGIONS if r in seen or r in ALWAYS_SHOWN]
    return [target, *(region for region in wanted if region is not target)]


def _note(result: Measurement, movement: Movement) -> str:
    kept = [one.kept for one in result.repetitions if one.movement is movement]
    text = translate("{kept} of {all} repetitions shown")
    return text.format(kept=sum(kept), all=len(kept))


def _view(panel: Panel, main: Side) -> PanelView:
    name = sentence(region_name(panel.region))
    sizes = {side: held_mm(panel, side) for side in (main, main.other)}
    parts = [
        f"{side_word(side)} {plain(size, signed=True)} mm"
        for side, size in sizes.items()
        if size is not None
    ]
    text = translate("{region} in {movement}: median change in the hold {values}.")
    return PanelView(
        title=name,
        description=text.format(
            region=name, movement=movement_name(panel.movement), values=", ".join(parts)
        ),
        figure=draw_panel(panel, main),
        asked=panel.asked,
    )
