"""The printed report: two pages for the chart and the whole report behind them, set by Typst.

In: what the page on the screen shows. Out: a tagged PDF. Fonts come with Typst; nothing is taken
from the system or the network, and the same input gives the same file.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from facewire.errors import UsageError
from facewire.files import refuse_existing
from facewire.report.environment import write_page
from facewire.report.measurement_page import PageView, render_page
from facewire.report.pdf.blocks import Block, Printed, printed_page
from facewire.report.pdf.chart import chart_data, subject
from facewire.report.pdf.clinic import ClinicSettings, Paper
from facewire.report.prints import CUTS, Print, foot_words, kind_words
from facewire.version import facewire_version
from facewire.words import translate
from facewire.words.languages import language

if TYPE_CHECKING:
    from types import ModuleType

STANDARD = "ua-1"
"""PDF/UA-1: tagged, with a language, a title and words for every picture."""

PAGES = b"\n#context [#metadata(counter(page).final().first()) <pages>]"
FEW_PICTURES, PICTURES_MM, CAPTION_MM = 4, 190, 8
"""Up to so many pictures stand in two columns; how high all their rows may be, and a caption."""

RUNNING = 32
"""Letters of a name at the head of every page."""


def build_pdf(
    view: PageView, clinic: ClinicSettings | None = None, paper: Paper | None = None
) -> bytes:
    """Build the printed report.

    Parameters
    ----------
    view : PageView
        What `facewire.report.page_view` gathered.
    clinic : ClinicSettings, optional
        Letterhead and paper.
    paper : Paper, optional
        Instead of the clinic's paper; without either A4.

    Returns
    -------
    bytes
        A PDF file.

    Raises
    ------
    UsageError
        Typst is not installed (the extra ``pdf``), or the clinic's logo cannot be drawn.
    """
    return _compiled(document_files(view, clinic or ClinicSettings(), paper))


def build_print(one: Print, clinic: ClinicSettings | None = None) -> bytes:
    """Build a short print as PDF.

    Parameters
    ----------
    one : Print
    clinic : ClinicSettings, optional
        Letterhead and paper.

    Raises
    ------
    UsageError
        As for :func:`build_pdf`.
    """
    head = clinic or ClinicSettings()
    pictures = {
        f"picture-{i}.jpg": base64.b64decode(picture.address.partition(",")[2])
        for i, picture in enumerate(one.pictures)
    }
    form = resources.files("facewire.report.pdf").joinpath("print.typ").read_bytes()
    logo = {f"logo.{head.logo_kind}": head.logo} if head.logo else {}
    files = {"main.typ": form, **pictures, **logo}
    for most, longest in CUTS if one.one_page else ((sys.maxsize, sys.maxsize),):
        content = _print_content(one.cut(most, longest), head, tuple(pictures))
        files["data.json"] = json.dumps(content, ensure_ascii=False).encode("utf-8")
        if not one.one_page or _pages(files) == 1:
            break
    return _compiled(files)


def _pages(files: dict[str, bytes]) -> int:
    asked = files | {"main.typ": files["main.typ"] + PAGES}
    found = _typst().query(asked, "<pages>", field="value", one=True, ignore_system_fonts=True)
    return int(json.loads(found))


def _print_content(one: Print, head: ClinicSettings, files: Sequence[str]) -> dict[str, Any]:
    columns = 2 if len(files) <= FEW_PICTURES else 3
    rows = -(-len(files) // columns) or 1
    return {
        "title": one.title,
        "language": language(),
        "paper": str(head.paper or Paper.A4),
        "clinic": {"name": head.name, "address": list(head.address)},
        "logo": f"logo.{head.logo_kind}" if head.logo else "",
        "foot": f"facewire {facewire_version()}. " + " ".join(foot_words()),
        "marks": list(one.marks),
        "facts": [list(fact) for fact in one.facts if fact[1]],
        "parts": [
            {"title": p.title, "kind": kind_words(p.kind), "lines": list(p.lines), "more": p.more}
            for p in one.parts
        ],
        "opening": list(one.opening),
        "closing": list(one.closing),
        "pictures": [
            {"file": file, "title": picture.title, "caption": picture.caption}
            for file, picture in zip(files, one.pictures, strict=True)
        ],
        "columns": columns,
        "height": min(70, PICTURES_MM // rows - CAPTION_MM),
        "one_page": one.one_page,
        "signed": one.signed,
        "words": _words(),
    }


def _compiled(files: dict[str, bytes]) -> bytes:
    typst = _typst()
    try:
        made = typst.compile(cast("Any", files), ignore_system_fonts=True, pdf_standards=[STANDARD])
    except typst.TypstError as error:
        raise UsageError(
            "The printed report cannot be set",
            expected="a logo that can be drawn, and a report of this version",
            found=str(error.message),
            do="try without the clinic's logo",
        ) from error
    return cast("bytes", made)


def write_pdf(
    view: PageView,
    path: Path,
    clinic: ClinicSettings | None = None,
    paper: Paper | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Build the printed report and write it to a file, whole or not at all.

    Parameters
    ----------
    view
        As for :func:`build_pdf`.
    path : Path
        The PDF file.
    clinic, paper
        As for :func:`build_pdf`.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    UsageError
        As for :func:`build_pdf`.
    OutputExistsError
        The file is there already.
    StorageError
        The file cannot be written.
    """
    refuse_existing(path, overwrite=overwrite)
    return write_page(path, build_pdf(view, clinic, paper), overwrite=overwrite)


