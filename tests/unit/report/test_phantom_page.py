"""The page of a checked room says the document's figures, and what they do not say."""

from __future__ import annotations

import re

import jsonschema
import pytest

from example_result import example
from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.report.phantom_page import figures, headline, phantom_page
from facewire.results.document import schema_of
from facewire.results.measurement import Message
from facewire.results.phantom import Found, Phantom, PhantomCell, PhantomCopy, RegionCheck


def checked(smallest_mm: float | None = 0.9) -> Phantom:
    base = example()
    assert base.scale is not None
    return Phantom(
        synthetic=False,
        provenance=base.provenance,
        scale=base.scale,
        side_confirmed=True,
        noise_mm={Region.EYE: 0.11},
        power=0.8,
        largest_mm=5.0,
        copies=(
            PhantomCopy(name="original", side=None, level_mm=0.0, side_status="none", told=70),
            PhantomCopy(name="coded", side=None, level_mm=0.0, side_status="none", told=70),
            PhantomCopy(
                name="R-2mm",
                side=Side.RIGHT,
                level_mm=2.0,
                side_status="inferred",
                side_affected=Side.RIGHT,
                present=2,
                told=70,
            ),
            PhantomCopy(name="L-2mm", side=Side.LEFT, level_mm=2.0, reason="No face was found"),
        ),
        cells=(
            PhantomCell(
                copy_name="R-2mm",
                side=Side.RIGHT,
                movement=Movement.SMILE_OPEN,
                region=Region.EYE,
                true_mm=-2.67,
                change_mm=-2.41,
                ci_low=-2.9,
                ci_high=-1.92,
                detected=True,
                moved_mm=-2.5,
                other_moved_mm=-0.05,
            ),
        ),
        regions=(
            RegionCheck(
                region=Region.EYE,
                movements=(Movement.SMILE_OPEN,),
                cells=2,
                numbers=1,
                slope=0.9,
                slope_low=0.8,
                slope_high=1.0,
                own_slope=0.94,
                error_mm=0.26,
                bias_mm=-0.26,
                held=1,
                intervals=1,
                leak=0.02,
                found=(Found(level_mm=2.0, found=1, asked=2),),
                smallest_mm=smallest_mm,
            ),
        ),
        smallest_mm=smallest_mm,
        messages=(Message(level="problem", code="side_named", text="It names a side."),),
        limits=("The changes are drawn.",),
    )


def test_the_page_stands_alone_and_says_the_figures() -> None:
    page = phantom_page(checked())
    text = re.sub(r"<[^>]+>", " ", page)
    for words in (
        "Smallest change found with a probability of 80 %. Eye: 0.9 mm",
        "0.90 [0.80 to 1.00]",
        "1 of 2",
        "an affected side was named in 0 of 2 measurements, and 0 of 140 cells",
        "the changed side was named in 1 of 1 copies, the other one in 0",
        "Not measured: L-2mm",
        "It names a side.",
        "The changes are drawn.",
        "0.11 mm",
    ):
        assert words in " ".join(text.split()), words
    assert re.findall(r'(?:src|href)="', page) == []
    assert "<script" not in page


def test_where_nothing_is_found_it_says_up_to_where_it_was_looked_for() -> None:
    assert headline(checked(None)).endswith("Eye: none up to 5 mm.")
    unfound = checked(None)
    assert figures(unfound)["smallest"](unfound.regions[0]) == "none up to 5 mm"


@pytest.mark.slow
def test_the_document_fits_its_schema_and_is_read_again() -> None:
    found = checked()
    jsonschema.validate(found.plain(), schema_of(Phantom))
    assert Phantom.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    ("place", "changes", "words"),
    [
        ("cells", {"copy_name": "R-9mm"}, "of no copy"),
        ("cells", {"change_mm": None}, "missing without a reason"),
        ("regions", {"held": 2}, "more than all"),
        ("copies", {"level_mm": 1.0}, "has a side and a size"),
        ("copies", {"side_status": None}, "without a reason"),
    ],
)
def test_what_contradicts_itself_is_refused(
    place: str, changes: dict[str, object], words: str
) -> None:
    import json

    values = checked().plain()
    values[place][0].update(changes)
    with pytest.raises(UsageError, match=words):
        Phantom.from_json(json.dumps(values).encode())
