"""The numbers that treatments rest on, read from ``facts.toml`` and checked; draws of them.

Nothing in `facewire.treatment` holds a published figure of its own: each is a row of the table,
with its citation, whether it was seen in the source, and what it is used for. Uncertain ones are
drawn once for each draw of the face, from a seed and a name. The name leaves side and place in the
plan out, so that a mirrored plan on a mirrored face draws the same numbers, and so does the same
plan in another order.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face.muscles import MuscleGroup
from facewire.files import packaged_table
from facewire.results.estimate import Z95
from facewire.words import mark

STATUSES = (mark("seen"), mark("computed"), mark("recalled"), mark("doubtful"), mark("assumed"))
ESTABLISHED = ("seen", "computed")
USES = (mark("calibration"), mark("check"), mark("parameter"), mark("risk"))
SPREADS = ("fixed", "uniform", "triangular", "normal", "fraction")
SPREAD_KINDS = ("", "sd", "se", "range", "ci95", "not stated")
PRODUCT_STATUSES = ("seen", "recalled", "not seen")
BASES = (mark("site"), mark("session"))


@dataclass(frozen=True)
class Fact:
    """One number with its source.

    Parameters
    ----------
    id : str
        Its name in the table.
    value : float
        The figure, in ``unit``.
    unit, citation : str
        What it is counted in; where it stands, or why it was chosen.
    status : str
        One of `STATUSES`; see the head of the table.
    use : str
        ``calibration``, ``check``, ``parameter`` or ``risk``.
    spread : str
        How draws are taken from it: see the head of the table.
    low, high, sd : float
        Range and standard deviation; NaN where not given.
    spread_kind : str
        What the source's own spread is; empty where it gives none.
    n, n_study : int
        People the figure is of; how many took part where it is of some of them. 0: not known.
    condition : str
        When, how and of whom it was measured.
    """

    id: str
    value: float
    unit: str
    citation: str
    status: str
    use: str
    spread: str = "fixed"
    low: float = math.nan
    high: float = math.nan
    sd: float = math.nan
    spread_kind: str = ""
    n: int = 0
    n_study: int = 0
    condition: str = ""

    def __post_init__(self) -> None:
        _one_of(self.id, "status", self.status, STATUSES)
        _one_of(self.id, "use", self.use, USES)
        _one_of(self.id, "spread", self.spread, SPREADS)
        _one_of(self.id, "spread_kind", self.spread_kind, SPREAD_KINDS)
        _check(bool(self.citation), self.id, "a citation", "none")
        _check(math.isfinite(self.value), self.id, "a finite value", self.value)
        if self.spread in ("uniform", "triangular", "fraction"):
            fits = self.low < self.high and self.low <= self.value <= self.high
            _check(fits, self.id, "low <= value <= high", (self.low, self.value, self.high))
        if self.spread == "fraction":
            _check(self.low > 0 and self.high < 1, self.id, "a range inside 0 to 1", self.high)
        if self.spread == "normal":
            _check(self.sd > 0, self.id, "a standard deviation above 0", self.sd)

    @property
    def established(self) -> bool:
        """Whether the figure stands in the cited source, or follows from one that does."""
        return self.status in ESTABLISHED


@dataclass(frozen=True)
class Dose:
    """Units printed in a source, for one product. Literature, never advice.

    Parameters
    ----------
    product, target : str
        The toxin product; what was injected, in words.
    muscles : tuple of MuscleGroup
        The groups it belongs to; empty where the source names none.
    basis : str
        ``site`` or ``session``: what the units are counted for.
    low, high : float
        Range in units of this product; not comparable with any other product's.
    citation, status, product_status : str
        Where it stands; whether range and product were seen there.
    display : bool
        False where it is no measure for one muscle.
    synkinesis : bool
        Whether it was given for synkinesis.
    """

    product: str
    target: str
    muscles: tuple[MuscleGroup, ...]
    basis: str
    low: float
    high: float
    citation: str
    status: str
    product_status: str
    display: bool = True
    synkinesis: bool = False

    def __post_init__(self) -> None:
        _one_of(self.target, "status", self.status, STATUSES)
        _one_of(self.target, "product_status", self.product_status, PRODUCT_STATUSES)
        _one_of(self.target, "basis", self.basis, BASES)
        _check(0 < self.low <= self.high, self.target, "a range of units", (self.low, self.high))

    @property
    def shown(self) -> bool:
        """Whether a reader may see it: range and product both stand in the source."""
        return self.display and self.status == "seen" and self.product_status == "seen"


@cache
def facts() -> Mapping[str, Fact]:
    """Return every fact by its id.

    Raises
    ------
    UsageError
        A row of the table is wrong.
    """
    rows = _table()["fact"]
    found = {row["id"]: Fact(**row) for row in rows}
    _check(len(found) == len(rows), "facts", "every id once", "an id twice")
    return found


def fact(name: str) -> Fact:
    """Return one fact.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    if name not in facts():
        raise UsageError("There is no such fact about treatments", found=name)
    return facts()[name]


