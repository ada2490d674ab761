# The page writes true minus signs.
# ruff: noqa: RUF001
"""The technical summary: every finding with mm, interval, share, gain; null never 0."""

from __future__ import annotations

import pytest

from facewire.face import Region, Side
from facewire.findings import complete, present_cells
from facewire.report import professional_words
from facewire.report.professional_words import named_patterns, pattern_size, side_text
from facewire.results.cells import SynkinesisCell
from facewire.words import cell_title, sentence, side_and_region, verdict_words
from unit.report.made_result import Result, measured
from unit.report.page_reading import build_report, part, row


def findings(result: Result) -> tuple[SynkinesisCell, ...]:
    return present_cells(complete(measured(result)).synkinesis)


def page_row(result: Result, head: str) -> list[str]:
    return row(build_report(measured(result), None), head)


def test_every_present_finding_has_its_mm(synkinetic):
    words = part(build_report(measured(synkinetic), None), "professional")
    for number in ("−2.4 mm", "−1.7 mm", "1.9 mm", "1.8 mm", "−0.9 mm"):
        assert number in words


def test_finding_tells_all_its_numbers(synkinetic):
    finding = findings(synkinetic)[0]
    assert cell_title(finding) == "Open smile → right eye"
    assert verdict_words(finding.says) == "synkinesis"
    assert page_row(synkinetic, "Open smile → right eye ● synkinesis") == [
        "−2.4 mm [−2.9 to −2.0]",
        "24 % of resting fissure of the same eye",
        "0.31 mm/mm [0.20 to 0.40]",
        "other side +0.1 mm; healthy faces 0.0 mm",
        "45 ms [20 to 70]",
        "3",
    ]


def test_healthy_result_names_no_synkinesis(healthy):
    assert findings(healthy) == ()
    words = part(build_report(measured(healthy), None), "professional")
    assert "synkinesis" not in words
    assert "No involuntary movement was found" in words


def test_small_finding_is_not_called_synkinesis(synkinetic):
    last = findings(synkinetic)[-1]
    assert (cell_title(last), verdict_words(last.says)) == (
        "Snarl → right brow",
        "small, seen in healthy faces too",
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (dict.fromkeys(("latency_s", "latency_ci_low_s", "latency_ci_high_s")), "cannot tell"),
        ({"latency_s": 0.01, "latency_ci_low_s": -0.02, "latency_ci_high_s": 0.04}, "not resolved"),
        (
            {"latency_s": 0.3, "latency_ci_low_s": 0.25, "latency_ci_high_s": 0.35},
            "300 ms [250 to 350] (long: may be voluntary or compensatory)",
        ),
    ],
)
def test_latency_says_what_it_is_worth(altered, fields, text):
    result = complete(measured(altered("smile_open", "eye", "R", **fields)))
    finding = present_cells(result.synkinesis)[0]
    assert professional_words.delay(finding, result) == text


@pytest.mark.parametrize(
    ("status", "side", "text"),
    [
        ("stated", "R", "Right, stated by the user"),
        ("inferred", "L", "Left, inferred from the video, confidence 98 %"),
        ("none", None, "No affected side found, confidence 98 %"),
        ("undecided", None, "The affected side could not be decided"),
    ],
)
def test_side_says_how_it_is_known(synkinetic, status, side, text):
    assert side_text(measured(synkinetic | {"side_affected": side, "side_status": status})) == text


def test_patterns_are_gathered_by_place(synkinetic):
    ((title, patterns),) = named_patterns(measured(synkinetic).patterns).items()
    assert title == "oral-ocular, right eye (palpebral fissure)"
    assert [pattern_size(one) for one in patterns] == ["open smile −2.4 mm"]


def test_what_has_no_name_stands_in_the_findings_alone(synkinetic):
    pattern = synkinetic["patterns"][0] | {"name": "eye-close-tight-ala", "region": "ala"}
    synkinetic["patterns"].append(pattern | {"movement": "eye_close_tight"})
    assert not any("eye-close" in one for one in named_patterns(measured(synkinetic).patterns))


def _smile(result, side):
    return next(
        row
        for row in result["voluntary"]
        if (row["movement"], row["region"], row["side"]) == ("smile_open", "commissure", side)
    )


def ratio(result: Result) -> str:
    return page_row(result, "Open smile: mouth corner")[2]


def test_the_ratio_of_the_sides_is_right_over_left_with_its_interval(synkinetic):
    told = {"symmetry_sd": 0.13, "symmetry_ci_low": 0.58, "symmetry_ci_high": 1.1}
    sizes = {"excursion_mm": 8.0, "ci_low": 6.0, "ci_high": 10.0}
    _smile(synkinetic, "R").update(sizes, symmetry=0.8, **told)
    _smile(synkinetic, "L").update(excursion_mm=10.0, ci_low=8.0, ci_high=12.0, symmetry=1.25)
    assert ratio(synkinetic) == "0.80 [0.58 to 1.10]"


