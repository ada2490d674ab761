"""The word "synthetic face" burnt into a corner of every picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

CAPTION = "synthetic face"
_LETTERS = {
    "s": "..... ..... .#### #.... .###. ....# ####. ..... .....",
    "y": "..... ..... #...# #...# #...# .#### ....# ....# .###.",
    "n": "..... ..... ####. #...# #...# #...# #...# ..... .....",
    "t": ".#... .#... ####. .#... .#... .#..# ..##. ..... .....",
    "h": "#.... #.... ####. #...# #...# #...# #...# ..... .....",
    "e": "..... ..... .###. #...# ##### #.... .###. ..... .....",
    "i": "..#.. ..... .##.. ..#.. ..#.. ..#.. .###. ..... .....",
    "c": "..... ..... .###. #.... #.... #.... .###. ..... .....",
    "f": "..##. .#... ####. .#... .#... .#... .#... ..... .....",
    "a": "..... ..... .###. ....# .#### #...# .#### ..... .....",
    " ": "..... ..... ..... ..... ..... ..... ..... ..... .....",
}


def burn_caption(picture: Bytes) -> Bytes:
    """Return the picture with the caption in its lower left corner, white on a dark strip."""
    zoom = max(picture.shape[0] // 360, 1)
    words = np.kron(_bitmap(), np.ones((zoom, zoom), dtype=np.uint8))
    rows, columns = words.shape
    low, left = picture.shape[0] - rows - 2 * zoom, 4 * zoom
    columns = min(columns, picture.shape[1] - left)
    out = picture.copy()
    window = out[low : low + rows, left : left + columns]
    window[:] = np.where(words[:, :columns, None] > 0, 245, window // 4)
    return out


def _bitmap() -> Bytes:
    glyphs = [
        np.array([[mark == "#" for mark in row] for row in _LETTERS[letter].split()])
        for letter in CAPTION
    ]
    spaced = [np.pad(glyph, ((1, 0), (0, 1))) for glyph in glyphs]
    return np.pad(np.hstack(spaced), ((0, 0), (1, 0))).astype(np.uint8)
