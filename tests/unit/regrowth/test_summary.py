"""The published form: valid, marked as a simulation for teaching, and the same as the arrays."""

from __future__ import annotations

import json

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.regrowth import summarise
from facewire.regrowth.facts import facts, published
from facewire.regrowth.nerve import nerve
from facewire.results.regrowth import CitedNumber, Regrowth
from unit.regrowth.made_injuries import CRUSH, NEURAPRAXIA, NONE, OPEN_CUT, ZYGOMATIC, courses


@pytest.mark.parametrize("injury", [CRUSH, NONE, OPEN_CUT, ZYGOMATIC])
def test_is_written_and_read_again(injury):
    found = summarise(courses(injury), "x")
    assert Regrowth.from_json(found.to_json()) == found


def test_says_that_it_is_a_simulation_for_teaching():
    found = summarise(courses(CRUSH))
    assert (found.kind, found.teaching) == ("simulated", True)
    assert found.statement == "Simulation for teaching; not a forecast for one patient."


def test_without_the_mark_it_is_refused():
    document = summarise(courses(CRUSH)).plain() | {"teaching": False}
    with pytest.raises(UsageError, match=r"\$\.teaching"):
        Regrowth.from_json(json.dumps(document).encode())


def test_bands_are_those_of_the_courses():
    found = courses(CRUSH)
    band = summarise(found).face_courses.force_percent
    force = 100 * found.force.mean(axis=-1)[:, 24]
    assert band.median[24] == pytest.approx(np.median(force), abs=0.06)
    assert band.ci_low[24] <= band.ci50_low[24] <= band.median[24]
    assert band.ci_high[24] == pytest.approx(np.percentile(force, 97.5), abs=0.06)


def test_what_never_happens_has_no_month():
    event = next(e for e in summarise(courses(NONE)).events if "synk" in e.id)
    assert event.happens_percent_of_runs == 0
    assert set(event.month.model_dump().values()) == {None}


def test_every_parameter_has_source_status_and_use():
    rows = summarise(courses(CRUSH)).parameters
    assert len(rows) == len(facts())
    assert all(row.citation and row.status and row.use for row in rows)


def test_no_published_figure_is_both_check_and_calibration():
    assert {f.use for f in published().values()} == {"check", "calibration"}


def test_a_figure_without_a_source_is_refused():
    row = {"id": "rate", "value": 1, "unit": "mm/day", "citation": "", "status": "seen"}
    with pytest.raises(UsageError, match=r"rate.*\$\.citation"):
        CitedNumber.checked(row | {"use": "parameter"}, "the rate")


def test_the_nerve_adds_up():
    found = nerve()
    assert found.pool_share.sum() == pytest.approx(1)
    assert found.pool_count.min() >= 20
    assert found.join_fraction == pytest.approx([0.625, 0.675, 0.675, 0.55])


def test_a_block_interrupts_no_axon():
    injury = summarise(courses(NEURAPRAXIA)).injury
    assert injury.degenerated_percent == 0
