"""A recording in which another person, recording or light follows: the two are not mixed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewire.errors import NoFaceError
from facewire.motion import compute_motion
from facewire.motion.marks import changed
from facewire.motion.regions import REGION_POINTS
from unit.motion.test_compute import PLAIN_MM, TIMES_S, N, made_track

CUT = 150


def course(after=30.0, cut=CUT, n=N):
    """Noise of 2, movements up to 5; from the cut on as high as asked."""
    usual = 2.0 + 3.0 * (np.sin(np.arange(n) / 9.0) > 0.5)
    return np.where(np.arange(n) < cut, usual, after + usual)


@given(st.integers(12, N - 12), st.floats(9.0, 80.0))
def test_from_a_cut_on_every_frame_is_another(cut, after):
    """To two frames: three are looked at together."""
    marked = changed(course(after, cut))
    assert marked[cut:].all()
    assert not marked[: cut - 2].any()


@pytest.mark.parametrize(
    "mismatch",
    [
        course(after=0.0),
        course() * (np.arange(N) < CUT + 60),
        np.linspace(2.0, 40.0, N),
        np.where((np.arange(N) > 60) & (np.arange(N) % 60 < 30), 14.0, 2.0),
    ],
    ids=["one person", "a hand for two seconds", "a head that turns slowly", "smiles cut in"],
)
def test_what_passes_or_comes_slowly_is_no_other_picture(mismatch):
    assert not changed(mismatch).any()


@pytest.mark.slow
def test_what_comes_after_a_cut_is_not_measured_and_alters_nothing_before():
    """The other person's corner of the mouth stands 20 px lower, and the head is 10 % larger."""
    alone = replace(made_track(), mismatch=course(after=0.0))
    followed = made_track(
        moved=[(REGION_POINTS[key], TIMES_S >= 5.0, (0.0, 20.0)) for key in REGION_POINTS]
    )
    other = followed.corrected_px.copy()
    other[CUT:] *= 1.1
    joined = replace(followed, corrected_px=other, mismatch=course())
    signals = compute_motion(joined, PLAIN_MM)
    after = signals.marks["changed"]
    assert after[CUT:].all()
    assert np.isnan(signals.position_mm[after]).all()
    assert not signals.marks["lost"].any()
    before = ~after
    first = compute_motion(alone, PLAIN_MM)
    assert not first.marks["changed"].any()
    np.testing.assert_allclose(signals.position_mm[before], first.position_mm[before], atol=1e-6)


def test_a_few_frames_before_a_cut_are_too_few():
    joined = replace(made_track(), mismatch=course(cut=20))
    with pytest.raises(NoFaceError, match="then the picture is another one"):
        compute_motion(joined, PLAIN_MM)
