"""What is covered: parts of the face in which nothing shows what the landmarks say.

The face network guesses the points of a covered eye or mouth, and a guess has millimetres too. So a
channel has values only where its part of the picture looks like that part
(`facewire.landmarks.seen`): over the recording as a whole, and frame by frame for what passes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import grey_closing, median_filter

from facewire.errors import TrackError
from facewire.face import CHANNELS, Channel, Region
from facewire.landmarks.flow import PLACES
from facewire.landmarks.seen import PARTS, SEEN_ROW

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

COVERED = {"eye": 0.3, "mouth": -2.0, "nose": -0.8}
"""A part whose likeness is below this in the middle of the recording is covered throughout. Chosen
on three real and two rendered people, between covers and bare faces; a bearded mouth
in poor light looks so little like one that only the least likely counts by itself."""

COVERED_NOW = {"eye": -np.inf, "mouth": -2.5, "nose": -1.2}
"""Below this it is covered for the moment. Movement alters a part's look, so the lines are lower; a
closed eye looks like a covered one in a single picture: what passes over an eye is told by
`facewire.motion.marks.covered_eyes`."""

LIDS_LOST = 0.088
"""Spread of the lids' distance, of the eye's width, from which on the lid network sees no lid:
behind a hand 0.096 to 0.127, bare eyes in the middle of a hold up to 0.07, shut ones behind glasses
0.15. With a likeness below 0 only, because of those: in 57 recordings of bare faces one eye was
taken for hidden so, in 1 % of its pictures."""

BARE_MOUTH = 1.2
"""What covers the nose covers the mouth too, unless the mouth is seen as surely as this."""

MATCHED = {"commissure": 0.5, "lower_lip": 0.5, "chin": 0.55, "brow": 0.5}
"""A place that matches the rest picture by less shows something else, whatever the flow makes of
it. Of the mouth the corner alone tells, or lip and chin together, each of which a jaw that drops
may change. On 25 recordings of four bare people, smiling, talking, showing teeth, corners kept 0.77
or more, lip or chin 0.1 more than this, brows (behind the rim of glasses) 0.61; a hand before
mouths of five people gave lips 0.05 to 0.45 and chins 0.06 to 0.44 (medians)."""
ALIKE_FRAMES = 10
"""So many pictures on either side are asked which of the two shows a mouth."""

STEADY_S = 0.35
"""What lasts half as long is smoothed away; a blink is shorter."""

PART_OF = {
    Region.EYE: "eye",
    Region.COMMISSURE: "mouth",
    Region.UPPER_LIP: "mouth",
    Region.LOWER_LIP: "mouth",
    Region.ALA: "nose",
    Region.CHIN: "mouth",
}
"""Where each region is looked for; a brow is not. Bare skin of a chin looks like nothing: it is
taken to be seen where a half of the mouth is."""


CARRIED_MM = {
    Region.EYE: np.inf,  # its lids are the lid network's
    Region.BROW: 5.0,
    Region.COMMISSURE: 9.0,
    Region.UPPER_LIP: 9.0,
    Region.LOWER_LIP: 9.0,
    Region.ALA: 12.0,
    Region.CHIN: 14.0,
}
"""The flow carries a region's points at most so far from where the face network sees them. On 57
recordings of 15 bare faces, real and rendered, brows went up to 4.3 mm, a nostril 10.1 (a small
face), the chin 11.8 (beards, speech), the rest under 9; a brow behind a passing hand 12 to 20, one
under tape 6 to 10."""
CARRIED_SHARE = 0.01
"""A region that is carried too far in so many frames is not followed at all: tape lies still until
what is under it moves. On the same bare faces no frame was."""


@dataclass(frozen=True)
class Cover:
    """What is covered.

    Parameters
    ----------
    parts : ndarray of bool, shape (n_frames, 2, 3)
        True where a part is covered; sides by `SEEN_ROW`, parts by `PARTS`.
    """

    parts: BoolArray

    def __post_init__(self) -> None:
        wanted = (len(SEEN_ROW), len(PARTS))
        if self.parts.shape[1:] != wanted:
            raise TrackError(
                "What is covered has the wrong shape",
                expected=f"n_frames x {wanted[0]} x {wanted[1]}",
                found=str(self.parts.shape),
            )

    @property
    def throughout(self) -> BoolArray:
        """Parts that are covered in every frame, shape (2, 3)."""
        return np.asarray(self.parts.all(axis=0))

    @property
    def eyes(self) -> BoolArray:
        """The eyes that are covered in every frame, right first, shape (2,)."""
        return self.throughout[:, PARTS.index("eye")]

    def part(self, name: str) -> BoolArray:
        """Return where one of `PARTS` is covered, shape (n_frames, 2)."""
        return self.parts[:, :, PARTS.index(name)]

    @property
    def passing(self) -> BoolArray:
        """Frames in which something passes before both halves of a part, shape (n_frames,)."""
        both = np.asarray((self.parts & ~self.throughout).all(axis=1))
        return np.asarray(both.any(axis=1))

    @property
    def channels(self) -> BoolArray:
        """Channels that cannot be seen, shape (n_frames, n_channels)."""
        return np.stack([self._hides(channel) for channel in CHANNELS], axis=1)

    def _hides(self, channel: Channel) -> BoolArray:
        if channel.region not in PART_OF:
            return np.zeros(len(self.parts), dtype=bool)
        part = self.part(PART_OF[channel.region])
        if channel.side is None:
            return np.asarray(part.all(axis=1))
        return part[:, SEEN_ROW[channel.side]]


def find_cover(
    seen: NDArray[np.floating] | None,
    times_s: FloatArray,
    match: NDArray[np.floating] | None = None,
) -> Cover:
    """Tell what is covered, in the recording as a whole and in passing.

    Parameters
    ----------
    seen : ndarray, shape (n_frames, 2, 3), or None
        Likenesses, see `facewire.landmarks.seen.likeness`; None where they are not known: then
        nothing is told to be covered.
    times_s : ndarray, shape (n_frames,)
    match : ndarray, shape (n_frames, 2, 6), or None
        How well each of `facewire.landmarks.flow.PLACES` matches the rest picture.
    """
    shape = (len(times_s), len(SEEN_ROW), len(PARTS))
    if seen is None or not len(times_s):
        return Cover(np.zeros(shape, dtype=bool))
    frames = _steady_frames(times_s)
    mouth, nose = PARTS.index("mouth"), PARTS.index("nose")
    likely = seen.astype(np.float64)
    likely[:, :, nose] = likely[:, :, nose].mean(axis=1, keepdims=True)  # one nose, both halves
    steady = median_filter(likely, (frames, 1, 1), mode="nearest")
    parts = np.median(likely, axis=0) < [COVERED[part] for part in PARTS]
    parts = parts | (steady < [COVERED_NOW[part] for part in PARTS])
    masked = parts[:, :, nose]
    parts[:, :, mouth] |= masked & (steady[:, :, mouth] < BARE_MOUTH)
    if match is not None:
        parts[:, :, mouth] |= _something_else(match, likely[:, :, mouth], times_s)
    return Cover(parts)


def _steady_frames(times_s: FloatArray) -> int:
    """Return an odd number of frames that take `STEADY_S`."""
    step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else STEADY_S
    return max(1, round(STEADY_S / step_s)) | 1


def _matched(match: NDArray[np.floating], times_s: FloatArray, place: str) -> BoolArray:
    """Tell where a place shows what it showed at rest, shape (n_frames, 2)."""
    course = match[:, :, list(PLACES).index(place)].astype(np.float64)
    steady = median_filter(course, (_steady_frames(times_s), 1), mode="nearest")
    return np.asarray(~(steady < MATCHED[place]))  # where there is no rest picture too


def _something_else(
    match: NDArray[np.floating], likely: FloatArray, times_s: FloatArray
) -> BoolArray:
    """Tell where half a mouth does not match the rest picture, shape (n_frames, 2).

    The rest picture may show a hand that goes later on: where what does not match looks more like a
    mouth than what does, neither can be compared with rest.
    """
    corner, lip, chin = (
        _matched(match, times_s, place) for place in ("commissure", "lower_lip", "chin")
    )
    # A hand over a lip need not reach down to the chin on that side, and is gone for no moment.
    covered = ~corner | ~(lip | chin.all(axis=1, keepdims=True))
    size = (_steady_frames(times_s), 1)
    other = grey_closing(covered.astype(np.uint8), size, mode="nearest").astype(bool)
    for side in range(other.shape[1]):
        now, then = likely[other[:, side], side], likely[~other[:, side], side]
        enough = min(len(now), len(then)) >= ALIKE_FRAMES
        if enough and np.median(now) > np.median(then):
            other[:, side] = True
    return np.asarray(other)


def lost_brows(match: NDArray[np.floating] | None, times_s: FloatArray) -> BoolArray:
    """Tell where a brow is not what it was at rest, shape (n_frames, n_channels).

    Parameters
    ----------
    match : ndarray, shape (n_frames, 2, 6), or None
        As for `find_cover`.
    times_s : ndarray, shape (n_frames,)
    """
    hidden = np.zeros((len(times_s), len(CHANNELS)), dtype=bool)
    if match is None or not len(times_s):
        return hidden
    matched = _matched(match, times_s, "brow")
    for i, channel in enumerate(CHANNELS):
        if channel.region is Region.BROW and channel.side is not None:
            hidden[:, i] = ~matched[:, SEEN_ROW[channel.side]]
    return hidden


def lost_eyes(
    seen: NDArray[np.floating] | None, lid_spread: NDArray[np.floating] | None, times_s: FloatArray
) -> BoolArray:
    """Tell in which frames something passes before an eye, shape (n_frames, 2); right first.

    An eye that is shut has lids, though it looks little like an eye; what passes has neither.

    Parameters
    ----------
    seen : ndarray, shape (n_frames, 2, 3), or None
        As for `find_cover`.
    lid_spread : ndarray, shape (n_frames, 2), or None
        Spread of the lids' distance, as a part of the eye's width.
    times_s : ndarray, shape (n_frames,)
    """
    if seen is None or lid_spread is None or len(times_s) < 2:
        return np.zeros((len(times_s), len(SEEN_ROW)), dtype=bool)
    frames = _steady_frames(times_s)
    likely = median_filter(seen[:, :, PARTS.index("eye")].astype(np.float64), (frames, 1))
    spread = median_filter(lid_spread.astype(np.float64), (frames, 1))
    return np.asarray((spread > LIDS_LOST) & (likely < 0.0))


def carried_too_far(carried_mm: FloatArray) -> BoolArray:
    """Tell where the flow went where no face goes, shape (n_frames, n_channels).

    Parameters
    ----------
    carried_mm : ndarray, shape (n_frames, n_channels)
        How far the flow moved the points of each channel's region from the face network's.
    """
    most_mm = [CARRIED_MM[channel.region] for channel in CHANNELS]
    far = carried_mm > most_mm
    return np.asarray(far | (far.mean(axis=0) >= CARRIED_SHARE))


def filled(values: FloatArray, hidden: BoolArray) -> FloatArray:
    """Give channels that are covered throughout what their twins on the other side have.

    The fitted maps take both sides together: a guess must not reach the side that is seen through
    them. Where both are covered, nothing is said to move.

    Parameters
    ----------
    values : ndarray, shape (n_frames, n_channels)
        Displacements, mm.
    hidden : ndarray of bool, shape (n_channels,)
    """
    out = values.copy()
    for i, channel in enumerate(CHANNELS):
        if not hidden[i]:
            continue
        twin = i
        if channel.side is not None:
            twin = CHANNELS.index(Channel(channel.region, channel.side.other, channel.component))
        out[:, i] = 0.0 if hidden[twin] else values[:, twin]
    return out
