"""A treated other side is no reference: the rule, the dates, and what it prevents."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from facewire.cli import app
from facewire.errors import UsageError
from facewire.face import Region, Side
from facewire.findings import judged
from facewire.pipeline import MeasureOptions
from facewire.pipeline.other_side import (
    day_of,
    other_side_refused,
    treated_of,
    why_no_reference,
)
from facewire.results.findings import Verdict
from simulated.wiring_spec import SignalPatient, WrongEdge
from unit.synkinesis.made_evidence import estimate, simulate

TREATED = date(2026, 3, 1)
HEALTHY_EYE_TREATED = SignalPatient(
    affected_side=Side.LEFT,
    voluntary_gain={"eye_close": 0.6},
    miswiring=(WrongEdge("smile", Region.EYE, (2.2,)),),
)
"""The left eye closes weakly and does not narrow in a smile, as after toxin beside it; the right
eye does what eyes do."""


def clip(path: Path, created: str = "", place_day: str = "") -> Path:
    """A clip of ten grey pictures, with or without a day of its own."""
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        if created:
            out.metadata["creation_time"] = created
        if place_day:
            out.metadata["com.apple.quicktime.creationdate"] = place_day
        stream = out.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, np.uint8), format="rgb24")
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("recorded", "refused"),
    [
        (date(2026, 3, 1), True),
        (date(2026, 8, 30), True),  # 182 days
        (date(2026, 8, 31), False),  # 183 days
    ],
)
def test_toxin_counts_for_six_months(recorded: date, refused: bool) -> None:
    reason = why_no_reference(TREATED, recorded)
    assert bool(reason) is refused
    if refused:
        assert "2026-03-01" in reason
        assert str(recorded) in reason


def test_an_operation_counts_for_ever() -> None:
    assert why_no_reference("operated", date(2099, 1, 1)) == "the other side was operated on"


def test_an_unknown_day_cannot_be_told() -> None:
    assert "2026-03-01; the day of the recording is not known" in why_no_reference(TREATED, None)


def test_a_treatment_after_the_recording_is_wrong_use() -> None:
    with pytest.raises(UsageError, match=r"treated after the recording.*before 2026-02-28"):
        why_no_reference(TREATED, date(2026, 2, 28))


@pytest.mark.parametrize(
    ("created", "ending"),
    [
        ("2026-03-31T10:00:00.000000Z", "30 days before the recording on 2026-03-31"),
        ("2027-01-01T10:00:00.000000Z", ""),
        ("2026-02-01T10:00:00.000000Z", "is not known"),  # a clock that was never set
        ("", "is not known"),
    ],
)
def test_the_recordings_own_day(tmp_path: Path, created: str, ending: str) -> None:
    reason = other_side_refused(clip(tmp_path / "c.mp4", created), TREATED, None)
    assert reason.endswith(ending)
    assert bool(reason) is bool(ending)


def test_the_day_at_the_place_of_recording_goes_before_utc(tmp_path: Path) -> None:
    video = clip(tmp_path / "c.mov", "2026-03-31T23:30:00.000000Z", "2026-04-01T01:30:00+0200")
    assert other_side_refused(video, TREATED, None).endswith("on 2026-04-01")


def test_a_stated_day_goes_before_the_files_own(tmp_path: Path) -> None:
    video = clip(tmp_path / "c.mp4", "2026-03-31T10:00:00.000000Z")
    assert other_side_refused(video, TREATED, date(2027, 1, 1)) == ""


def test_a_track_has_no_day_of_its_own(tmp_path: Path) -> None:
    assert "is not known" in other_side_refused(tmp_path / "track.parquet", TREATED, None)


@pytest.mark.parametrize("said", ["last spring", "2026-02-31", "31.3.2026"])
def test_what_is_no_day_is_told(said: str) -> None:
    with pytest.raises(UsageError, match=r"YYYY-MM-DD"):
        day_of(said)
    with pytest.raises(UsageError, match=said.replace(".", r"\.")):
        treated_of(said)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_healthy_eye_that_was_treated_makes_no_synkinesis(seed: int) -> None:
    def named(**choices: Any) -> list[Region]:
        settings = MeasureOptions(affected="R", **choices).map_settings
        found = estimate(simulate(HEALTHY_EYE_TREATED, seed), settings)
        cells = judged(found.synkinesis, found.affected.side)
        assert found.references.other_side_reason == choices.get("other_side_refused", "")
        return [cell.region for cell in cells if cell.verdict is Verdict.SYNKINESIS]

    assert Region.EYE in named()
    assert named(other_side_refused=why_no_reference(TREATED, date(2026, 3, 31))) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--other-side-treated", "2026-03-01"], "--affected L or R"),
        (["--other-side-treated", "operated", "--affected", "none"], "--affected L or R"),
        (["--recorded", "2026-03-01"], "leave --recorded out"),
        (["--other-side-treated", "maybe", "--affected", "L", "--recorded", "2026-03-01"], "maybe"),
    ],
)
def test_the_command_refuses_what_cannot_be(tmp_path: Path, options: list[str], told: str) -> None:
    given = [str(tmp_path / "t.parquet"), "--out", str(tmp_path / "o"), *options]
    done = CliRunner().invoke(app, ["measure", *given])
    assert isinstance(done.exception, UsageError)
    assert told in str(done.exception)


def test_the_command_passes_the_reason_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from facewire import pipeline

    asked: list[MeasureOptions] = []

    def stop(*given: Any) -> None:
        asked.append(given[4])
        raise UsageError("enough")

    monkeypatch.setattr(pipeline, "measure", stop)
    said = ["--other-side-treated", "2026-03-01", "--recorded", "2026-03-11", "--affected", "L"]
    CliRunner().invoke(app, ["measure", "t.parquet", "--out", str(tmp_path / "o"), *said])
    assert asked[0].affected == "L"
    assert asked[0].other_side_refused.endswith("10 days before the recording on 2026-03-11")
