"""What the newest check of a visit's room says, in one line beside the visit's results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facewire.record.rooms import checked_rooms, document_of_check, newest_check
from facewire.record.store import Session
from facewire.record.tables import RoomCheck, Visit
from facewire.report.phantom_page import check_notes, room_figures
from facewire.results.phantom import Phantom
from facewire.words import day_words, translate

FAR_DAYS = 90
"""A check that is this far from a visit says so. A quarter of a year was chosen, not measured: how
fast rooms change is not known. The days are told, and people judge."""


@dataclass(frozen=True)
class RoomLine:
    """The line: its first words, where they lead, the figures, and what is said against them."""

    words: str
    url: str = "/rooms"
    figures: str = ""
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Everything it says, as a report takes it."""
        return " ".join(part for part in (self.words, self.figures, *self.notes) if part)


def room_line(session: Session, visit: Visit, software: str | None) -> RoomLine:
    """Return what is known of the room of a visit.

    Parameters
    ----------
    session : Session
    visit : Visit
    software : str or None
        The facewire that measured the visit; None before a measurement.
    """
    row = newest_check(session, visit.room) if visit.room else None
    if row is not None:
        found = document_of_check(row)
        notes = tuple(_notes(row, found, visit, software))
        words = f"{row.room}, {day_words(row.on)}."
        return RoomLine(words, f"/rooms/{row.job_id}", room_figures(found), notes)
    if visit.room:
        words = translate("No check of {room} is in the record.")
        return RoomLine(words.format(room=visit.room))
    if checked_rooms(session):
        return RoomLine(translate("The room of this visit is not named."))
    return RoomLine(translate("No room was checked."))


def _notes(row: RoomCheck, found: Phantom, visit: Visit, software: str | None) -> Iterator[str]:
    yield from check_notes(found)
    days = (visit.on - row.on).days
    if days > FAR_DAYS:
        words = translate(
            "The check is {days} days older than this visit; camera and light may have changed."
        )
        yield words.format(days=days)
    if days < -FAR_DAYS:
        words = translate(
            "The check was made {days} days after this visit; camera and light may have changed."
        )
        yield words.format(days=-days)
    made = found.provenance.facewire
    if software is not None and software != made:
        words = translate(
            "The check was made with facewire {check}, the visit measured with {visit}."
        )
        yield words.format(check=made, visit=software)
