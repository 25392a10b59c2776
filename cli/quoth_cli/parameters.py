"""Options in groups: a command takes a dataclass, and its users give an option for each field."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, get_type_hints

__all__ = ["flattened"]

_R = TypeVar("_R")


def flattened(command: Callable[..., _R]) -> Callable[..., _R]:
    """Makes a command take the fields of its parameters that are dataclasses, nested ones too.

    The type of a field is annotated as that of a parameter would be. Names must differ.
    """
    hints = get_type_hints(command, include_extras=True)
    parameters = inspect.signature(command).parameters.values()
    taken = [each.replace(annotation=hints[each.name]) for each in parameters]
    flat = [part for each in taken for part in _flat(each)]

    def run(**values: Any) -> _R:
        return command(**{each.name: _made(each, values) for each in taken})

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {each.name: each.annotation for each in flat}
    run.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    return run


def _flat(parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    group = parameter.annotation
    if not dataclasses.is_dataclass(group):
        yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        return
    for each in _fields(group):
        yield from _flat(each)


def _made(parameter: inspect.Parameter, values: Mapping[str, Any]) -> Any:
    group = parameter.annotation
    if not dataclasses.is_dataclass(group):
        return values[parameter.name]
    assert isinstance(group, type)
    return group(**{each.name: _made(each, values) for each in _fields(group)})


def _fields(group: Any) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for field in dataclasses.fields(group):
        missing = field.default is dataclasses.MISSING
        yield inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if missing else field.default,
            annotation=hints[field.name],
        )
