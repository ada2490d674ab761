"""Optical flow against the person's own rest picture: what the face network did not see.

The face network pulls an asymmetric face towards symmetry. Its points still say roughly where
everything is. So the current picture is warped back to rest by the points' displacement, and
dense flow between it and the rest picture (DIS; Kroeger et al. 2016, "Fast optical flow using
dense inverse search", arXiv 1603.03590) shows what is left; that is added to the points.

In: a brightness plane and the mesh of a frame. Out: the corrected mesh, and how well the warped
picture matches the rest picture, as a whole and place by place once the flow is taken off: what
the flow brings to a place may be something else than was there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.landmarks.points import MIRROR_POINTS, N_MESH, OUTER_CORNERS
from facewire.video import Frame

FloatArray = NDArray[np.float64]
Float32 = NDArray[np.float32]
Plane = NDArray[np.uint8]
Picture = NDArray[Any]
"""Bytes or single precision, one or two values a pixel."""

MARGIN = 1.12
"""Side of the rest picture in sizes of the face."""

RING_SCALE = 1.35
"""The mesh is surrounded by its own outline, widened, so that the face's edge is warped too."""

MAP_STEP = 2
"""The warp is computed at every second pixel and interpolated between."""

SMOOTH_PX = 5
"""Side of the square over which flow is averaged, in pixels of the rest picture."""

REST_FRAMES = 5
EARLIEST_S = 0.4
LATEST_S = 2.5
LATEST_CLOSED_S = 10.0
"""So long is waited for open eyes."""
LEAST_OPEN = 0.06
"""Eyes that were never more open than this, in widths between the outer eye corners, count as
closed: 0.04 on rendered faces, whose open ones are at 0.12."""
OPEN_PART, NEARLY_OPEN = 0.93, 0.7
"""Parts of the widest seen from which on eyes count as open: in a steady run, and later on."""
MOST_HELD_BYTES = 256 << 20
STEADY = 0.006
"""Largest change of openness or place within a run, in widths between the outer eye corners."""

PLACES = {
    "brow": (70, 63, 105, 66, 107, 46, 53, 52, 65, 55),
    "commissure": (61,),
    "upper_lip": (37,),
    "lower_lip": (84,),
    "ala": (48, 64, 98),
    "chin": (176, 148, 171, 140),
}
"""Where the match is told: the middle of these points on the right, of their twins on the left."""
PLACE_SHARE = 0.09
"""Half the side of a place, in widths between the outer eye corners: about 8 mm."""
FLAT = 4.0
"""Grey levels squared: a place that is as flat as its noise matches by less than 1."""

LIDS = ((159, 145), (386, 374))
Candidate = tuple[NDArray[np.uint8], FloatArray, float]


@dataclass(frozen=True)
class FlowSettings:
    """Size of the rest picture and effort of the flow.

    The variational refinement of DIS is left out: with it, twice the time gave the same agreement
    with rendered truth.

    Parameters
    ----------
    size_px : int
        Side of the rest picture; even.
    patch_stride_px : int
        Distance of the patches that are matched.
    descent_steps : int
        Steps of the search for each patch.
    """

    size_px: int = 256
    patch_stride_px: int = 4
    descent_steps: int = 16

    def __post_init__(self) -> None:
        efforts = (self.size_px, self.patch_stride_px, self.descent_steps)
        if min(efforts) < 1 or self.size_px % MAP_STEP:
            raise UsageError(
                "The settings of the flow are wrong",
                expected="an even size, a stride and steps, above 0",
                found=f"{self.size_px} pixels, {self.patch_stride_px}, {self.descent_steps}",
            )

    def make(self) -> cv2.DISOpticalFlow:
        """Return a flow solver; one a thread, since it keeps working memory."""
        solver = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        solver.setFinestScale(1)
        solver.setPatchSize(8)
        solver.setPatchStride(self.patch_stride_px)
        solver.setGradientDescentIterations(self.descent_steps)
        solver.setVariationalRefinementIterations(0)
        return solver


