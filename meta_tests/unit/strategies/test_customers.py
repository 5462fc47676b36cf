"""Valid bodies of create, upsert and patch."""

import json
import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any, get_args

import hypothesis.strategies as st
import jsonschema_rs
import pytest

from meta_tests.support.minimal import examples, minimal
from meta_tests.unit.strategies.text_classes import CLASSES, classes_of, classes_of_body
from spec import ABSENT, schema
from strategies import currencies, customers, namespace
from strategies.customers import BodyOperation

BODIES: dict[str, Callable[..., st.SearchStrategy[dict[str, Any]]]] = {
    operation: partial(customers.valid_bodies, operation) for operation in get_args(BodyOperation)
}
SCHEMAS = {"create": "CustomerCreate", "upsert": "CustomerUpsert", "patch": "CustomerPatch"}
PROPERTIES = {
    name: frozenset(schema(component)["properties"]) - {"password"} for name, component in SCHEMAS.items()
}
TENANT: dict[str, Any] = {"sites": ("main", "DE"), "restrictions": ("DE", "AT")}
LEAST_EXAMPLES_A_SECOND = 100  # measured: about 700 on an idle core; the rest is room for busy and slow ones

operations = pytest.mark.parametrize("operation", list(BODIES))


def validator(operation: str) -> Any:
    closed = {**schema(SCHEMAS[operation]), "additionalProperties": False}
    return jsonschema_rs.validator_for(closed)


@cache
def drawn_of(operation: str, *, of_tenant: bool = False) -> list[dict[str, Any]]:
    """Two hundred bodies, drawn once for all tests that only read them."""
    return examples(BODIES[operation](**(TENANT if of_tenant else {})), 200)


def with_numbers_removed(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("contactEmail", "id")}


@operations
@pytest.mark.parametrize("options", [{}, TENANT, {"conservative": True}, {"longest": 40}])
def test_bodies_are_valid_and_can_be_sent(operation: str, options: dict[str, Any]) -> None:
    valid = validator(operation)
    for body in examples(BODIES[operation](**options), 50):
        valid.validate(body)
        assert json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8")) == body


@operations
def test_bodies_hold_every_property_and_often_many_at_once(operation: str) -> None:
    drawn = drawn_of(operation, of_tenant=True)
    assert {name for body in drawn for name in body} == set(PROPERTIES[operation])
    assert max(map(len, drawn)) >= len(PROPERTIES[operation]) - 4
    least_dense = {"create": 9, "upsert": 9, "patch": 5}[operation]
    assert sum(map(len, drawn)) / len(drawn) > least_dense


@operations
def test_bodies_reach_every_class_of_text_within_100_examples(operation: str) -> None:
    reached = frozenset().union(*map(classes_of_body, drawn_of(operation)))
    assert CLASSES - reached == set()


@operations
def test_every_free_property_has_hostile_text(operation: str) -> None:
    drawn = drawn_of(operation)
    for name in ("title", "firstName", "middleName", "lastName", "company"):
        reached = frozenset().union(*(classes_of(body[name]) for body in drawn if name in body))
        assert len(reached) > len(CLASSES) / 4


@operations
def test_addresses_are_unused_reserved_and_of_this_run(operation: str) -> None:
    drawn = [body["contactEmail"] for body in drawn_of(operation) if "contactEmail" in body]
    assert len(set(drawn)) == len(drawn)
    assert {address.partition("@")[2] for address in drawn} == set(namespace.DOMAINS)
    assert all(map(namespace.contains, drawn))


def test_whole_bodies_always_have_an_address_and_patches_are_never_empty() -> None:
    for operation in ("create", "upsert"):
        assert all("contactEmail" in body for body in drawn_of(operation))
    patches = drawn_of("patch")
    assert min(map(len, patches)) == 1
    assert sum(len(body) == 1 for body in patches) > 10


@operations
def test_only_configured_sites_and_restrictions_are_used(operation: str) -> None:
    drawn = drawn_of(operation, of_tenant=True)
    assert {body["preferredSite"] for body in drawn if "preferredSite" in body} == {"main", "DE"}
    assert {body["restriction"] for body in drawn if "restriction" in body} == {"DE", "AT", None}
    without = drawn_of(operation)
    assert {body["restriction"] for body in without if "restriction" in body} == {None}
    assert {body["preferredSite"] for body in without if "preferredSite" in body} == {"main"}


@operations
def test_a_part_is_in_every_body_as_given(operation: str) -> None:
    parts = {"firstName": "Grace", "company": st.sampled_from(("Acme", "Ajax"))}
    for body in examples(BODIES[operation](**parts), 30):
        assert body["firstName"] == "Grace"
        assert body["company"] in ("Acme", "Ajax")
    assert all("lastName" not in body for body in examples(BODIES[operation](lastName=ABSENT), 30))


