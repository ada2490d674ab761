"""The vault: a passphrase opens the one key from which all others follow.

A random data key of 32 bytes is stored twice in ``vault.json``, sealed by AES-256-GCM: under a key
made from the passphrase by argon2id (RFC 9106), and under one made from the printed recovery key.
Changing the passphrase seals the data key anew; nothing else has to be encrypted again. Database,
media, backups and uploads have keys of their own, derived from the data key.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from facewire.errors import VaultError
from facewire.files import read_failure, write_whole
from facewire.record.sealing import KEY_BYTES, derive_key

SCHEMA = "facewire.vault/1"
FILE_NAME = "vault.json"
SHORTEST_PASSPHRASE = 12
SALT_BYTES = 16
NONCE_BYTES = 12
_MOST_MEMORY_KIB = 4 * 1024 * 1024
_MOST_PASSES = 64
_MOST_LANES = 64


@dataclass(frozen=True)
class Argon2Cost:
    """What one guess at the passphrase costs (argon2id, RFC 9106 section 3.1).

    ``memory_kib`` in KiB; the default is above the second choice of RFC 9106 section 4
    (3 passes, 64 MiB, 4 lanes).
    """

    passes: int = 3
    memory_kib: int = 128 * 1024
    lanes: int = 4

    def __post_init__(self) -> None:
        """Refuse what is no cost, and what would stop the computer."""
        sound = (
            1 <= self.passes <= _MOST_PASSES
            and 1 <= self.lanes <= _MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
        )
        if not sound:
            raise _broken("argon2id settings outside their range")


DEFAULT_COST = Argon2Cost()


@dataclass(frozen=True)
class Keys:
    """The keys of one data folder, 32 bytes each; never printed, logged or stored.

    ``database`` encrypts the SQLite file, or on PostgreSQL the identifying columns.
    """

    database: bytes = field(repr=False)
    media: bytes = field(repr=False)
    uploads: bytes = field(repr=False)
    backups: bytes = field(repr=False)

    @classmethod
    def from_data_key(cls, data_key: bytes) -> Keys:
        """Derive each key from the data key."""
        return cls(*(derive_key(data_key, use) for use in cls.__dataclass_fields__))


@dataclass(frozen=True)
class Vault:
    """What ``vault.json`` holds; all of it may be read by anybody.

    ``salt`` is that of argon2id; ``by_passphrase`` and ``by_recovery`` are the sealed data key.
    """

    cost: Argon2Cost
    salt: bytes
    by_passphrase: bytes
    by_recovery: bytes

    def to_document(self) -> dict[str, Any]:
        """Return it as it is written."""
        return {
            "schema": SCHEMA,
            "argon2id": {**asdict(self.cost), "salt": _text(self.salt)},
            "data_key": {
                "by_passphrase": _text(self.by_passphrase),
                "by_recovery": _text(self.by_recovery),
            },
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Vault:
        """Read it back.

        Raises
        ------
        VaultError
            It is no vault, or of a newer version.
        """
        if not isinstance(document, dict) or document.get("schema") != SCHEMA:
            raise _broken("another kind of file, or one of a newer version")
        try:
            settings, sealed = dict(document["argon2id"]), document["data_key"]
            salt = _bytes(settings.pop("salt"))
            cost = Argon2Cost(**{name: int(value) for name, value in settings.items()})
            return cls(cost, salt, _bytes(sealed["by_passphrase"]), _bytes(sealed["by_recovery"]))
        except (KeyError, TypeError, ValueError) as error:
            raise _broken("missing or unreadable parts") from error


def create_vault(passphrase: str) -> tuple[Vault, Keys, str]:
    """Make a new vault with a new data key, at the usual cost.

    Returns
    -------
    Vault
        To be written with `write_vault`.
    Keys
        To encrypt with.
    str
        The recovery key, to be printed now: it is stored nowhere.

    Raises
    ------
    VaultError
        The passphrase is too short.
    """
    data_key, secret = os.urandom(KEY_BYTES), new_recovery_secret()
    by_recovery = _seal(_recovery_key(secret), data_key, _R)
    vault = _sealed_anew(data_key, passphrase, DEFAULT_COST, by_recovery)
    return vault, Keys.from_data_key(data_key), print_recovery_key(secret)


def open_vault(vault: Vault, passphrase: str) -> Keys:
    """Return the keys.

    Raises
    ------
    VaultError
        The passphrase is not the one, or the vault was altered.
    """
    return Keys.from_data_key(_data_key(vault, passphrase))


def open_with_recovery(vault: Vault, typed: str) -> Keys:
    """Return the keys, opened by the recovery key; same errors as `recover`."""
    return Keys.from_data_key(_recovered(vault, typed))


def change_passphrase(vault: Vault, old: str, new: str) -> Vault:
    """Return the vault that opens with a new passphrase; recovery key and data stay as they are.

    Raises
    ------
    VaultError
        The old passphrase is not the one, or the new one is too short.
    """
    return _sealed_anew(_data_key(vault, old), new, vault.cost, vault.by_recovery)


def recover(vault: Vault, typed: str, new: str) -> Vault:
    """Return the vault that opens with a new passphrase, opened by the recovery key.

    Raises
    ------
    VaultError
        The recovery key holds a typing mistake or belongs to another vault.
    """
    return _sealed_anew(_recovered(vault, typed), new, vault.cost, vault.by_recovery)


def new_recovery_key(vault: Vault, passphrase: str) -> tuple[Vault, str]:
    """Return the vault with another recovery key, and that key; the old print opens it no more."""
    data_key, secret = _data_key(vault, passphrase), new_recovery_secret()
    sealed = _seal(_recovery_key(secret), data_key, _R)
    return Vault(vault.cost, vault.salt, vault.by_passphrase, sealed), print_recovery_key(secret)


def write_vault(folder: Path, vault: Vault) -> None:
    """Write ``vault.json`` into the data folder, whole or not at all."""
    text = json.dumps(vault.to_document(), indent=2) + "\n"
    write_whole(folder / FILE_NAME, [text.encode()], private=True)


def read_vault(folder: Path) -> Vault | None:
    """Return the vault of a data folder; ``None`` where there is none.

    Raises
    ------
    VaultError
        The file is broken.
    StorageError
        It cannot be read.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        return Vault.from_document(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise _broken("a file that is no JSON") from error
    except OSError as error:
        raise read_failure(path, error) from error


_P, _R = b"facewire passphrase", b"facewire recovery"


def _sealed_anew(data_key: bytes, passphrase: str, cost: Argon2Cost, by_recovery: bytes) -> Vault:
    if len(_normal(passphrase)) < SHORTEST_PASSPHRASE:
        raise VaultError(
            "The passphrase is too short",
            expected=f"at least {SHORTEST_PASSPHRASE} characters, such as five words",
            found=f"{len(_normal(passphrase))}",
        )
    salt = os.urandom(SALT_BYTES)
    sealed = _seal(_passphrase_key(passphrase, salt, cost), data_key, _P)
    return Vault(cost, salt, sealed, by_recovery)


def _data_key(vault: Vault, passphrase: str) -> bytes:
    key = _passphrase_key(passphrase, vault.salt, vault.cost)
    try:
        return _unseal(key, vault.by_passphrase, _P)
    except InvalidTag as error:
        raise VaultError(
            "The passphrase does not open the vault",
            expected="the passphrase that was set last",
            found="another one, or a vault.json that was altered",
            do="try again, or use the recovery key: `facewire vault recover`",
        ) from error


def _recovered(vault: Vault, typed: str) -> bytes:
    try:
        return _unseal(_recovery_key(read_recovery_key(typed)), vault.by_recovery, _R)
    except InvalidTag as error:
        raise VaultError(
            "The recovery key does not open the vault",
            expected="the recovery key that was printed last for this data folder",
            found="a key without typing mistakes, but of another vault",
        ) from error


def _passphrase_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        _normal(passphrase).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _normal(passphrase: str) -> str:
    """Return one form for what two keyboards may send differently (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", passphrase).strip()


def _recovery_key(secret: bytes) -> bytes:
    return derive_key(secret, "recovery")


def _seal(key: bytes, data_key: bytes, use: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data_key, use)


def _unseal(key: bytes, sealed: bytes, use: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], use)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _broken("unreadable parts") from error


def _broken(found: str) -> VaultError:
    return VaultError(
        f"{FILE_NAME} cannot be used",
        expected=f"a file of the form {SCHEMA}",
        found=found,
        do="take vault.json from a backup: without it nothing can be decrypted",
    )


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
