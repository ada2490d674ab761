"""The page of a simulated regrowth: a time line of the wiring, for teaching.

Out: one self-contained HTML file with one script of its
own, which moves the pictures with the month; the page's policy lets no other script run and
nothing be loaded. Without scripts the page shows the last month.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from facewire.face.anatomy import branch_names
from facewire.figures import nerve_shape
from facewire.report import regrowth_figures
from facewire.report.environment import environment
from facewire.report.regrowth_figures import axes_to
from facewire.results.regrowth import InjuryRow, OverMonths, OverMuscles, Regrowth
from facewire.words import mark, side_word, translate

SEVERITIES = {
    "none": mark("no injury"),
    "neurapraxia": mark("the axons are blocked but whole (neurapraxia)"),
    "crush": mark(
        "the nerve is squeezed: axons are interrupted, part of their tubes stay (axonotmesis)"
    ),
    "cut": mark("the nerve is cut through (neurotmesis)"),
}
PLACES = {
    "geniculate": mark("at the geniculate ganglion, in the bone behind the ear"),
    "stylomastoid": mark("where the nerve leaves the skull (stylomastoid foramen)"),
}


def injury_facts(document: Regrowth) -> list[tuple[str, str]]:
    """Return the injury in words: pairs of a term and what it says."""
    injury, growth = document.injury, document.growth
    way = growth.muscles_mm - growth.injury_mm
    facts = [
        (
            translate("Side"),
            translate("the patient's {side}").format(side=side_word(injury.side)),
        ),
        (translate("Injury"), translate(SEVERITIES[injury.severity])),
        (translate("Place"), _place(injury)),
        (translate("Way to the muscles"), f"{way:.0f} mm"),
    ]
    if injury.severity in ("crush", "cut"):
        text = translate("{percent:.0f} % of the axons").format(percent=injury.degenerated_percent)
        facts.append((translate("Interrupted"), text))
    if injury.severity == "cut":
        text = translate("joined at month {month:g}").format(month=injury.repair_month)
        facts.append((translate("Repair"), text if injury.repaired else translate("not joined")))
    text = translate("{runs} simulated courses, seed {seed}")
    facts.append((translate("Spread"), text.format(runs=document.runs, seed=document.seed)))
    return facts


def _place(injury: InjuryRow) -> str:
    if injury.branch is not None:
        return translate(branch_names(injury.branch).name)
    if injury.distance_mm is not None:
        return translate("{mm:.0f} mm from the muscles").format(mm=injury.distance_mm)
    return translate(PLACES[injury.place])


def page_data(document: Regrowth) -> dict[str, Any]:
    """Return the numbers that the script reads, rounded as they are shown."""
    muscles = document.muscle_courses
    return {
        "drive": [
            [[round(cell) for cell in row] for row in month]
            for month in document.drive_percent.median
        ],
        "force": _rounded(muscles.force_percent.median),
        "wrong": _rounded(muscles.wrong_percent.median),
        "front": document.growth.front_mm.median,
        "injury": document.growth.injury_mm,
        "face": {
            name: [
                [round(course[m]) for course in (band.median, band.ci_low, band.ci_high)]
                for m in document.months
            ]
            for name, band in (
                ("force", document.face_courses.force_percent),
                ("wrong", document.face_courses.wrong_percent),
            )
        },
        "patterns": [_row(p.visible_percent_of_runs) for p in document.patterns],
    }


def _rounded(months: OverMuscles) -> list[list[int]]:
    return [_row(row) for row in months]


def _row(values: OverMonths) -> list[int]:
    return [round(value) for value in values]


@cache
def _script() -> str:
    folder = resources.files("facewire.report").joinpath("templates")
    return folder.joinpath("regrowth.js").read_text("utf-8")


def build_regrowth_page(document: Regrowth) -> str:
    """Build the page of a simulated regrowth.

    Parameters
    ----------
    document : Regrowth

    Returns
    -------
    str
        A complete HTML document that refers to nothing outside itself.
    """
    axis = axes_to(document.months[-1])
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    face = document.face_courses
    courses = (
        (("force", translate("Force of the own commands"), "right"), face.force_percent),
        (("wrong", translate("Fibres driven by wrong commands"), "wrong"), face.wrong_percent),
    )
    return (
        environment()
        .get_template("regrowth.html")
        .render(
            document=document,
            facts=injury_facts(document),
            axis=axis,
            courses=[regrowth_figures.course_figure(w, band, axis) for w, band in courses],
            wires=regrowth_figures.wires(document.drive_percent.median[-1]),
            data=page_data(document),
            script=Markup(script),  # noqa: S704 - the package's own file
            script_hash=f"sha256-{digest}",
            shape=nerve_shape,
            figures=regrowth_figures,
        )
    )
