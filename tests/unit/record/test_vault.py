from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from facewire.errors import VaultError
from facewire.record.sealing import derive_key
from facewire.record.vault import (
    ALPHABET,
    Argon2Cost,
    Keys,
    Vault,
    change_passphrase,
    create_vault,
    new_recovery_key,
    open_vault,
    open_with_recovery,
    print_recovery_key,
    read_recovery_key,
    read_vault,
    recover,
    write_vault,
)

PASSPHRASE = "seven quiet herons wade"
OTHER = "eight loud herons fly off"


@pytest.fixture
def made() -> tuple[Vault, Keys, str]:
    return create_vault(PASSPHRASE)


def test_the_passphrase_opens_it(made: tuple[Vault, Keys, str]) -> None:
    vault, keys, _ = made
    assert open_vault(vault, PASSPHRASE) == keys


def test_another_passphrase_does_not(made: tuple[Vault, Keys, str]) -> None:
    with pytest.raises(VaultError, match=r"does not open the vault.*facewire vault recover"):
        open_vault(made[0], OTHER)


def test_every_use_has_a_key_of_its_own(made: tuple[Vault, Keys, str]) -> None:
    keys = made[1]
    assert len({keys.database, keys.media, keys.uploads, keys.backups}) == 4


def test_keys_are_never_shown(made: tuple[Vault, Keys, str]) -> None:
    assert repr(made[1]) == "Keys()"


def test_a_changed_passphrase_opens_the_same_keys(made: tuple[Vault, Keys, str]) -> None:
    vault, keys, printed = made
    changed = change_passphrase(vault, PASSPHRASE, OTHER)
    assert open_vault(changed, OTHER) == open_with_recovery(changed, printed) == keys
    assert changed.salt != vault.salt
    with pytest.raises(VaultError, match="does not open"):
        open_vault(changed, PASSPHRASE)


def test_the_recovery_key_sets_a_new_passphrase(made: tuple[Vault, Keys, str]) -> None:
    vault, keys, printed = made
    assert open_vault(recover(vault, f"  {printed.lower()} ", OTHER), OTHER) == keys


def test_a_new_recovery_key_replaces_the_old_one(made: tuple[Vault, Keys, str]) -> None:
    vault, keys, old = made
    renewed, printed = new_recovery_key(vault, PASSPHRASE)
    assert open_with_recovery(renewed, printed) == keys
    with pytest.raises(VaultError, match="of another vault"):
        open_with_recovery(renewed, old)


def test_two_keyboards_send_the_same_passphrase() -> None:
    composed = unicodedata.normalize("NFC", "Bräunungsgerät für Ömis")
    vault, keys, _ = create_vault(composed)
    assert open_vault(vault, unicodedata.normalize("NFD", composed)) == keys


def test_a_short_passphrase_is_refused(made: tuple[Vault, Keys, str]) -> None:
    with pytest.raises(VaultError, match="at least 12 characters"):
        create_vault("short")
    with pytest.raises(VaultError, match="too short"):
        change_passphrase(made[0], PASSPHRASE, "short")


def test_it_is_stored_and_read_back(made: tuple[Vault, Keys, str], tmp_path: Path) -> None:
    assert read_vault(tmp_path) is None
    write_vault(tmp_path, made[0])
    assert read_vault(tmp_path) == made[0]
    assert PASSPHRASE not in (tmp_path / "vault.json").read_text()


def test_the_cost_is_stored_with_it(made: tuple[Vault, Keys, str]) -> None:
    stored = made[0].to_document()["argon2id"]
    assert {name: stored[name] for name in ("passes", "memory_kib", "lanes")} == {
        "passes": 1,
        "memory_kib": 64,
        "lanes": 1,
    }


def test_the_usual_cost_is_above_the_recommended_one() -> None:
    usual = Argon2Cost()
    assert usual.passes >= 3
    assert usual.memory_kib >= 64 * 1024
    assert usual.lanes == 4


