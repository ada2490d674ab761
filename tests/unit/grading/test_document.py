"""The grades document and the command."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from example_result import SHA, example, example_result, first_version_result
from facewire.cli.grade import grade
from facewire.errors import OutputExistsError, UsageError
from facewire.grading import SUNNYBROOK_MOVEMENTS, grade_measurement, grade_summary, read_entered
from facewire.results.grades import Grades
from facewire.results.provenance import HashedFile
from unit.grading.made_measurement import by_hand, measured

MOVES = [str(m) for m in SUNNYBROOK_MOVEMENTS]
ENTERED = {
    "rater": "T2",
    "house_brackmann": "III",
    "fngs2": {"brow": 3, "eye": 2, "nasolabial_fold": 3, "oral": 2, "secondary_movement": 1},
    "sunnybrook": {
        "resting": {"eye": "narrow", "cheek_nasolabial_fold": "more_marked", "mouth": "normal"},
        "voluntary": dict.fromkeys(MOVES, 4),
        "synkinesis": dict.fromkeys(MOVES, 1),
    },
}

app = typer.Typer()
app.command("grade")(grade)


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def result_file(tmp_path):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(example_result()), "utf-8")
    return path


def written(path, document):
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["healthy", "synkinetic", "flaccid"])
@pytest.mark.parametrize("entered", [None, ENTERED])
def test_what_is_written_is_read_again(kind, entered):
    own = None if entered is None else read_entered(entered)
    grades = grade_measurement(measured(kind), own, HashedFile(name="result.json", sha256=SHA))
    assert Grades.from_json(grades.to_json()).plain() == grades.plain()


def test_a_result_without_any_rows_to_grade_is_blank():
    assert grade_measurement(example()).sunnybrook.resting.expected is None


def test_both_sides_affected_is_blank_all_over():
    grades = grade_measurement(by_hand(None, "both"))
    kinds = {item.kind for item in grades.sunnybrook.voluntary.items.values()}
    assert kinds == {"blank"}


def test_every_document_says_that_it_is_not_validated():
    grades = grade_measurement(by_hand())
    assert grades.validated is False
    assert grades.statements[0].startswith("Estimated, not validated")


def test_the_clinician_s_grades_stand_beside():
    grades = grade_measurement(by_hand(), read_entered(ENTERED))
    sunnybrook = grades.sunnybrook
    assert sunnybrook.composite.entered == 80 - 10 - 5
    assert sunnybrook.voluntary.items["smile_open"].entered == 4
    assert sunnybrook.voluntary.items["smile_open"].kind == "estimated"
    assert sunnybrook.resting.items["cheek_nasolabial_fold"].kind == "entered"
    assert grades.house_brackmann.entered == "III"
    assert grades.fngs2.entered is not None
    assert grades.fngs2.entered.grade == "III"


def test_house_brackmann_and_fngs2_are_never_estimated():
    grades = grade_measurement(by_hand())
    for scale in (grades.house_brackmann, grades.fngs2):
        assert (scale.kind, scale.entered) == ("blank", None)
        assert "never estimated" in (scale.reason or "")


def test_no_estimated_item_is_a_bare_number():
    sunnybrook = grade_measurement(by_hand()).sunnybrook
    for part in (sunnybrook.resting, sunnybrook.voluntary, sunnybrook.synkinesis):
        for item in part.items.values():
            assert item.ci_low < item.ci_high


def test_an_item_carries_the_number_that_it_rests_on_whole():
    """8 over 8 mm, each known to 0.102 mm: 1 known to sqrt(2) times 0.0128."""
    (seen,) = grade_measurement(by_hand()).sunnybrook.voluntary.items["smile_open"].measured
    sd = 2**0.5 * 0.2 / 1.959964 / 8.0
    assert (seen.value, seen.sd) == (pytest.approx(1.0), pytest.approx(sd))
    assert (seen.ci_low, seen.ci_high) == pytest.approx((1 - 1.959964 * sd, 1 + 1.959964 * sd))


def test_the_short_form_holds_the_same_scores():
    grades, short = grade_measurement(by_hand()).plain(), grade_summary(by_hand())
    assert short.kind == "estimated, not validated"
    for scale in ("sunnybrook", "eface_like"):
        for part, numbers in short.model_dump(mode="json")[scale].items():
            assert {
                k: v if v is None else pytest.approx(v, abs=1e-4) for k, v in numbers.items()
            } == {k: grades[scale][part].get(k) for k in numbers}


def test_an_earlier_version_s_file_is_one_clear_error(tmp_path):
    error = run(written(tmp_path / "old.json", first_version_result())).exception
    assert isinstance(error, UsageError)
    assert "no standard deviations" in str(error)
    assert "measure the recording again" in str(error)


def test_command_writes_the_document(result_file, tmp_path):
    target = tmp_path / "G.json"
    done = run(result_file, "--json", target, "--entered", written(tmp_path / "e.json", ENTERED))
    assert done.exit_code == 0, done.output
    document = json.loads(target.read_text("utf-8"))
    assert set(document["sunnybrook"]["composite"]) >= {"expected", "ci_low", "ci_high"}
    assert document["source"]["name"] == "result.json"
    assert "not validated" in done.output
    assert "III" in done.output


def test_command_prints_for_programs(result_file):
    done = run(result_file, "--json", "-")
    assert json.loads(done.stdout)["schema"] == "facewire.grades/1"


def test_command_refuses_to_replace(result_file):
    done = run(result_file, "--json", result_file)
    assert isinstance(done.exception, OutputExistsError)
    assert json.loads(result_file.read_text("utf-8"))["schema"] == "facewire.measurement/1"


def test_command_scores_a_questionnaire(tmp_path):
    now = written(tmp_path / "now.json", {"answers": [3] * 9})
    before = written(tmp_path / "before.json", {"answers": [4] * 9})
    done = run(now, "--questionnaire", "saq", "--before", before)
    assert "saq: 60.0" in done.output
    assert "within measurement error" in done.output


def test_command_shows_crisis_information_at_once(tmp_path):
    answers = written(tmp_path / "a.json", {"answers": [0] * 8 + [1]})
    done = run(answers, "--questionnaire", "phq9", "--json", "-", "--crisis-contact", "ask Dr A")
    assert "talk with the patient today" in done.stderr
    assert "ask Dr A" in done.stderr
    assert json.loads(done.stdout)["mood"]["self_harm"] is True


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("{", ("--questionnaire", "saq"), "not JSON"),
        ("[1]", ("--questionnaire", "saq"), "no named entries"),
        ("{}", ("--questionnaire", "saq", "--entered", "x.json"), "--entered cannot be used"),
        ("{}", ("--before", "x.json"), "--before cannot be used"),
        ("{}", (), "of another kind"),
    ],
)
def test_wrong_use_is_explained(tmp_path, content, options, message):
    path = tmp_path / "given.json"
    path.write_text(content, "utf-8")
    error = run(path, *options).exception
    assert isinstance(error, UsageError)
    assert message in str(error)


def test_a_missing_file_is_explained(tmp_path):
    error = run(tmp_path / "no.json", "--questionnaire", "saq").exception
    assert isinstance(error, UsageError)
    assert "cannot be read" in str(error)


def test_points_that_stand_for_the_fold_are_told_until_somebody_grades_it() -> None:
    """By hand: the fold has 0 to 2 points, each counts 5: the middle is 5."""
    face = measured("synkinetic")
    summary = grade_summary(face)
    assert summary.sunnybrook.resting.of_blanks == 5.0
    graded = read_entered({"sunnybrook": {"resting": {"cheek_nasolabial_fold": "normal"}}})
    found = grade_measurement(face, graded).sunnybrook.resting
    assert found.of_blanks is None
    assert found.expected == pytest.approx((summary.sunnybrook.resting.expected or 0.0) - 5.0)
