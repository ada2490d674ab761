"""Which traces are shown, and in what words: a few panels per movement, the asked region first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from facewire.face import (
    MOVEMENTS,
    REGIONS,
    VOLUNTARY_TARGETS,
    Movement,
    Region,
    Side,
)
from facewire.figures.trace_panels import Panel, build_panel
from facewire.figures.traces import Figure, draw_panel
from facewire.report.cells import Cell, Mark, affected_side, read_cells
from facewire.report.stored import Signals
from facewire.words import movement_name, number, region_name, sentence, side_word, translate

if TYPE_CHECKING:
    import polars as pl

ALWAYS_SHOWN = (Region.EYE, Region.COMMISSURE, Region.BROW)
SHOWN_MARKS = (Mark.SYNKINESIS, Mark.UNCOMPARED, Mark.SMALL, Mark.TRACE)


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


def traces_view(result: Mapping[str, Any], signals: Signals) -> TracesView:
    """Draw the traces of a measurement."""
    side = affected_side(result)
    main = side or Side.RIGHT
    role = translate("{side} side (affected)") if side else translate("{side} side")
    shown: tuple[MovementTraces, ...] = ()
    missing = signals.missing
    if signals.table is not None:
        shown = tuple(_all_movements(result, signals.table, main))
        missing = "" if shown else translate("no repetition could be used")
    return TracesView(
        movements=shown,
        missing=missing,
        affected=sentence(role.format(side=side_word(main))),
        other=sentence(translate("{side} side").format(side=side_word(main.other))),
    )


@dataclass(frozen=True)
class RegionTrace:
    """The panel of one region in one movement, its heading the movement."""

    movement: str
    note: str
    panel: PanelView


def region_traces(
    result: Mapping[str, Any], signals: Signals, region: Region
) -> tuple[RegionTrace, ...]:
    """Draw one region in every movement that has a kept repetition."""
    if signals.table is None:
        return ()
    main = affected_side(result) or Side.RIGHT
    made = []
    for movement in MOVEMENTS:
        kept = [row for row in result["repetitions"] if _usable(row, movement)]
        panel = build_panel(signals.table, movement, region, kept) if kept else None
        if panel is not None:
            title = sentence(movement_name(movement))
            made.append(RegionTrace(title, _note(result, movement), _view(panel, main)))
    return tuple(made)


def _all_movements(
    result: Mapping[str, Any], table: pl.DataFrame, main: Side
) -> Iterable[MovementTraces]:
    cells = read_cells(result["synkinesis"])
    for movement in MOVEMENTS:
        kept = [row for row in result["repetitions"] if _usable(row, movement)]
        if kept:
            regions = _regions([cell for cell in cells if cell.movement is movement])
            panels = [build_panel(table, movement, region, kept) for region in regions]
            views = tuple(_view(panel, main) for panel in panels if panel)
            yield MovementTraces(sentence(movement_name(movement)), _note(result, movement), views)


def _usable(row: Mapping[str, Any], movement: Movement) -> bool:
    times = ("onset_s", "apex_start_s", "apex_end_s")
    known = all(number(row, name) is not None for name in times)
    return bool(row["movement"] == movement and row["kept"] and known)


def _regions(cells: list[Cell]) -> list[Region]:
    """Return the movement's main target, then what moved along, then what is always shown."""
    if not cells:
        return []
    seen = {cell.region for cell in cells if cell.mark in SHOWN_MARKS}
    target = VOLUNTARY_TARGETS[cells[0].movement][0]
    wanted = [r for r in REGIONS if r in seen or r in ALWAYS_SHOWN]
    return [target, *(region for region in wanted if region is not target)]


def _note(result: Mapping[str, Any], movement: Movement) -> str:
    rows = [row for row in result["repetitions"] if row["movement"] == movement]
    kept = sum(bool(row["kept"]) for row in rows)
    text = translate("{kept} of {all} repetitions shown")
    return text.format(kept=kept, all=len(rows))


def _view(panel: Panel, main: Side) -> PanelView:
    name = sentence(region_name(panel.region))
    parts = []
    for side in (main, main.other):
        held = _held(panel, side)
        if held is not None:
            parts.append(f"{side_word(side)} {held:+.1f} mm".replace("-", "\N{MINUS SIGN}"))
    text = translate("{region} in {movement}: median change in the hold {values}.")
    return PanelView(
        title=name,
        description=text.format(
            region=name, movement=movement_name(panel.movement), values=", ".join(parts)
        ),
        figure=draw_panel(panel, main),
        asked=panel.asked,
    )


def _held(panel: Panel, side: Side) -> float | None:
    inside = (panel.times_s >= panel.hold_s[0]) & (panel.times_s <= panel.hold_s[1])
    own = [t.change_mm[inside] for t in panel.traces if t.side is side]
    values = np.concatenate(own) if own else np.array([])
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) else None
