"""What every page shares: the templates, and writing a page whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from facewire.face import REGIONS
from facewire.figures.mesh import drawn
from facewire.files import refuse_existing, write_whole
from facewire.findings import present_cells
from facewire.report import (
    change_words,
    forecast_courses,
    forecast_words,
    grade_words,
    harm_words,
    patient_words,
    plan_words,
    predicted_change,
    professional_words,
    quality,
    stage_words,
    trade_chart,
    wiring_words,
)
from facewire.report.stored import frame_time, frame_title
from facewire.results.findings import PRESENT_VERDICTS, UNASKED_VERDICTS, Verdict
from facewire.words import (
    COMPONENT_NAMES,
    VERDICT_SYMBOLS,
    cell_title,
    day_words,
    excursion_words,
    interval,
    involuntary_words,
    is_signed,
    mm,
    movement_name,
    number_words,
    percent,
    plain,
    region_name,
    sentence,
    side_and_region,
    side_region,
    side_word,
    translate,
    verdict_words,
    with_interval,
)
from facewire.words.cells import change_words as change_in_mm
from facewire.words.coverage import affected_words, seen_of, seen_sentences
from facewire.words.languages import language
from facewire.words.treatments import kind_name

FILTERS: dict[str, Callable[..., object]] = {
    "cell_title": cell_title,
    "day": day_words,
    "change": change_in_mm,
    "drawn": drawn,
    "excursion": excursion_words,
    "interval": interval,
    "frame_time": frame_time,
    "frame_title": frame_title,
    "involuntary": involuntary_words,
    "mm": mm,
    "movement": movement_name,
    "number": plain,
    "number_words": number_words,
    "percent": percent,
    "place": side_and_region,
    "present": present_cells,
    "region": region_name,
    "seen": seen_sentences,
    "seen_of": seen_of,
    "affected_words": affected_words,
    "sentence": sentence,
    "side": side_word,
    "side_region": side_region,
    "symbol": VERDICT_SYMBOLS.__getitem__,
    "treatment": kind_name,
    "verdict": verdict_words,
    "with_interval": with_interval,
}
"""What templates of the report, also within the app, format values of a document with."""

NAMES: dict[str, object] = {
    "_": translate,
    "language": language,
    "COMPONENT_NAMES": COMPONENT_NAMES,
    "PRESENT_VERDICTS": PRESENT_VERDICTS,
    "REGIONS": REGIONS,
    "UNASKED_VERDICTS": UNASKED_VERDICTS,
    "Verdict": Verdict,
    "change_words": change_words,
    "forecast_courses": forecast_courses,
    "forecast_words": forecast_words,
    "grade_words": grade_words,
    "harm_words": harm_words,
    "patient_words": patient_words,
    "plan_words": plan_words,
    "predicted_change": predicted_change,
    "professional_words": professional_words,
    "quality": quality,
    "stage_words": stage_words,
    "trade_chart": trade_chart,
    "wiring_words": wiring_words,
}
"""What they may use beside: the modules that put the parts of a document into words, by their own
names, and the lists that give tables their order."""


LOADER = ChoiceLoader([PackageLoader("facewire.report", n) for n in ("templates", "static")])
"""Templates, and shipped files that pages carry inside; the app serves the latter as they are."""


@cache
def environment() -> Environment:
    """Return the templates; a name that is not given is an error, and texts are translated."""
    made = Environment(
        loader=LOADER,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    speak(made)
    return made


def speak(templates: Environment) -> None:
    """Give templates, those of the app too, what they say things with."""
    templates.globals.update(NAMES)
    templates.filters.update(FILTERS)
    templates.tests["signed"] = is_signed


def write_page(path: Path, page: str | bytes, *, overwrite: bool = False) -> Path:
    """Write a page or a printed report, whole or not at all.

    Raises
    ------
    OutputExistsError
        The file is there and may not be replaced.
    StorageError
        It cannot be written.
    """
    refuse_existing(path, overwrite=overwrite)
    write_whole(path, page if isinstance(page, bytes) else page.encode())
    return path
