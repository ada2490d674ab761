"""What the terminal says of a result, beside what its page says."""

from __future__ import annotations

import pytest

from facewire.cli.summary import print_summary
from facewire.face import Movement, Region, Side
from facewire.findings import complete
from unit.findings.made_map import measurement, synkinesis_cell, synkinesis_cells
from unit.report.test_seen_first import printed


@pytest.mark.parametrize(
    ("low_s", "high_s", "told"), [(0.014, 0.072, "43 ms"), (-0.020, 0.106, "not resolved")]
)
def test_a_delay_that_may_be_none_is_not_printed_as_one(
    low_s: float, high_s: float, told: str
) -> None:
    found = synkinesis_cell(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT).replaced(
        change_mm=-3.0,
        change_sd_mm=0.3,
        ci_low=-3.6,
        ci_high=-2.4,
        detected=True,
        present=True,
        beyond_healthy=True,
        latency_s=0.043,
        latency_sd_s=(high_s - low_s) / 3.92,
        latency_ci_low_s=low_s,
        latency_ci_high_s=high_s,
    )
    cells = tuple(found if cell.key == found.key else cell for cell in synkinesis_cells())
    result = complete(measurement(synkinesis=cells))
    screen = printed(lambda console: print_summary(console, result, None))
    assert told in screen
    assert ("ms" in screen) is (told != "not resolved")
