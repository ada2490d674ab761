"""Statistics against published examples, hand calculation and independent implementations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from facewire.errors import UsageError
from facewire.validation.sample_size import (
    patients_for_icc,
    patients_for_limits,
    patients_for_share,
)
from facewire.validation.statistics import (
    calibration_curve,
    intraclass_correlation,
    limits_of_agreement,
    roc_curve,
    spread_by_patient,
    weighted_kappa,
    wilson_interval,
    within_person_sd,
)

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
"""Shrout & Fleiss 1979, table 2: six subjects, four judges."""

PEAK_FLOW_LARGE = np.array(
    [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427], float
)
PEAK_FLOW_MINI = np.array(
    [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451], float
)
"""Bland & Altman 1986, table 1, first readings of both peak flow meters, l/min."""


class TestIntraclassCorrelation:
    def test_published_example(self) -> None:
        """Shrout & Fleiss 1979, table 4: ICC(2,1) = .29."""
        assert intraclass_correlation(SHROUT_FLEISS) == pytest.approx(0.29, abs=0.005)

    def test_a_constant_difference_spoils_agreement(self) -> None:
        first = np.arange(8.0)
        assert intraclass_correlation(np.column_stack([first, first + 3])) < 0.6

    def test_subjects_without_every_rating_are_left_out(self) -> None:
        table = np.vstack([SHROUT_FLEISS, [5, np.nan, 5, 5]])
        assert intraclass_correlation(table) == intraclass_correlation(SHROUT_FLEISS)

    def test_one_rater_is_too_few(self) -> None:
        with pytest.raises(UsageError, match="too few"):
            intraclass_correlation(SHROUT_FLEISS[:, :1])


class TestWeightedKappa:
    def test_squared_weights_are_the_concordance_correlation(self) -> None:
        """Fleiss & Cohen 1973: with squared weights kappa is a correlation of agreement."""
        rng = np.random.default_rng(4)
        one = rng.integers(0, 4, 60).astype(float)
        two = np.clip(one + rng.integers(-1, 2, 60), 0, 3)
        shared = ((one - one.mean()) * (two - two.mean())).mean()
        expected = 2 * shared / (one.var() + two.var() + (one.mean() - two.mean()) ** 2)
        assert weighted_kappa(one, two) == pytest.approx(expected)

    def test_one_grade_only_is_no_agreement_to_speak_of(self) -> None:
        assert math.isnan(weighted_kappa(np.ones(5), np.ones(5)))


class TestLimitsOfAgreement:
    def test_published_example(self) -> None:
        """Bland & Altman 1986: -2.1 l/min, SD 38.8; limits -79.7 and 75.5 (with 2 SD)."""
        found = limits_of_agreement(PEAK_FLOW_LARGE, PEAK_FLOW_MINI)
        assert found.bias == pytest.approx(-2.1, abs=0.05)
        assert found.sd == pytest.approx(38.8, abs=0.05)
        assert found.bias_ci == pytest.approx((-22.0, 17.8), abs=0.1)
        assert found.low_ci == pytest.approx((-114.3, -45.1), abs=2.5)

    def test_repeated_measures_count_both_variances(self) -> None:
        """Between persons SD 2, within SD 1: a single difference varies by sqrt(5)."""
        rng = np.random.default_rng(2)
        person = np.repeat(np.arange(400), 4)
        away = rng.normal(0, 2, 400)[person] + rng.normal(0, 1, 1600)
        found = limits_of_agreement(away, np.zeros(1600), person)
        assert found.sd == pytest.approx(math.sqrt(5), rel=0.06)
        assert (found.count, found.people) == (1600, 400)
        assert found.bias_ci == (None, None)

    def test_two_pairs_are_too_few(self) -> None:
        with pytest.raises(UsageError, match="too few pairs"):
            limits_of_agreement(np.ones(2), np.ones(2))


def test_standard_deviation_within_a_person_by_hand() -> None:
    """Pairs (1, 3) and (2, 2): half squares 2 and 0, mean 1."""
    values, person = np.array([1.0, 3.0, 2.0, 2.0]), np.array(["a", "a", "b", "b"])
    assert within_person_sd(values, person) == pytest.approx(1.0)
    assert within_person_sd(values[:1], person[:1]) is None


class TestRoc:
    def test_area_is_the_rank_statistic(self) -> None:
        rng = np.random.default_rng(1)
        present = rng.random(80) < 0.4
        score = np.round(rng.normal(size=80) + present, 1)  # with ties
        u = stats.mannwhitneyu(score[present], score[~present]).statistic
        found = roc_curve(score, present)
        assert found.area == pytest.approx(u / (found.present * found.absent))

    def test_a_perfect_and_a_reversed_score(self) -> None:
        present = np.array([True, True, False])
        assert roc_curve(np.array([3.0, 2.0, 1.0]), present).area == 1.0
        assert roc_curve(np.array([1.0, 2.0, 3.0]), present).area == 0.0

    def test_one_kind_of_case_is_refused(self) -> None:
        with pytest.raises(UsageError, match="both kinds"):
            roc_curve(np.ones(3), np.ones(3, bool))


def test_interval_of_a_share_agrees_with_scipy() -> None:
    expected = stats.binomtest(7, 30).proportion_ci(method="wilson")
    assert wilson_interval(7, 30) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_calibration_of_a_score_that_is_a_probability() -> None:
    rng = np.random.default_rng(3)
    chance = rng.random(5000)
    for part in calibration_curve(chance, rng.random(5000) < chance):
        assert part.ci_low - 0.02 < part.mean_score < part.ci_high + 0.02


class TestBootstrap:
    def test_interval_of_a_mean_is_the_usual_one(self) -> None:
        values = np.random.default_rng(5).normal(10, 2, 200)
        sd, low, high = spread_by_patient(lambda r: float(values[r].mean()), np.arange(200))
        error = values.std(ddof=1) / math.sqrt(200)
        half = 1.96 * error
        assert sd == pytest.approx(error, rel=0.1)
        assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.08)

    def test_rows_of_one_patient_are_not_independent(self) -> None:
        values = np.random.default_rng(6).normal(0, 1, 20).repeat(10)
        patient = np.arange(20).repeat(10)

        def mean(rows: np.ndarray) -> float:
            return float(values[rows].mean())

        together = spread_by_patient(mean, patient)
        apart = spread_by_patient(mean, np.arange(200))
        assert together.high - together.low > 2 * (apart.high - apart.low)
        assert together.sd > 2 * apart.sd

    def test_one_patient_gives_no_interval(self) -> None:
        assert spread_by_patient(lambda rows: float(len(rows)), np.zeros(5)) == (None, None, None)


class TestSampleSize:
    def test_limits_of_agreement_as_published(self) -> None:
        """Bland, "How can I decide the sample size ...": 100 gives 0.34 s, 200 gives 0.24 s."""
        assert patients_for_limits(1.0, 0.34) == pytest.approx(100, abs=1)
        assert patients_for_limits(1.0, 0.24) == pytest.approx(200, abs=2)

    def test_sensitivity_by_hand(self) -> None:
        """1.96^2 x 0.9 x 0.1 / 0.05^2 = 138.3; where half of all have it, twice as many."""
        assert patients_for_share(0.9, 0.05) == 139
        assert patients_for_share(0.9, 0.05, prevalence=0.5) == 277

    def test_an_icc_by_hand(self) -> None:
        """8 x 1.96^2 x 0.2^2 x 1.8^2 / (2 x 0.2^2) + 1 = 50.8, and 5 x 0.8 for a high one."""
        assert patients_for_icc(0.8, 0.2) == 55

    def test_impossible_numbers_are_refused(self) -> None:
        with pytest.raises(UsageError, match="cannot be given"):
            patients_for_share(1.2, 0.05)