class RestPicture:
    """The rest picture of one person, and the warp that takes other pictures back to it.

    Parameters
    ----------
    planes : list of ndarray of uint8, shape (height, width)
        Brightness of a few neighbouring rest frames; they are aligned and averaged.
    meshes_px : list of ndarray, shape (468, 2)
        Their meshes.
    settings : FlowSettings
        Size and effort.
    """

    def __init__(
        self, planes: list[Plane], meshes_px: list[FloatArray], settings: FlowSettings
    ) -> None:
        self._size = settings.size_px
        self._rest_px: FloatArray = np.mean(meshes_px, axis=0)
        low, high = self._rest_px.min(axis=0), self._rest_px.max(axis=0)
        side = MARGIN * float((high - low).max())
        self._corner = (low + high) / 2 - side / 2
        self._step = side / self._size
        self._ring_px = self._outline()
        self._corners = self._mesh_map()
        self._places = ((self._rest_px - self._corner) / self._step - 0.5).astype(np.float32)
        self._picture = self._average(planes, meshes_px, settings.make())
        self._rows, self._columns = self._patches()
        self._shown = _centred(self._picture[self._rows, self._columns])

    def correct(
        self, plane: Plane, mesh_px: FloatArray, solver: cv2.DISOpticalFlow
    ) -> tuple[Float32, float, Float32]:
        """Return the corrected mesh, the mean mismatch, and the match of each place.

        Parameters
        ----------
        plane : ndarray of uint8, shape (height, width)
            Brightness.
        mesh_px : ndarray, shape (468, 2)
        solver : cv2.DISOpticalFlow
            One a thread.

        Returns
        -------
        tuple
            Shape (468, 2), pixels; 0 to 255; shape (2, 6), correlations of -1 to 1, the right side
            first, columns by `PLACES`.
        """
        places = self._map_to(mesh_px)
        warped = _sample(plane, places)
        flow = cv2.blur(solver.calc(self._picture, warped, None), (SMOOTH_PX, SMOOTH_PX))
        moved = self._places + _sample(flow, self._places[None])[0]
        corrected = _sample(places, moved[None])[0] + np.float32(0.5)
        mismatch = float(cv2.absdiff(self._picture, warped).mean())
        return corrected, mismatch, self._match(warped, flow)

    def _match(self, warped: Plane, flow: Float32) -> Float32:
        """Correlate what the flow brings to each place with what was there at rest, (2, 6)."""
        at = np.stack([self._columns, self._rows], axis=-1) + flow[self._rows, self._columns]
        flat = at.reshape(-1, at.shape[2], 2).astype(np.float32)
        now = _centred(_sample(warped, flat).reshape(self._shown.shape))
        both = (now * self._shown).mean(axis=(1, 2))
        sizes = [np.sqrt((a**2).mean(axis=(1, 2))) for a in (now, self._shown)]
        matched: Float32 = (both / (sizes[0] * sizes[1] + FLAT)).astype(np.float32)
        return matched.reshape(2, len(PLACES))

    def _patches(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the pixels of each place, shape (12, n, n); right side first."""
        right, left = self._places[list(OUTER_CORNERS)]
        half = max(4, round(PLACE_SHARE * float(np.linalg.norm(left - right))))
        beside = np.arange(-half, half + 1)
        right_points = [list(points) for points in PLACES.values()]
        left_points = [list(MIRROR_POINTS[points]) for points in right_points]
        middles = [self._places[points].mean(axis=0) for points in right_points + left_points]
        found = [
            np.broadcast_arrays(round(float(y)) + beside[:, None], round(float(x)) + beside)
            for x, y in middles
        ]
        rows, columns = (np.clip(a, 0, self._size - 1) for a in zip(*found, strict=True))
        return rows, columns

    def _outline(self) -> FloatArray:
        hull = cv2.convexHull(self._rest_px.astype(np.float32))[:, 0].astype(np.float64)
        centre = self._rest_px.mean(axis=0)
        ring: FloatArray = centre + RING_SCALE * (hull - centre)
        return ring

    def _mesh_map(self) -> list[tuple[NDArray[np.intp], Float32]]:
        """For each second pixel of the rest picture: its triangle's corners and their weights.

        One pair of arrays a corner, the weights for x and y: gathering from such arrays takes a
        tenth of the time that indexing into one table does.
        """
        from scipy.spatial import Delaunay

        surface = Delaunay(np.vstack([self._rest_px, self._ring_px]))
        ticks = (np.arange(self._size // MAP_STEP) + 0.5) * self._step * MAP_STEP
        grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2) + self._corner
        found = surface.find_simplex(grid)
        frames = surface.transform[found]
        two = np.einsum("nij,nj->ni", frames[:, :2], grid - frames[:, 2])
        weights = np.column_stack([two, 1.0 - two.sum(axis=1)])
        weights = np.where(found[:, None] < 0, 0.0, weights).astype(np.float32)
        corners = surface.simplices[found]
        return [
            (np.ascontiguousarray(corners[:, k]), np.repeat(weights[:, k, None], 2, axis=1))
            for k in range(3)
        ]

    def _map_to(self, mesh_px: FloatArray) -> Float32:
        """Where each pixel of the rest picture lies in the current picture; (size, size, 2)."""
        nodes = np.vstack([mesh_px, self._move_ring(mesh_px)]).astype(np.float32)
        (first, weight), *others = self._corners
        places = weight * nodes.take(first, axis=0)
        for corner, weight in others:
            places += weight * nodes.take(corner, axis=0)
        places -= np.float32(0.5)
        coarse = places.reshape(self._size // MAP_STEP, self._size // MAP_STEP, 2)
        fine: Float32 = cv2.resize(coarse, (self._size, self._size))
        return fine

    def _move_ring(self, mesh_px: FloatArray) -> FloatArray:
        """Carry the surrounding ring along by the similarity that fits the mesh best."""
        rest, now = self._rest_px, np.asarray(mesh_px, dtype=np.float64)
        a = _complex(rest - rest.mean(axis=0))
        b = _complex(now - now.mean(axis=0))
        turn = np.vdot(a, b) / np.vdot(a, a)
        ring = _complex(self._ring_px - rest.mean(axis=0)) * turn
        moved: FloatArray = np.column_stack([ring.real, ring.imag]) + now.mean(axis=0)
        return moved

    def _average(
        self, planes: list[Plane], meshes_px: list[FloatArray], solver: cv2.DISOpticalFlow
    ) -> Plane:
        pictures = [_sample(p, self._map_to(m)) for p, m in zip(planes, meshes_px, strict=True)]
        grid = np.stack(np.meshgrid(*[np.arange(self._size, dtype=np.float32)] * 2), axis=-1)
        total = pictures[0].astype(np.float64)
        for picture in pictures[1:]:
            flow = solver.calc(pictures[0], picture, None)
            total += _sample(picture, grid + flow)
        mean: Plane = np.clip(total / len(pictures) + 0.5, 0, 255).astype(np.uint8)
        return mean


def _centred(patches: Picture) -> Float32:
    """Return pictures without their mean brightness, shape (n, rows, columns)."""
    exact = patches.astype(np.float32)
    centred: Float32 = exact - exact.mean(axis=(1, 2), keepdims=True)
    return centred


def _complex(points: FloatArray) -> NDArray[np.complex128]:
    return points[:, 0] + 1j * points[:, 1]


def _sample(picture: Picture, places: Float32) -> Picture:
    """Sample a picture at pixel-centre coordinates, shape (rows, columns, 2)."""
    sampled: Picture = cv2.remap(
        picture,
        places[..., 0],
        places[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return sampled


class RestFrames:
    """Collects frames until a rest picture can be made, then gives it with every frame.

    It is taken from the opening rest: the first run of steady frames with open eyes half a second
    after the face came; if none comes within two and a half seconds, the steadiest run so far;
    where the eyes were closed until then, it is waited for open ones. The rest picture is a
    reference for the eye of the flow only: the zero of the measurement is decided later, from the
    movements.

    The frames before it are held, as far as memory allows, so that they are corrected like the
    others: see `held`.
    """

    def __init__(self, settings: FlowSettings) -> None:
        self._settings = settings
        self._run: deque[Candidate] = deque(maxlen=REST_FRAMES)
        self._best: list[Candidate] = []
        self._widest = 0.0
        self._begun_s = np.inf
        self._held: dict[float, tuple[Plane, FloatArray]] = {}
        self._held_bytes = 0
        self.picture: RestPicture | None = None

    @property
    def waiting(self) -> bool:
        """Whether frames are held for a rest picture that is still to come."""
        return self.picture is None and bool(self._held)

    def offer(self, frame: Frame, points_px: FloatArray) -> RestPicture | None:
        """Take a frame and its mesh into account; return the rest picture once there is one."""
        if self.picture is None:
            self._consider(frame, points_px[:N_MESH, :2])
        return self.picture

    def held(self, time_s: float) -> tuple[Plane, FloatArray] | None:
        """Hand out brightness and mesh of a frame before the rest picture; earlier ones go."""
        found = self._held.get(time_s)
        for passed_s in [t for t in self._held if t <= time_s]:
            del self._held[passed_s]
        return found

    def settle(self) -> None:
        """Take the best rest picture there is: no further frame comes."""
        if self.picture is None and self._best:
            self._take()

    def _consider(self, frame: Frame, mesh_px: FloatArray) -> None:
        openness = _openness(mesh_px)
        self._begun_s = min(self._begun_s, frame.time_s)
        since_s = frame.time_s - self._begun_s
        self._widest = max(self._widest, openness)
        plane, mesh = frame.y.copy(), mesh_px.copy()
        self._run.append((plane, mesh, openness))
        self._hold(frame.time_s, plane, mesh)
        if len(self._run) < REST_FRAMES:
            return
        if not self._best or self._change(self._run) < self._change(self._best):
            self._best = list(self._run)
        steady = self._change(self._best) < STEADY
        enough = since_s >= (EARLIEST_S if steady else LATEST_S)
        narrowest = min(openness for _, _, openness in self._best)
        opened = narrowest >= max(LEAST_OPEN, NEARLY_OPEN * self._widest)
        if (enough and opened) or since_s >= LATEST_CLOSED_S:
            self._take()
        # This very frame is handed on with the picture.
        if self.picture is not None:
            del self._held[frame.time_s]

    def _hold(self, time_s: float, plane: Plane, mesh_px: FloatArray) -> None:
        self._held[time_s] = plane, mesh_px
        self._held_bytes += plane.nbytes
        while self._held_bytes > MOST_HELD_BYTES:
            oldest, _ = self._held.pop(next(iter(self._held)))
            self._held_bytes -= oldest.nbytes

    def _take(self) -> None:
        planes, meshes = [y for y, _, _ in self._best], [m for _, m, _ in self._best]
        self.picture = RestPicture(planes, meshes, self._settings)
        self._run.clear()
        self._best = []

    def _change(self, run: Sequence[Candidate]) -> float:
        """Unsteadiness of a run; eyes narrower than the widest seen count as unsteady."""
        opens = np.array([o for _, _, o in run])
        meshes = np.array([m for _, m, _ in run])
        width = np.linalg.norm(meshes[0, OUTER_CORNERS[0]] - meshes[0, OUTER_CORNERS[1]])
        relative = meshes - meshes.mean(axis=1, keepdims=True)
        moved = float(np.median(np.linalg.norm(np.ptp(relative, axis=0), axis=-1)) / width)
        narrowed = max(0.0, OPEN_PART * self._widest - float(opens.min()))
        return float(np.ptp(opens)) + moved + 10.0 * narrowed


def _openness(mesh_px: FloatArray) -> float:
    """Mean fissure height in widths between the outer eye corners."""
    heights = [np.linalg.norm(mesh_px[up] - mesh_px[low]) for up, low in LIDS]
    right, left = mesh_px[list(OUTER_CORNERS)]
    return float(np.mean(heights) / np.linalg.norm(right - left))
