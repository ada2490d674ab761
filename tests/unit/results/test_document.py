"""Written documents: every value comes back, numbers stay together, nothing is half written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from example_result import example
from facewire.errors import StorageError
from facewire.results.document import document_text

NUMBERS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.slow
@given(VALUES)
def test_every_value_comes_back(value: object) -> None:
    assert json.loads(document_text(value)) == value


def test_numbers_of_a_list_stay_on_one_line() -> None:
    text = document_text({"a": [1, 2.5, None], "b": [[0], ["x"]], "c": {}})
    assert text.splitlines() == [
        "{",
        ' "a": [1,2.5,null],',
        ' "b": [',
        "  [0],",
        "  [",
        '   "x"',
        "  ]",
        " ],",
        ' "c": {}',
        "}",
    ]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_has_no_number_for_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        document_text({"a": [1.0, number]})


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        example().write(tmp_path / "file" / "a.json")
