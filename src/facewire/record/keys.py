"""Keys from keys: one secret, a separate key for each use (HKDF-SHA-256, RFC 5869)."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def derive_key(secret: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """Return the 32-byte key of one purpose; nothing about the secret follows from it.

    Parameters
    ----------
    secret : bytes
        Random, at least 16 bytes; never a passphrase.
    purpose : str
        What the key is for; another purpose gives an unrelated key.
    salt : bytes, optional
        Random bytes that make the key unique, as for each file.
    """
    info = f"facewire {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)
