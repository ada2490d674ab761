"""Cue sheets: which movement was asked when, read from JSON and checked row by row."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from facewire.errors import CueSheetError
from facewire.face import MOVEMENTS, Movement
from facewire.files import decoded

TIMES = ("start_s", "onset_end_s", "offset_start_s", "end_s")
FIELDS = ("movement", "repetition", *TIMES)
LARGEST_BYTES = 1_000_000
END_TOLERANCE_S = 0.1
"""A cue may end this much after the last frame: sheets are rounded and frames have a length."""


@dataclass(frozen=True)
class Cue:
    """One asked repetition on the recording's time axis, seconds.

    ``effort`` is what the patient was asked for, such as ``comfortable`` or ``full``; empty where
    the cue sheet does not say.
    """

    movement: Movement
    repetition: int
    start_s: float
    onset_end_s: float
    offset_start_s: float
    end_s: float
    effort: str = ""

    def __post_init__(self) -> None:
        times = (self.start_s, self.onset_end_s, self.offset_start_s, self.end_s)
        in_order = all(a < b for a, b in pairwise(times)) and math.isfinite(times[-1] - times[0])
        if not in_order or self.repetition < 1:
            raise CueSheetError(
                f"The times of {self.movement} {self.repetition} are not in order",
                expected="start_s < onset_end_s < offset_start_s < end_s; repetitions from 1",
                found=", ".join(f"{t:g}" for t in times),
                do="correct the cue sheet",
            )


def load_cues(path: Path | str) -> tuple[Cue, ...]:
    """Read a cue sheet.

    Parameters
    ----------
    path : Path or str
        JSON list of objects with ``movement``, ``repetition``, ``start_s``, ``onset_end_s``,
        ``offset_start_s`` and ``end_s``; ``effort`` is kept, other keys are ignored.

    Returns
    -------
    tuple of Cue
        In the order of time.

    Raises
    ------
    CueSheetError
        The file cannot be read, is not such a list, or a row is wrong; the message names the row
        (counted from 1) and the field.
    """
    return cues_of(_rows(Path(path)))


def cues_of(rows: Sequence[Any]) -> tuple[Cue, ...]:
    """Check the rows of a cue sheet that was not read from a file of its own.

    Parameters
    ----------
    rows : sequence
        As in the file, see `load_cues`.

    Returns
    -------
    tuple of Cue
        In the order of time.

    Raises
    ------
    CueSheetError
        A row is wrong; the message names it (counted from 1) and the field.
    """
    cues = sorted((_cue(i, row) for i, row in enumerate(rows, start=1)), key=lambda c: c.start_s)
    _check_together(cues)
    return tuple(cues)


def check_cues_fit(cues: Sequence[Cue], duration_s: float) -> None:
    """Refuse a cue sheet that is longer than the recording.

    Parameters
    ----------
    cues : sequence of Cue
        In any order.
    duration_s : float
        Time of the recording's last frame.

    Raises
    ------
    CueSheetError
        A cue ends more than 0.1 s after the recording; the message says by how much.
    """
    last = max(cues, key=lambda c: c.end_s)
    if last.end_s <= duration_s + END_TOLERANCE_S:
        return
    raise CueSheetError(
        f"The cue sheet is {last.end_s - duration_s:.2f} s longer than the recording",
        expected=f"every cue to end within {duration_s:.2f} s",
        found=f"{_name(last)} ends at {last.end_s:.2f} s",
        do="check that the cue sheet belongs to this recording",
    )


def _rows(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise CueSheetError(
                f"The cue sheet {path.name} is too large",
                expected="at most 1 MB",
                do="check that it is the right file",
            )
        rows = json.loads(decoded(path.read_bytes()))
    except OSError as error:
        raise CueSheetError(
            f"The cue sheet {path.name} cannot be read",
            found=error.strerror or type(error).__name__,
            do="check its path",
        ) from error
    except (ValueError, RecursionError) as error:
        raise CueSheetError(
            f"The cue sheet {path.name} is not JSON",
            found=str(error),
            do="write a JSON list of cues",
        ) from error
    if not isinstance(rows, list) or not rows:
        raise CueSheetError(
            f"The cue sheet {path.name} holds no cues",
            expected="a JSON list with at least one cue",
            found="an empty list" if rows == [] else _kind(rows),
        )
    return rows


def _cue(row_number: int, row: Any) -> Cue:
    where = f"Row {row_number} of the cue sheet"
    if not isinstance(row, dict):
        raise CueSheetError(f"{where} is not a cue", expected="an object", found=_kind(row))
    missing = [field for field in FIELDS if field not in row]
    if missing:
        raise CueSheetError(
            f"{where} is incomplete", expected=", ".join(FIELDS), found=f"no {', '.join(missing)}"
        )
    times = {field: _time(where, field, row[field]) for field in TIMES}
    if not all(a < b for a, b in pairwise(times.values())):
        raise CueSheetError(
            f"{where}: the times are not in order",
            expected=" < ".join(TIMES),
            found=", ".join(f"{t:g}" for t in times.values()),
            do="correct the cue sheet",
        )
    return Cue(
        movement=_movement(where, row["movement"]),
        repetition=_repetition(where, row["repetition"]),
        effort=_effort(where, row.get("effort", "")),
        **times,
    )


def _movement(where: str, value: Any) -> Movement:
    names = [str(m) for m in MOVEMENTS]
    if not isinstance(value, str) or value not in names:
        raise CueSheetError(
            f"{where}: movement is not known",
            expected=f"one of {', '.join(names)}",
            found=repr(value),
        )
    return Movement(value)


def _repetition(where: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise CueSheetError(
            f"{where}: repetition is not a whole number from 1 on", found=repr(value)
        )
    return value


def _time(where: str, field: str, value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value < 0:
        raise CueSheetError(
            f"{where}: {field} is not a time", expected="seconds, 0 or more", found=repr(value)
        )
    return float(value)


def _effort(where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise CueSheetError(f"{where}: effort is not a word", found=repr(value))
    return value


def _check_together(cues: Sequence[Cue]) -> None:
    seen: set[tuple[Movement, int]] = set()
    for cue in cues:
        if (cue.movement, cue.repetition) in seen:
            raise CueSheetError(
                f"The cue sheet lists {_name(cue)} twice",
                expected="each repetition of a movement once",
                do="number the repetitions",
            )
        seen.add((cue.movement, cue.repetition))
    for earlier, later in pairwise(cues):
        if later.start_s < earlier.end_s:
            raise CueSheetError(
                f"Cues overlap: {_name(later)} starts before {_name(earlier)} ends",
                found=f"start {later.start_s:g} s, end {earlier.end_s:g} s",
                do="correct the cue sheet",
            )


def _name(cue: Cue) -> str:
    return f"{cue.movement} {cue.repetition}"


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", type(None): "null"}
    return kinds.get(type(value), "a number")
