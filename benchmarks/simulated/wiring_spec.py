"""A synthetic patient on the level of signals: what each movement moves, in mm, and what is wrong.

Simpler than the rendered patient of `facewire.synthetic.patient_spec`: no muscles and no picture,
hundreds of recordings a minute. For tests and for checking intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from facewire.face import VECTOR_REGIONS, Movement, Region, Side
from facewire.face.movements import COMMANDS
from facewire.synthetic.patient_spec import Protocol, check, check_choice, check_range

Change = tuple[float, ...]
"""Height in mm, or across (outward) and up in mm for commissure, ala and chin."""

REST_MM: dict[Region, Change] = {
    Region.EYE: (10.2,),
    Region.BROW: (26.0,),
    Region.COMMISSURE: (25.5, -33.0),
    Region.UPPER_LIP: (-24.0,),
    Region.LOWER_LIP: (-39.5,),
    Region.ALA: (12.1, -10.3),
    Region.CHIN: (0.0, -70.0),
}
"""Where a face rests: fissure from the FACE program (2013); the rest is of the order of a mean
head and matters only as an origin."""

HEALTHY_MM: dict[Movement, dict[Region, Change]] = {
    Movement.BROW_RAISE: {Region.EYE: (0.7,), Region.BROW: (7.6,), Region.ALA: (0.0, 0.3)},
    Movement.EYE_CLOSE_GENTLE: {Region.BROW: (-0.2,)},
    Movement.EYE_CLOSE_TIGHT: {
        Region.BROW: (-1.8,),
        Region.COMMISSURE: (0.7, 0.7),
        Region.UPPER_LIP: (0.4,),
        Region.LOWER_LIP: (0.2,),
        Region.ALA: (0.5, 0.4),
    },
    Movement.SMILE_CLOSED: {
        Region.BROW: (-0.2,),
        Region.COMMISSURE: (3.7, 5.4),
        Region.UPPER_LIP: (2.4,),
        Region.LOWER_LIP: (2.9,),
        Region.ALA: (1.4, 1.2),
        Region.CHIN: (0.0, 1.4),
    },
    Movement.SMILE_OPEN: {
        Region.BROW: (-0.4,),
        Region.COMMISSURE: (5.7, 8.0),
        Region.UPPER_LIP: (5.8,),
        Region.LOWER_LIP: (2.7,),
        Region.ALA: (2.8, 3.4),
        Region.CHIN: (0.0, 0.6),
    },
    Movement.SNARL: {
        Region.EYE: (-0.9,),
        Region.BROW: (-1.8,),
        Region.COMMISSURE: (-0.6, 5.8),
        Region.UPPER_LIP: (8.8,),
        Region.LOWER_LIP: (1.3,),
        Region.ALA: (1.0, 7.0),
        Region.CHIN: (0.0, 0.4),
    },
    Movement.LIP_PUCKER: {
        Region.EYE: (-0.2,),
        Region.COMMISSURE: (-4.3, 1.9),
        Region.UPPER_LIP: (2.9,),
        Region.LOWER_LIP: (-0.6,),
        Region.ALA: (-0.6, 0.3),
        Region.CHIN: (0.0, 0.3),
    },
    Movement.LOWER_TEETH_SHOW: {
        Region.COMMISSURE: (3.1, -3.4),
        Region.UPPER_LIP: (-0.9,),
        Region.LOWER_LIP: (-6.2,),
        Region.ALA: (0.4, -0.4),
        Region.CHIN: (0.0, -4.2),
    },
}
"""What a healthy face does at full effort, mm.

