from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from facewire.errors import UsageError
from facewire.face import SMILES, Movement, Side
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.plan import read_facts
from facewire.results.safety import Answer, Means, RuleAnswer
from facewire.results.wiring import ClinicianFinding
from facewire.safety import (
    Facts,
    KnownFace,
    act_findings,
    check_safety,
    fact_definitions,
    parse_facts,
)
from facewire.safety.facts import Known
from facewire.safety.rules import SCHEDULE, Rule, load_rules, worst
from facewire.safety.tables import STATUS_WORDS
from planning_face import CLEARING, stated

EVERY = load_rules()
RULES = [rule for rule in EVERY if rule.scope != SCHEDULE and rule.id != "smile_kept"]
"""Those that some facts clear, for a treatment alone."""
RIGHT = Side.RIGHT
EYE = ((MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL, RIGHT),)

FLACCID = {
    "stage": "flaccid",
    "flaccid_stage": True,
    "neck_bands": False,
    "test_block_dao": "none",
}
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
    "training_flaccid": FLACCID,
    "weakening_flaccid": FLACCID,
    "weakening_stage": {"stage": "paretic"},
    "weakening_after_surgery": {"early_after_surgery": True},
    "weight_for_an_open_eye": {"closure_gap_mm": 0.0},
    "only_seeing_eye": {"only_seeing_eye": True},
    "training_after_surgery": {"early_after_surgery": True},
    "training_eye": {"painful_or_red_eye": True},
    "other_side_after": {"affected_side_treated": False},
    "eye_unprotected": {"closure_gap_mm": 3.0, "eye_protected": False},
    "reconstruction_timing": {"months_since_onset": 0.2},
    "nerve_transfer_window": {"months_since_onset": 24},
}
"""For each rule on a stated fact, an answer that bars."""

WAITING: dict[str, dict[str, Any]] = {
    "operated_before": {"operated_before": True},
    "contact_lens": {"contact_lens": True},
    "bleeding": {"anticoagulants_or_bleeding": True},
    "anaesthetic_or_metal": {"allergy_to_anaesthetic_or_metal": True},
}
"""For each rule that bars nothing, an answer that leaves it not cleared."""
CLEARED_BY = {
    "nerve_transfer_window": {"months_since_onset": 8},
    "weight_for_an_open_eye": {"closure_gap_mm": 3.0},
}
"""Where the facts that clear everything else do not fit."""
OPEN_EYE = {"closure_gap_mm": 3.0}

BY_FACE = {
    "training_side",
    "side_confirmed",
    "wrong_side",
    "healthy_eye",
    "wrong_wiring",
    "smile_kept",
}
BY_SCHEDULE = {"one_product", "one_treatment_a_day", "label_total", "units_a_site"}
BY_DATE = {"earlier_toxin_record", "toxin_interval", "toxin_free_neurectomy"}
BY_DATE |= {"toxin_free_platysmectomy"}


def targets(rule: Rule) -> tuple[tuple[MuscleGroup, Side], ...]:
    groups = rule.muscles or (MuscleGroup.DEPRESSOR_ANGULI_ORIS,)
    side = RIGHT.other if rule.scope == "other" else RIGHT
    return tuple((group, side) for group in groups)


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
    assert {rule.id for rule in EVERY} == set(BARRING) | set(
        WAITING
    ) | BY_DATE | BY_FACE | BY_SCHEDULE


@pytest.mark.parametrize("rule", EVERY, ids=lambda r: r.id)
def test_every_rule_has_a_source_and_a_status(rule: Rule) -> None:
    assert rule.source
    assert rule.why
    assert rule.status in STATUS_WORDS


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_is_cleared_by_the_clearing_facts(rule: Rule) -> None:
    facts = stated(**CLEARED_BY.get(rule.id, {}))
    for means in rule.means:
        assert answer(rule.id, facts, means).answer is Answer.CLEARED


@pytest.mark.parametrize(("rule_id", "changed"), BARRING.items())
def test_every_rule_bars(rule_id: str, changed: dict[str, Any]) -> None:
    assert answer(rule_id, stated(**changed)).answer is Answer.BARRED


