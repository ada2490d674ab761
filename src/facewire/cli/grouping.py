"""Options in groups: a command takes a few dataclasses instead of a dozen parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import wraps
from typing import Any, get_type_hints


def grouped_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take dataclasses of options.

    Parameters
    ----------
    command : callable
        Its parameters are Typer's own, or dataclasses whose fields are annotated for Typer; each
        field becomes an option of the command.

    Returns
    -------
    callable
        What Typer is given: the same command with all options side by side.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}

    @wraps(command)
    def flat(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{f.name: given.pop(f.name) for f in fields(group)})
        command(**given)

    flat_parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name in groups:
            flat_parameters += _options_of(groups[name])
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            flat_parameters.append(parameter.replace(annotation=hints[name], kind=kind))
    flat.__signature__ = inspect.Signature(flat_parameters)  # type: ignore[attr-defined]
    return flat


def _options_of(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_default(field),
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]


def _default(field: Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default
