"""The map as comma-separated values."""

import csv
import io

from facewire.pipeline.measurement import map_csv
from unit.findings.made_map import measurement


def test_a_row_keeps_its_numbers_and_an_untold_answer_is_empty() -> None:
    rows = list(csv.DictReader(io.StringIO(map_csv(measurement()))))
    assert len(rows) == 112
    (told,) = [
        r for r in rows if (r["movement"], r["region"], r["side"]) == ("smile_open", "eye", "R")
    ]
    assert (told["change_mm"], told["present"]) == ("-3.5", "True")
    (untold,) = [
        r for r in rows if (r["movement"], r["region"], r["side"]) == ("snarl", "eye", "R")
    ]
    assert (untold["change_mm"], untold["present"]) == ("", "")