@pytest.mark.parametrize(("rule_id", "changed"), WAITING.items())
def test_what_must_be_weighed_is_not_cleared(rule_id: str, changed: dict[str, Any]) -> None:
    assert answer(rule_id, stated(**changed)).answer is Answer.NOT_CLEARED


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_nothing_known_clears_no_rule(rule: Rule) -> None:
    found = answer(rule.id, Facts())
    assert found.answer is Answer.NOT_CLEARED
    assert found.missing == ("closure_gap_mm" if rule.id == "eye_unprotected" else rule.fact)
    assert fact_definitions()[found.missing].how


ACTS = {"stage", "neck_bands", "cheek_tight", "corner_further_at_lesser_effort"}
ACTS |= {"rest_eye", "rest_fold", "rest_corner", "rest_seen_on"}
ACTS |= {"mirror_stops_it"}
"""Facts that tell what a face has; no rule asks for them alone."""


@pytest.mark.parametrize("key", sorted(set(CLEARING) - ACTS))
def test_one_unknown_fact_is_never_cleared(key: str) -> None:
    open_eye = OPEN_EYE if key == "eye_protected" else {}
    no_stage = {"stage": None} if key == "flaccid_stage" else {}
    facts = stated(**open_eye, **no_stage, **{key: None})
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


def face(affected: Side | None, wrong: bool | None, *, confirmed: bool | None = True) -> Facts:
    told = dict.fromkeys(GROUPS, wrong)
    return stated().of_face(KnownFace(affected, confirmed, told))


DAO = MuscleGroup.DEPRESSOR_ANGULI_ORIS
TOXIN, CUT = Means.BOTULINUM_TOXIN, Means.SELECTIVE_NEURECTOMY


def said(rule_id: str, means: Means, aim: MuscleGroup | None, side: Side, facts: Facts) -> str:
    answers = [a for a in check_safety(means, [(aim, side)], facts) if a.rule == rule_id]
    assert answers
    return str(worst(a.answer for a in answers))


@pytest.mark.parametrize(
    ("rule_id", "means", "aim", "side", "facts", "expected"),
    [
        ("wrong_side", CUT, DAO, RIGHT, face(RIGHT, True), "cleared"),
        ("wrong_side", CUT, DAO, RIGHT.other, face(RIGHT, True), "barred"),
        ("wrong_side", Means.GRACILIS_TRANSFER, None, RIGHT.other, face(RIGHT, None), "barred"),
        ("wrong_side", CUT, DAO, RIGHT, face(None, None), "not_cleared"),
        ("healthy_eye", TOXIN, EYE[0][0], RIGHT.other, face(RIGHT, True), "barred"),
        ("healthy_eye", TOXIN, EYE[0][0], RIGHT, face(RIGHT, True), "cleared"),
        ("side_confirmed", TOXIN, DAO, RIGHT, face(RIGHT, True, confirmed=False), "barred"),
        ("side_confirmed", TOXIN, DAO, RIGHT, face(RIGHT, True, confirmed=None), "not_cleared"),
        ("smile_kept", TOXIN, MuscleGroup.ZYGOMATICUS_MAJOR, RIGHT, face(RIGHT, True), "barred"),
        ("wrong_wiring", TOXIN, MuscleGroup.MENTALIS, RIGHT, face(RIGHT, False), "barred"),
        ("wrong_wiring", TOXIN, MuscleGroup.MENTALIS, RIGHT, face(RIGHT, None), "not_cleared"),
        ("wrong_wiring", TOXIN, DAO, RIGHT, face(RIGHT, None), "cleared"),
        ("wrong_wiring", TOXIN, None, RIGHT, face(RIGHT, None), "cleared"),
    ],
)
def test_the_side_and_the_wiring_decide(
    rule_id: str,
    means: Means,
    aim: MuscleGroup | None,
    side: Side,
    facts: Facts,
    expected: str,
) -> None:
    assert said(rule_id, means, aim, side, facts) == expected


def test_without_a_test_block_the_depressor_waits_for_it() -> None:
    facts = stated(test_block_dao=None).of_face(KnownFace(RIGHT, True, {}))
    waiting = next(
        a for a in check_safety(TOXIN, [(DAO, RIGHT)], facts) if a.rule == "wrong_wiring"
    )
    assert (waiting.answer, waiting.missing) == (Answer.NOT_CLEARED, "test_block_dao")


