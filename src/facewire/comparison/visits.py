"""One visit: a measurement that can be compared with another one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.results.cells import SynkinesisCell
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement

Place = tuple[Movement, Region, Side]


@dataclass(frozen=True)
class Effort:
    """How far the movement's own target went, mm: mean, weakest and strongest repetition."""

    mean_mm: float
    low_mm: float
    high_mm: float

    @classmethod
    def of(cls, cell: SynkinesisCell) -> Effort | None:
        """Return the effort that a cell names; None where it was not measured."""
        mean, low, high = cell.voluntary_mm, cell.voluntary_low_mm, cell.voluntary_high_mm
        if mean is None:
            return None
        return cls(mean, mean if low is None else low, mean if high is None else high)


@dataclass(frozen=True)
class Visit:
    """A measurement with what to call it.

    Parameters
    ----------
    name : str
        File name, or the day.
    result : Measurement

    Raises
    ------
    UsageError
        It has no scale, or is of an earlier version that stored no standard deviations.
    """

    name: str
    result: Measurement

    def __post_init__(self) -> None:
        if self.result.scale is None:
            raise UsageError(
                f"The visit {self.name} has no scale",
                expected="a measurement in millimetres",
                do="measure again where the iris is seen, or with --iris-mm",
            )
        self.result.refuse_without_deviations(f"The visit {self.name}")

    @property
    def recording_sha256(self) -> str | None:
        """Hash of the recording, where it is known."""
        return self.result.provenance.source.sha256

    @property
    def method(self) -> dict[str, str]:
        """How it was measured: what must be the same at every visit."""
        made = self.result.provenance
        found = {
            f"setting {name}": str(getattr(made.settings, name)) for name in ("fitted", "fast")
        }
        return found | {f"network {one.name}": one.sha256[:12] for one in made.networks}

    @property
    def scale(self) -> str:
        """Where its millimetres come from."""
        scale = self.result.scale
        return "" if scale is None else f"{scale.source}, {scale.reference_mm:g} mm"

    def involuntary(self, place: Place) -> Estimate | None:
        """Return the involuntary part at a place."""
        return self.result.involuntary_cell(*place).change

    def total(self, place: Place) -> Estimate | None:
        """Return the whole movement at a place."""
        return self.result.voluntary_cell(*place).excursion

    def effort(self, place: Place) -> Effort | None:
        """Return how far the movement itself went."""
        return Effort.of(self.result.involuntary_cell(*place))


def read_visit(path: Path, name: str | None = None) -> Visit:
    """Read a measurement file as a visit.

    Parameters
    ----------
    path : Path
    name : str, optional
        What to call it; else what the file is called, or the folder of a ``result.json``.

    Raises
    ------
    UsageError
        The file cannot be read, or cannot be compared.
    """
    called = path.parent.name if path.name == "result.json" else path.stem
    return Visit(name or called, Measurement.read(path))
