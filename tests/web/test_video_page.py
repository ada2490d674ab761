"""The kept video: sealed on the disk, played by ranges, in step with the traces, two at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from filled_clinic import FilledClinic, fill
from web_app import ANNA, copy_clinic, open_clinic, running

from facewire.record.media import MediaStore
from facewire.record.store import add, change, get
from facewire.record.tables import Measurement, Media, Recording

RATE_HZ, LENGTH_S = 25, 10
NAMED_RATE_HZ = 30
"""What the made result says of its recording."""
GREYS = "() => { const c = document.createElement('canvas'); c.width = c.height = 8;"
GREYS += " const p = c.getContext('2d'); p.drawImage(document.querySelector('video'), 0, 0, 8, 8);"
GREYS += " return p.getImageData(4, 4, 1, 1).data[0]; }"
"""The grey of the picture that is shown: each picture of the made video is lighter."""


def write_video(path: Path) -> Path:
    """A video of which every picture is a little lighter than the one before."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libvpx", rate=RATE_HZ, options={"crf": "4", "b": "2M"})
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for number in range(RATE_HZ * LENGTH_S):
            picture = np.full((64, 64, 3), number, dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    return path


@pytest.fixture
def filmed(prepared_clinic: Path, tmp_path: Path) -> Iterator[FilledClinic]:
    """A filled clinic that kept both videos, sealed."""
    made = open_clinic(copy_clinic(prepared_clinic, tmp_path / "data"))
    (tmp_path / "measured").mkdir()
    ids = fill(made, tmp_path / "measured")
    video = write_video(tmp_path / "v.webm")
    services = made.services
    sealed = MediaStore(services.media.folder, b"k" * 32)
    with services.record.writing() as session:
        for measurement_id in (ids["measurement_id"], ids["earlier_id"]):
            row = get(session, Measurement, measurement_id)
            with video.open("rb") as file:
                kept = sealed.write(file)
            media = Media(id=kept.id, patient_id=ANNA, kind="video", name="v.webm")
            media.size_bytes, media.sha256 = kept.size_bytes, kept.sha256
            add(session, media)
            recording = get(session, Recording, row.recording_id)
            change(session, recording, video_media_id=kept.id)
    # Files of the measurement are not sealed here: what the page lacks of them it leaves out.
    made.app.state.facewire = replace(services, media=_Both(services.media, sealed))
    yield FilledClinic(made, ids)
    made.record.close()


class _Both(MediaStore):
    """Reads the video with its key, and what `fill` stored without one."""

    def __init__(self, plain: MediaStore, sealed: MediaStore) -> None:
        super().__init__(plain.folder)
        self._sealed = sealed

    def read_range(self, media_id: str, start: int, end: int) -> Iterator[bytes]:
        begins = self.path_of(media_id).read_bytes()[:4]
        return (self._sealed.read_range if begins == b"FWS1" else super().read_range)(
            media_id, start, end
        )


@pytest.mark.slow
def test_the_video_is_played_in_step_with_the_traces(
    filmed: FilledClinic, open_page: Callable[..., Any]
) -> None:
    clinic, ids = filmed.clinic, filmed.ids
    with running(clinic, work=False) as address:
        page = open_page(clinic, address, "therapist")
        answers = []
        page.on("response", lambda one: answers.append((one.url, one.status)))
        page.goto(f"/measurements/{ids['measurement_id']}")
        page.get_by_role("link", name="Play the video").click()
        page.wait_for_function("() => document.querySelector('video').readyState >= 2")
        page.get_by_role("button", name="Brow raise 2").click()
        at(page, "video", 5.5)
        seen = page.evaluate(GREYS)
        for count in (1, 2):
            page.get_by_role("button", name="One picture on").click()
            at(page, "video", 5.5 + count / NAMED_RATE_HZ)
        assert page.evaluate(GREYS) > seen
        page.get_by_role("button", name="One picture back").click()
        at(page, "video", 5.5 + 1 / NAMED_RATE_HZ)
        page.get_by_role("button", name="Half speed").click()
        assert page.evaluate("() => document.querySelector('video').playbackRate") == 0.5
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function("() => document.querySelector('video').currentTime > 5.8")
        page.get_by_role("button", name="Pause").click()
        assert page.evaluate("() => document.querySelector('video').paused")
        strip = page.locator("[data-strip]")
        box = strip.bounding_box()
        strip.click(position={"x": box["width"] / 20, "y": 20})
        at(page, "video", float(strip.get_attribute("data-length")) / 20, within_s=0.15)
        assert 45 < float(page.locator("[data-cursor]").get_attribute("x1")) < 55
        assert {status for url, status in answers if "/api/" in url} == {206}
        assert not page.locator("[data-fault]").is_visible()


@pytest.mark.slow
def test_another_visit_runs_beside_it(filmed: FilledClinic, open_page: Callable[..., Any]) -> None:
    clinic = filmed.clinic
    with running(clinic, work=False) as address:
        page = open_page(clinic, address, "patient")
        page.goto(f"/patients/{ANNA}/compare")
        page.get_by_role("link", name="Play both videos beside one another").click()
        assert page.locator("video").count() == 2
        page.wait_for_function(
            "() => [...document.querySelectorAll('video')].every((one) => one.readyState >= 2)"
        )
        page.get_by_role("button", name="Brow raise 2").click()
        for name in ("own", "beside"):
            at(page, f'[data-screen="{name}"]', 5.5)


def at(page: Any, selector: str, wanted_s: float, within_s: float = 0.02) -> None:
    page.wait_for_function(
        "([one, at, near]) => { const v = document.querySelector(one);"
        " return !v.seeking && Math.abs(v.currentTime - at) < near; }",
        arg=[selector, wanted_s, within_s],
    )


def test_without_a_kept_video_the_page_says_so(filled_clinic: FilledClinic) -> None:
    client, ids = filled_clinic.clinic.client("therapist"), filled_clinic.ids
    text = client.get(f"/measurements/{ids['measurement_id']}/video").text
    assert "There is no video of this recording" in text
    assert "Play the video" not in client.get(f"/measurements/{ids['measurement_id']}").text
    other = filled_clinic.clinic.client("other_patient")
    assert other.get(f"/measurements/{ids['measurement_id']}/video").status_code == 404


@pytest.mark.slow
def test_a_picture_is_enlarged_on_touch_and_by_key(
    filled_clinic: FilledClinic, open_page: Callable[..., Any]
) -> None:
    clinic, ids = filled_clinic.clinic, filled_clinic.ids
    with running(clinic, work=False) as address:
        size = {"width": 1280, "height": 800}
        page = open_page(clinic, address, "therapist", viewport=size)
        page.goto(f"/measurements/{ids['measurement_id']}?region=eye&side=R")
        picture = page.get_by_role("button", name="Enlarge: Rest")
        small = picture.bounding_box()["width"]
        picture.click()
        assert picture.bounding_box()["width"] > 3 * small
        picture.press("Enter")
        assert picture.bounding_box()["width"] == small
