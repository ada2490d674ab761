"""Run the benchmarks and print their figures with the machine they were taken on.

    make bench                                    every group
    .venv/bin/python benchmarks/run.py import     some of them
    .venv/bin/python benchmarks/run.py --list

    .venv/bin/python benchmarks/run.py memory --minutes 10

A group is a file ``bench_NAME.py`` here with a function ``rows()`` that returns `rows.Row` objects.
One with ``LONG = True`` takes many minutes, is run only when named, and is given ``--minutes``.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from rich.console import Console

from rows import Row, machine, save, show

HERE = Path(__file__).parent
RESULTS = HERE.parent / "out" / "bench" / "figures.json"


def groups() -> list[str]:
    """Return the names of the groups, the quick ones first by their file names."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", help="default: all but the long ones")
    parser.add_argument("--list", action="store_true", help="print the groups")
    parser.add_argument("--minutes", type=float, default=10.0, help="length of long recordings")
    asked = parser.parse_args()
    console = Console()
    unknown = set(asked.groups) - set(groups())
    if asked.list or unknown:
        console.print(", ".join(groups()))
        raise SystemExit(2 if unknown else 0)
    about = machine()
    console.print(", ".join(f"{name} {value}" for name, value in about.items()))
    found: list[Row] = []
    for name in asked.groups or groups():
        group = importlib.import_module(f"bench_{name}")
        long = getattr(group, "LONG", False)
        if long and not asked.groups:
            console.print(f"Left out because it takes many minutes: {name}")
            continue
        new = group.rows(asked.minutes) if long else group.rows()
        show(new, console)
        found += new
    save(found, about, RESULTS)
    console.print(f"Written to {RESULTS.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
