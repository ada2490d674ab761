"""What every page shares: the templates, and writing a page whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from facewire.figures.mesh import drawn
from facewire.files import refuse_existing, write_whole
from facewire.words import (
    VERDICT_SYMBOLS,
    change_words,
    excursion_words,
    involuntary_words,
    mm,
    movement_name,
    plain,
    region_name,
    sentence,
    side_region,
    translate,
    verdict_words,
)
from facewire.words.languages import language

FILTERS: dict[str, Callable[..., str]] = {
    "change": change_words,
    "drawn": drawn,
    "excursion": excursion_words,
    "involuntary": involuntary_words,
    "mm": mm,
    "movement": movement_name,
    "number": plain,
    "region": region_name,
    "sentence": sentence,
    "side_region": side_region,
    "symbol": VERDICT_SYMBOLS.__getitem__,
    "verdict": verdict_words,
}
"""What templates of the report, also within the app, say things with."""


@cache
def environment() -> Environment:
    """Return the templates; a name that is not given is an error, and texts are translated."""
    made = Environment(
        loader=PackageLoader("facewire.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.globals["_"] = translate
    made.globals["language"] = language
    made.filters |= FILTERS
    return made


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