def test_the_data_key_is_sealed_as_described(made: tuple[Vault, Keys, str]) -> None:
    vault, keys, _ = made
    key = hash_secret_raw(PASSPHRASE.encode(), vault.salt, 1, 64, 1, 32, Type.ID)
    sealed = vault.by_passphrase
    data_key = AESGCM(key).decrypt(sealed[:12], sealed[12:], b"facewire passphrase")
    assert derive_key(data_key, "media") == keys.media


@pytest.mark.parametrize("part", ["by_passphrase", "salt"])
def test_an_altered_vault_opens_nothing(made: tuple[Vault, Keys, str], part: str) -> None:
    raw = bytearray(getattr(made[0], part))
    raw[3] ^= 1
    with pytest.raises(VaultError, match="altered"):
        open_vault(replace(made[0], **{part: bytes(raw)}), PASSPHRASE)


def test_one_sealed_key_is_not_taken_for_the_other(made: tuple[Vault, Keys, str]) -> None:
    vault = made[0]
    crossed = replace(vault, by_passphrase=vault.by_recovery)
    with pytest.raises(VaultError, match="does not open"):
        open_vault(crossed, PASSPHRASE)


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"schema": "facewire.vault/2"}',
        '{"schema": "facewire.vault/1"}',
        '{"schema": "facewire.vault/1", "argon2id": {"salt": "!"}, "data_key": {}}',
    ],
)
def test_a_broken_vault_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "vault.json").write_text(text)
    with pytest.raises(VaultError, match=r"vault\.json cannot be used.*from a backup"):
        read_vault(tmp_path)


def test_a_cost_that_would_stop_the_computer_is_refused(
    made: tuple[Vault, Keys, str], tmp_path: Path
) -> None:
    document = made[0].to_document()
    document["argon2id"]["memory_kib"] = 2**40
    (tmp_path / "vault.json").write_text(json.dumps(document))
    with pytest.raises(VaultError, match="outside their range"):
        read_vault(tmp_path)


# The printed recovery key.

secrets = st.binary(min_size=20, max_size=20)


@given(secret=secrets)
def test_a_printed_key_is_read_back(secret: bytes) -> None:
    printed = print_recovery_key(secret)
    assert read_recovery_key(printed) == secret
    assert [len(group) for group in printed.split("-")] == [5] * 8


@given(secret=secrets, place=st.integers(0, 39), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found_with_its_group(secret: bytes, place: int, other: str) -> None:
    text = print_recovery_key(secret).replace("-", "")
    wrong = text[:place] + other + text[place + 1 :]
    if wrong != text:
        with pytest.raises(VaultError, match=f"Group {place // 5 + 1} .* holds a mistake"):
            read_recovery_key(wrong)


@given(secret=secrets, place=st.integers(0, 38))
def test_two_exchanged_characters_are_found(secret: bytes, place: int) -> None:
    text = print_recovery_key(secret).replace("-", "")
    wrong = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if wrong != text:
        with pytest.raises(VaultError, match="holds a mistake"):
            read_recovery_key(wrong)


@given(secret=secrets, one=st.integers(0, 7), two=st.integers(0, 7))
def test_exchanged_groups_are_found(secret: bytes, one: int, two: int) -> None:
    groups = print_recovery_key(secret).split("-")
    groups[one], groups[two] = groups[two], groups[one]
    if one != two:
        with pytest.raises(VaultError, match="holds a mistake"):
            read_recovery_key("-".join(groups))


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    printed = print_recovery_key(bytes(20))
    assert read_recovery_key(printed.replace("0", "O").replace("1", "l")) == bytes(20)


@pytest.mark.parametrize("text", ["", "0000-0000", "?" * 40, "0" * 41])
def test_other_texts_are_no_key(text: str) -> None:
    with pytest.raises(VaultError, match="8 groups of 5"):
        read_recovery_key(text)


def test_derived_keys_follow_the_standard() -> None:
    # HKDF of RFC 5869 by hand: extract, then one block of expand.
    import hashlib
    import hmac

    secret, salt = bytes(range(32)), b"salt"
    extracted = hmac.digest(salt, secret, hashlib.sha256)
    expected = hmac.digest(extracted, b"facewire media\x01", hashlib.sha256)
    assert derive_key(secret, "media", salt) == expected
