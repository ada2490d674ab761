from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from facewire.errors import VaultError
from facewire.record.engine import open_engine
from facewire.record.rows import Base
from facewire.record.sealed_columns import ColumnCipher, normal_words, use_cipher, words_match
from facewire.record.tables import Identity, Patient

KEY = bytes(range(32))
STAMP = {"created_at": datetime(2026, 3, 1, tzinfo=UTC), "software": "test"}


@pytest.fixture(params=[None, KEY], ids=["plain", "sealed"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made = open_engine("sqlite://")
    if request.param is not None:
        use_cipher(made.dialect, ColumnCipher.from_key(request.param))
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def add_person(engine: Engine, given: str, family: str, code: str = "A-1") -> None:
    with Session(engine) as session:
        patient = Patient(code=code, **STAMP)
        session.add(patient)
        session.flush()
        words = f"{given} {family} {code}"
        person = Identity(patient_id=patient.id, given_name=given, family_name=family, **STAMP)
        person.search_text, person.birth_date = words, date(1961, 4, 2)
        session.add(person)
        session.commit()


def found(engine: Engine, query: str) -> list[Identity]:
    condition = words_match(Identity.__table__.c.search_text, query, engine.dialect)
    with Session(engine) as session:
        return list(session.scalars(select(Identity).where(condition)))


def names(engine: Engine, query: str) -> list[str]:
    return sorted(person.family_name for person in found(engine, query))


def test_values_come_back_as_they_were(engine: Engine) -> None:
    add_person(engine, "Ottilie", "Zwirbelmann")
    person = found(engine, "")[0]
    assert (person.given_name, person.birth_date, person.contact) == (
        "Ottilie",
        date(1961, 4, 2),
        None,
    )


def test_the_server_sees_no_name_and_no_date() -> None:
    engine = open_engine("sqlite://")
    use_cipher(engine.dialect, ColumnCipher.from_key(KEY))
    Base.metadata.create_all(engine)
    add_person(engine, "Ottilie", "Zwirbelmann")
    with engine.connect() as connection:
        raw = str(connection.execute(text("SELECT * FROM identities")).all()).lower()
    assert not any(word in raw for word in ("ottilie", "zwirbel", "1961"))
    engine.dispose()


@pytest.mark.parametrize(
    "query", ["zwirbelmann", "ZWIR", "ott zwirbel", "Öttilie", "zwirbelmann ottilie a", ""]
)
def test_beginnings_of_words_find_a_person(engine: Engine, query: str) -> None:
    add_person(engine, "Ottilie", "Zwirbelmann")
    add_person(engine, "Bela", "Quast", "B-2")
    assert "Zwirbelmann" in names(engine, query)
    assert (names(engine, query) == ["Zwirbelmann"]) is (query != "")


@pytest.mark.parametrize("query", ["irbel", "zwirbelmaus ottilie x", "100%", "_", "bela ottilie"])
def test_other_words_find_nobody(engine: Engine, query: str) -> None:
    add_person(engine, "Ottilie", "Zwirbelmann")
    add_person(engine, "Bela", "Quast", "B-2")
    assert names(engine, query) == []


def test_stored_words_may_be_stored_again(engine: Engine) -> None:
    add_person(engine, "Ottilie", "Zwirbelmann")
    with Session(engine) as session:
        person = session.scalars(select(Identity)).one()
        person.search_text = str(person.search_text)
        session.commit()
    assert names(engine, "zwirb") == ["Zwirbelmann"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("José  ÁLVAREZ", ["jose", "alvarez"]),
        ("Straße 5", ["strasse", "5"]),
        ("O'Neill-Müller", ["o", "neill", "muller"]),
        ("Ψωμί ψωμί", ["ψωμι"]),
        ("", []),
    ],
)
def test_words_without_case_and_accents(typed: str, words: list[str]) -> None:
    assert normal_words(typed) == words


def test_the_same_name_never_looks_the_same() -> None:
    cipher = ColumnCipher.from_key(KEY)
    assert cipher.seal("Ottilie", "given_name") != cipher.seal("Ottilie", "given_name")


def test_a_value_belongs_to_its_column_and_key() -> None:
    cipher = ColumnCipher.from_key(KEY)
    sealed = cipher.seal("Ottilie", "given_name")
    for other, column in [(cipher, "contact"), (ColumnCipher.from_key(bytes(32)), "given_name")]:
        with pytest.raises(VaultError, match=f"A value of {column} cannot be decrypted"):
            other.unseal(sealed, column)


@pytest.mark.parametrize("altered", ["Ottilie", "fw1:", "fw1:AAAA", "fw1:no base 64"])
def test_an_altered_value_is_refused(altered: str) -> None:
    with pytest.raises(VaultError, match="altered bytes"):
        ColumnCipher.from_key(KEY).unseal(altered, "given_name")


def test_hashes_of_words_depend_on_the_key() -> None:
    one, two = ColumnCipher.from_key(KEY), ColumnCipher.from_key(bytes(32))
    assert one.hash_word("zwirbel") == one.hash_word("zwirbel") != two.hash_word("zwirbel")


def test_keys_are_never_shown() -> None:
    assert repr(ColumnCipher.from_key(KEY)) == "ColumnCipher()"


def test_a_date_is_a_date(engine: Engine) -> None:
    add_person(engine, "Ottilie", "Zwirbelmann")
    with Session(engine) as session:
        person = session.scalars(select(Identity)).one()
        person.birth_date = "yesterday"  # type: ignore[assignment]
        with pytest.raises(StatementError):
            session.flush()
