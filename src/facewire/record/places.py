"""Every place where bytes of patients lie, and which rows own them.

Erasing a patient, what a start tidies and what `facewire places` tells all follow from `PLACES`:
a new kind of stored thing gets an entry here, or it has no owner. Rows themselves follow from the
tables' own references (`erase`); backups are files that nobody can reach into and are listed.

What a row says is gone is removed at once. What no row knows is removed after `PATIENCE`: a file is
written before its row, and a record that was put back by hand may not know yet what it owns.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from facewire.files import write_whole
from facewire.record.folder import DataFolder
from facewire.record.jobs import ACTIVE
from facewire.record.recordings import OPEN, UNFINISHED, open_upload_ids
from facewire.record.store import Record
from facewire.record.tables import Job, Media, Recording, Upload
from facewire.record.work import LIVE_NAME, live_work
from facewire.words import mark

UPLOADS_NAME = "uploads"
NOTE_NAME = "unowned.json"
"""Since when each thing has had no owner: ids and times, nothing else."""

PATIENCE = timedelta(days=7)
"""How long something that no row knows may lie there."""

RowIds = Mapping[str, Sequence[str]]
"""Keys of rows by table."""


@dataclass(frozen=True)
class Place:
    """One kind of place.

    Parameters
    ----------
    name : str
        As its folder is called.
    holds : str
        What lies there, in words.
    there : callable
        Names of what lies there now.
    owned, gone : callable
        Names that rows own now, and names that rows say are gone.
    of_rows : callable
        Names that belong to the rows of one patient.
    remove : callable
        Removes one by its name; returns whether it was there.
    """

    name: str
    holds: str
    there: Callable[[DataFolder], set[str]]
    owned: Callable[[Session], set[str]]
    gone: Callable[[Session], set[str]]
    of_rows: Callable[[RowIds], set[str]]
    remove: Callable[[DataFolder, str], bool]


@dataclass(frozen=True)
class PlaceState:
    """What lies in a place.

    Parameters
    ----------
    place : Place
    count : int
        How many things.
    unowned : mapping of str to datetime
        Those without an owner, and since when that is known.
    gone : frozenset of str
        Those of them that a row says are gone.
    """

    place: Place
    count: int
    unowned: Mapping[str, datetime]
    gone: frozenset[str]


def states(folder: DataFolder, record: Record, busy: Collection[str] = ()) -> list[PlaceState]:
    """Return what lies where, without changing anything.

    Parameters
    ----------
    folder : DataFolder
    record : Record
    busy : collection of str
        Names of things that are being written just now.
    """
    noted, now = _noted(folder), record.moment()
    found = []
    for place in PLACES:
        # What comes after this look is not in it, so that nothing new is taken for ownerless.
        there = place.there(folder)
        with record.reading() as session:
            unowned = sorted(there - place.owned(session) - set(busy))
            gone = frozenset(place.gone(session).intersection(unowned))
        since = {name: noted.get((place.name, name), now) for name in unowned}
        found.append(PlaceState(place, len(there), since, gone))
    return found


def tidy(folder: DataFolder, record: Record, busy: Collection[str] = ()) -> int:
    """Remove what is gone, and what nobody has known for `PATIENCE`; return how many.

    Parameters
    ----------
    folder : DataFolder
    record : Record
    busy : collection of str
        Names of things that are being written just now.

    Raises
    ------
    StorageError
        Since when things are unknown cannot be noted; nothing is removed then.
    """
    now, count = record.moment(), 0
    found = states(folder, record, busy)
    _note(folder, found)
    for state in found:
        for name, since in state.unowned.items():
            if name in state.gone or now - since >= PATIENCE:
                count += state.place.remove(folder, name)
    return count


def _noted(folder: DataFolder) -> dict[tuple[str, str], datetime]:
    try:
        lines = json.loads((folder.path / NOTE_NAME).read_text("utf-8"))
        return {(place, name): datetime.fromisoformat(at) for place, name, at in lines}
    except (OSError, ValueError, TypeError):
        return {}  # without the note patience begins anew


def _note(folder: DataFolder, found: Iterable[PlaceState]) -> None:
    lines = [
        (state.place.name, name, since.isoformat())
        for state in found
        for name, since in state.unowned.items()
    ]
    path = folder.path / NOTE_NAME
    if lines:
        write_whole(path, [json.dumps(lines).encode()], private=True)
    else:
        path.unlink(missing_ok=True)


def _media(session: Session, *, gone: bool) -> set[str]:
    return set(session.scalars(select(Media.id).where(Media.erased_at.is_not(None) == gone)))


def _uploads_gone(session: Session) -> set[str]:
    return set(session.scalars(select(Upload.id).where(Upload.state != OPEN)))


def _live(session: Session, *, gone: bool) -> set[str]:
    open_now = Recording.state.in_(UNFINISHED) & Recording.voided_at.is_(None)
    query = select(Recording.id).where(Recording.origin == "live", open_now != gone)
    return set(session.scalars(query))


def _work(session: Session, *, gone: bool) -> set[str]:
    jobs = session.scalars(select(Job.id).where(Job.state.in_(ACTIVE) != gone))
    return {*jobs, *map(live_work, _live(session, gone=gone))}


def _work_of(rows: RowIds) -> set[str]:
    return {*rows["jobs"], *map(live_work, rows["recordings"])}


def _remove_work(folder: DataFolder, name: str) -> bool:
    room = folder.work()
    was_there = (room.path / name).exists()
    room.remove(name)
    room.leave()
    return was_there


def _names(path: Path) -> set[str]:
    return {one.name for one in path.iterdir()} if path.is_dir() else set()


def _remove_tree(path: Path) -> bool:
    was_there = path.exists()
    shutil.rmtree(path, ignore_errors=True)
    return was_there


PLACES = (
    Place(
        "media",
        mark("videos, tracks, pictures and results of measurements"),
        there=lambda folder: set(folder.media().ids()),
        owned=partial(_media, gone=False),
        gone=partial(_media, gone=True),
        of_rows=lambda rows: set(rows["media"]),
        remove=lambda folder, name: folder.media().erase(name),
    ),
    Place(
        UPLOADS_NAME,
        mark("parts of videos on their way"),
        there=lambda folder: _names(folder.path / UPLOADS_NAME),
        owned=open_upload_ids,
        gone=_uploads_gone,
        of_rows=lambda rows: set(rows["uploads"]),
        remove=lambda folder, name: _remove_tree(folder.path / UPLOADS_NAME / name),
    ),
    Place(
        LIVE_NAME,
        mark("pictures of live recordings that are not finished"),
        there=lambda folder: _names(folder.path / LIVE_NAME),
        owned=partial(_live, gone=False),
        gone=partial(_live, gone=True),
        of_rows=lambda rows: set(rows["recordings"]),
        remove=lambda folder, name: _remove_tree(folder.path / LIVE_NAME / name),
    ),
    Place(
        "work",
        mark("what is measured just now, readable; with a passphrase in memory alone"),
        there=lambda folder: _names(folder.work().path),
        owned=partial(_work, gone=False),
        gone=partial(_work, gone=True),
        of_rows=_work_of,
        remove=_remove_work,
    ),
)
