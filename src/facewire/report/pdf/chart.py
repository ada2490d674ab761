"""The two pages for the chart: what of the report a patient's file needs, at a glance.

Made from the same documents and words as the page on the screen, so both say the same. Long lists
are cut with a line that says so: everything is in the report behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from facewire.face import REGIONS
from facewire.findings import present_cells
from facewire.report import change_words, grade_words, patient_words, professional_words
from facewire.report.face_map import MapTable
from facewire.report.measurement_page import PageView
from facewire.report.quality import (
    essential_facts,
    frame_facts,
    level_word,
    repetition_name,
    scale_text,
)
from facewire.results.cells import SynkinesisCell
from facewire.results.findings import Verdict
from facewire.results.measurement import Measurement
from facewire.words import (
    VERDICT_SYMBOLS,
    cell_title,
    interval,
    involuntary_words,
    mm,
    movement_name,
    region_name,
    sentence,
    translate,
    verdict_words,
    with_interval,
)
from facewire.words.cells import change_words as change_in_mm
from facewire.words.coverage import seen_sentences

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
    result = view.result
    return {
        "brand": not has_letterhead,
        "banners": _banners(view),
        "facts": _facts(view),
        "sentences": [
            _sentences(
                translate("What works"), [line.text for line in patient_words.works(result)]
            ),
            _sentences(
                translate("What goes along without being asked"),
                [line.text for line in patient_words.goes_along(result)],
            ),
            _sentences(
                translate("What most faces do a little"),
                [line.text for line in patient_words.small(result)],
            ),
            _sentences(
                translate("What moves less or rests differently"),
                [line.text for line in patient_words.less(result)],
            ),
        ],
        "nothing": translate(
            "In the movements that could be told, nothing was seen to go along without being asked."
        )
        if patient_words.nothing_seen(result)
        else "",
        "face_words": view.map.overview.description,
        "findings": _findings(view).data(),
        "map": _map(view.map.tables[0]).data(),
        "legend": _legend(view),
        "closure": _closure(view).data(),
        "grades": _grades(view).data(),
        "changes": _changes(view),
        "quality": _quality(view),
        "limits": [translate(text) for text in result.limits],
        "provenance": [list(fact) for fact in essential_facts(result)],
        "subject": subject(result),
    }


def subject(result: Measurement) -> str:
    """Return the pseudonym, or words for none."""
    return result.subject or translate("no name given")


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
    result = view.result
    seen = " ".join(seen_sentences(result.coverage))
    confirmed = (
        translate(
            "It is confirmed whether the picture is mirrored: left and right are the patient's own."
        )
        if view.result.side_confirmed
        else translate("Sides not confirmed")
    )
    return [
        [translate("Subject"), subject(result)],
        [translate("Recording"), result.provenance.source.name],
        [translate("Date"), view.date],
        *([[translate("What was seen"), seen]] if seen else []),
        [translate("Affected side"), professional_words.side_text(result)],
        [translate("Left and right"), confirmed],
        *([[translate("Room"), view.room]] if view.room else []),
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
    found = present_cells(view.result.synkinesis)
    return ChartTable(
        caption=translate("Involuntary movement that is present"),
        heads=(
            translate("Movement → region"),
            translate("Change [95 %]"),
            translate("Share"),
            translate("Onset later by [95 %]"),
        ),
        rows=tuple(
            (
                f"{cell_title(one)}\n{VERDICT_SYMBOLS[one.says]} {verdict_words(one.says)}",
                involuntary_words(one),
                professional_words.share(one),
                professional_words.delay(one, view.result),
            )
            for one in found[:MOST_FINDINGS]
        ),
        more=_more(found, MOST_FINDINGS)
        or (
            ""
            if found
            else f"{professional_words.nothing_found(view.result)} "
            + translate("What could not be told is listed in the map; it is not a no.")
        ),
    )


def _map(table: MapTable) -> ChartTable:
    return ChartTable(
        caption=table.caption,
        heads=(translate("Movement"), *(region_name(region) for region in REGIONS)),
        rows=tuple(
            (sentence(movement_name(movement)), *(_cell(cell) for cell in cells))
            for movement, cells in table.rows
        ),
    )


def _cell(cell: SynkinesisCell) -> str:
    symbol = VERDICT_SYMBOLS[cell.says]
    if cell.change_mm is None:
        return symbol
    between = interval(cell.ci_low, cell.ci_high)
    return f"{symbol} {change_in_mm(cell)}" + (f"\n[{between}]" if between else "")


def _legend(view: PageView) -> list[str]:
    """Name the marks that the chart's map uses."""
    used = view.map.tables[0].verdicts
    return [f"{VERDICT_SYMBOLS[one]} {verdict_words(one)}" for one in Verdict if one in used]


def _closure(view: PageView) -> ChartTable:
    return ChartTable(
        caption=translate("Gap that stays between the lids on closing"),
        heads=(translate("Movement, eye"), translate("Gap"), translate("95 % interval")),
        rows=tuple(
            (
                professional_words.lids_title(cell),
                mm(cell.gap_mm),
                interval(cell.ci_low, cell.ci_high),
            )
            for cell in view.result.eye_closure
        ),
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
            (
                one.name,
                grade_words.estimated(one).replace(" (", "\n(", 1),
                grade_words.entered(one),
            )
            for one in grade_words.scales(view.clinical.grades)
        ),
    )


def _changes(view: PageView) -> dict[str, Any] | None:
    comparison = view.clinical.comparison
    if comparison is None:
        return None
    later = change_words.later_visits(comparison)
    changed = [row for one in later for row in one.rows if row.beyond_sdc]
    caption = translate("Larger than measuring again gives")
    if comparison.provisional:
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
            (
                f"{change_words.title(row, named=row.named)}\n{change_words.kind(row)}",
                row.visit,
                _broken(with_interval(change_words.difference(row), row.ci_low, row.ci_high)),
                mm(row.sdc_mm),
            )
            for row in changed[:MOST_CHANGES]
        ),
        more=_more(changed, MOST_CHANGES),
    )
    return {
        "plain": list(change_words.patient(comparison)),
        "table": table.data() if changed else None,
    }


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
        "counts": professional_words.counts(result.synkinesis),
    }
