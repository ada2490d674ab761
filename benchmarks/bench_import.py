"""How long `import facewire` and `facewire --help` take, in new processes."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from rows import Row

REPEATS = 9


def _seconds(*arguments: str) -> float:
    """Return the median time of a program, the first run (which fills disk caches) left out."""
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return median(times[1:])


def rows() -> list[Row]:
    """Measure."""
    how = f"whole process, median of {REPEATS}"
    bare = _seconds("-c", "pass")
    imported = _seconds("-c", "import facewire")
    help_shown = _seconds("-m", "facewire", "--help")
    return [
        Row("import", "python alone", bare, "s", remark=how),
        Row("import", "import facewire", imported, "s", at_most=0.3, remark=how),
        Row("import", "facewire --help", help_shown, "s", remark=how),
    ]
