from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.muscles import MuscleGroup
from facewire.plan import Facts, check_safety, fact_definitions, parse_facts
from facewire.plan.facts import Known
from facewire.plan.safety import Rule, load_rules, worst
from facewire.plan.tables import STATUS_WORDS
from facewire.results.plan import Answer, Means, RuleAnswer
from planning_face import CLEARING, stated

RULES = load_rules()
RIGHT = Side.RIGHT
EYE = ((MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL, RIGHT),)

BARRING: dict[str, dict[str, Any]] = {
    "closure_gap": {"closure_gap_mm": 2.0},
    "closure_strength": {"closes_against_resistance": False},
    "dry_eye": {"dry_eye": True},
    "insensitive_eye": {"insensitive_eye": True},
    "lid_weight_in_place": {"lid_weight": True},
    "painful_or_red_eye": {"painful_or_red_eye": True},
    "brow_or_lid_droop": {"brow_or_lid_droop": True},
    "drooling_or_speech": {"drooling_or_speech_trouble": True},
    "adult": {"age_years": 17},
    "diagnosis": {"diagnosis_confirmed": False},
    "infection": {"infection_at_site": True},
    "infection_surgery": {"infection_at_site": True},
    "hypersensitivity": {"toxin_allergy": True},
    "urgent_symptoms": {"swallowing_or_breathing_trouble": True},
    "neuromuscular_disease": {"neuromuscular_disease": True},
    "aminoglycosides": {"aminoglycosides": True},
    "pregnancy_or_breastfeeding": {"pregnancy_or_breastfeeding": True},
    "toxin_timing": {"months_since_onset": 5.9},
    "order": {"training_and_toxin_insufficient": False},
    "surgery_timing": {"months_since_onset": 11},
    "levelled_off": {"recovery_levelled_off": False},
    "platysma_response": {"toxin_response_platysma": "poor"},
    "dao_test_block": {"test_block_dao": "none"},
    "no_weight_for_a_narrow_eye": {"narrow_eye": True},
    "training_flaccid": {"flaccid_stage": True},
    "training_after_surgery": {"early_after_surgery": True},
    "training_eye": {"painful_or_red_eye": True},
}
"""For each rule on a stated fact, an answer that bars."""

BY_DATE = {"earlier_toxin_record", "toxin_interval", "toxin_free_neurectomy"}
BY_DATE |= {"toxin_free_platysmectomy"}


def targets(rule: Rule) -> tuple[tuple[MuscleGroup, Side], ...]:
    groups = rule.muscles or (MuscleGroup.DEPRESSOR_ANGULI_ORIS,)
    return tuple((group, RIGHT) for group in groups)


def answer(rule_id: str, facts: Facts, means: Means | None = None) -> RuleAnswer:
    rule = next(r for r in RULES if r.id == rule_id)
    found = check_safety(means or rule.means[0], targets(rule), facts)
    return max((a for a in found if a.rule == rule_id), key=lambda a: list(Answer).index(a.answer))


def treated(months_ago: float, **row: Any) -> Facts:
    visit = dt.date(2026, 6, 1)
    day = visit - dt.timedelta(days=round(months_ago * 30.4375))
    given = {"side": "right", "date": day, "product": "onabotulinumtoxinA", "units": 20} | row
    table = {key: value for key, value in CLEARING.items() if key != "toxin_ever"}
    table["visit_date"] = visit
    course = {key: value for key, value in given.items() if value is not None}
    return parse_facts({"facts": table, "toxin_given": [course]})


def test_every_rule_is_tried() -> None:
    assert {rule.id for rule in RULES} == set(BARRING) | BY_DATE


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_has_a_source_and_a_status(rule: Rule) -> None:
    assert rule.source
    assert rule.why
    assert rule.status in STATUS_WORDS


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_is_cleared_by_the_clearing_facts(rule: Rule) -> None:
    for means in rule.means:
        assert answer(rule.id, stated(), means).answer is Answer.CLEARED


@pytest.mark.parametrize(("rule_id", "changed"), BARRING.items())
def test_every_rule_bars(rule_id: str, changed: dict[str, Any]) -> None:
    assert answer(rule_id, stated(**changed)).answer is Answer.BARRED


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_nothing_known_clears_no_rule(rule: Rule) -> None:
    found = answer(rule.id, Facts())
    assert found.answer is Answer.NOT_CLEARED
    assert found.missing == rule.fact
    assert fact_definitions()[rule.fact].how


@pytest.mark.parametrize("key", sorted(CLEARING))
def test_one_unknown_fact_is_never_cleared(key: str) -> None:
    facts = stated(**{key: None})
    rules = [r for r in RULES if r.fact == key or (key == "toxin_ever" and r.id in BY_DATE)]
    assert rules
    for rule in rules:
        assert answer(rule.id, facts).answer is Answer.NOT_CLEARED
        means_answer = worst(a.answer for a in check_safety(rule.means[0], targets(rule), facts))
        assert means_answer is not Answer.CLEARED


