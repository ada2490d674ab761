"""Live recording: delay from picture to shown value, and updates a second, browser included.

Headless Chromium with a fake camera (640 x 480, 30 pictures a second) that shows a rendered face,
the app, and its live tracker, all on this machine. The delay is counted from the page's frame
callback to after the paint of the value; the camera's own delay is not in it. Since other work on
the machine lengthens it, the processor time of each part is given too: it hardly depends on load.
"""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which
from typing import Any

import av
import cv2
import numpy as np

from clips import FOLDER, clip_720p
from rows import Row

SECONDS = 20.0
WAIT_MS = 300_000
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
LISTEN = """() => {
  window.shown = [];
  addEventListener('facewire:shown', (e) => shown.push([performance.now(), e.detail.delay_ms]));
}"""
TICKS = os.sysconf("SC_CLK_TCK")


def _camera() -> Path:
    """The clip's middle at 640 x 480 as the camera's pictures."""
    path = FOLDER / "camera.mjpeg"
    if path.exists():
        return path
    with av.open(str(clip_720p())) as clip, path.open("wb") as out:
        for picture in clip.decode(video=0):
            drawn = picture.to_ndarray(format="bgr24")[:, 160:1120]
            small = cv2.resize(drawn, (640, 480), interpolation=cv2.INTER_AREA)
            out.write(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes())
    return path


def _app(folder: Path) -> tuple[Any, str, str]:
    """An app with a therapist and a visit; returns it, a session's token and the visit."""
    from facewire.record.clinical import save_consent
    from facewire.record.people import NewAccount, create_account
    from facewire.record.sessions import open_session
    from facewire.record.store import add
    from facewire.record.tables import Patient, RedFlagAnswers, Visit
    from facewire.web.app import create_app
    from facewire.web.settings import WebSettings

    app = create_app(WebSettings(folder))
    services = app.state.facewire
    with services.record.writing() as session:
        person = NewAccount("bench", "Bench", "violet harbour teaspoon", "clinician", "therapist")
        account = create_account(session, person)
        patient = add(session, Patient(code="P-1"))
        save_consent(session, patient.id, "care", given=True, wording="care/1")
        visit = add(session, Visit(patient_id=patient.id, on=date.today(), kind="in_person"))
        answers = {"signs": {}, "palsy_before": "yes", "began_on": None}
        keys = {"patient_id": patient.id, "visit_id": visit.id}
        add(session, RedFlagAnswers(**keys, version="1", answers=answers, urgency=None))
        return app, open_session(session, account, datetime.now(UTC)), visit.id


def _served(app: Any) -> tuple[Any, threading.Thread, str]:
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    return server, thread, f"http://127.0.0.1:{listener.getsockname()[1]}"


def _seconds_of(words: str) -> float:
    """Processor time of this process's descendants whose command has these words."""
    own, found = {os.getpid()}, 0.0
    for entry in sorted(Path("/proc").glob("[0-9]*"), key=lambda p: int(p.name)):
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if int(fields[1]) in own:
            own.add(int(entry.name))
            if words in command:
                found += (int(fields[11]) + int(fields[12])) / TICKS
    return found


def _used() -> np.ndarray:
    tracker, browser = _seconds_of("clinic.live.process"), _seconds_of("chrom")
    return np.array([tracker, browser, time.process_time()])


def _measure(page: Any) -> tuple[np.ndarray, np.ndarray, float]:
    page.wait_for_selector("[data-part=marks]:not([data-state=wait])", timeout=WAIT_MS)
    page.get_by_text("Live numbers").click()
    page.get_by_role("button", name="Start").click()
    # The page's policy allows no eval, which waiting for a condition would need.
    end, cell = time.monotonic() + WAIT_MS / 1000, page.locator("[data-part=eye_height_L]")
    while not any(c.isdigit() for c in cell.text_content()) and time.monotonic() < end:
        page.wait_for_timeout(100)
    page.evaluate(LISTEN)
    before, started = _used(), time.monotonic()
    page.wait_for_timeout(1000 * SECONDS)
    used, seconds = _used() - before, time.monotonic() - started
    return np.array(page.evaluate("shown")), used, seconds


def rows() -> list[Row]:
    """Measure while a session is recorded: every picture is kept and goes into the track."""
    from playwright.sync_api import sync_playwright

    chromium = which("chromium")
    if chromium is None:
        return [Row("live", "updates", float("nan"), "1/s", at_least=25, remark="no chromium")]
    camera = f"--use-file-for-fake-video-capture={_camera()}"
    with tempfile.TemporaryDirectory() as folder:
        app, token, visit = _app(Path(folder))
        server, thread, url = _served(app)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=[*FLAGS, camera]
                )
                context = browser.new_context(base_url=url)
                name = app.state.facewire.settings.cookie
                cookie = {"name": name, "value": token, "url": url, "sameSite": "Strict"}
                context.add_cookies([cookie])
                page = context.new_page()
                page.goto(f"/visits/{visit}/record")
                page.get_by_role("button", name="To the camera").click()
                shown, used, seconds = _measure(page)
                browser.close()
        finally:
            server.should_exit = True
            thread.join(30)
    return _table(shown, used, seconds)


def _table(shown: np.ndarray, used: np.ndarray, seconds: float) -> list[Row]:
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    rate, delay = len(shown) / seconds, shown[:, 1]
    tracker, browser, app = 1000 * used / max(len(shown), 1)
    how = f"640 x 480, recording, all networks; {load}"
    each = "processor time for each shown value"
    return [
        Row("live", "updates", rate, "1/s", at_least=25, remark=how),
        Row("live", "delay, median", float(np.median(delay)), "ms", at_most=100, remark=how),
        Row("live", "delay, 95 %", float(np.percentile(delay, 95)), "ms", remark=how),
        Row("live", "tracker", tracker, "ms", remark=each),
        Row("live", "browser", browser, "ms", remark=each),
        Row("live", "app", app, "ms", remark=each),
    ]
