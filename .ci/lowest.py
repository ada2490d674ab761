"""Print the oldest packages that pyproject.toml allows, as constraints for pip.

python3 .ci/lowest.py [pyproject.toml] > oldest.txt
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

BOUND = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?>=([\w.]+)")


def lowest(pyproject: Path) -> Iterator[str]:
    """Yield ``name==version`` for every dependency, those of the extras included."""
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    for required in [project["dependencies"], *project["optional-dependencies"].values()]:
        for one in required:
            bound = BOUND.fullmatch(one)
            if bound is None:
                sys.exit(f"{pyproject}: {one} has no lower bound that can be read")
            yield f"{bound[1]}=={bound[2]}"


if __name__ == "__main__":
    given = sys.argv[1:] or [str(Path(__file__).parents[1] / "pyproject.toml")]
    sys.stdout.write("\n".join(lowest(Path(given[0]))) + "\n")
