"""Completeness: the OpenAPI document states what the published document states of its operations, and nothing else."""

import pytest

import spec
from meta_tests.unit.spec import published_facts
from spec.contract import DOCUMENT
from spec.facts import Facts, facts, operation_key
from spec.references import resolved

PUBLISHED = published_facts.read()
OWN = facts(spec.document(corrected=False), place=DOCUMENT)
OPERATIONS = {each.name: operation_key(each.method, each.path) for each in spec.operations().values()}


def stated(operation: str, by: Facts) -> dict[str, object]:
    """The facts of an operation, or of the document as a whole, by a readable place."""
    return {str(place): value for place, value in by.items() if place.operation == operation}


@pytest.mark.parametrize("operation", sorted({place.operation for place in OWN}))
def test_the_document_states_what_is_published(operation: str) -> None:
    """What the contract reads differently is a correction with its reason."""
    assert stated(operation, OWN) == stated(operation, PUBLISHED)


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


def test_the_inventory_holds_facts_and_no_sentences() -> None:
    words = [word for place, value in PUBLISHED.items() for word in (str(place), str(value))]
    assert len(PUBLISHED) > 1000
    assert not [word for word in words if len(word) > 120 or word.endswith(".")]


@pytest.mark.parametrize("name", ["create", "upsert"])
def test_a_creation_leads_on_to_what_can_be_done_with_the_customer(name: str) -> None:
    operation, document = spec.operations()[name], spec.document(corrected=False)
    inlined = resolved(document, document, place=DOCUMENT)
    links = inlined["paths"][operation.path][operation.method.lower()]["responses"]["201"]["links"]
    assert {link["operationId"] for link in links.values()} == {"get", "patch", "upsert", "delete"}
    for link in links.values():
        assert link["parameters"]["path.customerNumber"] == "$response.body#/id"
        assert link["parameters"]["path.tenant"] == "$request.path.tenant"