@pytest.mark.parametrize(("result", "expected"), [("poor", "barred"), ("none", "not_cleared")])
def test_a_poor_block_bars_and_one_that_was_not_done_waits(result: str, expected: str) -> None:
    facts = stated(test_block_dao=result).of_face(KnownFace(RIGHT, True, {}))
    assert said("wrong_wiring", TOXIN, DAO, RIGHT, facts) == expected


def test_one_part_of_orbicularis_is_reason_enough_for_both() -> None:
    told = {MuscleGroup.ORBICULARIS_OCULI_ORBITAL: True, EYE[0][0]: False}
    facts = stated().of_face(KnownFace(RIGHT, True, told))
    assert said("wrong_wiring", TOXIN, EYE[0][0], RIGHT, facts) == "cleared"


@pytest.mark.parametrize(
    ("gap", "protected", "expected"),
    [
        (0.0, None, "cleared"),
        (3.0, True, "cleared"),
        (3.0, False, "barred"),
        (3.0, None, "not_cleared"),
    ],
)
def test_an_open_eye_is_protected_first(gap: float, protected: Any, expected: str) -> None:
    facts = stated(closure_gap_mm=gap, eye_protected=protected)
    assert said("eye_unprotected", TOXIN, DAO, RIGHT, facts) == expected


def test_a_stated_stage_speaks_for_the_facts_that_follow_from_it() -> None:
    flaccid = parse_facts({"facts": {"stage": "flaccid"}}).of_face(face(RIGHT, True).face)  # type: ignore[arg-type]
    healing = parse_facts({"facts": {"stage": "post_operative"}}).of_face(flaccid.face)  # type: ignore[arg-type]
    assert said("training_flaccid", Means.FACIAL_TRAINING, DAO, RIGHT, flaccid) == "barred"
    assert said("weakening_flaccid", TOXIN, DAO, RIGHT.other, flaccid) == "barred"
    assert said("weakening_after_surgery", TOXIN, DAO, RIGHT, healing) == "barred"


def test_a_number_in_quotes_is_shown_in_quotes() -> None:
    with pytest.raises(UsageError) as told:
        parse_facts({"facts": {"age_years": "46"}})
    assert told.value.found == '"46"'


def test_an_age_and_an_onset_that_fit_are_taken() -> None:
    """By hand: at ten years, up to the eleventh birthday, 132 months are possible."""
    parse_facts({"facts": {"age_years": 10, "months_since_onset": 132}})


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
        ({"facts": {"stage": "paretic", "flaccid_stage": True}}, "contradict"),
        ({"facts": {"stage": "post_operative", "early_after_surgery": False}}, "contradict"),
        ({"facts": {"toxin_ever": False, "toxin_response_platysma": "good"}}, "contradict"),
        ({"facts": {"toxin_ever": False, "training_and_toxin_insufficient": True}}, "contradict"),
        ({"facts": {"stage": "flaccid", "neck_bands": True}}, "contradict"),
        ({"facts": {"closure_gap_mm": 6, "closes_against_resistance": True}}, "left: closure_gap"),
        ({"facts": {"age_years": 10, "months_since_onset": 133}}, "contradict"),
        ({"toxin_given": [{"side": "L", "product": "Botoks"}]}, "product of toxin course 1"),
        ({"facts": {"stage": "flaccid", "flaccid_stage": False}}, "contradict"),
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


TODAY = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"facts": {"visit_date": dt.date(2026, 6, 2)}}, "Visit_date lies in the future"),
        ({"facts": {"onset_date": dt.date(2027, 1, 1)}}, "Onset_date lies in the future"),
        ({"toxin_given": [{"side": "L", "date": dt.date(2026, 7, 1)}]}, "course 1 lies in the fut"),
    ],
)
def test_a_date_in_the_future_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_facts(document, TODAY)


def test_a_visit_today_is_taken() -> None:
    assert parse_facts({"facts": {"visit_date": TODAY}}, TODAY).visit_date == TODAY


