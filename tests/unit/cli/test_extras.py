"""A missing optional part is one clear line and exit code 2, whatever the command."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer

from code_reading import ROOT
from example_result import example_result
from facewire.cli import app
from facewire.cli.extras import EXTRAS, needs
from facewire.errors import UsageError

MODULES_OF = {
    "argon2-cffi": "argon2",
    "psycopg[binary]": "psycopg",
    "python-multipart": "python_multipart",
}
"""Packages whose module has another name."""

CALLS = {
    "measure": ["none.mp4", "--out", "o"],
    "phantom": ["none.mp4", "--out", "o"],
    "track": ["none.mp4", "--out", "o"],
    "grade": ["none.json", "--json", "-"],
    "wiring": ["none.json", "--json", "-"],
    "forecast": ["none.json", "--treatments", "none.toml", "--json", "-"],
    "plan": ["none.json", "--json", "-"],
    "regrow": ["none.toml", "--json", "o.json"],
    "compare": ["none.json", "none.json", "--json", "o.json"],
    "validate": ["none.csv", ".", "--out", "o"],
    "report": ["r.json", "--pdf", "r.pdf"],
    "simulate": ["p.toml", "--video", "v.mp4", "--model", "none"],
    "demo": ["--out", "demo", "--model", "none"],
    "serve": ["--data", "d", "--cert", "alone.pem"],
    "backup": ["b", "--data", "d"],
    "restore": ["b", "--data", "new", "--url", "postgresql+psycopg://x@127.0.0.1:1/x"],
    "erase": ["--data", "d", "--patient", "P", "--reason", "asked for"],
    "places": ["--data", "d"],
    "account password": ["--data", "d", "--name", "ann"],
    "learn": ["--data", "d", "--json", "r.json"],
    "info": [],
    "vault create": ["--data", "d"],
    "vault passphrase": ["--data", "d"],
    "vault recover": ["--data", "d", "--recovery-file", "f"],
    "vault recovery-key": ["--data", "d"],
    "model fetch": ["--json", "r.json"],
    "model install": ["--from", "none"],
    "model check": [],
}
"""Every command as it would be called, ending at once: on a missing file, or one that is there."""

NEEDING = {
    "pdf": {"report"},
    "postgres": {"restore"},
    "simulate": {"simulate", "demo"},
    "web": {"serve", "backup", "restore", "erase", "places", "account password", "learn"}
    | {c for c in CALLS if c.startswith("vault")},
}

RUN_ALL = """
import contextlib, io, json, sys
calls, blocked = json.loads(sys.argv[1]), json.loads(sys.argv[2])
sys.modules.update(dict.fromkeys(blocked))
from facewire.cli import main
ends = {}
for name, arguments in calls.items():
    sys.argv, err = ["facewire", *name.split(), *arguments], io.StringIO()
    code = 0
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        try:
            main()
        except SystemExit as end:
            code = end.code
        except BaseException as error:
            code = repr(error)
    ends[name] = [code, err.getvalue()]
print(json.dumps(ends))
"""


def _commands() -> set[str]:
    found = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        found |= {f"{name} {sub}" for sub in getattr(command, "commands", ())} or {name}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("extra", EXTRAS)
def test_every_command_without_a_part(extra: str, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps(example_result()))
    demo = ROOT / "src" / "facewire" / "synthetic" / "patients" / "demo.toml"
    (tmp_path / "p.toml").write_text(demo.read_text("utf-8"), encoding="utf-8")
    given = [json.dumps(CALLS), json.dumps(EXTRAS[extra])]
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL, *given],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    ends = json.loads(done.stdout)
    line = f"This needs facewire's {extra} part: pip install 'facewire[{extra}]'"
    told = {name for name, (code, err) in ends.items() if code == 2 and line in err}
    assert told == NEEDING[extra]
    assert {n: e for n, e in ends.items() if e[0] not in (0, 1, 2) or "Traceback" in e[1]} == {}


def test_every_command_is_called_above() -> None:
    assert set(CALLS) == _commands()


def test_parts_are_those_that_can_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = {
        extra: sorted(one.split(">=")[0] for one in required)
        for extra, required in project["optional-dependencies"].items()
    }
    modules = {e: sorted(MODULES_OF.get(one, one) for one in p) for e, p in packages.items()}
    assert modules == {extra: sorted(modules) for extra, modules in EXTRAS.items()}


def test_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match=r"facewire's pdf part: pip install 'facewire\[pdf\]'"):
        needs("pdf")


def test_one_missing_module_of_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(UsageError, match=r"facewire\[web\]"):
        needs("web")


def test_postgresql_named_in_the_settings_without_its_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from facewire.record.engine import open_engine

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"facewire\[postgres\]"):
        open_engine("postgresql+psycopg://x@127.0.0.1:1/x")
