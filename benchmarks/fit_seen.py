"""Fit the weights of `facewire.landmarks.seen` on drawn parts; write ``seen.json``.

    PYTHONPATH=tests .venv/bin/python benchmarks/fit_seen.py            print errors on new drawings
    PYTHONPATH=tests .venv/bin/python benchmarks/fit_seen.py --write    write the package's weights

Logistic regression, ridge penalty, both classes of equal weight. Against each part stand drawn
covers over it, textures and the other parts. All is drawn (`drawn_parts.py`) from one seed, but for
a fifth of the parts: they are those of the rendered face of the tests.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import facewire.landmarks.seen as seen
import moving_face
from drawn_parts import ALIKE, DRAW, DRAWN_PX, Float32, covered, filmed, texture
from facewire.landmarks.models import read_models
from facewire.landmarks.tracker import FaceTracker, TrackerSettings

FloatArray = NDArray[np.float64]

SEED = 1
PARTS_DRAWN, COVERS_DRAWN, TEXTURES_DRAWN, OTHERS_DRAWN = 1200, 1200, 700, 300
STILLS = 300
RIDGE = 2e-3
POSES = tuple(moving_face.Pose(*smile, lids) for smile in ((0, 0), (1, 1)) for lids in (0, 0.5))


def samples(part: str, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return descriptions of crops with the part and of crops without it."""
    draw = DRAW[part]
    others = [DRAW[name] for name in DRAW if name not in (part, *ALIKE.get(part, ()))]
    shown = [filmed(rng, draw(rng)) for _ in range(PARTS_DRAWN)]
    stills = rendered(part)
    shown += [filmed(rng, stills[i % len(stills)]) for i in range(STILLS)]
    hidden = [filmed(rng, covered(rng, draw(rng))) for _ in range(COVERS_DRAWN)]
    hidden += [filmed(rng, texture(rng)) for _ in range(TEXTURES_DRAWN)]
    hidden += [filmed(rng, other(rng)) for other in others for _ in range(OTHERS_DRAWN)]
    return _described(shown), _described(hidden)


def rendered(part: str) -> list[FloatArray]:
    """Return a part of the rendered, made-up face of the tests, resting, smiling and blinking."""
    found: list[FloatArray] = []
    for pose in POSES:
        frame = moving_face.frame_of(moving_face.draw(pose))
        (points,) = FaceTracker(read_models(), TrackerSettings(plain=True)).track([frame])
        crops = seen.cut_parts(frame, points.points_px)[:, seen.PARTS.index(part)]
        found += [cv2.resize(crop, (DRAWN_PX, DRAWN_PX)).astype(float) for crop in crops]
    return found


def _described(crops: list[Float32]) -> FloatArray:
    return seen.describe(np.stack(crops))


def fit(shown: FloatArray, hidden: FloatArray) -> FloatArray:
    """Return the weights; the last, the constant's, is not penalised."""
    rows = np.vstack([shown, hidden])
    sign = np.concatenate([np.ones(len(shown)), -np.ones(len(hidden))])
    share = np.where(sign > 0, 0.5 / len(shown), 0.5 / len(hidden))

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        margin = sign * (rows @ weights)
        slope = rows.T @ (-share * sign / (1 + np.exp(margin)))
        slope[:-1] += RIDGE * weights[:-1]
        penalty = RIDGE / 2 * float(weights[:-1] @ weights[:-1])
        return float(share @ np.logaddexp(0, -margin)) + penalty, slope

    found: FloatArray = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def weights_of(part: str) -> list[float]:
    """Return the weights of one part, rounded as they are stored."""
    rng = np.random.default_rng([SEED, seen.PARTS.index(part)])
    return [round(float(weight), 4) for weight in fit(*samples(part, rng))]


def check(part: str, weights: list[float]) -> None:
    """Say how many drawings that were not fitted are taken for the other kind."""
    shown, hidden = samples(part, np.random.default_rng([SEED + 1, seen.PARTS.index(part)]))
    missed, passed = (shown @ weights < 0).mean(), (hidden @ weights > 0).mean()
    print(f"{part}: shown taken for covered {missed:.1%}, the reverse {passed:.1%}")


def main() -> None:
    """Fit every part, one process each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the package's weights")
    asked = parser.parse_args()
    with ProcessPoolExecutor(len(seen.PARTS)) as pool:
        table = dict(zip(seen.PARTS, pool.map(weights_of, seen.PARTS), strict=True))
    if asked.write:
        rows = ",\n".join(f'"{part}": {json.dumps(row)}' for part, row in table.items())
        seen.WEIGHTS.write_text(f"{{\n{rows}\n}}\n", encoding="utf8")
        return
    for part, row in table.items():
        check(part, row)


if __name__ == "__main__":
    main()
