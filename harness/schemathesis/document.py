"""The document as Schemathesis reads it: operations, and a request of ours as one of its cases."""

from functools import cache
from typing import Any, cast

import jsonschema_rs
import schemathesis
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema

import spec

BODIES = {
    ("create", "application/json"): "CustomerCreate",
    ("search", "application/json"): "CustomerSearch",
    ("upsert", "application/json"): "CustomerUpsert",
    ("upsert", "application/merge-patch+json"): "CustomerUpsertMergePatch",
    ("patch", "application/json"): "CustomerPatch",
    ("patch", "application/merge-patch+json"): "CustomerPatchMergePatch",
}
"""The component that describes each body whose validity the contract settles; a delete's it does not."""


@cache
def schema() -> BaseSchema:
    """The corrected document under settings of its own; the project's file is the command line's."""
    settings = {"generation": {"allow-x00": False, "allow-extra-parameters": False}}
    config = schemathesis.Config.from_dict(settings)
    return cast(BaseSchema, schemathesis.openapi.from_dict(spec.document(), config=config))


@cache
def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """The seven operations by name."""
    found = [each.ok() for each in schema().get_all_operations() if isinstance(each, Ok)]
    return {str(each.definition.raw["operationId"]): each for each in found}


@cache
def validator(operation: str, media_type: str | None) -> jsonschema_rs.Validator | None:
    """The validator of the operation's body in this media type, None where its validity is not settled."""
    name = BODIES.get((operation, media_type or "application/json"))
    return jsonschema_rs.validator_for(spec.schema(name)) if name else None


@cache
def properties(operation: str, media_type: str | None) -> frozenset[str]:
    """The properties that the operation's body has in this media type."""
    name = BODIES.get((operation, media_type or "application/json"))
    return frozenset(spec.schema(name)["properties"]) if name else frozenset()


@cache
def parameters(operation: str) -> frozenset[str]:
    """The names of the operation's query parameters."""
    return frozenset(str(each.name) for each in operations()[operation].query)
