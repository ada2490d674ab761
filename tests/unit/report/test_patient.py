# The page writes true minus signs.
# ruff: noqa: RUF001
"""The words for the patient: what works first, plain, no judgement, no clearance."""

from __future__ import annotations

import re

import pytest

from facewire.findings import complete
from facewire.report import patient_words
from facewire.results.measurement import Measurement
from unit.report.made_result import Result, changed, measured
from unit.report.page_reading import build_report, part

FORBIDDEN = (
    "severe",
    "abnormal",
    "normal",
    "grade",
    "house",
    "brackmann",
    "sunnybrook",
    "fngs",
    "eface",
    "disfigur",
    "deform",
    "patholog",
    "defect",
    "paraly",
    "palsy",
    "bad",
    "worse",
    "worst",
    "fail",
    "cure",
    "healed",
    "disease",
    "synkinesis",
    "all clear",
)


def judged(result: Result) -> Measurement:
    return complete(measured(result))


def texts(lines) -> list[str]:
    return [line.text for line in lines]


@pytest.mark.parametrize("kind", ["healthy", "synkinetic"])
def test_uses_no_forbidden_word(kind, request):
    words = part(build_report(measured(request.getfixturevalue(kind)), None), "patient").lower()
    assert [word for word in FORBIDDEN if word in words] == []


def test_opens_with_what_works(synkinetic):
    words = part(build_report(measured(synkinetic), None), "patient")
    assert words.index("What works") < words.index("Both brows rise") < words.index("goes along")


def test_says_what_goes_along_in_one_sentence_per_region(synkinetic):
    assert texts(patient_words.goes_along(judged(synkinetic))) == [
        "When you smile showing your teeth or pucker your lips, your right eye narrows.",
        "When you close your eyes tightly, the right corner of your mouth is drawn up.",
        "When you blink, the right corner of your mouth twitches along.",
    ]


def test_every_present_finding_has_its_mm(synkinetic):
    words = part(build_report(measured(synkinetic), None), "patient")
    for number in ("−2.4 mm", "−1.7 mm", "1.9 mm", "1.8 mm", "−0.9 mm"):
        assert number in words


def test_numbers_stand_only_behind_a_touch(synkinetic):
    page = build_report(measured(synkinetic), None)
    start = page.index('id="patient"')
    shown = page[start : page.index("</section>", start)]
    assert " mm" in shown
    shown = re.sub(r"<details>.*?</details>", "", shown, flags=re.S)
    assert " mm" not in shown


def test_what_healthy_faces_do_too_stands_apart(synkinetic):
    assert texts(patient_words.small(judged(synkinetic))) == [
        "When you wrinkle your nose, your right brow lowers."
    ]


def test_less_movement_is_told_without_a_cause(synkinetic):
    assert texts(patient_words.less(judged(synkinetic))) == [
        "The right corner of your mouth moves less than the left when you smile showing your teeth."
    ]
    assert "weak or held back" in part(build_report(measured(synkinetic), None), "patient")


def test_without_an_affected_side_the_weaker_one_is_named(healthy):
    for row in healthy["voluntary"]:
        if (row["movement"], row["region"], row["side"]) == ("smile_open", "commissure", "R"):
            row["symmetry"] = 2.0
    assert texts(patient_words.less(judged(healthy))) == [
        "The left corner of your mouth moves less than the right when you smile showing your teeth."
    ]


def test_what_could_not_be_told_is_said(synkinetic):
    assert texts(patient_words.unknown(judged(synkinetic))) == [
        "When you raise your brows: your right nostril."
    ]


def test_a_movement_with_a_gap_of_knowledge_is_not_called_calm(synkinetic):
    calm = next(
        t for t in texts(patient_words.works(judged(synkinetic))) if t.startswith("Nothing else")
    )
    assert "raise your brows" not in calm
    assert "smile with closed lips" in calm


def test_healthy_face_has_nothing_going_along(healthy):
    result = judged(healthy)
    assert patient_words.nothing_seen(result)
    assert len(patient_words.works(result)) > 5


def test_healthy_text_is_no_clearance(healthy):
    words = part(build_report(measured(healthy), None), "patient")
    assert "cannot rule anything out" in words


def test_open_lid_is_told_with_its_side(healthy):
    healthy["eye_closure"][0] |= {"gap_mm": 2.6, "ci_low": 2.1, "ci_high": 3.1}
    result = judged(healthy)
    assert texts(patient_words.less(result)) == [
        "A gap stays in your left eye when you close your eyes gently."
    ]
    assert "Your right eye closes when you close your eyes gently." in texts(
        patient_words.works(result)
    )


@pytest.mark.parametrize(
    "row",
    [
        {"gap_mm": None, "ci_low": None, "ci_high": None, "reason": "no hold"},
        {"gap_mm": 1.0, "ci_low": 0.5, "ci_high": 1.5},
    ],
)
def test_closure_that_is_not_sure_is_not_told_as_closed(healthy, row):
    healthy["eye_closure"][0] |= row
    result = judged(healthy)
    assert texts(patient_words.unknown(result)) == [
        "Whether your left eye closes all the way when you close your eyes gently."
    ]
    assert "Both eyes close when you close your eyes gently." not in texts(
        patient_words.works(result)
    )


def test_one_line_tells_of_both_eyes_and_both_closures(healthy):
    for row in healthy["eye_closure"]:
        row |= {"gap_mm": 1.0, "ci_low": 0.5, "ci_high": 1.5}
    assert texts(patient_words.unknown(judged(healthy))) == [
        (
            "Whether your eyes close all the way when you close your eyes gently or close your "
            "eyes tightly."
        )
    ]


def test_rest_is_told_when_the_difference_is_sure(synkinetic):
    synkinetic["rest"][1] |= {
        "difference_mm": -1.4,
        "difference_ci_low": -1.7,
        "difference_ci_high": -1.1,
    }
    assert "At rest, your right eye is a little narrower than the left." in texts(
        patient_words.less(judged(synkinetic))
    )


def test_always_finds_something_to_open_with(synkinetic):
    for row in synkinetic["voluntary"]:
        row["symmetry"] = 0.2
    for row in synkinetic["synkinesis"]:
        row.update(changed(row, change_mm=None))
    for row in synkinetic["eye_closure"]:
        row |= {"gap_mm": None, "ci_low": None, "ci_high": None, "reason": "no hold"}
    assert texts(patient_words.works(judged(synkinetic))) == [
        "You completed the recording; 23 of 24 repetitions could be used."
    ]


def test_mirrored_result_names_the_other_side(synkinetic):
    swap = {"L": "R", "R": "L"}
    for name in ("synkinesis", "voluntary", "rest", "eye_closure", "blink"):
        for row in synkinetic[name]:
            row["side"] = swap[row["side"]]
    synkinetic["side_affected"] = "L"
    result = judged(synkinetic)
    assert "right" not in " ".join(texts(patient_words.goes_along(result)))
    assert texts(patient_words.goes_along(result))[0].endswith("your left eye narrows.")
