"""Valid bodies of create, upsert and patch."""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import hypothesis.strategies as st
import jsonschema_rs
import pytest

from meta_tests.support.minimal import examples, minimal
from spec import schema
from strategies import ABSENT, customers, identifiers, namespace, text
from strategies.customers import BodyOperation

BODIES: dict[str, Callable[..., st.SearchStrategy[dict[str, Any]]]] = {
    "create": customers.create_bodies,
    "upsert": customers.upsert_bodies,
    "patch": customers.patch_bodies,
}
SCHEMAS = {"create": "CustomerCreate", "upsert": "CustomerUpsert", "patch": "CustomerPatch"}
TENANT: dict[str, Any] = {"sites": ("main", "DE"), "restrictions": ("DE", "AT")}
LEAST_EXAMPLES_A_SECOND = 100  # measured: about 700 on an idle core; the rest is room for busy and slow ones

operations = pytest.mark.parametrize("operation", list(BODIES))


@pytest.fixture(autouse=True)
def _prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use("cct-k3f9a-")


def validator(operation: str) -> Any:
    closed = {**schema(SCHEMAS[operation]), "additionalProperties": False}
    return jsonschema_rs.validator_for(closed)


@cache
def drawn_of(operation: str, *, of_tenant: bool = False) -> list[dict[str, Any]]:
    """A hundred bodies, drawn once for all tests that only look at them."""
    return examples(BODIES[operation](**(TENANT if of_tenant else {})), 100)


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
    assert {name for body in drawn for name in body} == set(customers.names(operation))
    assert max(map(len, drawn)) >= len(customers.names(operation)) - 4
    least_dense = {"create": 9, "upsert": 9, "patch": 5}[operation]
    assert sum(map(len, drawn)) / len(drawn) > least_dense


@operations
def test_bodies_reach_every_class_of_text_within_100_examples(operation: str) -> None:
    reached = frozenset().union(*map(customers.classes_of, drawn_of(operation)))
    assert text.CLASSES - reached == set()


@operations
def test_every_free_property_meets_hostile_text(operation: str) -> None:
    drawn = drawn_of(operation)
    for name in ("title", "firstName", "middleName", "lastName", "company"):
        reached = frozenset().union(*(text.classes_of(body[name]) for body in drawn if name in body))
        assert len(reached) > len(text.CLASSES) / 4


@operations
def test_addresses_are_new_reserved_and_ours(operation: str) -> None:
    drawn = [body["contactEmail"] for body in drawn_of(operation) if "contactEmail" in body]
    assert len(set(drawn)) == len(drawn)
    assert {address.partition("@")[2] for address in drawn} == set(namespace.DOMAINS)
    assert all(map(namespace.is_ours, drawn))


def test_whole_bodies_always_have_an_address_and_patches_never_have_nothing() -> None:
    for operation in ("create", "upsert"):
        assert all("contactEmail" in body for body in drawn_of(operation))
    patches = drawn_of("patch")
    assert min(map(len, patches)) == 1
    assert sum(len(body) == 1 for body in patches) > 10


@operations
def test_what_the_tenant_has_is_used_and_nothing_else(operation: str) -> None:
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
def test_what_is_to_be_left_out_is_left_out(operation: str) -> None:
    for body in examples(BODIES[operation](without=("contactEmail", "metadata", "firstName")), 30):
        assert not {"contactEmail", "metadata", "firstName"} & set(body)
    assert any("mixins" in body for body in examples(BODIES[operation](without=("metadata",)), 30))


@operations
def test_conservative_bodies_are_plain(operation: str) -> None:
    for body in examples(BODIES[operation](conservative=True), 30):
        assert all(
            text.classes_of(body[name]) == {"plain"} for name in ("firstName", "title") if name in body
        )


@operations
def test_mixins_have_names_of_their_own_and_metadata_speaks_of_them(operation: str) -> None:
    drawn = [body for body in drawn_of(operation) if "mixins" in body]
    mixins = [name for body in drawn for name in body["mixins"]]
    assert len(set(mixins)) == len(drawn)
    assert all(name.startswith("cct_k3f9a_") for name in mixins)
    described = [body for body in drawn if "metadata" in body]
    assert described
    assert len(described) < len(drawn)
    assert all(set(body["metadata"]["mixins"]) == set(body["mixins"]) for body in described)


def test_create_asks_for_ids_of_every_class_and_never_for_flags() -> None:
    drawn = drawn_of("create")
    ids = [body["id"] for body in drawn if "id" in body]
    reached = frozenset().union(*map(identifiers.classes_of, ids))
    assert reached >= {"upper", "lower", "digit", "underscore", "hyphen", "length-65", "length-66"}
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
    assert list(minimal(customers.create_bodies())) == ["contactEmail"]
    assert list(minimal(customers.upsert_bodies())) == ["contactEmail"]
    assert minimal(customers.patch_bodies()) == {"firstName": "Ada"}
    two = minimal(customers.create_bodies(), lambda body: "title" in body and body.get("type") == "CONTACT")
    assert with_numbers_removed(two) == {"title": "Ada", "type": "CONTACT"}
    astral = minimal(
        customers.create_bodies(), lambda body: "astral" in text.classes_of(body.get("title", ""))
    )
    assert with_numbers_removed(astral) == {"title": "😀"}


@operations
def test_dense_bodies_hold_every_property_and_between_them_every_text(operation: BodyOperation) -> None:
    cases = customers.dense_cases(operation, **TENANT)
    valid = validator(operation)
    assert len({case.name for case in cases}) == len(cases) < 15
    for case in cases:
        valid.validate(case.value)
        assert set(case.value) == set(customers.names(operation))
    assert frozenset().union(*(customers.classes_of(case.value) for case in cases)) >= text.CLASSES
    texts = json.dumps([case.value for case in cases])
    assert all(json.dumps(sample.value) in texts for sample in text.SAMPLES)
    assert {case.value["restriction"] for case in cases} == {"DE", "AT", None}


def test_later_dense_bodies_move_each_text_to_another_property() -> None:
    first, second = (customers.dense_cases("patch", number=1, start=start)[0].value for start in (0, 12))
    assert (first["firstName"], second["firstName"]) == ("", "A")
    assert first["contactEmail"] != second["contactEmail"]


def test_bodies_are_drawn_fast() -> None:
    examples(customers.create_bodies(), 20)
    began = time.process_time()
    drawn = examples(customers.create_bodies(), 100)
    assert len(drawn) / (time.process_time() - began) > LEAST_EXAMPLES_A_SECOND
