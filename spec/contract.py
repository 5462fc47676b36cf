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
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name, its method in capitals, and its path template."""

    name: str
    method: str
    path: str


def document(corrected: bool = True, *, directory: Path = DIRECTORY) -> dict[str, Any]:
    """The OpenAPI 3.1 document, a fresh copy for each caller; `corrected=False` is the contract as published.

    SpecificationError, one sentence, if a file of the directory is missing or malformed.
    """
    return deepcopy(dict(_read(corrected, directory)))


def schema(name: str, corrected: bool = True, *, directory: Path = DIRECTORY) -> dict[str, Any]:
    """A component's JSON Schema (2020-12) without references, a fresh copy for each caller.

    KeyError if the document has no such component.
    """
    return deepcopy(_schema(name, corrected, directory))


@cache
def operations(*, directory: Path = DIRECTORY) -> Mapping[str, Operation]:
    """The seven operations by name: list, create, search, get, upsert, patch, delete."""
    paths = _read(True, directory)["paths"]
    try:
        found = {
            entry["operationId"]: Operation(entry["operationId"], method.upper(), path)
            for path, item in paths.items()
            for method, entry in item.items()
            if method in METHODS
        }
        return MappingProxyType({name: found[name] for name in OPERATIONS})
    except (KeyError, TypeError, AttributeError) as error:
        raise SpecificationError(
            f"{directory / DOCUMENT}: an operation or its operationId is missing ({error}); "
            "restore it from the release."
        ) from error


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
    component = content["components"]["schemas"][name]
    return dict(resolved(component, content, place=str(directory / DOCUMENT)))
