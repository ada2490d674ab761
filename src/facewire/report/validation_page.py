"""The page of a validation: what could be the appendix of a paper.

In: a ``facewire.validation/1`` document. Out: one self-contained HTML file without script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facewire.face import Movement, Region, Side
from facewire.figures.axes import Axes, Plot, Rule, around
from facewire.report.environment import environment, write_page
from facewire.schemas import validate
from facewire.words import (
    mark,
    movement_name,
    region_name,
    sentence,
    side_word,
    translate,
    with_interval,
)

Document = Mapping[str, Any]

ITEM_KINDS = {
    "synkinesis": mark("synkinesis, graded 0 to 3"),
    "excursion": mark("movement in mm"),
    "gap": mark("gap between the lids in mm"),
}
STATISTICS = {
    "rater_icc": mark("ICC(2,1), raters"),
    "rater_kappa": mark("weighted kappa, raters"),
    "icc": mark("ICC(A,1), instrument"),
    "rank_correlation": mark("rank correlation, instrument"),
    "roc_area": mark("area under the ROC curve"),
}
"""Statistics with an interval, in the order in which they are shown."""
GROUP_KINDS = {
    "skin_tone": mark("skin tone"),
    "age": mark("age"),
    "sex": mark("sex"),
    "device": mark("device"),
}
DASH = "\N{EN DASH}"
SIDE_LETTERS = frozenset(str(side) for side in Side)


@dataclass(frozen=True)
class Statistic:
    """A named number with its interval, in words."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class GroupRow:
    """One group of patients within an item: numbers with their intervals, a dash without."""

    name: str
    patients: str
    rater_icc: str
    icc: str
    rank: str
    area: str
    bias: str


@dataclass(frozen=True)
class StudyView:
    """One item: its statistics and plots over all patients, its groups, its notes."""

    title: str
    people: str
    statistics: tuple[Statistic, ...]
    plots: tuple[Plot, ...]
    groups: tuple[GroupRow, ...]
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
    every = [study for study in document["studies"] if study["group"] == "all"]
    groups = [study for study in document["studies"] if study["group"] != "all"]
    return (
        environment()
        .get_template("validation.html")
        .render(
            studies=[
                _study(study, [one for one in groups if one["item"] == study["item"]])
                for study in every
            ],
            synthetic=document["synthetic"],
            context=document["context"],
            sample_size=document["sample_size"],
            table_sha256=document["table_sha256"],
            version=document["facewire"],
        )
    )


def _study(study: Document, groups: Sequence[Document]) -> StudyView:
    people = translate("{patients} patients, {subjects} recordings, {raters} raters").format(
        **{k: study[k] for k in ("patients", "subjects", "raters")}
    )
    return StudyView(
        item_words(study["item"]),
        people,
        _statistics(study),
        _plots(study),
        tuple(_group(one) for one in groups),
        tuple(translate(note["text"]).format(**note["values"]) for note in study["notes"]),
    )


def _group_name(group: str) -> str:
    """Say which patients, such as ``skin tone: dark``; what the table calls them stays."""
    kind, _, value = group.partition(": ")
    known = translate(GROUP_KINDS[kind]) if kind in GROUP_KINDS else kind.replace("_", " ")
    return f"{known}: {value}"


def item_words(item: str) -> str:
    """Say what was graded, such as ``Open smile → right mouth corner, mm``."""
    kind, *parts = item.split(":")
    if kind not in ITEM_KINDS:
        return sentence(item.replace(".", ", "))
    movement = sentence(movement_name(Movement(parts[0])))
    places = [_place(part) for part in reversed(parts[1:])]
    where = " ".join(words for words in places if words)
    what = translate(ITEM_KINDS[kind])
    return f"{movement} → {where}: {what}" if where else f"{movement}: {what}"


def _place(part: str) -> str:
    return side_word(Side(part)) if part in SIDE_LETTERS else region_name(Region(part))


def _group(study: Document) -> GroupRow:
    limits = study["limits"]
    return GroupRow(
        name=_group_name(study["group"]),
        patients=str(study["patients"]),
        rater_icc=_or_dash(study["rater_icc"]),
        icc=_or_dash(study["icc"]),
        rank=_or_dash(study["rank_correlation"]),
        area=_or_dash(study["roc_area"]),
        bias=_two(limits["bias"]) if limits else DASH,
    )


def _or_dash(estimate: Document) -> str:
    return DASH if estimate["value"] is None else interval_words(estimate)


def _statistics(study: Document) -> tuple[Statistic, ...]:
    ceiling = translate("the raters among themselves: the ceiling")
    against = translate("instrument against the mean of the raters")
    compares = {
        "rater_icc": ceiling,
        "rater_kappa": ceiling,
        "icc": against,
        "rank_correlation": against,
        "roc_area": translate("present by the raters: mean grade 0.5 or more"),
    }
    found = [
        Statistic(translate(words), interval_words(study[name]), compares[name])
        for name, words in STATISTICS.items()
        if study[name]["value"] is not None
    ]
    found += _limits(study)
    if study["repeat_sd"] is not None:
        note = translate("repeatability of the instrument, not agreement")
        text = _two(study["repeat_sd"])
        found.append(Statistic(translate("standard deviation within a session"), text, note))
    return tuple(found)


def _limits(study: Document) -> Iterator[Statistic]:
    """Bias and both limits of agreement, each with its interval."""
    limits = study["limits"]
    if not limits:
        return
    unit = "" if study["item_kind"] == "scale" else " mm"
    between = translate("95 % of the differences lie between the two limits")
    for name, words, note in (
        ("bias", translate("bias"), translate("instrument minus raters")),
        ("low", translate("lower limit of agreement"), between),
        ("high", translate("upper limit of agreement"), between),
    ):
        low, high = limits[f"{name}_ci"]
        text = with_interval(f"{_two(limits[name])}{unit}", low, high, 2)
        yield Statistic(words, text, note)


def interval_words(estimate: Document) -> str:
    """Write a statistic with its 95 % interval in brackets, where it has one."""
    return with_interval(_two(estimate["value"]), estimate["ci_low"], estimate["ci_high"], 2)


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
