"""Facts: two documents that state the same have the same facts, and each statement of a document is one."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

import spec
from spec.facts import Place, facts, operation_key

Document = dict[str, Any]
GET, POST = operation_key("get", "/a/{id}"), operation_key("post", "/a/{id}")

PLAIN: Document = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://api.example.com"}],
    "components": {
        "securitySchemes": {
            "O": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://t", "scopes": {}}}}
        }
    },
    "paths": {
        "/a/{id}": {
            "get": {
                "security": [{"O": ["read", "read_own"]}],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "size", "in": "query", "schema": {"type": "integer", "exclusiveMinimum": 0}},
                ],
                "responses": {
                    "200": {
                        "headers": {"Count": {"schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["b"],
                                    "properties": {
                                        "b": {"type": ["string", "null"], "maxLength": 3},
                                        "c": {"type": "array", "items": {"enum": ["x", "y"]}},
                                    },
                                }
                            }
                        },
                    }
                },
            },
            "post": {
                "security": [{"O": ["manage"]}],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {"204": {"description": "Done."}},
            },
        }
    },
}

# The same in OpenAPI 3.0, by references, with allOf, shared parameters and prose.
COMPOSED: Document = {
    "openapi": "3.0.3",
    "servers": PLAIN["servers"],
    "security": [{"O": ["read", "read_own"]}],
    "components": {
        "securitySchemes": PLAIN["components"]["securitySchemes"],
        "parameters": {
            "Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            "Size": {
                "name": "size",
                "in": "query",
                "required": False,
                "style": "form",
                "schema": {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "example": 3},
            },
        },
        "schemas": {
            "Base": {"properties": {"b": {"type": "string", "nullable": True, "maxLength": 3}}},
            "A": {
                "title": "A",
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {
                        "required": ["b"],
                        "properties": {
                            "b": {"$ref": "#/components/schemas/Text", "description": "Text."},
                            "c": {"items": {"enum": ["y", "x"]}},
                        },
                    },
                ],
            },
            "Text": {"type": "string", "minLength": 0},
        },
    },
    "paths": {
        "/a/{key}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "summary": "Get A.",
                "parameters": [{"$ref": "#/components/parameters/Size"}],
                "responses": {
                    200: {
                        "headers": {"count": {"schema": {"type": "integer"}, "description": "Count."}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}},
                    }
                },
            },
            "post": {
                "security": [{"O": ["manage"]}],
                "requestBody": {
                    "required": False,
                    "content": {
                        "application/json": {"schema": {"type": "object", "additionalProperties": True}}
                    },
                },
                "responses": {"204": {"description": "Done."}},
            },
        }
    },
}


def test_two_ways_to_write_a_document_have_the_same_facts() -> None:
    assert facts(COMPOSED, place="b.yaml") == facts(PLAIN, place="a.yaml")


def test_the_facts_of_a_document() -> None:
    found = facts(PLAIN, place="a.yaml")
    assert found[Place(GET)] is True
    assert found[Place(GET, "scopes", keyword="needed")] == "all"
    assert found[Place(GET, "path parameter id", keyword="required")] is True
    assert found[Place(GET, "query parameter size", "$", "exclusiveMinimum")] == 0
    body = "response 200 application/json"
    assert found[Place(GET, body, "$.b", "type")] == ["null", "string"]
    assert found[Place(GET, body, "$.b", "required")] is True
    assert found[Place(GET, body, "$.c[]", "enum")] == ["x", "y"]
    assert str(Place(GET, body, "$.c[]", "enum")) == "response 200 application/json $.c[] enum"
    assert Place(POST, "scope manage") in found
    assert Place(POST, "response 204 application/json") not in found


def _get(document: Document) -> Any:
    return document["paths"]["/a/{id}"]["get"]


def _body(document: Document) -> Any:
    return _get(document)["responses"]["200"]["content"]["application/json"]["schema"]


EDITS: dict[str, tuple[Callable[[Document], Any], Place]] = {
    "server": (lambda d: d["servers"].clear(), Place("", "server", keyword="url")),
    "deprecated": (lambda d: _get(d).update(deprecated=True), Place(GET, keyword="deprecated")),
    "no token needed": (lambda d: _get(d)["security"].append({}), Place(GET, "security", keyword="optional")),
    "scope": (lambda d: _get(d)["security"][0]["O"].append("x"), Place(GET, "scope x")),
    "one scope is enough": (
        lambda d: _get(d)["security"].extend([{"O": ["read"]}, {"O": ["read_own"]}]),
        Place(GET, "scopes", keyword="needed"),
    ),
    "explode": (
        lambda d: _get(d)["parameters"][1].update(explode=False),
        Place(GET, "query parameter size", keyword="explode"),
    ),
    "status": (lambda d: _get(d)["responses"].update({"404": {}}), Place(GET, "response 404")),
    "closed object": (
        lambda d: _body(d).update(additionalProperties=False),
        Place(GET, "response 200 application/json", "$", "additionalProperties"),
    ),
    "free object": (
        lambda d: _body(d).update(additionalProperties={"type": "string"}),
        Place(GET, "response 200 application/json", "$.*", "type"),
    ),
    "required without a property": (
        lambda d: _body(d)["required"].append("z"),
        Place(GET, "response 200 application/json", "$.z", "required"),
    ),
    "choice": (
        lambda d: _body(d).update(oneOf=[{"required": ["c"]}, {"required": ["b"]}]),
        Place(GET, "response 200 application/json", "$(oneOf 1).c", "required"),
    ),
    "keyword that is not known here": (
        lambda d: _body(d)["properties"]["b"].update(contentEncoding="base64"),
        Place(GET, "response 200 application/json", "$.b", "contentEncoding"),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_each_statement_is_a_fact(name: str) -> None:
    edit, place = EDITS[name]
    document = deepcopy(PLAIN)
    edit(document)
    before, after = facts(PLAIN, place="a.yaml"), facts(document, place="a.yaml")
    assert before.get(place) != after.get(place)


def test_prose_is_no_fact() -> None:
    document = deepcopy(PLAIN)
    _get(document).update(summary="Get.", tags=["x"], operationId="x", **{"x-internal": 1})
    _body(document)["properties"]["b"].update(description="B.", examples=["b"], title="B", **{"x-order": 1})
    assert facts(document, place="a.yaml") == facts(PLAIN, place="a.yaml")


def test_null_as_one_of_two_choices_is_a_nullable_type() -> None:
    document = deepcopy(PLAIN)
    _body(document)["properties"]["b"] = {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]}
    assert facts(document, place="a.yaml") == facts(PLAIN, place="a.yaml")


def test_a_recursive_schema_is_finite() -> None:
    document = deepcopy(PLAIN)
    document["components"]["schemas"] = {
        "Tree": {
            "type": "object",
            "properties": {"children": {"items": {"$ref": "#/components/schemas/Tree"}}},
        }
    }
    _body(document)["properties"]["c"] = {"$ref": "#/components/schemas/Tree"}
    found = facts(document, place="a.yaml")
    assert found[Place(GET, "response 200 application/json", "$.c.children[]", "recursive")] is True


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"openapi": "2.0"}, "a.yaml: is not an OpenAPI document of version 3.0 or 3.1 with paths."),
        ({"paths": []}, "a.yaml: is not an OpenAPI document of version 3.0 or 3.1 with paths."),
        ({"paths": {"/a": {"get": {"responses": 1}}}}, "a.yaml: is not a well-formed OpenAPI document"),
        ({"paths": {"/a": {"$ref": "b.yaml#/a"}}}, "leads out of the document"),
        ({"paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/x"}}}}}}, "leads nowhere"),
    ],
)
def test_a_malformed_document_is_one_sentence(change: Document, sentence: str) -> None:
    with pytest.raises(spec.SpecificationError) as caught:
        facts({**PLAIN, **change}, place="a.yaml")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
