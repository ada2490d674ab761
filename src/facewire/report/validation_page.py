"""The page of a validation: what could be the appendix of a paper.

In: a ``facewire.validation/1`` document. Out: one self-contained HTML file without script.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facewire.face import Movement, Region, Side
from facewire.figures.axes import Axes, Plot, Rule, around
from facewire.report.environment import environment
from facewire.results.validation import (
    CalibrationBin,
    ItemStudy,
    LimitsOfAgreement,
    RocCurve,
    Statistic,
    Validation,
)
from facewire.words import (
    mark,
    movement_name,
    plain,
    region_name,
    sentence,
    side_word,
    translate,
    with_interval,
)

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
SIDE_LETTERS = frozenset(str(side) for side in Side)


@dataclass(frozen=True)
class Found:
    """A number of a study with its 95 % interval, what it is and what it compares."""

    name: str
    value: float
    low: float | None
    high: float | None
    compares: str
    unit: str = ""


def validation_page(found: Validation) -> str:
    """Return the page of a validation as HTML."""
    return (
        environment()
        .get_template("validation.html")
        .render(
            found=found,
            item_words=item_words,
            group_words=group_words,
            numbers=numbers,
            interval_words=interval_words,
            plots=plots,
        )
    )


def group_words(group: str) -> str:
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


def numbers(study: ItemStudy) -> Iterator[Found]:
    """Yield what a study found: statistics, limits of agreement, repeatability."""
    ceiling = translate("the raters among themselves: the ceiling")
    against = translate("instrument against the mean of the raters")
    compares = {
        "rater_icc": ceiling,
        "rater_kappa": ceiling,
        "icc": against,
        "rank_correlation": against,
        "roc_area": translate("present by the raters: mean grade 0.5 or more"),
    }
    for name, words in STATISTICS.items():
        one: Statistic = getattr(study, name)
        if one.value is not None:
            yield Found(translate(words), one.value, one.ci_low, one.ci_high, compares[name])
    if study.limits is not None:
        yield from _limits(study.limits, "" if study.item_kind == "scale" else " mm")
    if study.repeat_sd is not None:
        note = translate("repeatability of the instrument, not agreement")
        yield Found(
            translate("standard deviation within a session"), study.repeat_sd, None, None, note
        )


def _limits(limits: LimitsOfAgreement, unit: str) -> Iterator[Found]:
    """Bias and both limits of agreement, each with its interval."""
    between = translate("95 % of the differences lie between the two limits")
    for value, ends, words, note in (
        (limits.bias, limits.bias_ci, translate("bias"), translate("instrument minus raters")),
        (limits.low, limits.low_ci, translate("lower limit of agreement"), between),
        (limits.high, limits.high_ci, translate("upper limit of agreement"), between),
    ):
        yield Found(words, value, *ends, note, unit)


def interval_words(found: Statistic) -> str:
    """Write a statistic with its 95 % interval in brackets; empty where it does not exist."""
    if found.value is None:
        return ""
    return with_interval(plain(found.value, 2), found.ci_low, found.ci_high, 2)


def plots(study: ItemStudy) -> list[Plot]:
    """Draw a study: differences, detection, calibration, as far as it has them."""
    drawn = []
    if study.limits is not None and study.pairs:
        drawn.append(_difference_plot(study.limits, study.pairs))
    if study.roc is not None:
        drawn.append(_roc_plot(study.roc))
    if study.calibration:
        drawn.append(_calibration_plot(study.calibration))
    return drawn


def _difference_plot(limits: LimitsOfAgreement, pairs: Sequence[tuple[float, float]]) -> Plot:
    """Bland-Altman: difference on mean, with bias and limits."""
    points = [((a + b) / 2, a - b) for a, b in pairs]
    axes = Axes(
        *around([x for x, _ in points]),
        *around([*(y for _, y in points), limits.low, limits.high]),
    )
    rules = tuple(
        Rule(axes.y(value), f"{words} {plain(value, 2)}", style)
        for value, words, style in (
            (limits.high, translate("upper limit"), "limit"),
            (limits.bias, translate("bias"), "bias"),
            (limits.low, translate("lower limit"), "limit"),
        )
    )
    text = translate("Difference on mean for {n} recordings; bias {bias}, limits {low} to {high}.")
    numbers = {"bias": limits.bias, "low": limits.low, "high": limits.high}
    return Plot(
        translate("Bland-Altman"),
        translate("mean of instrument and raters"),
        translate("instrument minus raters"),
        tuple((axes.x(x), axes.y(y)) for x, y in points),
        "",
        rules,
        (),
        axes.x_marks(),
        axes.y_marks(),
        text.format(n=len(points), **{name: plain(value, 2) for name, value in numbers.items()}),
    )


def _roc_plot(roc: RocCurve) -> Plot:
    axes = Axes(-0.02, 1.02, -0.02, 1.02)
    curve = list(zip(roc.false_positive, roc.true_positive, strict=True))
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
        text.format(area=plain(roc.area, 2)),
    )


def _calibration_plot(bins: Sequence[CalibrationBin]) -> Plot:
    axes = Axes(*around([b.mean_score for b in bins]), -0.02, 1.02)
    text = translate("Share that raters call present in {n} groups of rising instrument values.")
    return Plot(
        translate("Calibration"),
        translate("instrument, mean of the group"),
        translate("share that raters call present"),
        tuple((axes.x(b.mean_score), axes.y(b.share_present)) for b in bins),
        axes.path([(b.mean_score, b.share_present) for b in bins]),
        (),
        tuple((axes.x(b.mean_score), axes.y(b.ci_high), axes.y(b.ci_low)) for b in bins),
        axes.x_marks(),
        axes.y_marks(),
        text.format(n=len(bins)),
    )
