"""Applies corrections to a document, as an OpenAPI Overlay describes them."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from spec.errors import SpecificationError
from spec.files import REMEDY, read_model

_CLOSED: Final = ConfigDict(extra="forbid")
_SEGMENT: Final = re.compile(r"\.(\w+)|\['([^']+)'\]")


@dataclass(frozen=True, config=_CLOSED)
class Action:
    """One correction: its target, its reason (the description) and what is merged into the target.

    The target is a JSONPath of names only, such as `$.paths['/a'].get` (RFC 9535 §2.3.5.1, a singular query).
    """

    target: Annotated[str, Field(pattern=rf"^\$({_SEGMENT.pattern})+$")]
    description: Annotated[str, Field(pattern=r"\S")]
    update: dict[str, Any]


@dataclass(frozen=True, config=_CLOSED)
class Overlay:
    """An overlay file with updates only. OpenAPI Overlay 1.0 §4.4."""

    overlay: Literal["1.0.0"]
    info: dict[str, Any]
    extends: str
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]


_OVERLAY: Final = TypeAdapter(Overlay)


def applied(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A copy of the document with every action of the overlay file applied, in order; errors as of `stages`."""
    *_, (_, current) = stages(document, path)
    return current


def stages(document: Mapping[str, Any], path: Path) -> Iterator[tuple[Action, dict[str, Any]]]:
    """Each action of the overlay file, with a copy of the document to which the actions up to it are applied.

    SpecificationError names an action that is malformed, whose target is missing or whose update changes nothing: a
    target that has moved would otherwise leave the document uncorrected without a sign.
    """
    current = dict(document)
    for number, action in enumerate(read_model(_OVERLAY, path).actions, start=1):
        before, current = current, deepcopy(current)
        place = f"{path}, actions, entry {number}, target"
        target: Any = current
        for plain, quoted in _SEGMENT.findall(action.target):
            target = target.get(plain or quoted) if isinstance(target, dict) else None
        if not isinstance(target, dict):
            raise SpecificationError(f"{place}: {action.target} is no object of the document; {REMEDY}")
        _merge(target, deepcopy(action.update))
        if current == before:
            raise SpecificationError(f"{place}: {action.target} has the update already; {REMEDY}")
        yield action, current


def _merge(target: dict[str, Any], update: Mapping[str, Any]) -> None:
    """Merge an update into its target, in place: objects by property, arrays by appending.

    OpenAPI Overlay 1.0 §4.4.3.
    """
    for name, value in update.items():
        known = target.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            known.extend(value)
        else:
            target[name] = value