def document_files(view: PageView, clinic: ClinicSettings, paper: Paper | None) -> dict[str, bytes]:
    """Return everything that Typst is given: the form, the content, the pictures."""
    printed = printed_page(render_page(view))
    content = _content(view, clinic, paper, printed)
    form = resources.files("facewire.report.pdf").joinpath("report.typ").read_bytes()
    logo = {content["logo"]: clinic.logo} if clinic.logo else {}
    text = json.dumps(content, ensure_ascii=False).encode("utf-8")
    return {"main.typ": form, "data.json": text, **printed.files, **logo}


def _content(
    view: PageView, clinic: ClinicSettings, paper: Paper | None, printed: Printed
) -> dict[str, Any]:
    names = (subject(view.result), view.result.provenance.source.name, view.date)
    return {
        "title": translate("Facial movement report"),
        "language": language(),
        "paper": str(paper or clinic.paper or Paper.A4),
        "clinic": {"name": clinic.name, "address": list(clinic.address)},
        "logo": f"logo.{clinic.logo_kind}" if clinic.logo else "",
        "running": " · ".join(_short(name) for name in names if name),
        "foot": f"facewire {facewire_version()}. "
        + translate("It does not diagnose and is not a cleared medical device."),
        "face": printed.overview,
        "words": _words(),
        "chart": chart_data(view, has_letterhead=bool(clinic.name)),
        "full": list(_leveled(printed.blocks)),
    }


def _short(text: str) -> str:
    """Shorten a name for the head of a page; it stands in full on the first page."""
    return text if len(text) <= RUNNING else text[: RUNNING - 1] + "…"


def _words() -> dict[str, str]:
    return {
        "page": translate("Page"),
        "label": translate("Patient label"),
        "logo": translate("Logo of the clinic"),
        "inferred": translate("Inferred, not measured"),
        "simulated": translate("Simulated, not measured"),
        "face": translate(
            "Each band runs from what was moved to what went along with it most; its width grows "
            "with the millimetres. Seen from the front: the patient's left (L) is on the right."
        ),
        "map": translate(
            "Involuntary change in mm with its 95 % interval. Narrowing and lowering are negative. "
            "“Cannot tell” is not “no”."
        ),
        "numbers": translate(
            "Measured from video. Brackets hold 95 % intervals. Left and right are the patient's "
            "own."
        ),
        "changes": translate("Change since the first visit"),
        "quality": translate("Quality and limits"),
        "dropped": translate("Dropped repetitions:"),
        "not_measured": translate("Not measured"),
        "provenance": translate("Provenance"),
        "seen_by": translate("Seen by"),
        "date": translate("Date"),
        "signature": translate("Signature"),
        "full": translate("Full report"),
    }


def _leveled(blocks: list[Block], last: list[int] | None = None) -> Iterator[Block]:
    """Let no heading skip a level: readers that are heard rely on it."""
    last = last if last is not None else [1]
    for block in blocks:
        if block["kind"] == "heading":
            last[0] = min(block["level"], last[0] + 1)
            yield block | {"level": last[0]}
        elif isinstance(block.get("inner"), list):
            yield block | {"inner": list(_leveled(block["inner"], last))}
        else:
            yield block


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError as error:
        raise UsageError(
            "Typst is not installed, and printed reports are set by it",
            expected="the extra pdf",
            found="facewire without it",
            do="install facewire[pdf], or write the page with --html and print that",
        ) from error
    return typst
