"""The operations of the OpenAPI document: their names, and the links from a creation to the others."""

import pytest

import spec
from spec.contract import DOCUMENT
from spec.facts import operation_key
from spec.references import resolved

OPERATIONS = {each.name: operation_key(each.method, each.path) for each in spec.operations().values()}


def test_the_operations_are_named_as_in_the_catalogue() -> None:
    assert OPERATIONS == {
        "list": "GET /customer/{}/customers",
        "create": "POST /customer/{}/customers",
        "search": "POST /customer/{}/customers/search",
        "get": "GET /customer/{}/customers/{}",
        "upsert": "PUT /customer/{}/customers/{}",
        "patch": "PATCH /customer/{}/customers/{}",
        "delete": "DELETE /customer/{}/customers/{}",
    }


@pytest.mark.parametrize("name", ["create", "upsert"])
def test_a_creation_leads_on_to_what_can_be_done_with_the_customer(name: str) -> None:
    operation, document = spec.operations()[name], spec.document(corrected=False)
    inlined = resolved(document, document, place=DOCUMENT)
    links = inlined["paths"][operation.path][operation.method.lower()]["responses"]["201"]["links"]
    assert {link["operationId"] for link in links.values()} == {"get", "patch", "upsert", "delete"}
    for link in links.values():
        assert link["parameters"]["path.customerNumber"] == "$response.body#/id"
        assert link["parameters"]["path.tenant"] == "$request.path.tenant"
