"""Columns that say who somebody is: sealed one by one where the database file is not.

SQLCipher encrypts the whole SQLite file. On PostgreSQL the disk is the host's, so names, birth
dates, contacts, file names and free texts are sealed by facewire before they reach the server
(AES-256-GCM, bound to their column). Search works on keyed hashes (HMAC-SHA-256) of the beginnings
of the words: the server sees which patients share a beginning, and nothing else.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, String, Text, TypeDecorator, and_, true, type_coerce
from sqlalchemy.engine import Dialect

from facewire.errors import VaultError
from facewire.record.sealing import derive_key

MARK = "fw1:"
NONCE_BYTES = 12
SHORTEST_BEGINNING = 2
LONGEST_BEGINNING = 8
WORD_HASH_CHARACTERS = 12
_CIPHER = "facewire_cipher"
_HASHED = f" {MARK}"


@dataclass(frozen=True)
class ColumnCipher:
    """Seals column values and hashes words, each under a key of its own."""

    values: AESGCM = field(repr=False)
    words: bytes = field(repr=False)

    @classmethod
    def from_key(cls, key: bytes) -> ColumnCipher:
        """Derive both keys from the 32 bytes of the database."""
        return cls(AESGCM(derive_key(key, "columns")), derive_key(key, "words"))

    def seal(self, text: str, column: str) -> str:
        """Return the text sealed for one column; the same text never looks the same twice."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self.values.encrypt(nonce, text.encode(), column.encode())
        return MARK + base64.b64encode(nonce + sealed).decode()

    def unseal(self, text: str, column: str) -> str:
        """Return the sealed text.

        Raises
        ------
        VaultError
            It was sealed with another key, for another column, or was altered.
        """
        try:
            raw = base64.b64decode(text.removeprefix(MARK), validate=True)
            return self.values.decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], column.encode()
            ).decode()
        except (InvalidTag, ValueError) as error:
            raise VaultError(
                f"A value of {column} cannot be decrypted",
                expected="a value sealed with this record's key",
                found="another key, or altered bytes",
                do="check that vault.json belongs to this database",
            ) from error

    def hash_word(self, beginning: str) -> str:
        """Return the keyed hash of the beginning of a word, as it is stored."""
        digest = hmac.digest(self.words, beginning.encode(), "sha256")
        return base64.b32encode(digest).decode().lower()[:WORD_HASH_CHARACTERS]


def use_cipher(dialect: Dialect, cipher: ColumnCipher) -> None:
    """Seal the columns of every connection of one engine: its dialect carries the cipher."""
    setattr(dialect, _CIPHER, cipher)


def cipher_of(dialect: Dialect) -> ColumnCipher | None:
    """Return the cipher of an engine; ``None`` where the whole file is encrypted, or nothing."""
    cipher = getattr(dialect, _CIPHER, None)
    return cipher if isinstance(cipher, ColumnCipher) else None


class Sealed(TypeDecorator[str]):
    """Text that says who somebody is. Only equal to itself in Python: never filter by it."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal where the engine has a cipher."""
        cipher = cipher_of(dialect)
        return value if value is None or cipher is None else cipher.seal(value, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Unseal what was sealed."""
        cipher = cipher_of(dialect)
        return value if value is None or cipher is None else cipher.unseal(value, self.column)


class SealedDate(TypeDecorator[date]):
    """A date that says who somebody is, stored as text: year-month-day."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Write year-month-day, sealed where the engine has a cipher."""
        cipher = cipher_of(dialect)
        text = None if value is None else value.isoformat()
        return text if text is None or cipher is None else cipher.seal(text, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Give the date back."""
        cipher = cipher_of(dialect)
        text = value if value is None or cipher is None else cipher.unseal(value, self.column)
        return None if text is None else date.fromisoformat(text)


class SearchWords(TypeDecorator[str]):
    """Words to find a row by: plain, or keyed hashes where the engine has a cipher.

    Stored with a space before and after each word, so that a beginning is found by ``LIKE``.
    What comes back is what is stored; with a cipher these are hashes, which may be stored again.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Normalise the words; hash their beginnings where the engine has a cipher."""
        if value is None:
            return None
        cipher = cipher_of(dialect)
        if cipher is None:
            return f" {' '.join(normal_words(value))} "
        if value.startswith(_HASHED):
            return value
        parts = {part for word in normal_words(value) for part in beginnings(word)}
        return f"{_HASHED} {' '.join(sorted(map(cipher.hash_word, parts)))} "


def normal_words(text: str) -> list[str]:
    """Return the words in lower case without accents, in the order given, each once."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return list(dict.fromkeys(re.findall(r"\w+", bare)))


def beginnings(word: str) -> list[str]:
    """Return the beginnings by which a word is found: 2 to 8 letters; a single letter as it is."""
    longest = min(len(word), LONGEST_BEGINNING)
    return [word[:length] for length in range(SHORTEST_BEGINNING, longest + 1)] or [word]


def words_match(column: ColumnElement[str], query: str, dialect: Dialect) -> ColumnElement[bool]:
    """Return the condition that every word of the query begins a word of the column.

    Parameters
    ----------
    column : ColumnElement
        A column of type `SearchWords`.
    query : str
        Typed by a person; an empty query fits every row.
    dialect : Dialect
        ``session.get_bind().dialect``.
    """
    cipher, stored = cipher_of(dialect), type_coerce(column, String)
    words = normal_words(query)
    if cipher is None:
        return and_(true(), *(stored.contains(f" {word}", autoescape=True) for word in words))
    hashes = [cipher.hash_word(word[:LONGEST_BEGINNING]) for word in words]
    return and_(true(), *(stored.contains(f" {found} ", autoescape=True) for found in hashes))
