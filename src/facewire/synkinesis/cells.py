"""The synkinesis map as values: one cell for each movement, region and side."""

from __future__ import annotations

from dataclasses import dataclass

from facewire.face import SIDES, Movement, Region, Side


@dataclass(frozen=True)
class VoluntaryCell:
    """Total change of a region in a movement: hold minus rest.

    ``excursion_mm`` is signed for eye, brow and lips, and the length of the displacement in the
    frontal plane for commissure, ala and chin, its noise bias removed. NaN when not measured,
    with a ``reason``.
    """

    movement: Movement
    region: Region
    side: Side
    excursion_mm: float = float("nan")
    ci_low: float = float("nan")
    ci_high: float = float("nan")
    across_mm: float = float("nan")
    up_mm: float = float("nan")
    symmetry: float = float("nan")
    repetitions: int = 0
    reason: str = ""


@dataclass(frozen=True)
class SynkinesisCell:
    """Involuntary part of a region's change in a movement; see `estimate_map`.

    ``voluntary_low_mm`` and ``voluntary_high_mm`` are the weakest and the strongest repetition of
    the movement that the gain refers to. NaN when not measured or not asked, with a ``reason``.
    ``present``, ``detected`` and ``beyond_healthy`` are None when it cannot be told.
    """

    movement: Movement
    region: Region
    side: Side
    change_mm: float = float("nan")
    ci_low: float = float("nan")
    ci_high: float = float("nan")
    across_mm: float = float("nan")
    up_mm: float = float("nan")
    percent: float = float("nan")
    percent_of: str = ""
    gain: float = float("nan")
    gain_ci_low: float = float("nan")
    gain_ci_high: float = float("nan")
    voluntary_mm: float = float("nan")
    voluntary_low_mm: float = float("nan")
    voluntary_high_mm: float = float("nan")
    present: bool | None = None
    detected: bool | None = None
    beyond_healthy: bool | None = None
    q_value: float = float("nan")
    score: float = float("nan")
    vs_other_side_mm: float = float("nan")
    vs_healthy_norm_mm: float = float("nan")
    latency_s: float = float("nan")
    latency_ci_low_s: float = float("nan")
    latency_ci_high_s: float = float("nan")
    coupling: float = float("nan")
    repetitions: int = 0
    reason: str = ""


@dataclass(frozen=True)
class RestCell:
    """Where a region stands at rest, mm; the difference is this side minus the other."""

    region: Region
    component: str
    side: Side | None
    position_mm: float
    ci_low: float
    ci_high: float
    difference_mm: float
    difference_ci_low: float
    difference_ci_high: float


@dataclass(frozen=True)
class ClosureCell:
    """The gap that is left between the lids in a closure, mm."""

    movement: Movement
    side: Side
    gap_mm: float
    ci_low: float
    ci_high: float
    repetitions: int
    reason: str


@dataclass(frozen=True)
class BlinkCell:
    """What a region does while the eyes blink by themselves, mean over blinks, mm."""

    region: Region
    side: Side
    change_mm: float
    across_mm: float
    up_mm: float
    ci_low: float
    ci_high: float
    count: int
    detected: bool | None
    present: bool | None
    reason: str


@dataclass(frozen=True)
class AffectedSide:
    """Which side is affected, and how that is known.

    ``status`` is ``stated``, ``inferred``, ``none``, ``undecided`` or ``both``; ``side`` is None
    except for the first two. ``confidence`` is NaN for ``both``, and for ``undecided`` where the
    recording has too few answers.
    """

    side: Side | None
    status: str
    confidence: float

    @property
    def none(self) -> bool:
        """Whether no side is affected, stated or inferred."""
        return self.side is None and self.status in ("none", "stated")

    @property
    def sides(self) -> tuple[Side, ...]:
        """Every affected side."""
        if self.status == "both":
            return SIDES
        return () if self.side is None else (self.side,)


@dataclass(frozen=True)
class SynkinesisMap:
    """Everything measured from one recording."""

    affected: AffectedSide
    synkinesis: tuple[SynkinesisCell, ...]
    voluntary: tuple[VoluntaryCell, ...]
    rest: tuple[RestCell, ...]
    eye_closure: tuple[ClosureCell, ...]
    blink: tuple[BlinkCell, ...]
