"""Are the probabilities of the four faces what they say? Simulated people of every kind.

    .venv/bin/python benchmarks/side_calibration.py --people 600
    .venv/bin/python benchmarks/side_calibration.py --each 40

People are drawn as often as the rule expects them (`facewire.synkinesis.side.PRIOR`), or as many of
each kind: healthy, one side affected, both, with natural differences between the sides of any size
up to 15 % of each movement, and the tracker's left-over errors (`interval_coverage.py`). Told: how
often each answer was given and right, and how often a face was the true one where it was given a
probability.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from rich.console import Console
from rich.table import Table

from facewire.face import CHANNEL_INDEX, SIDES, Channel, Region, Side
from facewire.synkinesis import estimate_map
from facewire.synkinesis.changes import measure_changes, relative_spread
from facewire.synkinesis.parts import Evidence
from facewire.synkinesis.resting import resting_positions
from facewire.synkinesis.side import PRIOR, differences, face_probabilities
from interval_coverage import healthy_face, simulate, synkinetic_patient
from simulated.wiring_spec import SignalPatient

MOST_NATURAL = 0.15
BINS = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0)


def person(face: str, rng: np.random.Generator) -> SignalPatient:
    """Draw a person of a kind."""
    spread = float(rng.uniform(0.0, MOST_NATURAL))
    if face == "none":
        return replace(healthy_face(rng), side_spread=spread)
    spec = synkinetic_patient(rng)
    if face == "both":
        other = synkinetic_patient(rng).miswiring
        return replace(spec, other_miswiring=other, side_spread=spread)
    return replace(spec, affected_side=Side(face), side_spread=spread)


def main() -> None:
    """Simulate, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--each", type=int, help="so many of each kind instead")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    said: dict[str, Counter[str]] = {face: Counter() for face in PRIOR}
    given: list[tuple[float, bool]] = []
    for face, rng in _people(asked.people, asked.each, asked.seed):
        recording, movements = simulate(person(face, rng), rng)
        found = estimate_map(recording.signals, movements).affected
        said[face][str(found.side or found.status)] += 1
        signals = recording.signals
        changes = measure_changes(signals, movements)
        rest = resting_positions(signals, movements)
        heights = {s: CHANNEL_INDEX[Channel(Region.EYE, s, "height")] for s in SIDES}
        evidence = Evidence(
            changes, relative_spread(changes), {s: float(rest[c]) for s, c in heights.items()}
        )
        likely = face_probabilities(differences(evidence))
        given += [(p, name == face) for name, p in likely.items()]
    console = Console()
    console.print(_answers(said))
    console.print(_probabilities(given))


def _people(count: int, each: int | None, seed: int) -> Iterator[tuple[str, np.random.Generator]]:
    """Yield kinds of people, and what draws the rest of each."""
    if each is not None:
        for k, face in enumerate(sorted(PRIOR)):
            for i in range(each):
                yield str(face), np.random.default_rng([seed, i, k])
        return
    for i in range(count):
        rng = np.random.default_rng([seed, i])
        yield str(rng.choice(list(PRIOR), p=list(PRIOR.values()))), rng


def _answers(said: dict[str, Counter[str]]) -> Table:
    names = ("none", "R", "L", "both", "undecided")
    table = Table("true face", *names)
    for face, counts in said.items():
        table.add_row(face, *(str(counts[name]) for name in names))
    return table


def _probabilities(given: list[tuple[float, bool]]) -> Table:
    table = Table("probability given", "times", "mean", "true")
    values = np.array(given)
    for low, high in pairwise(BINS):
        inside = values[(values[:, 0] >= low) & ((values[:, 0] < high) | (high == BINS[-1]))]
        if len(inside):
            mean, true = inside.mean(axis=0)
            table.add_row(f"{low:g} to {high:g}", str(len(inside)), f"{mean:.3f}", f"{true:.3f}")
    return table


if __name__ == "__main__":
    main()
