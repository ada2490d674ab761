"""A synthetic patient: what is wrong with the face, how it is filmed, what it is asked to do.

Values only, checked at construction. Nothing here reads a file, draws or moves anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from facewire.errors import PatientFileError
from facewire.face import MOVEMENTS, Movement, Side
from facewire.face.movements import COMMANDS
from facewire.synthetic.commands import BRANCHES, MUSCLES, Muscle


def check_choice(where: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among the choices."""
    check(value in choices, where, "one of " + ", ".join(map(str, choices)), value)


def check_range(where: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside low to high.

    Parameters
    ----------
    where : str
        What the number is, for the message.
    value : float
        The number.
    low, high : float
        The range, its ends included.
    """
    check(low <= value <= high, where, f"{low} to {high}", value)


def check(fits: bool, where: str, expected: str, found: object) -> None:
    """Refuse when something does not fit.

    Parameters
    ----------
    fits : bool
        Whether it fits.
    where, expected : str
        What it is, and what was expected, for the message.
    found : object
        What was found.
    """
    if not fits:
        raise PatientFileError(
            f"The patient's {where} cannot be used",
            expected=expected,
            found=str(found),
            do="correct the patient file",
        )


Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Miswiring:
    """A wrong edge on the affected side: a command that reaches another muscle.

    Parameters
    ----------
    command : str
        One of `COMMANDS`; ``eye_close`` includes blinks.
    muscle : Muscle
        What it reaches.
    gain : float
        Activation of the muscle at a full command.
    latency_s : float
        How much later than the command.
    """

    command: str
    muscle: Muscle
    gain: float
    latency_s: float = 0.04

    def __post_init__(self) -> None:
        check_choice("miswiring.from", self.command, COMMANDS)
        check_choice("miswiring.to", self.muscle, MUSCLES)
        check_range("miswiring.gain", self.gain, 0, 1)
        check_range("miswiring.latency_s", self.latency_s, 0, 0.5)


@dataclass(frozen=True)
class FaceLook:
    """How the face looks.

    Parameters
    ----------
    skin_tone : float
        0 light to 1 dark.
    hair_rgb, iris_rgb : tuple of int
        0 to 255.
    asymmetry : float
        The left half is wider than the right by this share.
    smile_eye_narrowing : float
        Part of the fissure that a full smile closes on both sides; physiological.
    """

    skin_tone: float = 0.3
    hair_rgb: Rgb = (62, 44, 34)
    iris_rgb: Rgb = (84, 110, 92)
    asymmetry: float = 0.0
    smile_eye_narrowing: float = 0.2

    def __post_init__(self) -> None:
        check_range("face.skin_tone", self.skin_tone, 0, 1)
        check_range("face.asymmetry", self.asymmetry, -0.08, 0.08)
        check_range("face.smile_eye_narrowing", self.smile_eye_narrowing, 0, 0.6)
        for name in ("hair_rgb", "iris_rgb"):
            value = getattr(self, name)
            check(len(value) == 3, f"face.{name}", "three numbers from 0 to 255", value)
            for number in value:
                check_range(f"face.{name}", number, 0, 255)


@dataclass(frozen=True)
class Behaviour:
    """What the patient does besides the movements: blinks, sway of the head (amplitudes)."""

    blinks_per_minute: float = 8.0
    yaw_sway_deg: float = 1.5
    pitch_sway_deg: float = 1.0
    roll_sway_deg: float = 0.8
    shift_mm: float = 3.0

    def __post_init__(self) -> None:
        check_range("behaviour.blinks_per_minute", self.blinks_per_minute, 0, 40)
        for name in ("yaw_sway_deg", "pitch_sway_deg", "roll_sway_deg", "shift_mm"):
            check_range(f"behaviour.{name}", getattr(self, name), 0, 25)


@dataclass(frozen=True)
class Camera:
    """How the patient is filmed.

    Parameters
    ----------
    width_px, height_px : int
        Even numbers.
    fps : float
        Frames per second.
    distance_mm : float
        From the lens to the face.
    view_height_mm : float
        What the height of the picture covers at the face.
    light : float
        1 is well lit, 0.4 a dim room.
    noise_sigma : float
        Standard deviation of the sensor's noise, in grey levels of 255.
    """

    width_px: int = 640
    height_px: int = 720
    fps: float = 30.0
    distance_mm: float = 700.0
    view_height_mm: float = 320.0
    light: float = 1.0
    noise_sigma: float = 2.0

    def __post_init__(self) -> None:
        for name in ("width_px", "height_px"):
            value = getattr(self, name)
            check(value % 2 == 0, f"camera.{name}", "an even number", value)
            check_range(f"camera.{name}", value, 64, 1920)
        check_range("camera.fps", self.fps, 5, 120)
        check_range("camera.distance_mm", self.distance_mm, 300, 3000)
        check_range("camera.view_height_mm", self.view_height_mm, 220, 900)
        check_range("camera.light", self.light, 0.2, 1.5)
        check_range("camera.noise_sigma", self.noise_sigma, 0, 20)


@dataclass(frozen=True)
class Protocol:
    """What is asked: movements in order, each repeated; times are means, jittered by the seed."""

    movements: tuple[Movement, ...] = MOVEMENTS
    repetitions: int = 3
    weakest_effort: float = 0.7
    opening_rest_s: float = 2.5
    rest_s: float = 1.2
    ramp_s: float = 0.5
    hold_s: float = 1.0

    def __post_init__(self) -> None:
        check(bool(self.movements), "protocol.movements", "at least one movement", "none")
        for movement in self.movements:
            check_choice("protocol.movements", movement, MOVEMENTS)
        check_range("protocol.repetitions", self.repetitions, 1, 10)
        check_range("protocol.weakest_effort", self.weakest_effort, 0.2, 1)
        check_range("protocol.opening_rest_s", self.opening_rest_s, 0.5, 30)
        for name in ("rest_s", "ramp_s", "hold_s"):
            check_range(f"protocol.{name}", getattr(self, name), 0.2, 10)


@dataclass(frozen=True)
class PatientSpec:
    """A synthetic patient.

    Parameters
    ----------
    name : str
        Also the case in the truth files.
    affected_side : Side or None
        None for a healthy face; then there is no weakness, tone or miswiring.
    seed : int
        Fixes every random detail.
    voluntary_gain : mapping of str to float
        Per nerve branch of the affected side, 0 paralysed to 1 (left out: 1).
    resting_tone : mapping of Muscle to float
        Activation at rest on the affected side; negative where the face droops.
    miswiring : tuple of Miswiring
        Wrong edges on the affected side.
    """

    name: str
    affected_side: Side | None = None
    seed: int = 1
    voluntary_gain: Mapping[str, float] = field(default_factory=dict)
    resting_tone: Mapping[Muscle, float] = field(default_factory=dict)
    miswiring: tuple[Miswiring, ...] = ()
    face: FaceLook = FaceLook()
    behaviour: Behaviour = Behaviour()
    camera: Camera = Camera()
    protocol: Protocol = Protocol()

    def __post_init__(self) -> None:
        check(bool(self.name.strip()), "name", "a word", "nothing")
        check(self.seed >= 0, "seed", "0 or more", self.seed)
        for branch, gain in self.voluntary_gain.items():
            check_choice("voluntary_gain", branch, BRANCHES)
            check_range(f"voluntary_gain.{branch}", gain, 0, 1.2)
        for muscle, tone in self.resting_tone.items():
            check_choice("resting_tone", muscle, MUSCLES)
            check_range(f"resting_tone.{muscle}", tone, -0.5, 1)
        if self.affected_side is None:
            given = [self.voluntary_gain, self.resting_tone, self.miswiring]
            check(not any(given), "affected_side", "L or R where something is wrong", "no side")

    def mirrored(self) -> PatientSpec:
        """Return the mirror image: the other side is affected, everything else the same."""
        side = None if self.affected_side is None else self.affected_side.other
        look = replace(self.face, asymmetry=-self.face.asymmetry)
        return replace(self, affected_side=side, face=look)

    def healed(self) -> PatientSpec:
        """Return the same patient without any wrong edge; weakness and tone stay."""
        return replace(self, miswiring=())

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a truth file."""
        plain = asdict(replace(self, voluntary_gain={}, resting_tone={}))
        plain["voluntary_gain"] = dict(self.voluntary_gain)
        plain["resting_tone"] = {str(k): v for k, v in self.resting_tone.items()}
        plain["miswiring"] = [
            {"from": e.command, "to": str(e.muscle), "gain": e.gain, "latency_s": e.latency_s}
            for e in self.miswiring
        ]
        return plain
