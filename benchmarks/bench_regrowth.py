"""The simulation of regrowth: how long a course takes, how near it comes to what is published."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import numpy as np

from facewire.face import Side
from facewire.regrowth import Injury, RegrowthRuns, Severity, simulate, summarise
from facewire.regrowth.facts import published
from facewire.regrowth.movement import PATTERNS
from rows import Row

GROUP = "regrowth"
CRUSH = Injury(Side.LEFT, Severity.CRUSH)
REPEATS = 7
RUNS = 400
SEED = 20_000


def _seconds(runs: int) -> float:
    simulate(CRUSH, runs=runs)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        simulate(CRUSH, runs=runs)
        times.append(time.perf_counter() - start)
    return median(times)


def _speed() -> Iterator[Row]:
    how = f"24 months, crush at the geniculate ganglion, median of {REPEATS}"
    yield Row(GROUP, "1 course", 1000 * _seconds(1), "ms", at_most=100, remark=how)
    yield Row(GROUP, "100 courses", _seconds(100), "s", at_most=1.0, remark=how)
    found = simulate(CRUSH, runs=100)
    start = time.perf_counter()
    summarise(found)
    yield Row(GROUP, "document of 100 courses", time.perf_counter() - start, "s")


def _events(found: RegrowthRuns) -> Iterator[Row]:
    for name in ("first_emg", "first_movement", "first_synkinesis", "plateau"):
        figure = published()[name]
        yield Row(
            GROUP,
            f"{figure.words} ({figure.use})",
            float(np.nanmedian(getattr(found, name))),
            "months",
            at_least=figure.low,
            at_most=None if "or later" in figure.citation else figure.high,
            remark=f"median of {found.runs} courses; {figure.citation}",
        )


def _patterns(found: RegrowthRuns) -> Iterator[Row]:
    shown = found.visible[:, -1]
    shown = shown[shown.any(axis=-1)]
    for i, pattern in enumerate(PATTERNS):
        known = np.isfinite(pattern.frequency)
        yield Row(
            GROUP,
            f"{pattern.name} (calibration)" if known else pattern.name,
            100 * float(shown[:, i].mean()),
            "%",
            remark=f"of courses with synkinesis; published {100 * pattern.frequency:.0f} %"
            if known
            else "of courses with synkinesis; not counted in the publication",
        )


def _severity() -> Iterator[Row]:
    for name, least, most in (("enog_below_40", 60, 100), ("enog_from_40", 0, 60)):
        figure = published()[name]
        shares = [
            simulate(
                replace(CRUSH, degenerated_percent=float(p)), runs=25, months=12, seed=SEED + i
            )
            .visible[:, -1]
            .any(axis=-1)
            .mean()
            for i, p in enumerate(np.linspace(least, most, 17))
        ]
        yield Row(
            GROUP,
            f"{figure.words} ({figure.use})",
            100 * float(np.mean(shares)),
            "%",
            at_least=figure.low,
            at_most=figure.high,
            remark=f"published {figure.value:.0f} %; {figure.citation}",
        )


def _block() -> Row:
    found = simulate(Injury(Side.LEFT, Severity.NEURAPRAXIA), runs=RUNS, months=12, seed=SEED)
    figure = published()["neurapraxia_3_weeks"]
    share = 100 * float(np.mean(found.first_movement * 30.44 <= 21))
    return Row(GROUP, f"{figure.words} (calibration)", share, "%", remark="published 85 %")


def rows() -> list[Row]:
    """Measure."""
    found = simulate(CRUSH, runs=RUNS, seed=SEED)
    return [*_speed(), *_events(found), *_patterns(found), *_severity(), _block()]
