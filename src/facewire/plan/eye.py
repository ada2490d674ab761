"""What the measurement and the wiring already know about the eye: closure gaps, a narrow eye."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from facewire.errors import UsageError
from facewire.face import Movement
from facewire.plan.facts import Facts, Known, Place
from facewire.plan.options import find_options
from facewire.plan.person import Person
from facewire.results.cells import ClosureCell
from facewire.results.measurement import Measurement
from facewire.results.wiring import Wiring
from facewire.wiring import content_sha256

NARROWING = ("oral_ocular", "brow_ocular")


def closure_cells(wiring: Wiring, result: Measurement | None) -> tuple[ClosureCell, ...]:
    """Return the measured closure gaps that belong to a wiring.

    Parameters
    ----------
    wiring : Wiring
        Its source carries the gaps.
    result : Measurement or None
        The measurement that it was inferred from, if it was given: then its gaps.

    Raises
    ------
    UsageError
        The measurement is not one that the wiring was inferred from, or its sides are not
        confirmed.
    """
    measured = wiring.source.measurements
    if result is None:
        return tuple(cell for one in measured for cell in one.eye_closure)
    if not result.side_confirmed:
        raise UsageError(
            "The sides of the measurement are not confirmed",
            do="measure again with --mirrored yes or no",
        )
    own = {one.content_sha256 for one in measured} - {None}
    if own and content_sha256(result) not in own:
        raise UsageError(
            "The measurement is not one that this wiring was inferred from",
            do="give the RESULT.json that `facewire wiring` was given, or infer the wiring again",
        )
    return result.eye_closure


def measured_facts(cells: Iterable[ClosureCell]) -> Iterator[tuple[Place, Known]]:
    """Yield the gap of each gentle closure that was measured, with its interval.

    Tight closures are left out: a gap that effort alone closes is open in sleep and in a blink.
    """
    for cell in cells:
        if cell.movement is Movement.EYE_CLOSE_GENTLE and cell.gap is not None:
            gap = cell.gap
            yield ("closure_gap_mm", cell.side), Known(gap.value, gap.low, gap.high, "measured")


def inferred_facts(person: Person) -> Iterator[tuple[Place, Known]]:
    """Yield what the wiring says: the affected eye is narrow where a movement narrows it.

    It never says that an eye is not narrow.
    """
    if any(option.pattern in NARROWING for option in find_options(person, Facts())):
        yield ("narrow_eye", person.affected), Known(value=True, source="inferred")
