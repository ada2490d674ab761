"""Whether the stage of a simulated face is told, and whether a flaccid one is called synkinetic.

Each face is drawn from a stage, measured with noise, inferred, and its stage told from the wiring
and from what a clinician would know (months since the onset, an operation, a test block).
"""

from __future__ import annotations

from collections import Counter

from facewire.results.stage import StageName
from facewire.safety import Facts
from facewire.safety.facts import WEAKENED
from facewire.safety.person import Person
from facewire.safety.stage import find_stage
from facewire.wiring import Settings, infer_wiring
from rows import Row
from simulated.stages import staged_patient

Told = tuple[StageName, StageName | None]
"""The true stage, and what was told; None where it was left undecided."""

FACES = 504
FIRST_SEED = 70_000
SETTINGS = Settings(chains=40, sweeps=50, kept=25)
"""Less work than a real inference: 504 faces in minutes."""


def rows() -> list[Row]:
    """Measure."""
    told: Counter[Told] = Counter()
    alone: Counter[Told] = Counter()
    stages = tuple(StageName)
    for i in range(FACES):
        patient = staged_patient(FIRST_SEED + i // len(stages), stages[i % len(stages)])
        model = infer_wiring([patient.result], settings=SETTINGS).replaced(side_confirmed=True)
        person = Person.of(model)
        told[patient.stage, find_stage(person, patient.facts).taken] += 1
        alone[patient.stage, find_stage(person, Facts()).taken] += 1
    found = [
        Row(
            "stage",
            "right, with history",
            _share(told),
            "share",
            at_least=0.95,
            remark=f"{FACES} faces, as many of each stage",
        ),
        Row("stage", "right, video alone", _share(alone), "share", remark="nothing stated"),
        Row("stage", "another stage told, with history", _wrong(told), "share", at_most=0.05),
        Row("stage", "another stage told, video alone", _wrong(alone), "share"),
    ]
    for name, counted in (("with history", told), ("video alone", alone)):
        wrong = sum(
            n
            for (true, said), n in counted.items()
            if true is StageName.FLACCID and said in WEAKENED
        )
        found.append(Row("stage", f"flaccid called synkinetic, {name}", wrong, "faces", at_most=0))
    for stage in stages:
        own = {key: n for key, n in told.items() if key[0] is stage}
        right = own.get((stage, stage), 0) / sum(own.values())
        others = ", ".join(
            f"{said or 'undecided'} {n}" for (_, said), n in own.items() if said is not stage
        )
        found.append(Row("stage", f"{stage}, with history", right, "share", remark=others))
    return found


def _share(counted: Counter[Told]) -> float:
    return sum(n for (true, said), n in counted.items() if true is said) / sum(counted.values())


def _wrong(counted: Counter[Told]) -> float:
    """Return how often another stage was told; an undecided one is none."""
    wrong = sum(n for (true, said), n in counted.items() if said not in (true, None))
    return wrong / sum(counted.values())
