"""Use facewire as somebody who installed it: run by the Python of a clean environment.

python use_installed.py NETWORK_FILES WORK

Only the installed package is used, and the moving face of the tests for a recording. Each step
prints a line; the first that fails ends the run with exit code 1.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("facewire")
STEP_S = 300

Step = Callable[[Path], None]


def run(work: Path, *arguments: str) -> str:
    """Run a command of facewire to its end and return what it printed."""
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=work,
        capture_output=True,
        text=True,
        timeout=STEP_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        sys.exit(f"facewire {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def want(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        sys.exit(f"{what}: {found!r} instead of {wanted!r}")


def help_is_there(work: Path) -> None:
    want("help", "measure" in run(work, "--help"), True)
    facts = json.loads(run(work, "info", "--json", "-"))
    want("version", run(work, "--version").strip(), facts["facewire"]["version"])


def networks_are_installed(work: Path) -> None:
    run(work, "model", "install", "--from", os.environ["NETWORK_FILES"], "--folder", "networks")
    want("networks", len(list((work / "networks").iterdir())), 2)


def a_recording_is_tracked(work: Path) -> None:
    sys.path.insert(0, str(TESTS))
    from moving_face import write_clip

    write_clip(work / "face.mp4")
    said = json.loads(run(work, "track", "face.mp4", "--out", "tracked", "--json", "-"))
    want("track", Path(work / said["track"]).stat().st_size, said["bytes"])


def a_track_is_measured(work: Path) -> None:
    cues = ["--cues", "face.cues.json", "--mirrored", "no"]
    run(work, "measure", "tracked/track.parquet", *cues, "--out", "out")
    want("page", (work / "out" / "report.html").is_file(), True)


def a_report_is_printed(work: Path) -> None:
    run(work, "report", "out/result.json", "--pdf", "report.pdf")
    want("print", (work / "report.pdf").read_bytes()[:5], b"%PDF-")


def the_library_reads(work: Path) -> None:
    import facewire

    result = facewire.read(work / "out")
    want("rows", result.cells().height, 8 * 7 * 2)
    want("signals", result.signals().height > 100, True)


def the_app_answers(work: Path) -> None:
    data = str(work / "data")
    served = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--data", data],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = ""
        while not address and served.stdout and (line := served.stdout.readline()):
            found = re.search(r"runs at (http\S+?)/?$", line.strip())
            address = found[1] if found else ""
        if not address:
            sys.exit(f"serve did not start\n{served.communicate(timeout=20)[1]}")
        with urllib.request.urlopen(address + "/", timeout=30) as answer:
            want("first page", answer.status, 200)
            page = answer.read().decode()
        static = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)))
        want("static files on the first page", bool(static), True)
        for path in [*static, "/static/img/mark.svg"]:
            with urllib.request.urlopen(address + path, timeout=30) as answer:
                want(path, answer.status, 200)
    finally:
        served.send_signal(signal.SIGTERM)
        served.communicate(timeout=30)
    want("end of the app", served.returncode, 0)


def every_part_is_there(work: Path) -> None:
    import psycopg  # noqa: F401

    import facewire.synthetic.face3d.raster  # noqa: F401


STEPS: tuple[Step, ...] = (
    help_is_there,
    networks_are_installed,
    a_recording_is_tracked,
    a_track_is_measured,
    a_report_is_printed,
    the_library_reads,
    the_app_answers,
    every_part_is_there,
)

if __name__ == "__main__":
    os.environ["NETWORK_FILES"] = str(Path(sys.argv[1]).resolve())
    place = Path(sys.argv[2]).resolve()
    place.mkdir(parents=True)
    os.environ["FACEWIRE_MODEL"] = str(place / "networks")
    for step in STEPS:
        step(place)
        sys.stdout.write(f"  {step.__name__.replace('_', ' ')}\n")
        sys.stdout.flush()
