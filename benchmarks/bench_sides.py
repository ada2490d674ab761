"""The right against the wrong side: every treatment with a side, 200 simulated patients each."""

from __future__ import annotations

from rows import Row
from simulated.sides import advantage_mm, trials

PATIENTS, DRAWS = 200, 20


def rows() -> list[Row]:
    """Measure."""
    found = []
    for trial in trials():
        better = advantage_mm(trial, PATIENTS, DRAWS)
        how = f"least advantage {better.min():.2f} mm, mean {better.mean():.1f} mm"
        count = float((better > 0).sum())
        found.append(
            Row("sides", trial.name, count, f"of {len(better)}", at_least=len(better), remark=how)
        )
    return found
