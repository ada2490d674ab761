"""The map as comma-separated values."""

import csv
import io

from facewire.pipeline.tables import map_csv


def test_a_row_keeps_its_numbers_and_an_untold_answer_is_empty() -> None:
    told = {"movement": "smile_open", "region": "eye", "side": "R", "change_mm": -3.5}
    result = {"synkinesis": [{**told, "present": True}, {**told, "change_mm": None}]}
    first, second = csv.DictReader(io.StringIO(map_csv(result)))
    assert (first["change_mm"], first["present"]) == ("-3.5", "True")
    assert (second["change_mm"], second["present"]) == ("", "")
