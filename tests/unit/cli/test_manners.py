"""`--json`, `--out` and `--overwrite` mean the same in every command."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from typer.testing import CliRunner

from facewire.cli import app
from facewire.errors import OutputExistsError
from facewire.landmarks.models import NETWORK_FILES


def commands() -> dict[str, click.Command]:
    """Every command by its name."""
    found: dict[str, click.Command] = {}
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        if subcommands := getattr(command, "commands", None):
            found |= {f"{name} {short}": sub for short, sub in subcommands.items()}
        else:
            found[name] = command
    return found


def faults_of(command: click.Command) -> set[str]:
    options = {o: p for p in command.params for o in p.opts if o.startswith("--")}
    faults = set()
    if as_json := options.get("--json"):
        if getattr(as_json, "is_flag", False):
            faults.add("--json takes no value")
        elif "- prints" not in (getattr(as_json, "help", "") or ""):
            faults.add("--json does not say that - prints")
    if (out := options.get("--out")) and out.metavar != "DIR":
        faults.add("--out is no folder")
    writes = {"--json", "--out", "--html", "--pdf", "--video"} & set(options)
    if writes and "--overwrite" not in options:
        faults.add("output cannot be replaced")
    if "--overwrite" in options and not getattr(options["--overwrite"], "is_flag", False):
        faults.add("--overwrite takes a value")
    return faults


@pytest.mark.parametrize("name", commands())
def test_options_mean_one_thing(name: str) -> None:
    assert faults_of(commands()[name]) == set()


@pytest.fixture
def networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of network files that are taken as right."""
    from facewire.landmarks import models

    monkeypatch.delenv("FACEWIRE_MODEL", raising=False)
    monkeypatch.setattr(models, "_check_hash", lambda path, wanted: None)
    folder = tmp_path / "networks"
    folder.mkdir()
    for wanted in NETWORK_FILES:
        (folder / wanted.name).write_bytes(b"a network")
    return folder


@pytest.mark.parametrize("command", [["info"], ["model", "check"]])
def test_json_is_written_or_printed_alone(
    command: list[str], networks: Path, tmp_path: Path
) -> None:
    folder = ["--folder", str(networks)] if command[0] == "model" else []
    file = tmp_path / "said.json"
    printed = CliRunner().invoke(app, [*command, *folder, "--json", "-"])
    written = CliRunner().invoke(app, [*command, *folder, "--json", str(file)])
    assert json.loads(printed.stdout) == json.loads(file.read_text("utf-8"))
    assert written.stdout != ""
    refused = CliRunner().invoke(app, [*command, *folder, "--json", str(file)])
    assert isinstance(refused.exception, OutputExistsError)
    replaced = CliRunner().invoke(app, [*command, *folder, "--json", str(file), "--overwrite"])
    assert replaced.exit_code == 0


def test_a_flag_without_a_file_is_wrong_use() -> None:
    done = CliRunner().invoke(app, ["info", "--json"])
    assert done.exit_code == 2
    assert "--json" in done.stderr


def test_every_output_that_is_there_is_named_at_once(tmp_path: Path) -> None:
    for name in ("v.mp4", "v.truth.json", "said.json"):
        (tmp_path / name).write_bytes(b"mine")
    patient = tmp_path / "p.toml"
    demo = Path(sys.modules["facewire"].__file__ or "").parent / "synthetic/patients/demo.toml"
    patient.write_bytes(demo.read_bytes())
    given = ["--video", str(tmp_path / "v.mp4"), "--json", str(tmp_path / "said.json")]
    done = CliRunner().invoke(app, ["simulate", str(patient), *given])
    assert isinstance(done.exception, OutputExistsError)
    for name in ("v.mp4", "v.truth.json", "said.json"):
        assert name in str(done.exception)
        assert (tmp_path / name).read_bytes() == b"mine"


def test_a_demo_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(b"mine")
    done = CliRunner().invoke(app, ["demo", "--out", str(tmp_path)])
    assert isinstance(done.exception, OutputExistsError)
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
