from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import facewire
from example_result import example, example_result
from facewire.cli import app, main
from facewire.cli.summary import findings, side_sentence
from facewire.errors import NoFaceError, SideConflictError
from facewire.face import Side
from facewire.findings import complete
from facewire.results.measurement import Measurement


@dataclass
class Recorder:
    """Stands in for the pipeline and keeps what it was asked for."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    fault: BaseException | None = None

    def measure(self, *given: Any) -> Measurement:
        self.calls.append(given)
        given[-1]("track", 0.5)
        if self.fault is not None:
            raise self.fault
        return example()

    def track_video(self, *given: Any) -> None:
        self.calls.append(given)
        if self.fault is not None:
            raise self.fault
        given[1].parent.mkdir(parents=True, exist_ok=True)
        given[1].write_bytes(b"abc")


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    stub = ModuleType("facewire.pipeline")
    stub.TrackOptions = stub.MeasureOptions = dict  # type: ignore[attr-defined]
    stub.measure, stub.track_video = recorder.measure, recorder.track_video  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "facewire.pipeline", stub)
    monkeypatch.setattr(facewire, "pipeline", stub, raising=False)
    return recorder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=True)


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["facewire", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


class TestMeasure:
    def test_passes_every_option_on(self, pipeline: Recorder, tmp_path: Path) -> None:
        options = ["--cues", "c.json", "--mirrored", "yes", "--affected", "L", "--age", "46"]
        options += ["--iris-mm", "11.9", "--subject", "P1", "--unfitted", "--overwrite"]
        options += ["--fast", "--allow-partial", "--model", "m", "--face", "left"]
        run("measure", "v.mp4", *options, "--out", str(tmp_path), "--json", "r.json")
        source, out, json_path, tracking, measuring, _ = pipeline.calls[0]
        assert (source, out, json_path) == (Path("v.mp4"), tmp_path, Path("r.json"))
        assert tracking == {
            "model": Path("m"),
            "mirrored": True,
            "plain": False,
            "fast": True,
            "allow_partial": True,
            "face": "left",
        }
        assert measuring == {
            "cues": Path("c.json"),
            "affected": "L",
            "age_years": 46.0,
            "iris_mm": 11.9,
            "subject": "P1",
            "fitted": False,
            "overwrite": True,
            "other_side_refused": "",
        }

    @pytest.mark.parametrize("option", ["--fast", "--allow-partial"])
    def test_one_choice_is_no_other(self, pipeline: Recorder, option: str) -> None:
        run("measure", "v.mp4", "--out", "o", option)
        tracking = pipeline.calls[0][3]
        said = {name: tracking[name] for name in ("fast", "allow_partial", "plain")}
        assert said == {**dict.fromkeys(said, False), option[2:].replace("-", "_"): True}

    def test_unsaid_stays_unsaid(self, pipeline: Recorder) -> None:
        run("measure", "v.mp4", "--out", "o")
        tracking, measuring = pipeline.calls[0][3:5]
        assert tracking["mirrored"] is None
        assert measuring["affected"] is None
        assert measuring["fitted"] is True

    def test_prints_side_and_findings(self, pipeline: Recorder) -> None:
        shown = run("measure", "v.mp4", "--out", "o").stdout
        assert "the patient's right (inferred, 98 % sure)" in shown
        assert "not confirmed" in shown
        assert "smile_open" in shown
        assert "not resolved" in shown  # its delay has no interval

    def test_prints_json_alone_when_asked(self, pipeline: Recorder) -> None:
        result = run("measure", "v.mp4", "--json", "-")
        assert json.loads(result.stdout) == example().plain()
        assert pipeline.calls[0][2] is None

    def test_needs_somewhere_to_write(
        self, pipeline: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: Any
    ) -> None:
        assert run_main(monkeypatch, "measure", "v.mp4") == 2
        assert "nowhere to write" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("fault", "code"), [(NoFaceError("No face"), 1), (SideConflictError("Which side"), 2)]
    )
    def test_fault_is_one_message_and_its_code(
        self,
        pipeline: Recorder,
        monkeypatch: pytest.MonkeyPatch,
        capsys: Any,
        fault: Any,
        code: int,
    ) -> None:
        pipeline.fault = type(fault)(fault.what, expected="e", found="f", do="d")
        assert run_main(monkeypatch, "measure", "v.mp4", "--out", "o") == code
        shown = capsys.readouterr()
        assert shown.err == f"Error: {fault.what}\nExpected: e\nFound: f\nWhat to do: d\n"
        assert shown.out == ""

    def test_interrupt_says_what_is_kept(self, pipeline: Recorder) -> None:
        pipeline.fault = KeyboardInterrupt()
        result = run("measure", "v.mp4", "--out", "o")
        assert result.exit_code == 130
        assert "the same command continues" in result.stderr

    @pytest.mark.parametrize(
        ("json_path", "said"), [("a/r.json", "is kept in a;"), ("-", "Nothing is kept")]
    )
    def test_without_a_folder_too(self, pipeline: Recorder, json_path: str, said: str) -> None:
        pipeline.fault = KeyboardInterrupt()
        result = run("measure", "v.mp4", "--json", json_path)
        assert result.exit_code == 130
        assert said in result.stderr

    @pytest.mark.parametrize(
        "wrong",
        [
            ["--mirrored", "maybe"],
            ["--affected", "left"],
            ["--age", "-1"],
            ["--iris-mm", "3"],
            ["x"],
        ],
    )
    def test_wrong_use_is_exit_code_2(self, pipeline: Recorder, wrong: list[str]) -> None:
        assert run("measure", "v.mp4", "--out", "o", *wrong).exit_code == 2
        assert pipeline.calls == []


class TestTrack:
    def test_plain_is_passed_on(self, pipeline: Recorder, tmp_path: Path) -> None:
        result = run("track", "v.mp4", "--out", str(tmp_path / "t"), "--plain", "--json", "-")
        assert pipeline.calls[0][2]["plain"] is True
        # SHA-256 of "abc" from FIPS 180-2
        assert json.loads(result.stdout)["sha256"].startswith("ba7816bf8f01cfea")
        assert (tmp_path / "t" / "track.parquet").read_bytes() == b"abc"

    def test_a_track_is_replaced_when_asked_and_kept_until_then(
        self, pipeline: Recorder, tmp_path: Path
    ) -> None:
        track = tmp_path / "track.parquet"
        track.write_bytes(b"mine")
        refused = run("track", "v.mp4", "--out", str(tmp_path))
        assert "--overwrite" in str(refused.exception)
        pipeline.fault = NoFaceError("No face")
        run("track", "v.mp4", "--out", str(tmp_path), "--overwrite")
        assert track.read_bytes() == b"mine"
        pipeline.fault = None
        run("track", "v.mp4", "--out", str(tmp_path), "--overwrite")
        assert [path.name for path in tmp_path.iterdir()] == ["track.parquet"]
        assert track.read_bytes() == b"abc"

    def test_a_file_for_a_folder_is_told(self, pipeline: Recorder, tmp_path: Path) -> None:
        result = run("track", "v.mp4", "--out", str(tmp_path / "t.parquet"))
        assert "--out names a file" in str(result.exception)
        assert pipeline.calls == []

    def test_needs_out(self, pipeline: Recorder) -> None:
        result = run("track", "v.mp4")
        assert result.exit_code == 2
        assert "--out" in result.stderr


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_demo_replaces_only_when_asked(
    pipeline: Recorder, tmp_path: Path, overwrite: bool
) -> None:
    own = ["--video", "v.mp4", "--out", str(tmp_path)]
    result = run("demo", *own, "--json", "-", *(["--overwrite"] if overwrite else []))
    assert pipeline.calls[0][4]["overwrite"] is overwrite
    assert json.loads(result.stdout)["agreement_with_truth"] is None


class TestReport:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (None, "cannot be read"),
            ("{", "is not JSON"),
            ("[]", "Found: no document of facewire"),
            ('{"schema": "x"}', "is of another kind"),
        ],
    )
    def test_refuses_what_is_no_result(
        self, tmp_path: Path, content: str | None, message: str
    ) -> None:
        path = tmp_path / "r.json"
        if content is not None:
            path.write_text(content)
        result = run("report", str(path), "--html", str(tmp_path / "r.html"))
        assert message in str(result.exception)
        assert getattr(result.exception, "exit_code", None) == 2

    def test_keeps_an_existing_page(self, tmp_path: Path) -> None:
        (tmp_path / "r.json").write_text(json.dumps(example_result()))
        (tmp_path / "r.html").write_text("mine")
        result = run("report", str(tmp_path / "r.json"), "--html", str(tmp_path / "r.html"))
        assert "--overwrite" in str(result.exception)
        assert (tmp_path / "r.html").read_text() == "mine"


class TestInfo:
    def test_json_names_versions_and_networks(self) -> None:
        facts = json.loads(run("info", "--json", "-").stdout)
        assert set(facts["networks"]) == {"face_landmarker.task", "iris_landmark.tflite"}
        assert facts["libraries"]["numpy"][0].isdigit()

    def test_home_folder_is_not_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        shown = run("info").stdout
        assert "~/.cache/facewire" in shown
        assert str(tmp_path) not in shown


def test_simulate_keeps_an_existing_clip(tmp_path: Path) -> None:
    from facewire.synthetic.patient import DEMO_PATIENT

    (tmp_path / "v.mp4").write_bytes(b"mine")
    result = run("simulate", str(DEMO_PATIENT), "--video", str(tmp_path / "v.mp4"))
    assert "--overwrite" in str(result.exception)


def test_model_check_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from facewire.landmarks import models

    monkeypatch.setattr(models, "search_folders", lambda given=None: [tmp_path])
    monkeypatch.delenv("FACEWIRE_MODEL", raising=False)
    assert run_main(monkeypatch, "model", "check") == 1
    told = capsys.readouterr().err
    assert "facewire model fetch" in told
    assert "facewire model install --from" in told


@pytest.mark.parametrize(
    ("status", "side", "confirmed", "sentence"),
    [
        ("none", None, True, "No affected side was found."),
        ("stated", "L", True, "Affected side: the patient's left (stated)."),
        ("stated", None, True, "No side is affected, as was stated."),
        ("undecided", None, True, "The affected side could not be decided."),
    ],
)
def test_side_in_words(status: str, side: str | None, confirmed: bool, sentence: str) -> None:
    result = example().replaced(
        side_status=status,
        side_affected=None if side is None else Side(side),
        side_confirmed=confirmed,
    )
    assert side_sentence(result) == sentence


def test_cannot_tell_is_no_finding() -> None:
    cells = tuple(cell.replaced(beyond_healthy=None) for cell in example().synkinesis)
    untold = example().replaced(synkinesis=cells, findings=None)
    assert findings(example()) != []
    assert findings(complete(untold)) == []


@pytest.mark.parametrize("start", [["-m", "facewire"], ["-m", "facewire", "--version"]])
def test_runs_as_a_module(start: list[str]) -> None:
    done = subprocess.run([sys.executable, *start], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if start[-1] == "--version" else 2)
