"""The page of a validation: what could be the appendix of a paper.

In: a ``facewire.validation/1`` document. Out: one self-contained HTML file without script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facewire.report.environment import environment, write_page
from facewire.report.plots import Axes, Plot, Rule, around
from facewire.report.texts import translate
from facewire.schemas import validate

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Statistic:
    """A named number with its interval, in words."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class StudyView:
    """One item and group: its statistics, plots and notes."""

    title: str
    people: str
    statistics: tuple[Statistic, ...]
    plots: tuple[Plot, ...]
    notes: tuple[str, ...]


def write_validation_page(document: Document, path: Path, *, overwrite: bool = False) -> Path:
    """Write the page of a validation.

    Parameters
    ----------
    document : mapping
        ``facewire.validation/1``.
    path : Path
    overwrite : bool

    Raises
    ------
    UsageError
        The document is no validation.
    OutputExistsError, StorageError
        As for `facewire.report.environment.write_page`.
    """
    return write_page(path, validation_page(document), overwrite=overwrite)


def validation_page(document: Document) -> str:
    """Return the page of a validation as HTML."""
    validate(document, "validation")
    return (
        environment()
        .get_template("validation.html")
        .render(
            studies=[_study(study) for study in document["studies"]],
            synthetic=document["synthetic"],
            context=document["context"],
            sample_size=document["sample_size"],
            table_sha256=document["table_sha256"],
            version=document["facewire"],
        )
    )


def _study(study: Document) -> StudyView:
    people = translate("{patients} patients, {subjects} recordings, {raters} raters").format(
        **{k: study[k] for k in ("patients", "subjects", "raters")}
    )
    title = study["item"] if study["group"] == "all" else f"{study['item']}, {study['group']}"
    return StudyView(title, people, _statistics(study), _plots(study), tuple(study["notes"]))


def _statistics(study: Document) -> tuple[Statistic, ...]:
    ceiling = translate("the raters among themselves: the ceiling")
    against = translate("instrument against the mean of the raters")
    named = (
        ("rater_icc", translate("ICC(2,1), raters"), ceiling),
        ("rater_kappa", translate("weighted kappa, raters"), ceiling),
        ("icc", translate("ICC(A,1), instrument"), against),
        ("rank_correlation", translate("rank correlation, instrument"), against),
        ("roc_area", translate("area under the ROC curve"), translate("mean grade 0.5 or more")),
    )
    found = [
        Statistic(words, _interval(study[name]), note)
        for name, words, note in named
        if study[name]["value"] is not None
    ]
    limits = study["limits"]
    if limits:
        unit = "" if study["item_kind"] == "scale" else " mm"
        text = f"{_two(limits['bias'])} [{_two(limits['low'])} to {_two(limits['high'])}]{unit}"
        note = translate("instrument minus raters; 95 % of differences lie between the limits")
        found.append(Statistic(translate("bias [limits of agreement]"), text, note))
    if study["repeat_sd"] is not None:
        note = translate("repeatability of the instrument, not agreement")
        text = _two(study["repeat_sd"])
        found.append(Statistic(translate("standard deviation within a session"), text, note))
    return tuple(found)


def _interval(estimate: Document) -> str:
    text = _two(estimate["value"])
    if estimate["ci_low"] is None:
        return text
    return f"{text} [{_two(estimate['ci_low'])} to {_two(estimate['ci_high'])}]"


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _plots(study: Document) -> tuple[Plot, ...]:
    plots = []
    if study["limits"] and study["pairs"]:
        plots.append(_difference_plot(study))
    if study["roc"]:
        plots.append(_roc_plot(study["roc"]))
    if study["calibration"]:
        plots.append(_calibration_plot(study["calibration"]))
    return tuple(plots)


def _difference_plot(study: Document) -> Plot:
    """Bland-Altman: difference on mean, with bias and limits."""
    limits = study["limits"]
    points = [((a + b) / 2, a - b) for a, b in study["pairs"]]
    axes = Axes(
        *around([x for x, _ in points]),
        *around([*(y for _, y in points), limits["low"], limits["high"]]),
    )
    rules = [
        Rule(axes.y(limits[name]), f"{words} {_two(limits[name])}", style)
        for name, words, style in (
            ("high", translate("upper limit"), "limit"),
            ("bias", translate("bias"), "bias"),
            ("low", translate("lower limit"), "limit"),
        )
    ]
    text = translate("Difference on mean for {n} recordings; bias {bias}, limits {low} to {high}.")
    return Plot(
        translate("Bland-Altman"),
        translate("mean of instrument and raters"),
        translate("instrument minus raters"),
        tuple((axes.x(x), axes.y(y)) for x, y in points),
        "",
        tuple(rules),
        (),
        axes.x_marks(),
        axes.y_marks(),
        text.format(n=len(points), **{k: _two(limits[k]) for k in ("bias", "low", "high")}),
    )


def _roc_plot(roc: Document) -> Plot:
    axes = Axes(-0.02, 1.02, -0.02, 1.02)
    curve = list(zip(roc["false_positive"], roc["true_positive"], strict=True))
    text = translate("True on false positive rate over every threshold; area {area}.")
    return Plot(
        translate("ROC curve"),
        translate("share of absent called present"),
        translate("share of present found"),
        (),
        axes.path(curve),
        (),
        (),
        axes.x_marks(),
        axes.y_marks(),
        text.format(area=_two(roc["area"])),
    )


def _calibration_plot(bins: list[Document]) -> Plot:
    scores = [b["mean_score"] for b in bins]
    axes = Axes(*around(scores), -0.02, 1.02)
    bars = [(axes.x(b["mean_score"]), axes.y(b["ci_high"]), axes.y(b["ci_low"])) for b in bins]
    text = translate("Share that raters call present in {n} groups of rising instrument values.")
    return Plot(
        translate("Calibration"),
        translate("instrument, mean of the group"),
        translate("share that raters call present"),
        tuple((axes.x(b["mean_score"]), axes.y(b["share_present"])) for b in bins),
        axes.path([(b["mean_score"], b["share_present"]) for b in bins]),
        (),
        tuple(bars),
        axes.x_marks(),
        axes.y_marks(),
        text.format(n=len(bins)),
    )
