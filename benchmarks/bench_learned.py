"""What clinics of known response teach: coverage of intervals, error beside the literature's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from facewire.treatment import learn
from rows import Row
from simulated.clinics import KEY, USUAL_DAYS, Clinic, person, simulated_clinic

REPEATS = {5: 200, 20: 150, 100: 100}
CLINICS = {
    "as the literature": Clinic(5),
    "weaker and shorter": Clinic(5, effect=0.7, days=90.0),
    "stronger and longer": Clinic(5, effect=1.35, days=160.0),
}
ODD = {
    "errors are two thirds of what is said": Clinic(20, effect=0.7, visit_mm=0.3, told_mm=0.45),
    "people hardly differ": Clinic(20, effect=0.7, effect_between=0.08, days_between=0.08),
    "people differ twice as much": Clinic(20, effect=0.7, effect_between=0.5, days_between=0.5),
    "half of the weak responders stay away": Clinic(20, effect=0.7, stays_away=True),
}
LEAST, MOST = 93.0, 97.0
WORST = 1.25
"""How many times the literature's own error a clinic's may be where nothing differs: of the next
course of somebody new."""


@dataclass
class Tally:
    """Hits of intervals and squared errors, by what is asked."""

    held: dict[str, list[bool]] = field(default_factory=dict)
    errors: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def held_by(self, name: str, found: object, truth: float) -> None:
        """Count whether an interval holds the truth."""
        if found is not None:
            self.held.setdefault(name, []).append(found.low <= truth <= found.high)  # type: ignore[attr-defined]

    def off(self, name: str, value: float, truth: float, literature: float) -> None:
        """Note the squared errors of a value and of the literature's."""
        pair = ((value - truth) ** 2, (literature - truth) ** 2)
        self.errors.setdefault(name, []).append(pair)

    def percent(self, name: str) -> float:
        """Return how often the intervals held, percent."""
        return 100.0 * float(np.mean(self.held.get(name, [np.nan])))

    def ratio(self, name: str) -> float:
        """Return the root mean square error over the literature's."""
        own, literature = np.mean(self.errors[name], axis=0)
        return float(np.sqrt(own / literature)) if literature else float("inf")


def tally(clinic: Clinic, repeats: int) -> Tally:
    """Return what many clinics of one kind teach.

    Parameters
    ----------
    clinic : Clinic
    repeats : int
    """
    found = Tally()
    for seed in range(repeats):
        courses, truth = simulated_clinic(clinic, seed)
        counts = {name: sum(c.person == name for c in courses) for name in truth}
        name = next((n for n in truth if counts[n] >= 2), None)
        row = learn(courses, {KEY: clinic.people}, person=name).treatments[0]
        new = person(
            clinic, np.random.default_rng([seed, round(100 * clinic.effect), clinic.people, 7])
        )
        if row.clinic is not None:
            found.held_by("clinic's effect", row.clinic.effect, clinic.effect)
            found.held_by("clinic's days", row.clinic.duration_days, clinic.days)
            found.held_by(
                "next course of a new person, effect", row.clinic.next_effect, new.next_effect
            )
            found.held_by(
                "next course of a new person, days", row.clinic.next_duration_days, new.next_days
            )
            found.off("clinic's effect", row.clinic.effect.value, clinic.effect, 1.0)
            found.off("new person's effect", row.clinic.next_effect.value, new.next_effect, 1.0)
            if row.clinic.duration_days is not None:
                days = row.clinic.duration_days.value
                found.off("clinic's days", days, clinic.days, USUAL_DAYS)
        if name is not None and row.person is not None:
            own = truth[name]
            found.held_by("person's effect", row.person.effect, own.effect)
            found.held_by("person's days", row.person.duration_days, own.days)
            found.held_by("person's next course, effect", row.person.next_effect, own.next_effect)
            found.off("person's effect", row.person.effect.value, own.effect, 1.0)
    return found


def rows() -> list[Row]:
    """Measure."""
    found = []
    whole = Tally()
    for name, clinic in CLINICS.items():
        for people, repeats in REPEATS.items():
            one = tally(replace(clinic, people=people), repeats)
            found += _of_clinic(f"{name}, {people} people", one, differs=clinic.effect != 1.0)
            for asked, held in one.held.items():
                whole.held.setdefault(asked, []).extend(held)
    for asked in whole.held:
        remark = f"{len(whole.held[asked])} intervals, all clinics above"
        found.append(_coverage(f"coverage: {asked}", whole.percent(asked), remark))
    for name, clinic in ODD.items():
        one = tally(clinic, REPEATS[20])
        told = "; ".join(f"{asked} {one.percent(asked):.0f} %" for asked in one.held)
        value = one.percent("clinic's effect")
        found.append(Row("learned", f"{name}, 20 people", value, "%", remark=told))
    return found


def _of_clinic(name: str, one: Tally, *, differs: bool) -> list[Row]:
    told = "; ".join(f"{asked} {one.percent(asked):.0f} %" for asked in one.held)
    every = [hit for hits in one.held.values() for hit in hits]
    found = [Row("learned", f"{name}: coverage", 100.0 * float(np.mean(every)), "%", remark=told)]
    if differs:
        for asked in ("clinic's effect", "clinic's days", "person's effect"):
            value = one.ratio(asked)
            remark = "root mean square error over the literature's"
            found.append(Row("learned", f"{name}: {asked}", value, "", at_most=1.0, remark=remark))
    asked = "new person's effect"
    bound = 1.0 if differs else WORST
    remark = "root mean square error over the literature's"
    found.append(
        Row("learned", f"{name}: {asked}", one.ratio(asked), "", at_most=bound, remark=remark)
    )
    return found


def _coverage(name: str, value: float, remark: str) -> Row:
    return Row("learned", name, value, "%", at_least=LEAST, at_most=MOST, remark=remark)