@pytest.mark.parametrize("key", sorted(CLEARING))
def test_stated_to_be_unknown_is_unknown(key: str) -> None:
    assert stated(**{key: "unknown"}).known == stated(**{key: None}).known


@pytest.mark.parametrize(
    ("months", "expected"), [(2.5, "barred"), (3.5, "cleared"), (7, "cleared")]
)
def test_toxin_is_not_repeated_before_three_months(months: float, expected: str) -> None:
    assert answer("toxin_interval", treated(months)).answer == expected


@pytest.mark.parametrize(("months", "expected"), [(5.5, "barred"), (6.5, "cleared")])
def test_neurectomy_waits_six_months_after_toxin(months: float, expected: str) -> None:
    assert answer("toxin_free_neurectomy", treated(months)).answer == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(2.5, "barred"), (3.5, "not_cleared"), (4.5, "cleared")]
)
def test_platysmectomy_waits_three_to_four_months(months: float, expected: str) -> None:
    assert answer("toxin_free_platysmectomy", treated(months)).answer == expected


def test_toxin_on_the_other_side_counts_too() -> None:
    assert answer("toxin_free_neurectomy", treated(2, side="left")).answer is Answer.BARRED


@pytest.mark.parametrize("left_out", ["product", "units", "date"])
def test_an_incomplete_toxin_record_is_not_cleared(left_out: str) -> None:
    facts = treated(5, **{left_out: None})
    assert answer("earlier_toxin_record", facts).answer is Answer.NOT_CLEARED


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 0.4, "cleared"), (0.0, 1.6, "not_cleared"), (1.2, 2.8, "barred")],
)
def test_a_measured_gap_counts_with_its_interval(low: float, high: float, expected: str) -> None:
    value = 2.0 if low > 1 else 0.2
    gap = ("closure_gap_mm", RIGHT), Known(value, low, high, "measured")
    facts = stated(closure_gap_mm=None).with_answers([gap])
    assert answer("closure_gap", facts).answer == expected


def test_a_stated_gap_settles_an_unsure_measured_one() -> None:
    gap = ("closure_gap_mm", RIGHT), Known(0.0, 0.0, 1.6, "measured")
    assert answer("closure_gap", stated().with_answers([gap])).answer is Answer.CLEARED


def test_a_contradiction_is_not_cleared() -> None:
    gap = ("closure_gap_mm", RIGHT), Known(2.5, 1.5, 3.5, "measured")
    assert answer("closure_gap", stated().with_answers([gap])).answer is Answer.NOT_CLEARED


def test_only_the_treated_eye_is_asked_about() -> None:
    facts = stated(dry_eye={"left": True, "right": False})
    assert answer("dry_eye", facts).answer is Answer.CLEARED


def test_a_recalled_rule_bars_and_says_so() -> None:
    found = answer("pregnancy_or_breastfeeding", stated(pregnancy_or_breastfeeding=True))
    assert (found.answer, found.status) == (Answer.BARRED, "recalled")
    assert "not checked" in STATUS_WORDS[found.status]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"facts": {"shoe_size": 42}}, "no fact of the name shoe_size"),
        ({"facts": {"age_years": -1}}, "age_years has a value"),
        ({"facts": {"dry_eye": "yes"}}, "dry_eye has a value"),
        ({"facts": {"dry_eye": {"upper": True}}}, "names no side"),
        ({"facts": {"months_since_toxin": 3}}, "no fact of the name"),
        ({"facts": {"test_block_dao": "splendid"}}, "test_block_dao has a value"),
        ({"facts": {"visit_date": "soon"}}, "is not a date"),
        ({"facts": {"toxin_ever": False}, "toxin_given": [{"side": "L"}]}, "contradict"),
        ({"toxin_given": [{"date": dt.date(2026, 1, 1)}]}, "course 1 cannot be read"),
        ({"toxin_given": [{"side": "L", "units": -3}]}, "units of toxin course 1"),
        ({"facts": [1]}, "not a table"),
        (
            {
                "facts": {"visit_date": dt.date(2026, 1, 1)},
                "toxin_given": [{"side": "L", "date": dt.date(2026, 2, 1)}],
            },
            "after the visit",
        ),
        (
            {
                "facts": {"onset_date": dt.date(2026, 1, 1)},
                "toxin_given": [{"side": "L", "date": dt.date(2025, 2, 1)}],
            },
            "before the onset",
        ),
        (
            {
                "facts": {
                    "onset_date": dt.date(2026, 1, 1),
                    "visit_date": dt.date(2026, 9, 1),
                    "months_since_onset": 8,
                }
            },
            "given twice",
        ),
    ],
)
def test_wrong_facts_are_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_facts(document)


def test_months_are_worked_out_from_dates() -> None:
    dates = {"onset_date": dt.date(2025, 6, 1), "visit_date": dt.date(2026, 6, 1)}
    found = parse_facts({"facts": dates}).answers("months_since_onset", None)[0]
    assert found.value == pytest.approx(12.0, abs=0.05)
