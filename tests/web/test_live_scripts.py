"""The page's own logic, run in the browser: what is played when, and what is sent."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from web_app import Clinic

from facewire.clinic.live.protocol import Protocol, Step
from facewire.clinic.live.room import read_picture
from unit.clinic.live.test_session import SMILE

SHORT_SET = Protocol(
    "test", (Step(None, 0, 2.0), Step(SMILE, 1, 3.0, 0.5, 1.0, 0.5), Step(None, 0, 1.0))
)

PLAY = """async ({steps, actions, tick, waits}) => {
  const { Player } = await import('/static/js/record/player.js');
  const seen = [];
  const player = new Player(steps, {
    phase: (step, phase, ms) => seen.push(['phase', step, phase, ms]),
    end: (step, ms) => seen.push(['end', step, ms]),
    done: (ms) => seen.push(['done', ms]),
    waits: (name, over) => over < (waits[name] ?? 0),
  });
  player.play(0);
  for (let ms = 0; ms <= 20000; ms += tick) {
    if (actions[ms] === 'again') { player.again(); player.play(ms); }
    player.tick(ms);
  }
  return seen;
}"""

HEAD = """async () => {
  const { withHead } = await import('/static/js/record/line.js');
  const jpeg = new Uint8Array([255, 216, 255, 1, 2]).buffer;
  return [...new Uint8Array(withHead({captureMs: 1700000000000.25, number: 7, jpeg}, true))];
}"""


@pytest.fixture
def played(
    open_page: Callable[..., Any], clinic: Clinic, server: str
) -> Callable[..., list[list[Any]]]:
    page = open_page(clinic, server)
    page.goto("/login")

    def play(
        tick: int = 10, waits: dict[str, int] | None = None, **actions: str
    ) -> list[list[Any]]:
        steps = [step.to_json() for step in SHORT_SET.steps]
        at = {key.removeprefix("ms"): value for key, value in actions.items()}
        found = page.evaluate(
            PLAY, {"steps": steps, "actions": at, "tick": tick, "waits": waits or {}}
        )
        return [list(one) for one in found]

    return play


@pytest.mark.slow
def test_phases_follow_one_another_at_their_times(played: Callable[..., Any]) -> None:
    phases = [one[1:] for one in played() if one[0] == "phase"]
    assert phases == [
        [0, 0, 0],
        [1, 0, 2000],
        [1, 1, 5000],
        [1, 2, 5500],
        [1, 3, 6500],
        [2, 0, 7000],
    ]
    assert played()[-1] == ["done", 8000]


@pytest.mark.slow
def test_late_ticks_do_not_add_up(played: Callable[..., Any]) -> None:
    """Every 70 ms: each phase is late by less than one tick, the last no more than the first."""
    wanted = [0, 2000, 5000, 5500, 6500, 7000]
    found = [one[3] for one in played(tick=70) if one[0] == "phase"]
    assert all(0 <= late - at < 70 for late, at in zip(found, wanted, strict=True))


@pytest.mark.slow
def test_a_phase_waits_for_a_slow_person_and_all_that_follows_is_later(
    played: Callable[..., Any],
) -> None:
    seen = played(waits={"onset": 1200, "release": 400})
    begun = [one[3] for one in seen if one[0] == "phase"]
    assert begun == [0, 2000, 5000, 6700, 7700, 8600]
    assert seen[-1] == ["done", 9600]


@pytest.mark.slow
def test_once_more_asks_for_the_movement_again(played: Callable[..., Any]) -> None:
    seen = played(ms7500="again")
    begun = [one[1:] for one in seen if one[0] == "phase" and one[2] == 0]
    assert begun == [[0, 0, 0], [1, 0, 2000], [2, 0, 7000], [1, 0, 7500], [2, 0, 12500]]
    assert seen[-1] == ["done", 13500]


@pytest.mark.slow
def test_a_picture_is_sent_as_the_app_reads_it(
    open_page: Callable[..., Any], clinic: Clinic, server: str
) -> None:
    page = open_page(clinic, server)
    page.goto("/login")
    data = bytes(page.evaluate(HEAD))
    picture, number, kept = read_picture(data)
    assert struct.unpack_from("<d", data)[0] == 1700000000000.25
    assert (picture.time_ms, number, kept) == (1_700_000_000_000, 7, True)
    assert picture.jpeg == bytes([255, 216, 255, 1, 2])