@operations
def test_excluded_properties_are_left_out(operation: str) -> None:
    for body in examples(BODIES[operation](without=("contactEmail", "metadata", "firstName")), 30):
        assert not {"contactEmail", "metadata", "firstName"} & set(body)
    assert any("mixins" in body for body in examples(BODIES[operation](without=("metadata",)), 30))


@operations
def test_conservative_bodies_are_plain(operation: str) -> None:
    for body in examples(BODIES[operation](conservative=True), 30):
        assert all(classes_of(body[name]) == {"plain"} for name in ("firstName", "title") if name in body)


@operations
def test_mixins_have_fresh_names_and_metadata_describes_them(operation: str) -> None:
    drawn = [body for body in drawn_of(operation) if "mixins" in body]
    mixins = [name for body in drawn for name in body["mixins"]]
    assert len(set(mixins)) == len(drawn)
    assert all(name.startswith("cct_k3f9a_") for name in mixins)
    described = [body for body in drawn if "metadata" in body]
    assert described
    assert len(described) < len(drawn)
    assert all(set(body["metadata"]["mixins"]) == set(body["mixins"]) for body in described)


def test_create_has_ids_of_boundary_length_and_never_flags() -> None:
    drawn = drawn_of("create")
    ids = [body["id"] for body in drawn if "id" in body]
    assert {len(one) for one in ids} >= {65, 66}
    assert any(not one.islower() for one in ids)
    assert not any({"active", "onHold", "password"} & set(body) for body in drawn)


def test_plain_is_small_valid_and_new_each_time() -> None:
    first, second = customers.plain(), customers.plain(lastName=ABSENT, title="Dr.")
    assert first == {"contactEmail": first["contactEmail"], "firstName": "Ada", "lastName": "Lovelace"}
    assert second == {"contactEmail": second["contactEmail"], "firstName": "Ada", "title": "Dr."}
    assert first["contactEmail"] != second["contactEmail"]


@operations
@pytest.mark.parametrize(
    ("name", "smallest"),
    [
        ("firstName", "Ada"),
        ("preferredCurrency", "EUR"),
        ("type", "CUSTOMER"),
        ("b2b", {"companyRegistrationId": "Ada"}),
    ],
)
def test_the_smallest_body_with_a_property_has_only_that(operation: str, name: str, smallest: Any) -> None:
    body = minimal(BODIES[operation](**TENANT), lambda body: name in body)
    assert with_numbers_removed(body) == {name: smallest}
    assert ("contactEmail" in body) == (operation != "patch")


def test_the_smallest_bodies() -> None:
    assert list(minimal(customers.valid_bodies("create"))) == ["contactEmail"]
    assert list(minimal(customers.valid_bodies("upsert"))) == ["contactEmail"]
    assert minimal(customers.valid_bodies("patch")) == {"firstName": "Ada"}
    two = minimal(
        customers.valid_bodies("create"), lambda body: "title" in body and body.get("type") == "CONTACT"
    )
    assert with_numbers_removed(two) == {"title": "Ada", "type": "CONTACT"}
    astral = minimal(
        customers.valid_bodies("create"), lambda body: "astral" in classes_of(body.get("title", ""))
    )
    assert with_numbers_removed(astral) == {"title": "😀"}


@operations
@pytest.mark.parametrize("name", customers.EDGE_CASES)
def test_edge_case_bodies_are_valid_and_have_every_property(operation: BodyOperation, name: str) -> None:
    body = customers.edge_case_body(operation, name, **TENANT)
    validator(operation).validate(body)
    assert set(body) == PROPERTIES[operation] - {"id", *(["b2b"] if name == "empty" else [])}
    assert body["preferredCurrency"] in currencies.CODES
    texts = [body[field] for field in ("title", "firstName", "middleName", "lastName", "company")]
    assert len(set(texts)) == (1 if name == "empty" else len(texts))


def test_edge_case_bodies_reach_every_class_of_text() -> None:
    bodies = [customers.edge_case_body("create", name) for name in customers.EDGE_CASES]
    assert CLASSES - frozenset().union(*map(classes_of_body, bodies)) == set()


def test_bodies_are_drawn_fast() -> None:
    examples(customers.valid_bodies("create"), 20)
    began = time.process_time()
    drawn = examples(customers.valid_bodies("create"), 100)
    assert len(drawn) / (time.process_time() - began) > LEAST_EXAMPLES_A_SECOND
