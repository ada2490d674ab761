"""Running Python programs while watching what they connect to and write.

Every Python process that is started gets an audit hook through ``sitecustomize``, child processes
included. What native code does beside Python is seen by strace and by taking the network away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOOK = """
import json, os, sys

_log = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_NETWORK = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
            "socket.gethostbyname", "socket.bind")
_CHANGES = {"os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1}  # place of the new name

def _note(kind, value):
    os.write(_log, (json.dumps([kind, str(value)]) + "\\n").encode())

def _watch(event, args):
    if event in _NETWORK:
        address = args[1] if event.startswith("socket.connect") else args
        if isinstance(address, (str, bytes)):
            return  # a name in the file system: processes of this machine talking to each other
        _note("network", (event, address))
    elif event == "open" and isinstance(args[0], (str, bytes, os.PathLike)):
        mode, flags = args[1], args[2] or 0
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
            _note("write", os.path.abspath(os.fsdecode(args[0])))
    elif event in _CHANGES:
        _note("write", os.path.abspath(os.fsdecode(args[_CHANGES[event]])))

sys.addaudithook(_watch)
"""

NO_NETWORK = ("unshare", "--map-root-user", "--net", "--")


@dataclass(frozen=True)
class Watched:
    """What a program did.

    Parameters
    ----------
    done : CompletedProcess
        Exit code, stdout, stderr.
    network : list of str
        Every connection, sending and name look-up that was tried.
    written : set of Path
        Every file that was opened for writing, made or renamed to.
    """

    done: subprocess.CompletedProcess[str]
    network: list[str]
    written: set[Path]


def fresh_environment(folder: Path, *extra_paths: Path) -> dict[str, str]:
    """Return an environment as a new user has it: an empty home, and no CI."""
    home, hook = folder / "home", folder / "hook"
    home.mkdir(parents=True, exist_ok=True)
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(HOOK)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": os.pathsep.join(map(str, (hook, *extra_paths))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "WATCH_LOG": str(folder / "watch.log"),
    }


def run_watched(
    folder: Path, *arguments: str, before: tuple[str, ...] = (), extra_paths: tuple[Path, ...] = ()
) -> Watched:
    """Run Python with these arguments in a fresh home folder and return what it did."""
    environment = fresh_environment(folder, *extra_paths)
    (folder / "tmp").mkdir(exist_ok=True)
    log = Path(environment["WATCH_LOG"])
    log.unlink(missing_ok=True)
    done = subprocess.run(
        [*before, sys.executable, *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    network = [value for kind, value in lines if kind == "network"]
    written = {Path(value) for kind, value in lines if kind == "write"}
    return Watched(done, network, written - {Path(os.devnull)})


def files_under(folder: Path) -> set[str]:
    """Return every file under a folder, relative to it."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def can_take_the_network_away() -> bool:
    """Whether this machine lets us start a program without any network."""
    try:
        tried = subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return tried.returncode == 0
