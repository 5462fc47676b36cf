"""The OpenAPI document as Schemathesis reads it, and the schemas of its request bodies."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs
import schemathesis

import spec
from harness.schemathesis.internals import Operation

BODIES = {
    ("create", "application/json"): "CustomerCreate",
    ("search", "application/json"): "CustomerSearch",
    ("upsert", "application/json"): "CustomerUpsert",
    ("upsert", "application/merge-patch+json"): "CustomerUpsertMergePatch",
    ("patch", "application/json"): "CustomerPatch",
    ("patch", "application/merge-patch+json"): "CustomerPatchMergePatch",
}
"""The component that describes each body; the contract does not say which bodies of a delete are valid."""


@cache
def schema() -> schemathesis.BaseSchema:
    """The seven operations of the corrected document, without the settings of the command line (schemathesis.toml)."""
    settings = {"generation": {"allow-x00": False, "allow-extra-parameters": False}}
    config = schemathesis.Config.from_dict(settings)
    document = spec.document()
    paths = {operation.path for operation in spec.operations().values()}
    document["paths"] = {path: item for path, item in document["paths"].items() if path in paths}
    return schemathesis.openapi.from_dict(document, config=config)


@cache
def operations() -> Mapping[str, Operation]:
    """The seven operations by name."""
    document = schema()
    every = [operation for path in document for operation in document[path].values()]
    return {str(each.definition.raw["operationId"]): each for each in every}


@cache
def parameters(operation: str) -> frozenset[str]:
    """The names of the operation's query parameters."""
    return frozenset(str(each.name) for each in operations()[operation].query)


def body_properties(operation: str, media_type: str | None) -> Mapping[str, Any]:
    """The properties of the operation's body in this media type."""
    name = BODIES.get((operation, media_type or "application/json"))
    properties: Mapping[str, Any] = spec.schema(name)["properties"] if name else {}
    return properties


@cache
def body_validator(operation: str, media_type: str | None) -> jsonschema_rs.Validator | None:
    """The validator of the operation's body in this media type; None where any body may be valid."""
    name = BODIES.get((operation, media_type or "application/json"))
    return jsonschema_rs.validator_for(spec.schema(name)) if name else None
