"""The page's script draws a face as the page itself does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from filled_clinic import FilledClinic

from facewire.figures.mesh import drawn

READ = """() => [...document.querySelectorAll('svg[data-face]')].map(svg => ({
  paths: [...svg.querySelectorAll('[data-path]')].map(p => [p.dataset.path, p.getAttribute('d')]),
  iris: [...svg.querySelectorAll('[data-iris]')]
    .map(g => [g.dataset.iris, g.getAttribute('transform')]),
}))"""
REACH = """share => {
  const slider = document.querySelector('[data-reach]');
  slider.value = share;
  slider.dispatchEvent(new Event('input'));
}"""


def numbers(path: str) -> list[float]:
    """The coordinates of a path."""
    for letter in "MCLZtranslate()":
        path = path.replace(letter, " ")
    return [float(one) for one in path.split()]


@pytest.mark.slow
def test_what_the_script_draws_is_what_the_page_would_have_drawn(
    filled_clinic: FilledClinic, filled_server: str, open_page: Callable[..., Any]
) -> None:
    page = open_page(filled_clinic.clinic, filled_server, "therapist")
    page.goto(f"/patients/{filled_clinic.ids['patient_id']}/compare")
    data = json.loads(page.text_content("script[type='application/json']"))
    movement = page.input_value("[data-movement]")
    for share in (0, 40):
        page.evaluate(REACH, share)
        for face, drawing in zip(data["faces"], page.evaluate(READ), strict=True):
            rest, held = np.array(face["rest"]), np.array(face["moves"][movement])
            points = (rest + share / 100 * (held - rest)).reshape(-1, 2)
            for upper, lower in data["lids"]:
                points[upper, 1] = max(points[upper, 1], points[lower, 1])
            shapes = [*drawing["paths"], *drawing["iris"]]
            assert len(shapes) > 25
            for recipe, path in shapes:
                # Halves of a tenth are rounded up by one and to even by the other.
                assert np.allclose(numbers(path), numbers(drawn(recipe, points)), atol=0.101)
    assert page.said == []
