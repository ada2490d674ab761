from __future__ import annotations

import json

import numpy as np

from facewire.face import Movement
from facewire.pipeline.document import plain


def test_plain_values_are_what_json_holds() -> None:
    made = {
        Movement.SNARL: (np.float32(1.23456), float("nan"), np.inf),
        "kept": np.bool_(True),
        "n": 3,
        "none": None,
    }
    wanted = {"snarl": [1.2346, None, None], "kept": True, "n": 3, "none": None}
    assert plain(made) == wanted
    assert json.loads(json.dumps(plain(made), allow_nan=False)) == wanted
