"""What every page shares: the templates, and writing a page whole or not at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from facewire.files import write_output
from facewire.words import translate
from facewire.words.languages import language


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
    return made


def write_page(path: Path, page: str, *, overwrite: bool = False) -> Path:
    """Write a page to a file, whole or not at all; see `facewire.files.write_output`."""
    return write_output(path, page.encode(), overwrite=overwrite)