Brow and smile lie between the published means (brow 8.3, Cruz 2004; smile 9.3, motion capture of
12 adults); no means are published for the others, which are of the order of rendered faces. Lid
closure is a part of the fissure: see `CLOSED_PART`; its narrowing in a smile is the patient's own.
"""

CLOSED_PART: dict[Movement, float] = {
    Movement.EYE_CLOSE_GENTLE: 1.3,
    Movement.EYE_CLOSE_TIGHT: 1.5,
}
"""How much of the fissure a closure would close if the lids did not meet: weak efforts close a
healthy eye too."""

CLOSED_SMILE_PART = 0.4
"""Narrowing by a closed smile, as a part of that by the open one."""


@dataclass(frozen=True)
class WrongEdge:
    """A wrong edge on the affected side: a command that moves a region that it should not.

    Parameters
    ----------
    command : str
        One of `facewire.face.movements.COMMANDS`; ``eye_close`` includes blinks.
    region : Region
        What moves.
    change_mm : tuple of float
        How far at a full command: height, or across and up.
    latency_s : float
        How much later than the command.
    """

    command: str
    region: Region
    change_mm: Change
    latency_s: float = 0.04

    def __post_init__(self) -> None:
        check_choice("miswiring.from", self.command, COMMANDS)
        parts = 2 if self.region in VECTOR_REGIONS else 1
        check(
            len(self.change_mm) == parts,
            f"miswiring to {self.region}",
            f"{parts} number{'s' if parts > 1 else ''} of mm",
            self.change_mm,
        )
        for value in self.change_mm:
            check_range(f"miswiring to {self.region}", value, -15, 15)
        check_range("miswiring.latency_s", self.latency_s, 0, 0.5)


@dataclass(frozen=True)
class Filming:
    """What recording and tracking do to the signals.

    Parameters
    ----------
    rate_hz : float
        Frames per second.
    rate_jitter : float
        Variation of the time between frames, as a part of it; 0 is an even rate.
    noise_mm : float
        Standard deviation of each sample's noise.
    drift_mm : float
        Standard deviation of the slow wander of each channel.
    drift_s : float
        How slow: its correlation time.
    """

    rate_hz: float = 30.0
    rate_jitter: float = 0.0
    noise_mm: float = 0.12
    drift_mm: float = 0.1
    drift_s: float = 4.0

    def __post_init__(self) -> None:
        check_range("filming.rate_hz", self.rate_hz, 10, 240)
        check_range("filming.rate_jitter", self.rate_jitter, 0, 0.9)
        check_range("filming.noise_mm", self.noise_mm, 0, 3)
        check_range("filming.drift_mm", self.drift_mm, 0, 3)
        check_range("filming.drift_s", self.drift_s, 0.5, 60)


@dataclass(frozen=True)
class SignalPatient:
    """A synthetic patient on the level of signals.

    Parameters
    ----------
    affected_side : Side or None
        None for a healthy face.
    voluntary_gain : mapping of str to float
        Per command group, on the affected side: 0 paralysed to 1 (left out: 1).
    other_side_gain : float
        What the other side does of a healthy movement; above 1 where it is overactive.
    resting_tone_mm : mapping of Region to tuple of float
        How far the affected side is drawn at rest.
    miswiring : tuple of WrongEdge
    other_miswiring : tuple of WrongEdge
        Wrong edges on the other side, where both are affected.
    smile_eye_narrowing : float
        Part of the fissure that a full smile closes on both sides; physiological.
    side_spread : float
        Standard deviation of the natural difference between the sides, as a part of each
        movement; both sides of a healthy face differ too.
    blinks_per_minute : float
    protocol : Protocol
        ``weakest_effort`` to 1 is the range of the repetitions.
    filming : Filming
    """

    affected_side: Side | None = None
    voluntary_gain: Mapping[str, float] = field(default_factory=dict)
    other_side_gain: float = 1.0
    resting_tone_mm: Mapping[Region, Change] = field(default_factory=dict)
    miswiring: tuple[WrongEdge, ...] = ()
    other_miswiring: tuple[WrongEdge, ...] = ()
    smile_eye_narrowing: float = 0.22
    side_spread: float = 0.05
    blinks_per_minute: float = 8.0
    protocol: Protocol = field(default_factory=Protocol)
    filming: Filming = Filming()

    def edges(self, side: Side) -> tuple[WrongEdge, ...]:
        """Return the wrong edges of one side."""
        if self.affected_side is None:
            return ()
        return self.miswiring if side is self.affected_side else self.other_miswiring

    def __post_init__(self) -> None:
        for group, gain in self.voluntary_gain.items():
            check_choice("voluntary_gain", group, COMMANDS)
            check_range(f"voluntary_gain.{group}", gain, 0, 1.5)
        for region, tone in self.resting_tone_mm.items():
            check(
                len(tone) == len(REST_MM[region]),
                f"resting tone of the {region}",
                f"{len(REST_MM[region])} numbers",
                tone,
            )
        check_range("other_side_gain", self.other_side_gain, 0, 2)
        check_range("smile_eye_narrowing", self.smile_eye_narrowing, 0, 0.6)
        check_range("side_spread", self.side_spread, 0, 0.3)
        check_range("blinks_per_minute", self.blinks_per_minute, 0, 40)
        wrong = bool(
            self.voluntary_gain or self.resting_tone_mm or self.miswiring or self.other_miswiring
        )
        check(
            self.affected_side is not None or not wrong,
            "affected_side",
            "a side, because there is weakness, tone or miswiring",
            "none",
        )
