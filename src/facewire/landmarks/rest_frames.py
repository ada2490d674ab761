"""Which frames make the person's rest picture.

The flow needs one picture of the face to compare every other with. It is taken from the opening
rest: the first run of steady frames with open eyes after half a second; if none comes within
two and a half seconds, the steadiest run so far. The rest picture is a reference for the eye of
the flow only: the zero of the measurement is decided later, from the movements.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.flow import FlowSettings, RestPicture
from facewire.video import Frame

N_FRAMES = 5
EARLIEST_S = 0.4
LATEST_S = 2.5
STEADY = 0.006
"""Largest change of openness or place within a run, in widths between the outer eye corners."""

LIDS = ((159, 145), (386, 374))
CORNERS = (33, 263)

FloatArray = NDArray[np.float64]
Candidate = tuple[NDArray[np.uint8], FloatArray, float]


class RestFrames:
    """Collects frames until a rest picture can be made, then gives it with every frame."""

    def __init__(self, settings: FlowSettings) -> None:
        self._settings = settings
        self._run: deque[Candidate] = deque(maxlen=N_FRAMES)
        self._best: list[Candidate] = []
        self._best_change = np.inf
        self._widest = 0.0
        self._picture: RestPicture | None = None

    def offer(self, frame: Frame, points_px: FloatArray) -> RestPicture | None:
        """Take a frame and its mesh into account; return the rest picture once there is one."""
        if self._picture is None:
            self._consider(frame, points_px[:468, :2])
        return self._picture

    def _consider(self, frame: Frame, mesh_px: FloatArray) -> None:
        openness = _openness(mesh_px)
        self._widest = max(self._widest, openness)
        self._run.append((frame.y.copy(), mesh_px.copy(), openness))
        if len(self._run) < N_FRAMES:
            return
        change = self._change()
        if change < self._best_change:
            self._best, self._best_change = list(self._run), change
        steady = self._best_change < STEADY and frame.time_s >= EARLIEST_S
        if steady or frame.time_s >= LATEST_S:
            self._picture = RestPicture(
                [y for y, _, _ in self._best], [m for _, m, _ in self._best], self._settings
            )
            self._run.clear()
            self._best = []

    def _change(self) -> float:
        """Unsteadiness of the run; eyes narrower than the widest seen count as unsteady."""
        opens = np.array([o for _, _, o in self._run])
        meshes = np.array([m for _, m, _ in self._run])
        width = np.linalg.norm(meshes[0, CORNERS[0]] - meshes[0, CORNERS[1]])
        relative = meshes - meshes.mean(axis=1, keepdims=True)
        moved = float(np.median(np.linalg.norm(np.ptp(relative, axis=0), axis=-1)) / width)
        narrowed = max(0.0, 0.93 * self._widest - float(opens.min()))
        return float(np.ptp(opens)) + moved + 10.0 * narrowed


def _openness(mesh_px: FloatArray) -> float:
    """Mean fissure height in widths between the outer eye corners."""
    heights = [np.linalg.norm(mesh_px[up] - mesh_px[low]) for up, low in LIDS]
    return float(np.mean(heights) / np.linalg.norm(mesh_px[CORNERS[0]] - mesh_px[CORNERS[1]]))
