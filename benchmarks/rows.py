"""What a benchmark gives: rows with a unit and, where there is one, the figure to reach."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measured figure.

    Parameters
    ----------
    group, name : str
        Such as ``speed``, ``track --plain, 720p``.
    value : float
        NaN when it could not be measured; ``remark`` then says why.
    unit : str
        Such as ``frames/s``.
    at_least, at_most : float, optional
        The figure to reach.
    remark : str
        How it was measured, in few words.
    """

    group: str
    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    remark: str = ""

    @property
    def verdict(self) -> str:
        """``reached``, ``missed``, or empty where nothing is to be reached."""
        if self.at_least is None and self.at_most is None:
            return ""
        if self.value != self.value:
            return "not measured"
        enough = self.at_least is None or self.value >= self.at_least
        little = self.at_most is None or self.value <= self.at_most
        return "reached" if enough and little else "missed"


def machine() -> dict[str, str]:
    """Return what the figures depend on; no names."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text("utf-8").splitlines()
        model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), model)
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def show(rows: Iterable[Row], console: Console) -> None:
    """Print rows as a table."""
    table = Table()
    for title in ("group", "what"):
        table.add_column(title)
    for title in ("value", "to reach"):
        table.add_column(title, justify="right")
    for title in ("", "how"):
        table.add_column(title)
    for row in rows:
        wanted = "" if row.at_least is None else f"at least {row.at_least:g}"
        wanted += "" if row.at_most is None else f"at most {row.at_most:g}"
        value = f"{row.value:.3g} {row.unit}"
        table.add_row(row.group, row.name, value, wanted, row.verdict, row.remark)
    console.print(table)


def save(rows: Iterable[Row], about: dict[str, str], path: Path) -> None:
    """Write rows and machine as JSON; NaN becomes null."""
    plain = [asdict(row) | {"verdict": row.verdict} for row in rows]
    for row in plain:
        row["value"] = None if row["value"] != row["value"] else row["value"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": about, "rows": plain}, indent=1), encoding="utf-8")
