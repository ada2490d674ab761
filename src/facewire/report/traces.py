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
class DrawnPanel:
    """A panel and its shapes; ``main`` is the side that is drawn first and bold."""

    panel: Panel
    figure: Figure
    main: Side

    @property
    def description(self) -> str:
        """Say what the panel shows to those who do not see it."""
        sizes = {side: held_mm(self.panel, side) for side in (self.main, self.main.other)}
        values = ", ".join(
            f"{side_word(side)} {plain(size, signed=True)} mm"
            for side, size in sizes.items()
            if size is not None
        )
        text = translate("{region} in {movement}: median change in the hold {values}.")
        return text.format(
            region=sentence(region_name(self.panel.region)),
            movement=movement_name(self.panel.movement),
            values=values,
        )


@dataclass(frozen=True)
class MovementTraces:
    """The panels of one movement, and how many of all its repetitions they show."""

    movement: Movement
    kept: int
    all: int
    panels: tuple[DrawnPanel, ...]


@dataclass(frozen=True)
class TracesView:
    """The part "Traces"; ``missing`` says why there are none."""

    movements: tuple[MovementTraces, ...]
    missing: str
    main: Side


def traces_view(result: Measurement, signals: Signals) -> TracesView:
    """Draw the traces of a measurement."""
    main = result.side_affected or Side.RIGHT
    if signals.table is None:
        return TracesView((), signals.missing, main)
    judged = complete(result)
    shown = [
        _movement(judged, signals.table, movement, _regions(judged, movement))
        for movement in MOVEMENTS
        if any(one.movement is movement and one.kept for one in result.repetitions)
    ]
    return TracesView(tuple(shown), "" if shown else translate("no repetition could be used"), main)


def region_traces(
    result: Measurement, signals: Signals, region: Region
) -> tuple[MovementTraces, ...]:
    """Draw one region in every movement that has a kept repetition."""
    if signals.table is None:
        return ()
    drawn = (_movement(result, signals.table, movement, [region]) for movement in MOVEMENTS)
    return tuple(one for one in drawn if one.panels)


def _movement(
    result: Measurement, table: pl.DataFrame, movement: Movement, regions: Iterable[Region]
) -> MovementTraces:
    main = result.side_affected or Side.RIGHT
    own = [one for one in result.repetitions if one.movement is movement]
    kept = [one for one in own if one.kept]
    panels = [build_panel(table, movement, region, kept) for region in regions if kept]
    drawn = tuple(DrawnPanel(one, draw_panel(one, main), main) for one in panels if one)
    return MovementTraces(movement, len(kept), len(own), drawn)


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
