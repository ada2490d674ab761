"""Published changes of groups beside simulated groups of the same size, component by component."""

from __future__ import annotations

from rows import Row
from simulated.published import compare, studies


def rows() -> list[Row]:
    """Measure."""
    found, whole = [], set()
    for study in studies():
        compared = compare(study)
        for one in compared:
            how = f"simulated {one.mean:.2f} ({one.low:.2f} to {one.high:.2f})"
            found.append(
                Row(
                    "published",
                    f"{one.study}: {one.component}",
                    one.published,
                    "",
                    at_least=one.low,
                    at_most=one.high,
                    remark=how,
                )
            )
        if all(one.inside for one in compared):
            whole.add(study.name.partition(",")[0])
    remark = "studies with every change inside the range of group means"
    found.append(Row("published", "whole studies", len(whole), "", at_least=8, remark=remark))
    return found
