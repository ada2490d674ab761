"""What every page shares: the templates, and writing a page whole or not at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from facewire.errors import OutputExistsError, StorageError
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
    """Write a page to a file, whole or not at all.

    Parameters
    ----------
    path : Path
        The HTML file.
    page : str
        What it will hold.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    OutputExistsError
        When the file is there already and may not be replaced.
    StorageError
        When the file cannot be written.
    """
    if path.exists() and not overwrite:
        raise OutputExistsError(
            "The report exists already",
            expected="a new file",
            found=str(path),
            do="choose another place, or add --overwrite",
        )
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(page, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        if part.is_file():
            part.unlink()
        raise StorageError(
            "The report cannot be written",
            expected="a folder that can be written and room on the disk",
            found=error.strerror or str(error),
            do=f"make room, or choose another place than {path.parent}",
        ) from error
    return path
