"""The OpenAPI document: valid in both readings, true in its examples, safe to hand out."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

import spec
from spec.references import resolved

READINGS = pytest.mark.parametrize("corrected", [False, True], ids=["published", "corrected"])


@READINGS
def test_the_document_is_valid_openapi(corrected: bool) -> None:
    validate(spec.document(corrected))


@READINGS
def test_every_example_is_an_instance_of_its_schema(corrected: bool) -> None:
    document = spec.document(corrected)
    examples = list(_examples(document, document))
    assert len(examples) > 30
    for place, schema, value in examples:
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        errors = [f"{place}: {error.message}" for error in validator.iter_errors(value)]
        assert errors == []


def test_the_examples_of_customers_name_nothing_that_the_schema_lacks() -> None:
    document = spec.document()
    for part in ("Customer", "Customers"):
        media = document["components"]["responses"][part]["content"]["application/json"]
        for example in media["examples"].values():
            value = example["value"]
            for customer in value if isinstance(value, list) else [value]:
                assert set(customer) <= set(spec.schema("Customer")["properties"])


def test_callers_cannot_spoil_what_the_next_one_gets() -> None:
    spec.document()["paths"].clear()
    spec.schema("Customer")["properties"].clear()
    assert spec.document()["paths"]
    assert spec.schema("Customer")["properties"]


def test_an_unknown_schema_is_named() -> None:
    with pytest.raises(KeyError, match="Customr"):
        spec.schema("Customr")


def _examples(node: Any, document: dict[str, Any], place: str = "#") -> Iterator[tuple[str, Any, Any]]:
    """Every example below the node: its place, its schema, its value."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _examples(item, document, f"{place}/{index}")
    if not isinstance(node, dict):
        return
    if "schema" in node:  # a parameter, a header or a media type
        schema = resolved(node["schema"], document, place=place)
        if "example" in node:
            yield place, schema, node["example"]
        for name, example in node.get("examples", {}).items():
            yield f"{place}/{name}", schema, example["value"]
    elif isinstance(node.get("examples"), list):  # a schema
        for value in node["examples"]:
            yield place, resolved(node, document, place=place), value
    for key in node.keys() - {"example", "examples"}:
        yield from _examples(node[key], document, f"{place}/{key}")
