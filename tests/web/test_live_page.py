"""The page that records, in the browser: one screen, played against a line that the test holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_live_routes import make_visit
from web_app import Clinic, TestClient

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
SIZES = [(390, 844), (820, 1180), (1280, 800)]
SHOWN = {
    "check": (".record-view", ".record-words h2", ".record-instruction", ".record-marks"),
    "recording": (
        ".record-view",
        ".record-face svg",
        ".record-words h2",
        ".record-instruction",
        ".record-repetition",
        ".record-word",
        ".record-marks",
        ".record-progress",
    ),
}

COVERED = """selectors => {
  const parts = selectors.flatMap((s) => [...document.querySelectorAll(s)]);
  parts.push(...[...document.querySelectorAll('.record-bar button')].filter((b) => !b.hidden));
  const box = (e) => e.getBoundingClientRect();
  const name = (e) => e.dataset.part || e.className || e.tagName;
  const wrong = [];
  for (const one of parts) {
    const a = box(one);
    if (a.width < 1 || a.height < 1) wrong.push(`${name(one)} is not there`);
    if (a.left < 0 || a.top < 0 || a.right > innerWidth || a.bottom > innerHeight) {
      wrong.push(`${name(one)} reaches out of the screen`);
    }
    for (const other of parts) {
      if (one === other || one.contains(other) || other.contains(one)) continue;
      const b = box(other);
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 0.5 && down > 0.5) wrong.push(`${name(one)} lies over ${name(other)}`);
    }
  }
  return wrong;
}"""


class LinePage:
    """A page that records, whose line the test answers in the app's place."""

    def __init__(self, page: Any) -> None:
        self.page, self.heard = page, []
        self._line: Any = None

    def connect(self, line: Any) -> None:
        """Take the page's line."""
        self._line = line
        line.on_message(lambda m: self.heard.append(m) if isinstance(m, str) else None)
        self.tell(type="state", mode="check", performed=[], next_step=0, stored=0, last_ms=-1)

    def tell(self, **message: Any) -> None:
        """Say something as the app does."""
        self._line.send(json.dumps(message))

    def mode(self, mode: str, done: int = 0) -> None:
        """Say where the session is, with so many steps kept."""
        performed = [{"step": i, "outcome": "kept"} for i in range(done)]
        state = {"performed": performed, "next_step": done, "stored": 0, "last_ms": -1}
        self.tell(type="state", mode=mode, **state)
        self.page.wait_for_selector(f".record[data-mode={mode}]")

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return what the page said of one type."""
        return [m for m in map(json.loads, self.heard) if m["type"] == kind]


@pytest.fixture(scope="module")
def camera_browser(browsers: Any, chromium: Path) -> Iterator[Any]:
    """A browser with a camera that shows a test picture."""
    started = browsers.launch(executable_path=str(chromium), args=list(FLAGS))
    yield started
    started.close()


@pytest.fixture
def live_page(
    camera_browser: Any, clinic: Clinic, as_therapist: TestClient, server: str
) -> Iterator[Callable[..., LinePage]]:
    """Open the page that records at a size of the screen."""
    begun = as_therapist.post(f"/visits/{make_visit(clinic)}/record", data={"protocol": "short"})
    contexts = []

    def start(size: tuple[int, int] = (820, 1180)) -> LinePage:
        viewport = dict(zip(("width", "height"), size, strict=True))
        context = camera_browser.new_context(base_url=server, viewport=viewport)
        contexts.append(context)
        cookie = {"name": clinic.services.settings.cookie, "value": clinic.token("therapist")}
        context.add_cookies([{**cookie, "url": server, "sameSite": "Strict"}])
        made = LinePage(context.new_page())
        made.page.route_web_socket("**/live/*", made.connect)
        made.page.goto(begun.headers["location"])
        made.page.wait_for_selector("[data-part=camera] option", state="attached")
        return made

    yield start
    for context in contexts:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_all_that_is_needed_stands_on_one_screen(
    live_page: Callable[..., LinePage], size: tuple[int, int]
) -> None:
    live = live_page(size)
    assert live.page.evaluate(COVERED, list(SHOWN["check"])) == []
    live.mode("recording", done=1)
    live.page.locator("[data-part=repetition]").filter(has_text="1 of 3").wait_for()
    assert live.page.evaluate(COVERED, list(SHOWN["recording"])) == []
    scrolls = "[document.documentElement, document.querySelector('main')]"
    assert (
        live.page.evaluate(f"{scrolls}.filter((e) => e.scrollHeight > e.clientHeight).length") == 0
    )
    assert (
        not live.page.locator("header.bar, .record-more, .record-discard")
        .locator("visible=true")
        .count()
    )
    live.mode("paused", done=1)
    assert live.page.evaluate(COVERED, list(SHOWN["recording"])) == []
    assert live.page.locator("header.bar").is_visible()


def values(doing: str | None, **quality: Any) -> dict[str, Any]:
    """Return the app's answer to a picture."""
    good = {"problems": [], **quality}
    return {"type": "values", "frame": 1, "waiting": 0, "values": None} | {
        "quality": good,
        "doing": doing,
    }


