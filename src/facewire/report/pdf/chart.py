"""The two pages for the chart: what of the report a patient's file needs, at a glance.

Made from the same views as the page on the screen; nothing is computed or worded anew here, so
both say the same. Long lists are cut with a line that says so: everything is in the report behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from facewire.report.face_map import TableView
from facewire.report.measurement_page import PageView
from facewire.report.quality import (
    essential_facts,
    frame_facts,
    level_word,
    repetition_name,
    scale_text,
)
from facewire.words import translate

MOST_LINES, MOST_FINDINGS, MOST_CHANGES = 6, 8, 4

Row = tuple[str, ...]


@dataclass(frozen=True)
class ChartTable:
    """A small table: caption, heads and rows; a cell's second line follows a line break."""

    caption: str
    heads: Row
    rows: tuple[Row, ...]
    more: str = ""

    def data(self) -> dict[str, Any]:
        """Return it as the template takes it."""
        return {
            "caption": self.caption,
            "heads": list(self.heads),
            "rows": [[cell.split("\n") for cell in row] for row in self.rows],
            "more": self.more,
        }


def chart_data(view: PageView, *, has_letterhead: bool) -> dict[str, Any]:
    """Return the content of the chart pages.

    Parameters
    ----------
    view : PageView
        What the page on the screen shows.
    has_letterhead : bool
        Whether the clinic's own head stands above.
    """
    head, patient = view.head, view.patient
    return {
        "brand": not has_letterhead,
        "banners": _banners(view),
        "facts": _facts(view),
        "sentences": [
            _sentences(translate("What works"), [line.text for line in patient.works]),
            _sentences(
                translate("What goes along without being asked"),
                [line.text for line in patient.goes_along],
            ),
            _sentences(
                translate("What most faces do a little"), [line.text for line in patient.small]
            ),
            _sentences(
                translate("What moves less or rests differently"),
                [line.text for line in patient.less],
            ),
        ],
        "nothing": translate(
            "In the movements that could be told, nothing was seen to go along without being asked."
        )
        if patient.nothing_seen
        else "",
        "face_words": view.map.overview.description,
        "findings": _findings(view).data(),
        "map": _map(view.map.tables[0]).data(),
        "legend": _legend(view),
        "closure": _closure(view).data(),
        "grades": _grades(view).data(),
        "changes": _changes(view),
        "quality": _quality(view),
        "limits": list(view.professional.not_measured),
        "provenance": [list(fact) for fact in essential_facts(view.result)],
        "subject": head.subject,
    }


def _banners(view: PageView) -> list[list[str]]:
    found = []
    if view.result.synthetic:
        found.append(
            [
                translate("Synthetic patient"),
                translate(
                    "This recording shows a rendered face. It is no person, and its figures say "
                    "nothing about anyone."
                ),
            ]
        )
    if not view.result.side_confirmed:
        found.append(
            [
                translate("Sides not confirmed: may be mirrored"),
                translate(
                    "It is not confirmed whether the picture is mirrored: left and right may be "
                    "exchanged throughout."
                ),
            ]
        )
    return found


def _facts(view: PageView) -> list[list[str]]:
    head = view.head
    confirmed = (
        translate(
            "It is confirmed whether the picture is mirrored: left and right are the patient's own."
        )
        if view.result.side_confirmed
        else translate("Sides not confirmed")
    )
    return [
        [translate("Subject"), head.subject],
        [translate("Recording"), head.recording],
        [translate("Date"), head.date],
        *([[translate("What was seen"), head.seen]] if head.seen else []),
        [translate("Affected side"), head.side],
        [translate("Left and right"), confirmed],
    ]


def _sentences(title: str, texts: Sequence[str]) -> dict[str, Any]:
    return {"title": title, "items": list(texts[:MOST_LINES]), "more": _more(texts, MOST_LINES)}


def _more(items: Sequence[Any], most: int) -> str:
    left = len(items) - most
    if left <= 0:
        return ""
    return translate("{count} more in the full report.").format(count=left)


def _broken(value: str) -> str:
    """Put an interval on a line of its own."""
    return value.replace(" [", "\n[", 1)


def _findings(view: PageView) -> ChartTable:
    found = view.professional.findings
    return ChartTable(
        caption=translate("Involuntary movement that is present"),
        heads=(
            translate("Movement → region"),
            translate("Change [95 %]"),
            translate("Share"),
            translate("Onset later by [95 %]"),
        ),
        rows=tuple(
            (f"{f.title}\n{f.symbol} {f.mark}", f.change, f.percent, f.latency)
            for f in found[:MOST_FINDINGS]
        ),
        more=_more(found, MOST_FINDINGS)
        or (
            ""
            if found
            else f"{view.professional.nothing_found} "
            + translate("What could not be told is listed in the map; it is not a no.")
        ),
    )


def _map(table: TableView) -> ChartTable:
    return ChartTable(
        caption=table.caption,
        heads=(translate("Movement"), *table.columns),
        rows=tuple(
            (name, *(_cell(c.symbol, c.change, c.interval) for c in cells))
            for name, cells in table.rows
        ),
    )


def _cell(symbol: str, change: str, interval: str) -> str:
    return f"{symbol} {change}".strip() + (f"\n[{interval}]" if interval else "")


def _legend(view: PageView) -> list[str]:
    """Name the marks that the chart's map uses."""
    used = {cell.mark for _, cells in view.map.tables[0].rows for cell in cells}
    return [f"{symbol} {words}" for symbol, words, m in view.map.legend if m in used]


def _closure(view: PageView) -> ChartTable:
    return ChartTable(
        caption=translate("Gap that stays between the lids on closing"),
        heads=(translate("Movement, eye"), translate("Gap"), translate("95 % interval")),
        rows=tuple((row.head, *row.values[:2]) for row in view.professional.closure),
    )


def _grades(view: PageView) -> ChartTable:
    return ChartTable(
        caption=translate("Clinical scales"),
        heads=(
            translate("Scale"),
            translate("Estimated, 95 % range; not validated"),
            translate("Clinician's grade"),
        ),
        rows=tuple(
            (r.name, r.estimated.replace(" (", "\n(", 1), r.entered)
            for r in view.clinical.grades.rows
        ),
    )


def _changes(view: PageView) -> dict[str, Any] | None:
    changes = view.clinical.changes
    if changes is None:
        return None
    caption = translate("Larger than measuring again gives")
    if changes.provisional:
        caption = translate("Larger than measuring again gives; provisional, see the full report")
    table = ChartTable(
        caption=caption,
        heads=(
            translate("Movement → region"),
            translate("Visit"),
            translate("Difference [95 %]"),
            translate("Smallest detectable"),
        ),
        rows=tuple(
            (f"{r.title}\n{r.kind}", r.visit, _broken(r.change), r.smallest)
            for r in changes.changed[:MOST_CHANGES]
        ),
        more=_more(changes.changed, MOST_CHANGES),
    )
    return {"plain": list(changes.plain), "table": table.data() if changes.changed else None}


def _quality(view: PageView) -> dict[str, Any]:
    result = view.result
    return {
        "facts": [f"{name}: {value}" for name, value in frame_facts(result.quality)],
        "messages": [
            f"{level_word(one)}: {translate(one.text)}" for one in result.quality.messages
        ],
        "dropped": [
            f"{repetition_name(one)}: {translate(one.reason or '')}"
            for one in result.repetitions
            if not one.kept
        ],
        "scale": scale_text(result.scale),
        "counts": view.professional.counts,
    }
