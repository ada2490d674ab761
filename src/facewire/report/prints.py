"""Short prints beside the long report: parts with lines, pictures, one form for page and paper.

A print that is said to be one page is one page: on paper it is set in the largest letters in which
it fits, and where it does not fit in small ones its lines are cut, with a line that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from facewire.report.environment import environment
from facewire.words import translate

CUTS = ((8, 400), (6, 260), (5, 200), (4, 160), (3, 120), (2, 100))
"""Lines of a part and letters of a line; the first that fits one page is taken."""


@dataclass(frozen=True)
class PrintPart:
    """A part of a print.

    Parameters
    ----------
    title : str
    lines : tuple of str
        Never empty: where nothing is known, that is said.
    kind : str
        ``measured``, ``entered`` (a person's words), or empty.
    whole : bool
        Whether it is never cut: what was seen stands in full before what was found.
    more : str
        What was left out.
    """

    title: str
    lines: tuple[str, ...]
    kind: str = ""
    whole: bool = False
    more: str = ""

    def cut(self, most: int, longest: int) -> PrintPart:
        """Return the part with at most so many lines, none of them longer than so many letters."""
        if self.whole:
            return self
        left = len(self.lines) - most
        more = translate("{count} more in the record.").format(count=left) if left > 0 else ""
        lines = tuple(_cut(line, longest) for line in self.lines[:most])
        return replace(self, lines=lines, more=more)


@dataclass(frozen=True)
class PrintPicture:
    """A picture of a print: what it shows, when it was, and the JPEG as a data address."""

    title: str
    caption: str
    address: str


@dataclass(frozen=True)
class Print:
    """A print.

    Parameters
    ----------
    title : str
    facts : tuple of (str, str)
        Whose it is, and of which day.
    marks : tuple of str
        What stands at its head, such as that a face is synthetic.
    parts : tuple of PrintPart
    pictures : tuple of PrintPicture
    opening, closing : tuple of str
        Lines before and behind, as a letter has them.
    one_page : bool
        Whether it has to fit one page.
    signed : bool
        Whether it ends with a place for a name, a day and a signature.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    marks: tuple[str, ...] = ()
    parts: tuple[PrintPart, ...] = ()
    pictures: tuple[PrintPicture, ...] = ()
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    one_page: bool = False
    signed: bool = False

    def cut(self, most: int, longest: int) -> Print:
        """Return the print with every part cut; see `CUTS`."""
        return replace(self, parts=tuple(part.cut(most, longest) for part in self.parts))


def kind_words(kind: str) -> str:
    """Return what stands beside the title of a part."""
    return {
        "measured": translate("measured from video"),
        "entered": translate("entered by the team"),
    }.get(kind, "")


def foot_words() -> Iterable[str]:
    """Return what stands at the foot of every print."""
    yield translate("Left and right are the patient's own. Brackets hold 95 % intervals.")
    yield translate("It does not diagnose and is not a cleared medical device.")


def render_print(one: Print) -> str:
    """Return a print as one self-contained page."""
    one = one.cut(*CUTS[0]) if one.one_page else one
    template = environment().get_template("print.html")
    return template.render(print=one, kind_words=kind_words, foot=" ".join(foot_words()))


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0] + translate(" … (whole in the record)")
