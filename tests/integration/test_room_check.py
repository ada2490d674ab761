"""A room is checked in the app by the real process: sent, stopped half way, gone on with, shown."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
from web_app import Clinic, copy_clinic, open_clinic, write_clinic

from facewire.clinic import measuring
from facewire.record.rooms import document_of_check
from facewire.record.store import get
from facewire.record.tables import Job, Media, RoomCheck
from facewire.version import facewire_version

pytestmark = [pytest.mark.models, pytest.mark.slow]

ONE_LEVEL = (
    "import pathlib, sys; from facewire.phantom import check; check.LEVELS_MM = (2.0,);"
    "from facewire.clinic.worker import main; sys.exit(main(pathlib.Path(sys.argv[1])))"
)
LONGEST_S = 600
SAID = {"room": "Room 2", "on": "2026-03-02", "mirrored": "unsure", "agreed": "yes"}


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """Its processes draw one level in place of three."""
    monkeypatch.setattr(measuring, "PROGRAM", (sys.executable, "-c", ONE_LEVEL))
    return open_clinic(copy_clinic(write_clinic(tmp_path / "made"), tmp_path / "data"))


def _stop_after_the_first_copy(clinic: Clinic, job_id: str) -> None:
    folder = clinic.services.folder.work().path / job_id / "results"  # type: ignore[union-attr]
    clinic.services.jobs.start()
    end = time.monotonic() + LONGEST_S
    while not (folder / "copies" / "coded.json").exists():
        assert time.monotonic() < end
        time.sleep(0.1)
    clinic.services.jobs.stop()
    with clinic.record.reading() as session:
        job = get(session, Job, job_id)
        assert (job.state, job.step) == ("waiting", "check")
        assert 0.2 < job.share < 0.8
    assert (folder / "original" / "result.json").exists()


def _go_on_to_the_end(clinic: Clinic, job_id: str) -> None:
    clinic.services.jobs.start()
    end = time.monotonic() + LONGEST_S
    while _state(clinic, job_id) in ("waiting", "running"):
        assert time.monotonic() < end
        time.sleep(0.1)
    clinic.services.jobs.stop()


def _state(clinic: Clinic, job_id: str) -> str:
    with clinic.record.reading() as session:
        return get(session, Job, job_id).state


def test_a_room_is_checked_from_the_form_to_its_page(clinic: Clinic, moving_clip: Path) -> None:
    client = clinic.client("therapist")
    files = {"video": ("Eva Healthy.mp4", moving_clip.read_bytes())}
    address = client.post("/rooms/new", data=SAID, files=files).headers["location"]
    job_id = address.removeprefix("/rooms/")
    _stop_after_the_first_copy(clinic, job_id)
    _go_on_to_the_end(clinic, job_id)
    with clinic.record.reading() as session:
        job = get(session, Job, job_id)
        assert (job.state, job.problem) == ("done", None)
        found = document_of_check(session.query(RoomCheck).one())
        assert get(session, Media, job_id).erased_at is not None
    assert [copy.name for copy in found.copies] == ["original", "coded", "R-2mm", "L-2mm"]
    assert found.provenance.facewire == facewire_version()
    assert found.provenance.source.name == "video.mp4"
    assert not found.side_confirmed
    assert list(clinic.services.media.ids()) == []
    left = [path for path in clinic.services.settings.data.rglob("*") if job_id in path.name]
    assert left == []
    shown = " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())
    assert "Sides not confirmed" in shown
    assert "the changed side was named in" in shown
    assert client.get(f"{address}/report").status_code == 200
