"""No outbound connection, and no file outside the output folder and the cache.

Watched in a fresh home folder and without CI in the environment, because telemetry keeps still in
CI. Each way of watching has a positive control that shows it would have seen something.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from watching import NO_NETWORK, can_take_the_network_away, files_under, run_watched

CONNECT = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
SEND = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"
LOOK_UP = "import socket; socket.gethostbyname('localhost')"
IN_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CONNECT!r}])"

NATIVE_CONNECT = re.compile(r"(connect|sendto|sendmsg)\(.*sa_family=AF_INET")
NATIVE_WRITE = re.compile(r'openat\(.*"(/[^"]+)".*O_(?:WRONLY|RDWR|CREAT)')
STRACE = ("-f", "-qq", "-e", "trace=connect,sendto,sendmsg,openat")
HARMLESS = ("/dev/", "/proc/", "/sys/")


@pytest.mark.parametrize("program", [CONNECT, SEND, LOOK_UP, IN_A_CHILD])
def test_control_a_connection_is_seen(tmp_path: Path, program: str) -> None:
    assert run_watched(tmp_path, "-c", program).network != []


def test_control_a_written_file_is_seen(tmp_path: Path) -> None:
    watched = run_watched(tmp_path, "-c", "open('note', 'w'); import os; os.mkdir('folder')")
    assert {tmp_path / "note", tmp_path / "folder"} <= watched.written


@pytest.mark.parametrize(
    "command",
    [["--help"], ["info"], ["info", "--json", "-"], ["model", "check"], ["measure", "none.mp4"]],
)
def test_small_commands_keep_to_themselves(tmp_path: Path, command: list[str]) -> None:
    watched = run_watched(tmp_path, "-m", "facewire", *command)
    assert watched.network == []
    assert watched.written == set()
    assert files_under(tmp_path / "home") == set()


def _false_telemetry(folder: Path) -> Path:
    """Make a package that does what OpenVINO's telemetry does: it writes into the home folder."""
    package = folder / "fakes" / "openvino_telemetry"
    package.mkdir(parents=True)
    code = f"import pathlib\n(pathlib.Path.home() / 'telemetry').touch()\n{CONNECT}\n"
    (package / "__init__.py").write_text(code)
    return package.parent


def test_control_openvino_alone_would_start_its_telemetry(tmp_path: Path) -> None:
    fakes = _false_telemetry(tmp_path)
    watched = run_watched(tmp_path, "-c", "import openvino", extra_paths=(fakes,))
    assert watched.network != []
    assert "telemetry" in files_under(tmp_path / "home")


def test_facewire_shuts_the_telemetry_out(tmp_path: Path) -> None:
    fakes = _false_telemetry(tmp_path)
    program = "from facewire.landmarks.detectors import runtime; runtime.openvino().Core()"
    watched = run_watched(tmp_path, "-c", program, extra_paths=(fakes,))
    assert watched.done.returncode == 0, watched.done.stderr
    assert watched.network == []
    assert files_under(tmp_path / "home") == set()


def _measure(clip: Path, out: Path) -> list[str]:
    cues = clip.with_suffix(".protocol.json")
    return [
        "-m",
        "facewire",
        "measure",
        str(clip),
        *("--cues", str(cues), "--mirrored", "no", "--out", str(out)),
    ]


def _strange(folder: Path, written: Iterable[Path]) -> list[Path]:
    """Return what was written outside the output, the cache and passing files."""
    allowed = tuple(str(folder / p) for p in ("out", "home/.cache", "tmp", "watch.log"))
    return sorted({p for p in written if not str(p).startswith((*allowed, *HARMLESS))})


def _numbers(out: Path) -> dict[str, Any]:
    """Return a result without what differs between two runs: durations, hashes of files."""
    result = json.loads((out / "result.json").read_text("utf-8"))
    return {part: result[part] for part in result if part not in ("provenance", "files")}


@pytest.fixture(scope="module")
def measured(small_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    folder = tmp_path_factory.mktemp("watched")
    return run_watched(folder, *_measure(small_clip, folder / "out")), folder


@pytest.mark.slow
@pytest.mark.models
class TestMeasure:
    def test_connects_to_nothing(self, measured: tuple[Any, Path]) -> None:
        watched, _ = measured
        assert watched.done.returncode == 0, watched.done.stderr
        assert watched.network == []

    def test_writes_only_output_cache_and_passing_files(self, measured: tuple[Any, Path]) -> None:
        watched, folder = measured
        assert _strange(folder, watched.written) == []

    def test_leaves_nothing_in_home_and_temporary_folder(self, measured: tuple[Any, Path]) -> None:
        _, folder = measured
        left = {p for p in files_under(folder / "home") if not p.startswith(".cache/facewire/")}
        assert left == set()
        assert files_under(folder / "tmp") == set()

    def test_gives_the_same_without_any_network(
        self, measured: tuple[Any, Path], small_clip: Path, tmp_path: Path
    ) -> None:
        if not can_take_the_network_away():
            pytest.skip("this machine does not let programs start without a network")
        command = _measure(small_clip, tmp_path / "out")
        watched = run_watched(tmp_path, *command, before=NO_NETWORK)
        assert watched.done.returncode == 0, watched.done.stderr
        assert _numbers(tmp_path / "out") == _numbers(measured[1] / "out")

    @pytest.mark.parametrize("debian_part", ["strace"], indirect=True)
    def test_native_code_keeps_to_itself_too(
        self, debian_part: Path, small_clip: Path, tmp_path: Path
    ) -> None:
        trace = tmp_path / "trace"
        strace = (str(debian_part), *STRACE, "-o", str(trace))
        watched = run_watched(tmp_path, *_measure(small_clip, tmp_path / "out"), before=strace)
        assert watched.done.returncode == 0, watched.done.stderr
        calls = trace.read_text()
        assert NATIVE_CONNECT.findall(calls) == []
        assert _strange(tmp_path, map(Path, NATIVE_WRITE.findall(calls))) == []


@pytest.mark.parametrize("debian_part", ["strace"], indirect=True)
def test_control_strace_sees_a_connection_and_a_file(debian_part: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = (str(debian_part), *STRACE, "-o", str(trace))
    run_watched(tmp_path, "-c", f"{CONNECT}; open({str(tmp_path / 'note')!r}, 'w')", before=strace)
    assert NATIVE_CONNECT.findall(trace.read_text()) != []
    assert str(tmp_path / "note") in NATIVE_WRITE.findall(trace.read_text())


def test_control_without_a_network_nothing_is_reached(tmp_path: Path) -> None:
    if not can_take_the_network_away():
        pytest.skip("this machine does not let programs start without a network")
    program = "import socket; print(len(socket.if_nameindex()))"
    watched = run_watched(tmp_path, "-c", program, before=NO_NETWORK)
    assert watched.done.stdout.strip() == "1"


def test_strace_is_a_known_debian_part() -> None:
    makefile = Path(__file__).parents[2] / "Makefile"
    parts = re.search(r"^DEBIAN_PARTS := (.*)$", makefile.read_text(), re.MULTILINE)
    assert parts is not None
    assert "strace" in parts[1].split()
    assert shutil.which("make") is not None