@cache
def doses() -> tuple[Dose, ...]:
    """Return every published dose that the table holds, shown or not."""
    rows = [dict(row) for row in _table()["dose"]]
    for row in rows:
        row["muscles"] = tuple(MuscleGroup(name) for name in row["muscles"])
    return tuple(Dose(**row) for row in rows)


def shown_doses(product: str, muscle: MuscleGroup) -> tuple[Dose, ...]:
    """Return the doses of one product and muscle group that a reader may see."""
    return tuple(d for d in doses() if d.shown and d.product == product and muscle in d.muscles)


def _table() -> dict[str, Any]:
    return packaged_table("facewire.treatment", "facts.toml")


def _one_of(name: str, key: str, value: str, allowed: tuple[str, ...]) -> None:
    _check(value in allowed, f"{name}: {key}", ", ".join(allowed), value)


def _check(fits: bool, name: str, expected: str, found: object) -> None:
    if not fits:
        raise UsageError(
            f"The table of treatment facts is wrong at {name}", expected=expected, found=str(found)
        )


FloatArray = NDArray[np.float64]


def uniforms(n: int, seed: int, name: str) -> FloatArray:
    """Return ``n`` numbers in (0, 1), one in each n-th part, in random order.

    Parameters
    ----------
    n : int
        Number of draws.
    seed : int
    name : str
        Same seed and name, same numbers.
    """
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return np.asarray((rng.permutation(n) + rng.random(n)) / n)


def normals(n: int, seed: int, name: str) -> FloatArray:
    """Return ``n`` standard normal numbers, spread as `uniforms`."""
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(n, seed, name)))


def draw(fact: Fact, n: int, seed: int, name: str = "") -> FloatArray:
    """Return ``n`` draws of a fact by its ``spread``.

    Parameters
    ----------
    fact : Fact
    n, seed : int
    name : str, optional
        What the number belongs to, such as a muscle: other names, other draws.
    """
    if fact.spread == "fixed":
        return np.full(n, fact.value)
    place = f"{fact.id}/{name}"
    u = uniforms(n, seed, place)
    if fact.spread == "uniform":
        return np.asarray(fact.low + u * (fact.high - fact.low))
    if fact.spread == "triangular":
        return _triangular(u, fact.low, fact.value, fact.high)
    z = normals(n, seed, place)
    if fact.spread == "normal":
        return np.maximum(fact.value + fact.sd * z, 0.0)
    return fractions(fact.value, (fact.low, fact.high), z)


def fractions(value: float, interval: tuple[float, float], z: FloatArray) -> FloatArray:
    """Return logit-normal draws with a median and a 95 % interval; exact at 0 and 1.

    Parameters
    ----------
    value : float
        The median, 0 to 1.
    interval : tuple of float
        2.5 and 97.5 % points.
    z : ndarray
        Standard normal draws.
    """
    if value in (0.0, 1.0):
        return np.full(len(z), value)
    low, high = (_logit(min(max(v, 0.005), 0.995)) for v in interval)
    middle = _logit(value)
    sd = np.where(z < 0, middle - low, high - middle) / Z95
    return np.asarray(1.0 / (1.0 + np.exp(-(middle + np.maximum(sd, 0.0) * z))))


def _logit(share: float) -> float:
    return float(np.log(share / (1.0 - share)))


def _triangular(u: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < split, rising, falling)