def test_a_facts_file_is_read_by_today(tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(f"[facts]\nvisit_date = {dt.date.today() + dt.timedelta(days=2)}\n", "utf-8")
    with pytest.raises(UsageError, match="lies in the future"):
        read_facts(path)


def test_months_are_worked_out_from_dates() -> None:
    dates = {"onset_date": dt.date(2025, 6, 1), "visit_date": dt.date(2026, 6, 1)}
    found = parse_facts({"facts": dates}).answers("months_since_onset", None)[0]
    assert found.value == pytest.approx(12.0, abs=0.05)


@pytest.mark.parametrize(
    ("bands", "grade", "refused"), [(True, 0, True), (False, 2, True), (True, 2, False)]
)
def test_bands_and_a_finding_that_contradict_are_refused(
    bands: bool, grade: int, refused: bool
) -> None:
    given = [ClinicianFinding(finding="platysma", grade=grade, side=RIGHT)]
    facts = parse_facts({"facts": {"neck_bands": bands}})
    if refused:
        with pytest.raises(UsageError, match="contradict each other"):
            act_findings(facts, RIGHT, given)
    else:
        assert [one.grade for one in act_findings(facts, RIGHT, given)] == [1]


@pytest.mark.parametrize(
    ("precision", "answer"), [("day", "cleared"), ("month", "cleared"), ("year", "not_cleared")]
)
def test_an_onset_known_to_the_year_clears_only_with_the_whole_year(
    precision: str, answer: str
) -> None:
    table = {
        "visit_date": dt.date(2026, 8, 15),
        "onset_date": dt.date(2026, 1, 1),
        "onset_precision": precision,
    }
    facts = parse_facts({"facts": table})
    found = check_safety(Means.BOTULINUM_TOXIN, EYE, facts)
    assert [one.answer for one in found if one.rule == "toxin_timing"] == [answer]


def test_a_precision_that_does_not_exist_is_refused() -> None:
    table = {"visit_date": dt.date(2026, 8, 15), "onset_date": dt.date(2026, 1, 1)}
    with pytest.raises(UsageError, match="day, month or year"):
        parse_facts({"facts": table | {"onset_precision": "week"}})


def test_a_list_of_toxin_that_is_not_whole_says_nothing_about_the_other_side() -> None:
    given = [{"side": "right", "date": dt.date(2026, 1, 1)}]
    table = {"visit_date": dt.date(2026, 8, 15)}
    whole = parse_facts({"facts": table, "toxin_given": given})
    partly = parse_facts({"facts": table | {"toxin_list_complete": False}, "toxin_given": given})
    place = ("months_since_toxin", Side.LEFT)
    assert [k.value for k in whole.answers(*place)] == [float("inf")]
    assert partly.answers(*place) == ()
    assert partly.answers("months_since_toxin", RIGHT) == whole.answers("months_since_toxin", RIGHT)


def test_a_course_before_the_onset_counts_where_it_is_said_to_be_one() -> None:
    table = {"visit_date": dt.date(2026, 8, 15), "onset_date": dt.date(2026, 3, 1)}
    course = {"side": "right", "date": dt.date(2026, 1, 1)}
    with pytest.raises(UsageError, match="before the onset"):
        parse_facts({"facts": table, "toxin_given": [course]})
    known = parse_facts({"facts": table, "toxin_given": [course | {"before_onset": True}]})
    (months,) = known.answers("months_since_toxin", RIGHT)
    assert months.value == pytest.approx(226 / 30.4375)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({"cheek_tight": True}, [("cheek_tightness", 1, None)]),
        ({"cheek_tight": False}, [("cheek_tightness", 0, None)]),
        ({"test_block_dao": "good"}, [("dao_block", 1, m) for m in SMILES]),
        ({"test_block_dao": "poor"}, [("dao_block", 0, m) for m in SMILES]),
        ({"test_block_dao": "none"}, []),
        ({"neck_bands": False}, [("platysma", 0, None)]),
    ],
)
def test_an_act_is_a_finding_of_the_wiring(
    known: dict[str, Any], found: list[tuple[str, int, Movement | None]]
) -> None:
    """Only bands in the neck reached it; a block and a tight cheek were lost on the way."""
    rows = act_findings(parse_facts({"facts": known}), RIGHT)
    assert [(one.finding, one.grade, one.movement) for one in rows] == found
    assert {one.side for one in rows} <= {RIGHT}


def test_a_block_and_a_finding_that_contradict_are_refused() -> None:
    given = [ClinicianFinding(finding="dao_block", grade=0, side=RIGHT)]
    with pytest.raises(UsageError, match="test_block_dao good, and a finding on dao block"):
        act_findings(parse_facts({"facts": {"test_block_dao": "good"}}), RIGHT, given)
