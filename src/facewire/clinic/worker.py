"""The process that measures one video: no database, no key, no network, limited memory.

    python -m facewire.clinic.worker FOLDER

It reads ``job.json`` in its folder and measures, checks a room with the video, or computes what a
measurement says about treatments. It says on
standard output, one JSON object a line, how far it is, what stood in its way, or that it is done.
It ends when its standard input does: then the app that started it is gone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facewire.confined import confine
from facewire.errors import FacewireError, StorageError, parts_of

if TYPE_CHECKING:
    from facewire.pipeline import MeasureOptions

JOB, RESULTS = "job.json", "results"
STEP, SHARE, PROBLEM, DONE = "step", "share", "problem", "done"
"""What a line may say."""

MEMORY_MB = 4096
NICE = 10
"""Measuring waits for whoever uses the app, live recording above all."""


def main(folder: Path) -> int:
    """Measure what ``job.json`` says; return 0 when done, 1 when something stood in the way."""
    confine()
    job = json.loads((folder / JOB).read_text("utf-8"))
    _stay_small(job.get("memory_mb", MEMORY_MB))
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    problem = _problem(folder, job)
    _say({DONE: True} if problem is None else {PROBLEM: parts_of(problem)})
    return 0 if problem is None else 1


def _problem(folder: Path, job: dict[str, Any]) -> FacewireError | None:
    work = _check_room if job.get("room") else _decide if job.get("decide") else _measure
    try:
        work(folder, job)
    except FacewireError as error:
        return error
    except MemoryError:
        return FacewireError(
            "The measuring needed more memory than it may have",
            do="send a shorter video, or one of lower resolution",
        )
    except OSError as error:
        return StorageError("A file of the measurement failed", found=error.strerror or "")
    return None


def _measure(folder: Path, job: dict[str, Any]) -> None:
    from facewire.pipeline import TrackOptions, measure

    tracking = TrackOptions(mirrored=job["mirrored"])
    source, out = folder / job["source"], folder / RESULTS
    measure(source, out, None, tracking, _options(folder, job), _say_progress)


def _check_room(folder: Path, job: dict[str, Any]) -> None:
    from facewire.phantom import DOCUMENT, CheckOptions, check_room
    from facewire.pipeline import TrackOptions

    # A process that was killed after the last step has nothing left to do.
    if not (folder / RESULTS / DOCUMENT).exists():
        options = CheckOptions(tracking=TrackOptions(mirrored=job["mirrored"]))
        check_room(folder / job["source"], folder / RESULTS, options, _say_progress)


def _decide(folder: Path, _job: dict[str, Any]) -> None:
    from facewire.clinic.deciding import compute

    compute(folder, folder / RESULTS, _say_progress)


def _options(folder: Path, job: dict[str, Any]) -> MeasureOptions:
    from facewire.pipeline import MeasureOptions, day_of, other_side_refused, treated_of

    treated, refused = job["other_side_treated"], ""
    if treated is not None:
        source, on = folder / job["source"], day_of(job["recorded"])
        refused = other_side_refused(source, treated_of(treated), on)
    return MeasureOptions(
        cues=folder / job["cues"] if job["cues"] else None,
        affected=job["affected"],
        age_years=job["age_years"],
        iris_mm=job["iris_mm"],
        subject=job["subject"],
        overwrite=True,
        other_side_refused=refused,
    )


def _stay_small(memory_mb: int) -> None:
    """Limit memory, give way to others, and be the first to go when memory runs out."""
    if os.name != "posix":
        return
    import resource

    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.nice(NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800")


def _end_with_the_app() -> None:
    # Not through sys.stdin: its lock would be held at the interpreter's end.
    while os.read(0, 1):
        pass
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _say_progress(step: str, share: float) -> None:
    _say({STEP: step, SHARE: share})


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
