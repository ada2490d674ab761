"""Pieces of something that is still growing, each sealed and bound to its place.

For what arrives bit by bit and must be readable after a crash; finished files are sealed as a
whole, see `facewire.record.stream`.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from facewire.errors import VaultError

NONCE_BYTES = 12


class PieceCipher:
    """Seals pieces with AES-GCM; a piece that was altered or moved cannot be opened.

    Parameters
    ----------
    key : bytes
        32 bytes.
    whose : str
        What the pieces belong to, such as ``facewire.live/1`` and the id of a recording.
    """

    def __init__(self, key: bytes, whose: str) -> None:
        self._cipher = AESGCM(key)
        self._whose = whose

    def close(self, number: int, piece: bytes) -> bytes:
        """Return a piece as it is stored; ``number`` is its position."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, piece, self._place(number))

    def open(self, number: int, stored: bytes) -> bytes:
        """Return a stored piece as it was.

        Raises
        ------
        VaultError
            It was altered or moved, or sealed with another key.
        """
        nonce, sealed = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, self._place(number))
        except (InvalidTag, ValueError) as error:
            raise VaultError(
                "A stored piece cannot be decrypted",
                expected="what was stored here",
                found="altered bytes, or another key",
                do="take it from a backup, or record again",
            ) from error

    def _place(self, number: int) -> bytes:
        return f"{self._whose} {number}".encode()
