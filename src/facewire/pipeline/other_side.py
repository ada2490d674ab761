"""Whether the other side's treatment keeps it from being a reference, and why.

A side that was weakened by toxin, or operated on, moves less than a healthy one: held against it,
the untreated side of a healthy face would look synkinetic.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from facewire.errors import UsageError
from facewire.video import probe_video

Treated = date | Literal["operated"]
"""The day of botulinum toxin, or that the side was operated on at any time."""

TOXIN_DAYS = 183
"""Six months: as long as an effect of the toxin may last."""


def why_no_reference(treated: Treated, recorded: date | None) -> str:
    """Return why the other side is no reference, with the dates; empty where it is one.

    Parameters
    ----------
    treated : date or str
        Day of botulinum toxin into the other side, or ``operated``.
    recorded : date, optional
        Day of the recording; where it is not known, it cannot be told whether the toxin had worn
        off.

    Raises
    ------
    UsageError
        The treatment lies after the recording.
    """
    if treated == "operated":
        return "the other side was operated on"
    toxin = f"the other side had botulinum toxin on {treated}"
    if recorded is None:
        return f"{toxin}; the day of the recording is not known"
    days = (recorded - treated).days
    if days < 0:
        raise UsageError(
            "The other side was treated after the recording",
            expected=f"a treatment before {recorded}",
            found=str(treated),
            do="correct the dates, or leave the treatment out",
        )
    if days < TOXIN_DAYS:
        return f"{toxin}, {days} days before the recording on {recorded}"
    return ""


def other_side_refused(source: Path, treated: Treated, recorded: date | None) -> str:
    """Return why the other side is no reference in a recording; see `why_no_reference`.

    Parameters
    ----------
    source : Path
        The recording or a stored track; a recording's own day is read where none is given.
    treated : date or str
    recorded : date, optional
        What the user says.

    Raises
    ------
    UsageError
        The treatment lies after the day that the user says.
    VideoError
        The recording cannot be read.
    """
    if treated == "operated" or recorded is not None or source.suffix == ".parquet":
        return why_no_reference(treated, recorded)
    announced = probe_video(source).created_on
    day = date.fromisoformat(announced) if announced else None
    # A camera whose clock was never set announces a day long past: no answer to trust.
    return why_no_reference(treated, day if day and day >= treated else None)


def treated_of(said: str) -> Treated:
    """Return what was said of the other side's treatment: a day, or ``operated``.

    Raises
    ------
    UsageError
        It is neither.
    """
    return "operated" if said == "operated" else day_of(said)


def day_of(said: str) -> date:
    """Return a day as people write it for programs, ``YYYY-MM-DD``.

    Raises
    ------
    UsageError
        It is no day.
    """
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise UsageError(
            "A day cannot be read", expected="YYYY-MM-DD, such as 2026-03-31", found=said
        ) from error
