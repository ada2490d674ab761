"""Encrypted streams: long data in authenticated chunks, in order and to their end.

The STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizar, "Online authenticated-encryption
and its nonce-reuse misuse-resistance", CRYPTO 2015, section 7: each chunk is sealed by itself
(AES-256-GCM), and its nonce holds the number of the chunk and whether it is the last. A chunk that
is altered, moved, repeated, left out or taken from another stream is refused, and so is a stream
that ends early. Each stream has a key of its own, derived with 32 random bytes and the stream's
name, so that nonces never meet twice under one key.

Layout: ``FWS1``, 32 bytes of salt, then chunks of 1 MiB plus 16 bytes; the last is shorter or
equal, and there is always a last one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from facewire.errors import VaultError

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


CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
SALT_BYTES = 32
MAGIC = b"FWS1"
HEADER_BYTES = len(MAGIC) + SALT_BYTES


class StreamCipher:
    """Seals and opens the chunks of one stream.

    Parameters
    ----------
    key : bytes
        32 bytes, shared by many streams.
    name : str
        What the stream is; a stream cannot be opened under another name.
    salt : bytes
        32 random bytes of this stream.
    """

    def __init__(self, key: bytes, name: str, salt: bytes) -> None:
        self._name = name
        self._cipher = AESGCM(derive_key(key, f"stream {name}", salt))

    def seal(self, chunk: bytes, number: int, *, last: bool) -> bytes:
        """Return the sealed chunk, 16 bytes longer."""
        return self._cipher.encrypt(_nonce(number, last=last), chunk, None)

    def open(self, sealed: bytes, number: int, *, last: bool) -> bytes:
        """Return the chunk.

        Raises
        ------
        VaultError
            Another key, another place in the stream, another end, or altered bytes.
        """
        try:
            return self._cipher.decrypt(_nonce(number, last=last), sealed, None)
        except InvalidTag as error:
            raise refused(self._name) from error


def refused(name: str) -> VaultError:
    """Make the error of a stream that cannot be trusted."""
    return VaultError(
        f"The encrypted data of {name} cannot be opened",
        expected="the bytes as they were stored, and their key",
        found="bytes that were altered, moved or cut off, or another key",
        do="restore it from a backup",
    )


def seal_stream(chunks: Iterable[bytes], key: bytes, name: str) -> Iterator[bytes]:
    """Yield the sealed stream of some bytes, piece by piece; memory does not grow."""
    salt = os.urandom(SALT_BYTES)
    cipher = StreamCipher(key, name, salt)
    yield MAGIC + salt
    waiting, number = b"", 0
    for chunk in regular_chunks(chunks):
        if number:
            yield cipher.seal(waiting, number - 1, last=False)
        waiting, number = chunk, number + 1
    yield cipher.seal(waiting, max(number - 1, 0), last=True)


class SealedWriter:
    """Seals what is written to it; without `close` the stream has no end and is refused later.

    Parameters
    ----------
    out : binary file
        Where the sealed stream goes; left open.
    key : bytes
        32 bytes.
    name : str
        What the stream is.
    """

    def __init__(self, out: BinaryIO, key: bytes, name: str) -> None:
        salt = os.urandom(SALT_BYTES)
        self._out, self._cipher = out, StreamCipher(key, name, salt)
        self._waiting, self._number = bytearray(), 0
        out.write(MAGIC + salt)

    def write(self, data: bytes) -> int:
        """Take bytes in; return their number, as files do."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._emit(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def close(self) -> None:
        """Write the last chunk."""
        self._emit(bytes(self._waiting), last=True)

    def _emit(self, chunk: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.seal(chunk, self._number, last=last))
        self._number += 1


def open_stream(sealed: Iterable[bytes], key: bytes, name: str) -> Iterator[bytes]:
    """Yield the chunks of a sealed stream, each only after it was found to be right.

    Raises
    ------
    VaultError
        See `StreamCipher.open`. What was yielded before is right, but it is not all.
    """
    pieces = _cut(sealed)
    header = next(pieces)
    cipher = StreamCipher(key, name, salt_of(header, name))
    waiting, number = next(pieces, b""), 0
    for piece in pieces:
        yield cipher.open(waiting, number, last=False)
        waiting, number = piece, number + 1
    yield cipher.open(waiting, number, last=True)


def salt_of(header: bytes, name: str) -> bytes:
    """Return the salt in a stream's header.

    Raises
    ------
    VaultError
        It is no header.
    """
    if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
        raise refused(name)
    return header[len(MAGIC) :]


def regular_chunks(chunks: Iterable[bytes], size: int = CHUNK_BYTES) -> Iterator[bytes]:
    """Yield the same bytes in chunks of one size, the last one shorter; never an empty one."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _cut(sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the header, then sealed chunks."""
    source = iter(sealed)
    start = b""
    while len(start) < HEADER_BYTES and (piece := next(source, b"")):
        start += piece
    yield start[:HEADER_BYTES]
    yield from regular_chunks(_joined(start[HEADER_BYTES:], source), SEALED_CHUNK_BYTES)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


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
