"""Do the ranges of grades and the intervals of changes hold the truth? Many simulated measurements.

The quick form is ``tests/unit/grading/test_coverage.py``; a thousand take about three minutes.
"""

from __future__ import annotations

import numpy as np

from rows import Row
from simulated.derived import change_held, grade_held

TIMES = 1000


def rows() -> list[Row]:
    """Count how often each holds what is true."""
    found = []
    for name, held in (
        ("ranges of the voluntary sub-score that hold a rater's", grade_held),
        ("95 % intervals of a change that hold it", change_held),
    ):
        rng = np.random.default_rng(17)
        share = float(np.mean([held(rng) for _ in range(TIMES)]))
        remark = f"{TIMES} simulated measurements"
        found.append(Row("coverage", name, share, "", at_least=0.93, remark=remark))
    return found
