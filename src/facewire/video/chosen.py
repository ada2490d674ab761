"""Inside the decoding process: a few pictures of a recording, without decoding all of it.

From the key picture before each wanted one the decoder goes on to it, and leaves out what no other
picture is built on. A picture comes out exactly as if everything had been decoded, or not at all:
whatever is not sure (no stamps, no clean key picture, damage) is left to a straight pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from av.video.frame import PictureType

from facewire.video.media import Media


def chosen_stamps(media: Media, first_pts: int | None, times_s: Sequence[float]) -> list[int]:
    """Return the stamps of the pictures at these times; times that no stamp gives are left out.

    Parameters
    ----------
    media : Media
        The recording.
    first_pts : int or None
        Stamp of its first picture.
    times_s : sequence of float
        Seconds since the first picture, as the time line gives them.
    """
    if first_pts is None:
        return []
    unit_s = media.stream.time_base
    stamps = [first_pts + round(time_s / unit_s) for time_s in times_s]
    return [
        stamp
        for stamp, time_s in zip(stamps, times_s, strict=True)
        if float((stamp - first_pts) * unit_s) == time_s
    ]


def chosen_pictures(media: Media, stamps: Sequence[int]) -> Iterator[Any]:
    """Yield the pictures with these stamps, in order; those that are not sure are missing.

    Parameters
    ----------
    media : Media
        The recording; it stands anywhere afterwards.
    stamps : sequence of int
        Presentation stamps.
    """
    keys = [e.timestamp for e in media.stream.index_entries if e.is_keyframe]
    remaining = sorted(set(stamps), reverse=True)
    wanted = frozenset(remaining)
    reached: int | None = None
    pictures: Iterator[Any] = iter(())
    while remaining:
        target = remaining[-1]
        if reached is None or any(reached < key <= target for key in keys):
            media.seek(target)
            pictures = _from_key_picture(media, wanted)
        picture = next((p for p in pictures if p.pts >= target), None)
        if picture is None:
            return
        reached = picture.pts
        while remaining and remaining[-1] <= reached:
            if remaining.pop() == reached and not media.tally.tainted:
                yield picture


def _from_key_picture(media: Media, wanted: frozenset[int]) -> Iterator[Any]:
    """Yield what follows a seek; nothing where it does not begin with a clean key picture."""
    pictures = media.pictures(wanted)
    first = next(pictures, None)
    if (
        first is None
        or first.pts is None
        or not first.key_frame
        or first.pict_type != PictureType.I
    ):
        return
    yield first
    yield from (picture for picture in pictures if picture.pts is not None)
