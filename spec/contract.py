"""The OpenAPI document in two readings: as published and as corrected."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from spec.errors import SpecificationError
from spec.files import read_yaml
from spec.overlays import applied
from spec.references import resolved

DIRECTORY = Path(__file__).parent
DOCUMENT = "openapi.yaml"
CORRECTIONS = "corrections.yaml"
OPERATIONS = ("list", "create", "search", "get", "upsert", "patch", "delete")
ADDRESS_OPERATIONS = ("listAddresses", "addAddress", "removeAddress")
"""The operations that the suite uses to arrange what customers show, and does not assess as such."""
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: name, method in capitals, path template, the scope it needs, the statuses it lists."""

    name: str
    method: str
    path: str
    scope: str
    statuses: tuple[int, ...]


def document(corrected: bool = True, *, directory: Path = DIRECTORY) -> dict[str, Any]:
    """The OpenAPI 3.1 document, a fresh copy for each caller; `corrected=False` is the contract as published.

    SpecificationError, one sentence, if a file of the directory is missing or malformed.
    """
    return deepcopy(dict(_read(corrected, directory)))


def schema(name: str, corrected: bool = True, *, directory: Path = DIRECTORY) -> dict[str, Any]:
    """A component's JSON Schema (2020-12) without references, a fresh copy for each caller.

    KeyError with a sentence if the document has no such component.
    """
    return deepcopy(_schema(name, corrected, directory))


@cache
def operations(*, directory: Path = DIRECTORY) -> Mapping[str, Operation]:
    """The seven operations by name: list, create, search, get, upsert, patch, delete."""
    read = [
        _operation(method, path, item[method], directory)
        for path, item in _read(True, directory)["paths"].items()
        for method in METHODS
        if method in item
    ]
    found = {operation.name: operation for operation in read}
    expected = (*OPERATIONS, *ADDRESS_OPERATIONS)
    if set(found) != set(expected):
        raise SpecificationError(
            f"{directory / DOCUMENT}: must have the operations {', '.join(expected)}, each once; "
            "restore it from the release."
        )
    return MappingProxyType({name: found[name] for name in OPERATIONS})


@cache
def _read(corrected: bool, directory: Path) -> Mapping[str, Any]:
    if corrected:
        return applied(_read(False, directory), directory / CORRECTIONS)
    path = directory / DOCUMENT
    content = read_yaml(path)
    is_openapi = isinstance(content, dict) and str(content.get("openapi", "")).startswith("3.1.")
    if not is_openapi or not {"paths", "components"} <= content.keys():
        raise SpecificationError(
            f"{path}: must be an OpenAPI 3.1 document with paths and components; restore it from the release."
        )
    return dict(content)


@cache
def _schema(name: str, corrected: bool, directory: Path) -> dict[str, Any]:
    content = _read(corrected, directory)
    known = content["components"].get("schemas", {})
    if name not in known:
        raise KeyError(f"there is no schema {name} in {DOCUMENT}; it has {', '.join(sorted(known))}")
    inlined: dict[str, Any] = resolved(known[name], content, place=str(directory / DOCUMENT))
    return inlined


def _operation(method: str, path: str, entry: Mapping[str, Any], directory: Path) -> Operation:
    try:
        scope = entry["security"][0]["OAuth2"][0]
        return Operation(
            name=entry["operationId"],
            method=method.upper(),
            path=path,
            scope=scope,
            statuses=tuple(int(status) for status in entry["responses"]),
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise SpecificationError(
            f"{directory / DOCUMENT}, {method} {path}: needs an operationId, a scope and numeric statuses; "
            "restore it from the release."
        ) from error