def steadily(live: LinePage, **message: Any) -> None:
    """Say the same for as long as a mark needs to change."""
    for _ in range(6):
        live.tell(**message)
        live.page.wait_for_timeout(200)


@pytest.mark.slow
def test_the_mark_is_green_only_while_the_face_does_what_is_asked(
    live_page: Callable[..., LinePage],
) -> None:
    live = live_page()
    mark = live.page.locator("[data-part=marks]")
    steadily(live, **values(None))
    assert mark.get_attribute("data-state") == "good"
    live.mode("recording", done=1)
    steadily(live, **values("other"))
    assert mark.get_attribute("data-state") == "warn"
    assert "Let the face rest" in mark.inner_text()
    live.page.wait_for_selector("[data-part=stage][data-phase=onset]")
    steadily(live, **values("other"))
    assert mark.get_attribute("data-state") == "warn"
    assert "Only this movement" in mark.inner_text()
    steadily(live, **values("asked"))
    assert mark.get_attribute("data-state") == "good"
    steadily(live, **values("asked", problems=["turned"]))
    assert mark.get_attribute("data-state") == "warn"


@pytest.mark.slow
def test_what_was_not_seen_is_asked_for_again_at_once_and_the_count_is_shown(
    live_page: Callable[..., LinePage],
) -> None:
    live = live_page((390, 844))
    live.mode("recording", done=2)
    repetition = live.page.locator("[data-part=repetition]")
    repetition.filter(has_text="2 of 3").wait_for()
    kept = [{"step": i, "outcome": "kept", "seen": False if i else None} for i in (0, 1)]
    state = {"performed": kept, "next_step": 2, "stored": 9, "last_ms": -1}
    live.tell(type="state", mode="recording", **state)
    live.tell(type="seen", step=1, seen=False, why="it was not held", again=True)
    repetition.filter(has_text="1 of 3 · 0 seen").wait_for()
    assert live.events("repeat") == [{"type": "repeat", "step": 1}]
    note = live.page.locator("[data-part=note]")
    assert note.inner_text() == "Once more, and keep it until you are told to let go."
    assert live.page.evaluate(COVERED, [*SHOWN["recording"], ".record-note"]) == []
    live.tell(type="seen", step=1, seen=False, why="it was not held", again=False)
    note.filter(has_text="that was enough").wait_for()
    assert len(live.events("repeat")) == 1
    assert live.page.locator("[data-part=all-seen]").inner_text() == "0 of 12 seen"


@pytest.mark.slow
def test_the_end_says_what_was_seen(live_page: Callable[..., LinePage]) -> None:
    live = live_page((390, 844))
    live.mode("recording", done=5)
    live.page.keyboard.press("Escape")
    covered = live.page.locator("dialog [data-part=covered]")
    assert covered.inner_text() == "How much of it can be used is known when it is measured."
    live.page.get_by_role("button", name="Back to the session").click()
    kept = [{"step": i, "outcome": "kept", "seen": i != 2 if i else None} for i in range(5)]
    live.tell(type="state", mode="paused", performed=kept, next_step=5, stored=9, last_ms=-1)
    live.page.locator("[data-part=all-seen]").filter(has_text="3 of 12 seen").wait_for()
    live.page.keyboard.press("Escape")
    assert covered.inner_text() == (
        "3 of 12 seen: Close your eyes gently 2 of 3 · Smile showing your teeth 1 of 3 · "
        "Pucker your lips 0 of 3 · Raise your brows 0 of 3"
    )
