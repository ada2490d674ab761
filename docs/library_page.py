"""The reference page of the library, made from its docstrings and types.

python docs/library_page.py      # writes docs/reference/library.md; a test compares the two
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import facewire
from facewire import library
from facewire.results.document import schema_of
from facewire.results.measurement import Measurement

PAGE = Path(__file__).parent / "reference" / "library.md"
TABLES = {
    "cells": "SynkinesisCell",
    "voluntary": "VoluntaryCell",
    "rest": "RestCell",
    "closures": "ClosureCell",
    "blinks": "BlinkCell",
    "repetitions": "RepetitionValue",
}
"""Method of `Result` and the rows that its table is made of."""

START = """# facewire as a library

<!-- Written by docs/library_page.py from the docstrings; change those. -->

```python
import facewire

result = facewire.measure("visit.mp4", cues="visit.json", mirrored=False, out="out/visit")
result = facewire.read("out/visit")  # the same, later
result.cells()  # the synkinesis map as a Polars frame
result.measurement.findings  # judgements, typed
cell = result.measurement.involuntary_cell("smile_open", "eye", "R")
cell.change  # value, sd, low, high, unit, kind: whole
result.to_pandas("repetitions")  # where pandas is installed
```

`import facewire` loads nothing heavy; the first call does. Tables are Polars frames with one
column a field; a number that is missing is null, and the row's `reason` says why. Whatever goes
wrong on purpose is a `facewire.FacewireError` with `what`, `expected`, `found` and `do`.

**What stays.** Within a major version: the names on this page, their parameters, the columns of
the tables and their meanings, units and signs, and the files' schema ids. New names, parameters
and columns may come. Everything else in the package may change with any version.
"""


def page() -> str:
    """Return the whole page."""
    parts = [START, f"Public names: {', '.join(f'`{name}`' for name in facewire.__all__)}.\n"]
    parts += [_entry("facewire.measure", library.measure), _choices()]
    parts += [_entry("facewire.read", library.read)]
    parts.append(f"## facewire.Result\n\n{_described(library.Result)}")
    parts += [_entry(f"Result.{n}", f, level=3) for n, f in _methods(library.Result)]
    parts.append("## Columns\n")
    parts += [_columns(method, row) for method, row in TABLES.items()]
    return "\n".join(parts)


def _methods(kind: type) -> Iterator[tuple[str, Any]]:
    for name, value in vars(kind).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield name, value


def _entry(name: str, function: Any, level: int = 2) -> str:
    given = inspect.signature(function).parameters.values()
    shown = [one.replace(annotation=one.empty) for one in given if one.name != "self"]
    signature = str(inspect.Signature(shown))
    return f"{'#' * level} {name}\n\n```text\n{name}{signature}\n```\n\n{_described(function)}"


def _described(thing: Any) -> str:
    """Return a numpydoc docstring as Markdown."""
    lines = []
    for section in re.split(r"\n(?=\w[\w ]*\n-{3,}\n)", inspect.getdoc(thing) or ""):
        heading = re.match(r"(\w[\w ]*)\n-{3,}\n", section)
        if heading is None:
            lines.append(_code(section.strip()) + "\n")
            continue
        lines.append(f"{heading[1]}:\n")
        lines += [_item(one) for one in re.split(r"\n(?=\S)", section[heading.end() :].strip())]
        lines.append("")
    return "\n".join(lines)


def _item(text: str) -> str:
    head, _, rest = text.partition("\n")
    names, _, kind = head.partition(" : ")
    shown = ", ".join(f"`{name.strip()}`" for name in names.split(","))
    told = " ".join(line.strip() for line in rest.splitlines())
    return f"- {shown}{f' ({kind})' if kind else ''}{f': {_code(told)}' if told else ''}"


def _code(text: str) -> str:
    return text.replace("``", "`")


def _choices() -> str:
    lines = ["### MoreChoices\n", _described(library.MoreChoices)]
    for name, kind in library.MoreChoices.__annotations__.items():
        lines.append(f"- `{name}`: `{kind.__forward_arg__}`")
    return "\n".join(lines) + "\n"


def _columns(method: str, row: str) -> str:
    lines = [f"### {method}\n", "| column | meaning |", "|---|---|"]
    for name, told in schema_of(Measurement)["$defs"][row]["properties"].items():
        text = " ".join(str(told.get("description", "")).split())
        lines.append(f"| `{name}` | {text.replace('|', '/')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
