"""What every document of facewire shares: checked when it is made, the same in Python and on disk.

A document is a frozen model of typed rows. Its JSON Schema is generated from the types, so that
there is one description of each file. Unknown fields, numbers that are not finite, reversed
intervals and words outside of the vocabulary are refused with the place where they stand.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from facewire.errors import UsageError
from facewire.files import decoded, read_input, write_whole

AtLeastZero = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=2**53)]
"""Up to what every reader of JSON and of tables can hold."""
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[^/\\]*$")]
"""A file's name without its folder."""

DIGITS = 4
SHOWN_FAULTS = 3
LONGEST_FAULT = 160


class Row(BaseModel):
    """A part of a document: frozen, its values checked, nothing unknown in it.

    ``LEFT_OUT`` names fields that are not written while they are None, because a reader could
    take null for an answer.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
    )
    LEFT_OUT: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _intervals_in_order(self) -> Self:
        for low, high in _interval_fields(type(self)):
            _refuse_reversed(low, getattr(self, low), getattr(self, high))
        return self

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        for name in self.LEFT_OUT:
            if values.get(name, "") is None:
                del values[name]
        return values

    @classmethod
    def checked(cls, values: object, name: str) -> Self:
        """Make a row of JSON values that a user gave.

        Parameters
        ----------
        values : object
            As parsed.
        name : str
            What they are called in messages.

        Raises
        ------
        UsageError
            A value cannot be; the message names the places of the first faults.
        """
        try:
            return cls.model_validate_json(json.dumps(values))
        except ValidationError as error:
            raise _unfit(error, name, f"the fields {', '.join(cls.model_fields)}") from error

    def replaced(self, **changes: Any) -> Self:
        """Return the same row with some values changed, checked again."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**given, **changes})


