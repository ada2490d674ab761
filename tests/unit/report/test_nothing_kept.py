"""A recording of which no movement could be used: nothing in it speaks as if all were well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.cli.summary import print_summary
from facewire.face import Movement, Region, Side
from facewire.findings import complete
from facewire.movements import locate_movements
from facewire.pipeline.measurement import measurement_of
from facewire.report import patient_words, professional_words
from facewire.results.coverage import Coverage, PatternCoverage
from facewire.results.measurement import Measurement, Quality
from facewire.results.provenance import Provenance, Source
from facewire.synkinesis import MapSettings, estimate_map
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import simulate_signals
from simulated.wiring_spec import SignalPatient
from unit.findings.made_map import measurement as made_measurement
from unit.findings.made_map import synkinesis_cell, synkinesis_cells, untold
from unit.report.page_reading import build_report
from unit.report.test_seen_first import printed

WELL = (
    "no synkinesis was found",
    "No synkinesis was found",
    "No involuntary movement was found",
    "nothing was seen to go along",
    "What works",
    "none found",
)


@pytest.fixture(scope="module", params=[None, "R", "none"])
def dropped(request: pytest.FixtureRequest) -> Measurement:
    """Three smiles, none of them held; the side undecided, or stated."""
    spec = SignalPatient(protocol=Protocol(movements=(Movement.SMILE_OPEN,)))
    recording = simulate_signals(spec, np.random.default_rng(1))
    movements = locate_movements(recording.signals, recording.cues)
    none = tuple(r.replaced(kept=False, reason="it was not held") for r in movements.repetitions)
    movements = replace(movements, repetitions=none)
    frames = len(recording.signals.times_s)
    source = Source(name="a.mp4", mirrored=False)
    found = estimate_map(recording.signals, movements, MapSettings(request.param))
    return measurement_of(
        found,
        movements,
        Quality(frames=frames, frames_measured=frames, frames_lost=0),
        source,
        Provenance(facewire="0", source=source),
    ).replaced(scale=recording.signals.scale)


def test_on_the_screen(dropped: Measurement) -> None:
    told = printed(lambda console: print_summary(console, dropped, None))
    assert "0 of 3 repetitions could be used" in told
    assert "Nothing can be said of synkinesis." in told
    assert not [words for words in WELL if words in told]


def test_on_the_page(dropped: Measurement) -> None:
    page = build_report(dropped, None)
    assert "How your face moves: no movement in it could be used." in page
    assert "Nothing can be said of involuntary movement" in page
    assert not [words for words in WELL if words in page]


def test_in_words(dropped: Measurement) -> None:
    judged = complete(dropped)
    assert patient_words.works(judged) == ()
    assert not patient_words.nothing_seen(judged)
    assert "no movement could be used" in professional_words.nothing_found(judged)


def test_where_a_pattern_could_have_gone_unseen_no_says_of_what_and_what_moved_is_told() -> None:
    """The other eye is covered: of the narrowing it cannot be told whether it matters."""
    moved = {"change_mm": -1.7, "ci_low": -2.6, "ci_high": -0.8, "detected": True, "present": None}
    eye = synkinesis_cell(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT, **moved)
    cells = tuple(eye if cell.key == eye.key else cell for cell in synkinesis_cells())
    could = PatternCoverage(
        name="ocular-oral", side=Side.RIGHT, power_1_mm=None, power_2_mm=None, could_show=False
    )
    limited = Coverage(asked=24, usable=24, movements=(), lacking=(), patterns=(could,), regions=())
    result = complete(made_measurement(synkinesis=cells).replaced(coverage=limited))
    screen, page = (
        printed(lambda console: print_summary(console, result, None)),
        build_report(result, None),
    )
    for told in (screen, page):
        assert "In what could be seen, no " in told
        assert "this moved without being asked: " in told
        assert "1.7 mm" in told
        assert "No synkinesis was found" not in told
        assert "No involuntary movement was found" not in told
    assert "none found in what could be seen" in page
    whole = build_report(result.replaced(coverage=limited.replaced(patterns=())), None)
    assert "<dd>none found</dd>" in whole


def test_a_recording_that_is_mostly_untold_rules_nothing_out() -> None:
    """One quiet region; no other can be told. The side is known."""
    quiet = synkinesis_cell(Movement.SMILE_OPEN, Region.BROW, Side.RIGHT)
    cells = [
        quiet if cell.key == quiet.key else untold(cell.movement, cell.region, cell.side)
        for cell in synkinesis_cells()
    ]
    result = made_measurement(synkinesis=tuple(cells))
    told = printed(lambda console: print_summary(console, result, None))
    assert "Most of this recording cannot be told: no synkinesis is ruled out." in told
    assert "o synkinesis was found" not in told
