"""A simulated regrowth as a file, ``facewire.regrowth/1``: for teaching, and saying so."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from facewire.face.muscles import GROUPS
from facewire.regrowth.facts import Fact, facts, published
from facewire.regrowth.movement import PATTERNS, visible_mm
from facewire.regrowth.nerve import FloatArray, nerve
from facewire.regrowth.simulate import TEACHING, Regrowth
from facewire.version import facewire_version
from facewire.words import mark

REGROWTH_SCHEMA = "facewire.regrowth/1"
QUANTILES = {
    "median": 50.0,
    "ci50_low": 25.0,
    "ci50_high": 75.0,
    "ci_low": 2.5,
    "ci_high": 97.5,
}
"""What a band holds: the middle, the middle half, and 95 % of the courses."""

EVENTS = {
    "first_emg": mark("first activity in the muscle that closes the eye"),
    "first_movement": mark("first visible movement"),
    "first_synkinesis": mark("first visible synkinesis"),
    "plateau": mark("course levels off"),
}

SPREAD = mark(
    "The spread is that of the simulation: what the model leaves open. It is not the spread of "
    "patients, and says nothing about any one of them."
)
LEFT_OUT = mark(
    "The brain's own adaptation is not modelled: the commands stay those of a healthy face. Nor "
    "are training, treatment, or other explanations of synkinesis than misdirected axons."
)
ASSUMED = mark(
    "Several parameters have no published figure; each is listed with its source and status."
)
NOTES = (SPREAD, LEFT_OUT, ASSUMED)


def regrowth_document(regrowth: Regrowth, name: str = "") -> dict[str, Any]:
    """Return a simulated regrowth in its published form.

    Parameters
    ----------
    regrowth : Regrowth
    name : str
        What the injury is called.

    Returns
    -------
    dict
        JSON values, ``facewire.regrowth/1``. Lists run over months first; ``drive_percent`` over
        months, commands, muscles. Months that do not come within the time line are null.
    """
    return {
        "schema": REGROWTH_SCHEMA,
        "kind": "simulated",
        "teaching": True,
        "statement": TEACHING,
        "facewire": facewire_version(),
        "name": name,
        "injury": regrowth.injury.to_dict(),
        "runs": regrowth.runs,
        "seed": regrowth.seed,
        "months": list(range(regrowth.months + 1)),
        "percent_of": "full activation of the healthy muscle",
        "commands": [str(group) for group in GROUPS],
        "muscles": [str(group) for group in GROUPS],
        "drive_percent": _band(100 * regrowth.drive),
        "muscle_courses": {
            "force_percent": _band(100 * regrowth.force),
            "strength_percent": _band(100 * regrowth.strength),
            "wrong_percent": _band(100 * regrowth.wrong_drive),
            "tone_percent": _band(100 * regrowth.tone),
        },
        "face_courses": {
            "force_percent": _band(100 * regrowth.force.mean(axis=-1)),
            "wrong_percent": _band(100 * regrowth.wrong_drive.mean(axis=-1)),
        },
        "growth": _growth(regrowth),
        "patterns": _patterns(regrowth),
        "events": [_event(regrowth, event) for event in EVENTS],
        "published": [_fact(fact) for fact in published().values()],
        "parameters": [_fact(fact) for fact in facts().values()],
        "notes": list(NOTES),
    }


def _growth(regrowth: Regrowth) -> dict[str, Any]:
    """Where the injury lies, and how far a typical axon has grown past it."""
    found, injury = nerve(), regrowth.injury
    return {
        "injury_mm": round(injury.level_mm, 1),
        "stylomastoid_mm": found.foramen_mm,
        "division_mm": found.division_mm,
        "muscles_mm": round(found.typical_mm, 1),
        "front_mm": _band(regrowth.front_mm),
    }


def _band(values: FloatArray, decimals: int = 1) -> dict[str, Any]:
    """Return the spread over the runs, the first axis."""
    found = np.round(np.percentile(values, list(QUANTILES.values()), axis=0), decimals) + 0.0
    return {name: found[i].tolist() for i, name in enumerate(QUANTILES)}


def _patterns(regrowth: Regrowth) -> list[dict[str, Any]]:
    share = 100 * regrowth.visible.mean(axis=0)
    return [
        {
            "id": pattern.id,
            "name": pattern.name,
            "movements": [str(movement) for movement in pattern.movements],
            "region": str(pattern.region),
            "visible_from_mm": visible_mm(pattern),
            "visible_percent_of_runs": np.round(share[:, i], 1).tolist(),
            "change_mm": _band(regrowth.pattern_mm[..., i], 2),
            "published_percent": None
            if np.isnan(pattern.frequency)
            else round(100 * pattern.frequency, 1),
        }
        for i, pattern in enumerate(PATTERNS)
    ]


def _event(regrowth: Regrowth, name: str) -> dict[str, Any]:
    months = getattr(regrowth, name)
    happens = np.isfinite(months)
    band = _band(months[happens], 2) if happens.any() else dict.fromkeys(QUANTILES)
    return {
        "id": name,
        "words": EVENTS[name],
        "happens_percent_of_runs": round(100 * float(happens.mean()), 1),
        "month": band,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    row = asdict(fact)
    unused = ([] if fact.ranged else ["low", "high"]) + ([] if fact.words else ["words"])
    return {name: found for name, found in row.items() if name not in unused}