@cache
def _interval_fields(row: type[Row]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of fields that end in low and high, or in low_percent and high_percent."""
    pairs = (
        (name, name.removesuffix(end) + end.replace("low", "high"))
        for name in row.model_fields
        for end in ("low", "low_percent")
        if name.endswith(end)
    )
    return tuple(pair for pair in pairs if pair[1] in row.model_fields)


def _refuse_reversed(name: str, low: object, high: object) -> None:
    if isinstance(low, tuple) and isinstance(high, tuple):
        for one, other in zip(low, high, strict=True) if len(low) == len(high) else ():
            _refuse_reversed(name, one, other)
    elif isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        raise ValueError(f"{name} {low:g} lies above its upper end {high:g}: reversed")


class Document(Row):
    """A whole file: its ``schema`` field names kind and version."""

    KIND: ClassVar[str]
    """Such as ``measurement``; the schema's id is ``facewire.KIND/1``."""
    MADE_BY: ClassVar[str]
    """The command that writes it, for messages."""

    @classmethod
    def schema_id(cls) -> str:
        """Return what the document's ``schema`` says, such as ``facewire.measurement/1``."""
        return f"facewire.{cls.KIND}/1"

    @classmethod
    def from_json(cls, content: bytes, name: str = "the document") -> Self:
        """Read a document from the bytes of a file.

        Parameters
        ----------
        content : bytes
            JSON in any Unicode encoding.
        name : str
            What it is called in messages.

        Raises
        ------
        UsageError
            It is not JSON, of another kind or version, or a value cannot be; the message names
            the places of the first faults.
        """
        wanted = f"a JSON file of the kind {cls.schema_id()}, as {cls.MADE_BY} writes it"
        try:
            text = decoded(content)
            values = json.loads(text)
            cls._refuse_other_kind(values, name, wanted)
            newer = cls.upgraded(values)
            return cls.model_validate_json(text if newer is values else json.dumps(newer))
        except ValidationError as error:
            raise _unfit(error, name, cls.schema_id()) from error
        except (ValueError, RecursionError) as error:
            raise UsageError(
                f"{name} is not JSON",
                expected=wanted,
                found=str(error),
                do=f"give a whole file of this kind, or make it again with {cls.MADE_BY}",
            ) from error

    @classmethod
    def _refuse_other_kind(cls, found: object, name: str, wanted: str) -> None:
        schema = found.get("schema") if isinstance(found, Mapping) else None
        if schema != cls.schema_id():
            raise UsageError(
                f"{name} is of another kind",
                expected=wanted,
                found=f"schema {_short(str(schema))}" if schema else "no document of facewire",
                do=f"give a file of this kind, or make it with {cls.MADE_BY} of this version",
            )

    @classmethod
    def upgraded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of an earlier version's file in the form of this version.

        Parameters
        ----------
        values : dict
            As parsed; nothing of it is changed.
        """
        return values

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; see `from_json`.

        Raises
        ------
        UsageError
            It cannot be read, or does not fit.
        """
        wanted = f"a JSON file of the kind {cls.schema_id()}"
        return cls.from_json(read_input(path, wanted), f"The file {path}")

    def plain(self) -> dict[str, Any]:
        """Return the document as JSON values, numbers rounded to a ten-thousandth."""
        values: dict[str, Any] = _rounded(self.model_dump(mode="json", by_alias=True))
        return values

    def to_json(self) -> bytes:
        """Return the document as it is written: an entry a line, rows of numbers on one line."""
        return (document_text(self.plain()) + "\n").encode()

    def write(self, path: Path) -> None:
        """Write the document whole or not at all.

        Raises
        ------
        StorageError
            The folder cannot be written, or the disk is full.
        """
        write_whole(path, self.to_json())


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0
    if isinstance(value, dict):
        return {name: _rounded(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_rounded(entry) for entry in value]
    return value


def document_text(value: object, depth: int = 0) -> str:
    """Return JSON values as text to read: an entry a line, a list of numbers on one line.

    Parameters
    ----------
    value : object
        A document or a part of it.
    depth : int, optional
        How deep it lies, for the indentation.

    Raises
    ------
    ValueError
        A number is not finite: JSON has none such.
    """
    if isinstance(value, Mapping) and value:
        parts = [f"{_text(str(k))}: {document_text(v, depth + 1)}" for k, v in value.items()]
        start, end = "{}"
    elif isinstance(value, list | tuple) and not all(_is_number(one) for one in value):
        parts = [document_text(one, depth + 1) for one in value]
        start, end = "[]"
    else:
        return _text(value)
    inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
    return f"{start}{inner}{(',' + inner).join(parts)}{outer}{end}"


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, int | float)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _unfit(error: ValidationError, name: str, schema_id: str) -> UsageError:
    faults = [
        f"{_place(fault['loc'])}: {_short(fault['msg'].removeprefix('Value error, '))}"
        for fault in error.errors(include_url=False)
    ]
    more = len(faults) - SHOWN_FAULTS
    return UsageError(
        f"{name} does not fit its kind",
        expected=schema_id,
        found="; ".join(faults[:SHOWN_FAULTS]) + (f"; and {more} more" if more > 0 else ""),
        do="make the file again with this version, or correct it at the places named",
    )


def _place(parts: Iterable[int | str]) -> str:
    return "$" + "".join(map(_step, parts))


def _step(part: int | str) -> str:
    if isinstance(part, str) and part.isidentifier():
        return f".{_short(part)}"
    return f"[{_short(json.dumps(part))}]"  # such names may hold control characters


def _short(message: str) -> str:
    if len(message) <= LONGEST_FAULT:
        return message
    return message[: LONGEST_FAULT // 2] + " ... " + message[-LONGEST_FAULT // 3 :]


@cache
def schema_of(kind: type[Document]) -> dict[str, Any]:
    """Return the JSON Schema 2020-12 of a document, generated from its types and their texts."""
    schema = kind.model_json_schema(mode="validation")
    described = {one.__name__: _field_texts(one) for one in (kind, *_all_rows(Row))}
    for name, part in [(kind.__name__, schema), *schema.get("$defs", {}).items()]:
        for field, text in described.get(name, {}).items():
            if field in part.get("properties", {}):
                part["properties"][field]["description"] = text
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": kind.schema_id(),
        **schema,
    }


def _all_rows(base: type[Row]) -> Iterable[type[Row]]:
    for one in base.__subclasses__():
        yield one
        yield from _all_rows(one)


def _field_texts(row: type[Row]) -> dict[str, str]:
    """Return the text under each field of a class, as it stands in its source."""
    body = ast.parse(textwrap.dedent(inspect.getsource(row))).body[0]
    found: dict[str, str] = {}
    if isinstance(body, ast.ClassDef):
        for field, text in zip(body.body, body.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                value = text.value if isinstance(text, ast.Expr) else None
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[field.target.id] = inspect.cleandoc(value.value)
    return found
