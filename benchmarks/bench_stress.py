"""The same real faces under bad pictures: is a lid of 2 mm still 2 mm, wider, or not seen?

Each person's unedited recording and the one whose lid was lowered by 2 mm are rewritten; the
figure is the difference of the two involuntary changes, by what it is in the untouched pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bench_real import cell_of
from facewire.results.cells import SynkinesisCell
from real_skin import Clip, Edit, Picture, clips, measured, rewritten
from rows import Row

LONG = True
CRF = 18
WITHIN = 0.15
PEOPLE = 4
"""As many as are measured; all in the order of their names."""


def _same(picture: Picture, time_s: float) -> Picture:
    del time_s
    return picture


def _noisy(picture: Picture, time_s: float) -> Picture:
    rng = np.random.default_rng(round(1000 * time_s))
    return _eight_bits(picture + rng.normal(0, 10, picture.shape))


def _smoothed(picture: Picture, time_s: float) -> Picture:
    del time_s
    return np.asarray(cv2.bilateralFilter(picture, 7, 40, 5), np.uint8)


def _blurred(picture: Picture, time_s: float) -> Picture:
    del time_s
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), np.uint8)


def _lit_from_a_side(picture: Picture, time_s: float) -> Picture:
    del time_s
    return _eight_bits(picture * np.linspace(0.35, 1.1, picture.shape[1])[:, None])


def _flickering(picture: Picture, time_s: float) -> Picture:
    return _eight_bits(picture * (1 + 0.15 * np.sin(2 * np.pi * 10 * time_s)))


def _half(picture: Picture, time_s: float) -> Picture:
    del time_s
    return np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _eight_bits(picture: np.ndarray) -> Picture:
    return np.clip(picture, 0, 255).astype(np.uint8)


STRESSES = {
    "compressed": ("CRF 35", _same, 35, 1),
    "15_a_second": ("15 pictures a second", _same, CRF, 2),
    "noise": ("noise of sd 10", _noisy, CRF, 1),
    "smoothing": ("smoothing filter", _smoothed, CRF, 1),
    "blur": ("blur of sd 1.5 pixels", _blurred, CRF, 1),
    "side_light": ("light from one side", _lit_from_a_side, CRF, 1),
    "flicker": ("flicker of 15 % at 10 Hz", _flickering, CRF, 1),
    "half_size": ("half size", _half, CRF, 1),
}


@dataclass(frozen=True)
class Outcome:
    """A lid of 2 mm under one stress."""

    person: str
    how: str
    ratio: float
    """Change seen under stress by the change seen without; NaN where there is no number."""
    holds: bool | None
    """Whether the interval under stress holds the truth; None where there is none."""

    def row(self) -> Row:
        """Reached: within 15 %, or an interval that holds, or no number."""
        said = {None: "no number", True: "interval holds", False: "interval misses"}[self.holds]
        good = self.holds is not False or abs(self.ratio - 1) <= WITHIN
        name = f"{self.person}, {self.how}: right, wide or not seen"
        return Row(
            "stress", name, float(good), "", at_least=1.0, remark=f"{self.ratio:.2f}, {said}"
        )


def rows(minutes: float = 0.0) -> list[Row]:
    """Measure; ``minutes`` is not used."""
    del minutes
    pairs: dict[str, dict[str, Clip]] = {}
    for clip in clips(("0", "2")):
        pairs.setdefault(clip.person, {})[clip.level] = clip
    people = [pair for _, pair in sorted(pairs.items()) if len(pair) == 2][:PEOPLE]
    return [_outcome(pair["0"], pair["2"], name).row() for name in STRESSES for pair in people]


def _outcome(plain: Clip, edited: Clip, name: str) -> Outcome:
    how, change, crf, every = STRESSES[name]
    edit = next(e for e in edited.edits() if e.region == "eye")
    both = (plain, edited)
    before = _moved([_cell(clip, edit, clip.video) for clip in both])
    copies = [rewritten(clip, name, change, crf=crf, every=every) for clip in both]
    cells = [_cell(clip, edit, copy) for clip, copy in zip(both, copies, strict=True)]
    seen = cells[1]
    holds = None
    if seen is not None and seen.ci_low is not None and seen.ci_high is not None:
        holds = bool(seen.ci_low <= edit.true_mm <= seen.ci_high)
    return Outcome(plain.person, how, _moved(cells) / before, holds)


def _cell(clip: Clip, edit: Edit, video: Path) -> SynkinesisCell | None:
    found = measured(clip, video)
    return None if found is None else cell_of(found, edit)


def _moved(cells: list[SynkinesisCell | None]) -> float:
    values = [cell.change_mm for cell in cells if cell is not None and cell.change_mm is not None]
    return values[1] - values[0] if len(values) == 2 else float("nan")