def test_no_interval_of_a_ratio_is_made_for_an_earlier_version(synkinetic):
    assert ratio(synkinetic) == "0.50"


def test_a_ratio_with_nothing_below_is_not_told(synkinetic):
    _smile(synkinetic, "R").update(excursion_mm=1.0, ci_low=-0.2, ci_high=2.2, symmetry=0.1)
    assert ratio(synkinetic) == "cannot tell"


def test_unmeasured_values_are_never_zero(synkinetic):
    for cell in synkinetic["voluntary"]:
        cell |= {
            "excursion_mm": None,
            "ci_low": None,
            "ci_high": None,
            "symmetry": None,
            "reason": "no hold",
        }
    assert page_row(synkinetic, "Brow raise: brow") == [
        "cannot tell",
        "cannot tell",
        "cannot tell no hold",
    ]


def test_closure_gaps_of_both_eyes_are_listed(healthy):
    words = part(build_report(measured(healthy), None), "professional")
    for movement in ("Gentle", "Tight"):
        for side in ("left", "right"):
            assert f"{movement} eye closure, {side} eye" in words


def test_resting_difference_is_right_minus_left(healthy):
    healthy["rest"][1] |= {
        "difference_mm": -1.4,
        "difference_ci_low": -1.7,
        "difference_ci_high": -1.1,
    }
    assert page_row(healthy, "Eye, height")[2] == "−1.4 mm [−1.7 to −1.1]"


def test_lids_about_the_pupil_are_shown_with_what_was_not_seen(healthy):
    seen = {"mrd1_mm": 4.2, "mrd1_sd_mm": 0.5, "mrd1_ci_low": 3.2, "mrd1_ci_high": 5.2}
    healthy["lids"] = [{"side": "R", **seen}, {"side": "L", "reason": "covered"}]
    head = "Upper lid above the middle of the pupil (MRD1)"
    assert page_row(healthy, head) == ["4.2 mm [3.2 to 5.2]", "cannot tell", "cannot tell"]
    healthy["lids"] = []
    assert "MRD1" not in part(build_report(measured(healthy), None), "professional")


def test_too_few_blinks_cannot_be_told(healthy):
    healthy["blink"][0] |= {
        "change_mm": None,
        "present": None,
        "count": 2,
        "reason": "too few blinks",
    }
    region, side = healthy["blink"][0]["region"], healthy["blink"][0]["side"]
    head = sentence(side_and_region(Region(region), Side(side)))
    assert page_row(healthy, head) == ["cannot tell", "2", "cannot tell too few blinks"]


def test_names_what_is_not_measured(healthy):
    assert "platysma" in part(build_report(measured(healthy), None), "professional")


def test_the_chin_is_shown_without_a_side(healthy):
    chin = {
        "region": "chin",
        "side": "L",
        "change_mm": 1.2,
        "ci_low": 0.9,
        "ci_high": 1.5,
        "count": 8,
        "present": True,
    }
    healthy["blink"].append(chin)
    assert page_row(healthy, "Chin")[0] == "1.2 mm [0.9 to 1.5]"
    assert "When you blink, your chin twitches along." in part(
        build_report(measured(healthy), None), "patient"
    )


def test_no_inferred_side_is_wholly_certain(synkinetic):
    sure = {**synkinetic, "side_status": "inferred", "side_confidence": 0.9999}
    assert side_text(measured(sure)).endswith("confidence over 99 %")


def test_two_affected_sides_say_what_is_not_seen(synkinetic):
    both = {**synkinetic, "side_status": "both", "side_affected": None, "side_confidence": None}
    assert side_text(measured(both)) == (
        "Both sides; each is compared with the other: what they do alike is not seen"
    )
    build_report(measured(both), None)


def test_a_missing_norm_is_no_doubt(altered):
    result = altered("smile_open", "eye", "R", vs_healthy_norm_mm=None)
    told = professional_words.references(findings(result)[0])
    assert told.endswith("; no figure of healthy faces")


def test_the_chin_is_listed_once_in_blinks(healthy):
    chin = {"region": "chin", "change_mm": None, "count": 0, "present": None, "reason": "none"}
    healthy["blink"] += [chin | {"side": side} for side in "LR"]
    rows = professional_words.blinks(measured(healthy))
    assert [one.side for one in rows if one.region is Region.CHIN] == [Side.LEFT]
