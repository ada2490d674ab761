"""The recovery key: 160 random bits that a person can print, keep in a safe, and type again.

Eight groups of five characters of Crockford's base 32 (no I, L, O, U; case does not matter; O is
read as 0, I and L as 1). The fifth character of a group checks the other four and the place of the
group: a linear code over the field of 32 elements, so every single wrong character, every two
neighbours exchanged and every two groups exchanged is found, and the message says in which group.
"""

from __future__ import annotations

import os
import re

from facewire.errors import VaultError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BYTES = 20
GROUPS = 8
GROUP_CHARACTERS = 5
_READ_AS = str.maketrans("OIL", "011")
_FIELD_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1, irreducible and primitive over the field of two elements."""


def new_recovery_secret() -> bytes:
    """Make the secret of a new recovery key: 20 random bytes."""
    return os.urandom(SECRET_BYTES)


def print_recovery_key(secret: bytes) -> str:
    """Return the key as it is printed: ``XXXXX-XXXXX-...``, eight groups."""
    number = int.from_bytes(secret, "big")
    groups = [(number >> (20 * place)) & 0xFFFFF for place in reversed(range(GROUPS))]
    return "-".join(_group(bits, place) for place, bits in enumerate(groups))


def read_recovery_key(typed: str) -> bytes:
    """Return the secret of a key that was typed in; spaces, dashes and case do not matter.

    Raises
    ------
    VaultError
        It has not 40 characters of the alphabet, or a group holds a mistake.
    """
    text = re.sub(r"[\s-]", "", typed).upper().translate(_READ_AS)
    if len(text) != GROUPS * GROUP_CHARACTERS or set(text) - set(ALPHABET):
        raise VaultError(
            "This is no recovery key",
            expected=f"{GROUPS} groups of {GROUP_CHARACTERS} letters and digits",
            found=f"{len(text)} characters" if not set(text) - set(ALPHABET) else "other signs",
            do="type it as it was printed",
        )
    number = 0
    for place in range(GROUPS):
        group = text[place * GROUP_CHARACTERS :][:GROUP_CHARACTERS]
        bits = _bits(group[:4])
        if _group(bits, place) != group:
            raise VaultError(
                f"Group {place + 1} of the recovery key holds a mistake",
                do="compare it with the print",
            )
        number = number << 20 | bits
    return number.to_bytes(SECRET_BYTES, "big")


def _bits(characters: str) -> int:
    number = 0
    for character in characters:
        number = number << 5 | ALPHABET.index(character)
    return number


def _group(bits: int, place: int) -> str:
    """Return four characters and their check: sum of value times a power of x, and the place."""
    values = [(bits >> shift) & 31 for shift in (15, 10, 5, 0)]
    check = _times_x(place, 5)
    for power, value in enumerate(values, start=1):
        check ^= _times_x(value, power)
    return "".join(ALPHABET[value] for value in (*values, check))


def _times_x(value: int, power: int) -> int:
    for _ in range(power):
        value <<= 1
        if value & 32:
            value ^= _FIELD_POLYNOMIAL
    return value
