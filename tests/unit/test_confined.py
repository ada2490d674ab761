"""What reads strangers' bytes has no network, and its children have none either."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from facewire.confined import CALLS, can_confine, is_kept_from_the_network

CONFINE = "from facewire.confined import confine; assert confine(); "
TRIES = {
    "socket": "import socket; socket.socket()",
    "a pair": "import socket; socket.socketpair()",
    "ipv6": "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "ptrace": "import ctypes; c = ctypes.CDLL(None, use_errno=True);"
    "e = c.ptrace(0, 0, 0, 0); raise PermissionError(ctypes.get_errno()) if e else SystemExit(9)",
    "io_uring": "import ctypes; c = ctypes.CDLL(None, use_errno=True); e = c.syscall(425, 1, 0);"
    "import os; raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))",
    "in a child": "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c',"
    " 'import socket; socket.socket()']).returncode)",
    "in a thread that ran": "socket_of.append(1); t.join(); raise kept[0]",
}
THREAD = (
    "import threading, socket, time; socket_of, kept = [], []\n"
    "def wait():\n"
    "    while not socket_of: time.sleep(0.01)\n"
    "    try: socket.socket()\n"
    "    except OSError as error: kept.append(error)\n"
    "t = threading.Thread(target=wait); t.start()\n"
)

needs_filter = pytest.mark.skipif(not can_confine(), reason="this kernel has no seccomp")


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@needs_filter
@pytest.mark.parametrize("tried", TRIES)
def test_what_is_given_up_is_refused(tried: str) -> None:
    start = THREAD if "thread" in tried else ""
    done = _run(start + CONFINE + TRIES[tried])
    assert done.returncode == 1
    assert "Operation not permitted" in done.stderr or "PermissionError" in done.stderr


@needs_filter
@pytest.mark.parametrize("tried", ["socket", "a pair", "in a child"])
def test_control_without_it_the_same_is_allowed(tried: str) -> None:
    assert _run(TRIES[tried]).returncode == 0


@needs_filter
def test_files_memory_and_processes_are_still_there(tmp_path: Path) -> None:
    code = (
        "import mmap, os, subprocess, threading; "
        f"open({str(tmp_path / 'a')!r}, 'w').write('b'); m = mmap.mmap(-1, 4096); "
        "t = threading.Thread(target=print); t.start(); t.join(); "
        "subprocess.run(['true'], check=True, stdin=subprocess.PIPE)"
    )
    assert _run(CONFINE + code).returncode == 0
    assert (tmp_path / "a").read_text() == "b"


@needs_filter
def test_it_is_the_kernel_that_says_so() -> None:
    done = _run(CONFINE + "print(open('/proc/self/status').read())")
    status = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
    assert (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) == ("1", "2")


@needs_filter
def test_that_it_holds_is_tried_and_not_supposed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may forbid the filter: here a confined process stands for the container."""
    assert is_kept_from_the_network()
    forbidden = "import facewire.confined as c; c.CALLS = {}; import sys; sys.exit(c._try())"
    assert _run(forbidden).returncode == 0
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert not is_kept_from_the_network()


def test_another_processor_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert "riscv64" not in CALLS
    assert not can_confine()
