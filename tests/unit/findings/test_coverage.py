"""What a recording covers: counted by hand, and its power by throwing the test's dice."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import Movement, Region, Side
from facewire.findings.coverage import cover, power
from facewire.results.cells import SynkinesisCell
from facewire.results.coverage import MovementCoverage
from facewire.synkinesis.parts import InvoluntaryPart
from facewire.synkinesis.presence import adaptive_q, p_value
from facewire.words.coverage import coverage_sentence, limit_sentences
from unit.synkinesis.made_evidence import repetition

SMILE, SHUT, PUCKER = Movement.SMILE_OPEN, Movement.EYE_CLOSE_GENTLE, Movement.LIP_PUCKER


def asked(*said):
    rows = []
    for number, (movement, reason) in enumerate(said):
        rest, hold = (number, number + 0.3), (number + 0.5, number + 0.8)
        made = repetition(movement, rest, hold, number + 1)
        rows.append(made.replaced(kept=not reason, reason=reason))
    return rows


def eye(movement, sd_mm, side=Side.RIGHT):
    return SynkinesisCell(
        movement=movement,
        region=Region.EYE,
        side=side,
        change_mm=0.0,
        change_sd_mm=sd_mm,
        ci_low=-1.96 * sd_mm,
        ci_high=1.96 * sd_mm,
        up_mm=0.0,
        up_sd_mm=sd_mm,
        repetitions=3,
    )


def test_repetitions_are_counted_with_their_reasons():
    found = cover(
        asked((SMILE, ""), (SMILE, "no movement seen"), (SMILE, "no movement seen"), (SHUT, "")), ()
    )
    assert (found.asked, found.usable) == (4, 2)
    smile = next(m for m in found.movements if m.movement is SMILE)
    assert (smile.asked, smile.usable, smile.why_not) == (3, 1, ("no movement seen",))
    assert found.lacking == ("smile", "eye_close", "pucker")


def test_what_is_needed_for_a_side():
    enough = asked((SMILE, ""), (Movement.SMILE_CLOSED, ""), (SHUT, ""), (SHUT, ""), (PUCKER, ""))
    assert cover(enough, ()).lacking == ()
    assert cover(enough[1:], ()).lacking == ("smile",)
    assert cover(enough[:-1], ()).lacking == ("pucker",)


def test_a_pattern_counts_by_the_movement_that_shows_it_best():
    found = cover(asked((SMILE, "")), (eye(SMILE, 0.3), eye(PUCKER, 3.0)))
    shown = {(p.name, p.side): p for p in found.patterns}
    right = shown["oral-ocular", Side.RIGHT]
    assert right.power_2_mm == pytest.approx(power(eye(SMILE, 0.3), 2.0, 2))
    assert right.could_show
    left = shown["oral-ocular", Side.LEFT]
    assert (left.power_1_mm, left.power_2_mm, left.could_show) == (None, None, False)
    assert not shown["ocular-oral", Side.RIGHT].could_show


@pytest.mark.parametrize(("sd_mm", "size_mm"), [(0.3, 1.0), (0.6, 1.0), (0.6, 2.0), (1.2, 2.0)])
def test_power_of_the_eye_by_throwing_dice(sd_mm, size_mm):
    """One narrowing among five eyes that do nothing, judged as the map judges them."""
    rng = np.random.default_rng(2)
    nan = np.array([np.nan])
    hits = []
    for _ in range(4000):
        values = sd_mm * rng.normal(size=6)
        values[0] -= size_mm
        parts = [InvoluntaryPart(np.array([v]), np.array([[sd_mm**2]]), nan, nan) for v in values]
        q = adaptive_q(np.array([p_value(part, Region.EYE) for part in parts]))
        hits.append(q[0] <= 0.05)
    said = power(eye(SMILE, sd_mm), size_mm, 6)
    assert said - 0.02 <= np.mean(hits) <= said + 0.08


def test_power_of_a_vector_by_throwing_dice():
    rng = np.random.default_rng(3)
    sd_mm, size_mm = 0.4, 1.0
    cell = eye(SMILE, sd_mm).replaced(region=Region.COMMISSURE, movement=SHUT, across_mm=0.0)
    nan = np.full(2, np.nan)
    hits = []
    for _ in range(4000):
        values = sd_mm * rng.normal(size=(3, 2))
        values[0, 1] += size_mm
        parts = [InvoluntaryPart(v, sd_mm**2 * np.eye(2), nan, nan) for v in values]
        q = adaptive_q(np.array([p_value(part, Region.COMMISSURE) for part in parts]))
        hits.append(q[0] <= 0.05)
    said = power(cell, size_mm, 3)
    assert said - 0.02 <= np.mean(hits) <= said + 0.08


def test_more_used_than_asked_is_refused():
    with pytest.raises(ValueError, match="4 of 3"):
        MovementCoverage(movement=SMILE, asked=3, usable=4)


def test_what_was_detected_could_be_shown():
    found = cover(asked((SMILE, "")), (eye(SMILE, 3.0).replaced(detected=True),), (Side.RIGHT,))
    assert [p.name for p in found.patterns if p.could_show] == ["oral-ocular"]


def test_the_reference_side_is_not_asked():
    found = cover(asked((SMILE, "")), (eye(SMILE, 0.3),), (Side.RIGHT,))
    assert {p.side for p in found.patterns} == {Side.RIGHT}


def test_in_words():
    found = cover(asked((SMILE, ""), (SMILE, "no movement seen"), (PUCKER, "")), (eye(SMILE, 0.3),))
    assert coverage_sentence(found) == (
        "2 of 3 repetitions could be used (open smile 1 of 2; lip pucker 1 of 1)."
    )
    side, unseen = limit_sentences(found)
    assert side == (
        "Without enough of a smile and closing the eyes the recording does not tell which side is "
        "affected, nor that none is."
    )
    assert "oral-ocular (left)" in unseen
    assert "ocular-oral (left and right)" in unseen


def test_of_nothing():
    assert coverage_sentence(cover((), ())) == "No movement was asked for or found."
