"""One measurement in a process of its own: its folder prepared, started, listened to, ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from facewire.clinic.deciding import prepare_deciding
from facewire.clinic.learner import Learner
from facewire.clinic.worker import DONE, JOB, PROBLEM, RESULTS, SHARE, STEP
from facewire.errors import FacewireError, RecordError, RemoteError
from facewire.face import Side
from facewire.files import private_folder, write_whole
from facewire.record.clinical import history_of, require_care
from facewire.record.jobs import DECIDE, ROOM, Claim
from facewire.record.media import MediaStore
from facewire.record.other_side import other_side_treated
from facewire.record.patients import age_years
from facewire.record.rooms import RoomAsked
from facewire.record.store import Session, get
from facewire.record.tables import Media, Patient, Recording, Visit

PROGRAM = (sys.executable, "-m", "facewire.clinic.worker")
CUES, STORED_TRACK, TRACK = "cues.json", "stored.parquet", "track.parquet"
WORDS = "stderr.txt"
WORDS_KEPT = 300
PASSED_ON = (
    "FACEWIRE_MODEL",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONPATH",
    "XDG_CACHE_HOME",
)
"""What the process may know of its surroundings; a passphrase is not among it."""

SPANS = {
    "wiring": (0.05, 0.4),
    "plan": (0.4, 0.96),
    "forecast": (0.05, 0.96),
    "start": (0.0, 0.02),
    "track": (0.02, 0.86),
    "measure": (0.86, 0.92),
    "report": (0.92, 0.96),
    "check": (0.0, 0.96),
}
"""Which share of the whole each step takes, roughly: tracking is what takes long. The check of a
room is one step."""


def prepare(
    session: Session,
    claim: Claim,
    media: MediaStore,
    folder: Path,
    learner: Learner | None = None,
) -> dict[str, Any]:
    """Put what is measured into the folder and return what the process is told.

    Parameters
    ----------
    session : Session
        For reading.
    claim : Claim
    media : MediaStore
    folder : Path
        What an earlier attempt left in it is used again.
    learner : Learner, optional
        What the clinic's own patients taught, for a forecast.

    Raises
    ------
    ForbiddenError
        The patient withdrew the consent meanwhile.
    RecordError
        There is neither a stored video nor a stored track.
    StorageError, VaultError
        A stored file cannot be read, or there is no room for it.
    """
    if claim.kind == DECIDE:
        job = prepare_deciding(session, claim, media, folder, learner)
    else:
        preparing = _check_of_room if claim.kind == ROOM else _measurement
        job = preparing(session, claim, media, folder)
    write_whole(folder / JOB, [json.dumps(job).encode()], private=True)
    return job


def _check_of_room(
    session: Session, claim: Claim, media: MediaStore, folder: Path
) -> dict[str, Any]:
    asked = RoomAsked.of(claim.settings)
    source = f"video{asked.ending}"
    _copy(session, claim.job_id, media, folder / source)
    return {"room": True, "source": source, "mirrored": asked.mirrored}


def _measurement(session: Session, claim: Claim, media: MediaStore, folder: Path) -> dict[str, Any]:
    recording = get(session, Recording, claim.recording_id)
    require_care(session, recording.patient_id)
    source = _source(session, recording, media, folder)
    if recording.cues is not None:
        write_whole(folder / CUES, [json.dumps(recording.cues["cues"]).encode()], private=True)
    patient = get(session, Patient, recording.patient_id)
    affected = _affected(session, patient.id, claim.settings)
    on = get(session, Visit, recording.visit_id).on
    treated = None
    if affected in set(Side):
        treated = other_side_treated(session, patient.id, Side(affected).other, on)
    return {
        "source": source,
        "cues": CUES if recording.cues is not None else None,
        "mirrored": recording.mirrored,
        "affected": affected,
        "other_side_treated": treated,
        "recorded": on.isoformat(),
        "age_years": age_years(session, patient.id, on),
        "iris_mm": claim.settings.get("iris_mm"),
        "subject": patient.code,
    }


def overall_share(step: str, share: float) -> float:
    """Return how much of the whole is done when a step is done by this share."""
    start, end = SPANS.get(step, (0.0, 0.0))
    return start + (end - start) * min(max(share, 0.0), 1.0)


class Measuring:
    """The process, as long as the ``with`` block lasts; it never outlives it.

    Parameters
    ----------
    folder : Path
        As `prepare` left it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._problem: FacewireError | None = None
        self._done = False
        self.progress = ("start", 0.0)
        self.said_at = time.monotonic()

    def __enter__(self) -> Self:
        """Start the process."""
        with (self._folder / WORDS).open("wb") as words:
            self._process = subprocess.Popen(
                [*PROGRAM, str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, with all that it started."""
        self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def ended(self, within_s: float) -> bool:
        """Wait a moment; return whether the process has ended."""
        self._listener.join(within_s)
        return not self._listener.is_alive()

    def kill(self) -> None:
        """End the process now."""
        with suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        self._listener.join()

    def raise_problem(self) -> None:
        """Raise what stood in the way of a process that has ended.

        Raises
        ------
        FacewireError
            In the process's own words, or that it ended without any.
        """
        if self._problem is not None:
            raise self._problem
        if not self._done:
            raise self._silent_end(self._process.wait())

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            self.said_at = time.monotonic()
            self._done = self._done or DONE in said
            if PROBLEM in said:
                self._problem = RemoteError(said[PROBLEM])
            if STEP in said:
                self.progress = (said[STEP], overall_share(said[STEP], said[SHARE]))

    def _silent_end(self, status: int) -> FacewireError:
        words = (self._folder / WORDS).read_bytes()[-WORDS_KEPT:].decode("utf-8", "replace")
        last = (words.strip().splitlines() or [""])[-1]
        by_signal = signal.Signals(-status).name if status < 0 else f"exit code {status}"
        return FacewireError(
            "The measuring process broke off",
            expected="a result, or a reason",
            found=f"{by_signal}; {last}" if last else by_signal,
            do="ask for the measurement again; if it stays, send a shorter or smaller video",
        )


def _source(session: Session, recording: Recording, media: MediaStore, folder: Path) -> str:
    """Copy video and known track into the folder; return the name of what is measured."""
    known = folder / RESULTS / TRACK
    if recording.video_media_id is None:
        if recording.track_media_id is None:
            raise RecordError("This recording has neither video nor track")
        _copy(session, recording.track_media_id, media, folder / STORED_TRACK)
        return STORED_TRACK
    video = get(session, Media, recording.video_media_id)
    # The file's own name may be a person's; results carry the name of what was measured.
    path = folder / f"video{Path(video.name).suffix.lower()}"
    _copy(session, video.id, media, path)
    if recording.track_media_id is not None and not known.exists():
        private_folder(known.parent)
        _copy(session, recording.track_media_id, media, known)
    return path.name


def _copy(session: Session, media_id: str, media: MediaStore, path: Path) -> None:
    if not path.exists():
        media.copy_to(media_id, path, sha256=get(session, Media, media_id).sha256)


def _affected(session: Session, patient_id: str, settings: dict[str, Any]) -> str | None:
    chosen = settings.get("affected")
    if chosen is not None:
        return None if chosen == "infer" else str(chosen)
    history = history_of(session, patient_id)
    return history.side if history is not None and history.side in ("L", "R") else None
