"""Which requests the contract rejects, and the adaptation of requests to a tenant."""

from dataclasses import replace
from typing import Any, cast

import pytest

import oracle
from client import ABSENT, Client
from harness.api import TenantApi
from harness.schemathesis.expected_rejections import definite, expected_rejections
from harness.schemathesis.named_requests import coverage_cases, document_examples
from harness.schemathesis.request_spec import RequestSpec
from harness.schemathesis.sending import adapted
from strategies import namespace

JSON = "application/json"


def create(body: Any, **parts: Any) -> RequestSpec:
    return RequestSpec("create", "POST", body=body, media_type=JSON, **parts)


def listing(**query: str) -> RequestSpec:
    return RequestSpec("list", "GET", query={name: (value,) for name, value in query.items()})


REJECTED = {
    "a title that is a number": (create({"title": 0}), "create.title.type"),
    "a short currency": (create({"preferredCurrency": "EU"}), "create.preferredCurrency.min-length"),
    "a long currency": (create({"preferredCurrency": "EURO"}), "create.preferredCurrency.max-length"),
    "an empty id": (create({"id": ""}), "create.id.empty"),
    "a long id": (create({"id": "a" * 67}), "create.id.max-length"),
    "a space in an id": (create({"id": "a b"}), "create.id.characters"),
    "a number in b2b": (create({"b2b": {"companyRegistrationId": 1}}), "create.b2b.type"),
    "an array": (create([1]), "create.body.object"),
    "bytes": (create(b"\xcc^"), "create.body.malformed"),
    "a number in bytes": (create(b"7"), "create.body.object"),
    "a media type other than JSON": (create({}, content_type="text/plain"), "http.media-type.unsupported"),
    "a tenant of two letters": (RequestSpec("list", "GET", tenant="a0"), "list.tenant.min-length"),
    "a tenant in capitals": (RequestSpec("get", "GET", tenant="ACME"), "get.tenant.invalid"),
    "page size 0": (listing(pageSize="0"), "list.pageSize.min"),
    "page size -7": (listing(pageSize="-7"), "list.pageSize.min"),
    "a fraction": (listing(pageNumber="0.5"), "list.pageNumber.type"),
    "a word": (listing(pageNumber="true"), "list.pageNumber.type"),
    "not a flag": (
        create({}, query={"sendPasswordResetNotifications": ("null",)}),
        "create.sendPasswordResetNotifications.type",
    ),
    "a method that only an item supports": (RequestSpec("list", "PUT"), "http.method.collection"),
}
OPEN = {
    "null": create({"title": None}),
    "null as body": create(None),
    "white space as body": create(b" \r\n"),
    "a version": RequestSpec("patch", "PATCH", body={"metadata": {"version": "1"}}, media_type=JSON),
    "1.0": listing(pageSize="1.0"),
    "digits of another script": listing(pageSize="١"),
    "nothing": listing(pageSize=""),
    "more than 32 bits": listing(pageSize="9999999999"),
    "a flag in other words": create({}, query={"sendPasswordResetNotifications": ("on",)}),
    "a body that is not an object in a delete": RequestSpec("delete", "DELETE", body=[1], media_type=JSON),
    "bytes that a lenient reader reads as an object": create(b'{"title": "\xcc"}'),
    "a media type without a body": RequestSpec("get", "GET", content_type="text/plain"),
}
VALID = {
    "an empty object": create({}),
    "no body": create(ABSENT),
    "a restriction of null": create({"restriction": None}),
    "an unknown property": create({"shoeSize": 42}),
    "a whole number as text": listing(pageSize="20", pageNumber="1"),
    "a flag": create({}, query={"sendPasswordResetNotifications": ("true",)}),
}


@pytest.mark.parametrize(("request_spec", "clause"), REJECTED.values(), ids=REJECTED)
def test_what_the_contract_rejects(request_spec: RequestSpec, clause: str) -> None:
    assert clause in [each.clause for each in definite(expected_rejections(request_spec))]


@pytest.mark.parametrize("request_spec", OPEN.values(), ids=OPEN)
def test_what_the_contract_leaves_open(request_spec: RequestSpec) -> None:
    assert expected_rejections(request_spec)
    assert not definite(expected_rejections(request_spec))


@pytest.mark.parametrize("request_spec", VALID.values(), ids=VALID)
def test_what_the_contract_allows(request_spec: RequestSpec) -> None:
    assert not expected_rejections(request_spec)


@pytest.fixture
def api() -> TenantApi:
    """The configuration of a tenant; nothing can be sent to it."""
    namespace.use("cct-meta0-")
    rules = oracle.Rules(restrictions=("DE",), sites=("main",))
    return TenantApi(cast(Client, None), rules=rules)


def adapt(api: TenantApi, request: RequestSpec) -> RequestSpec:
    return adapted(api, request, "cct-meta0-1@example.com")


def test_an_adapted_request_has_the_same_expected_rejections(api: TenantApi) -> None:
    for each in (*coverage_cases(), *document_examples()):
        found = expected_rejections(adapt(api, each.request))
        expected = expected_rejections(each.request)
        assert {rejection.clause for rejection in found} == {rejection.clause for rejection in expected}, (
            each.name
        )


def test_adapted_bodies_have_new_addresses_and_ids_of_the_run(api: TenantApi) -> None:
    body = {
        "contactEmail": "ada@example.com",
        "id": "abc",
        "restriction": "FR",
        "preferredSite": "",
        "shoeSize": 1,
    }
    one, other = (adapt(api, create(body)).body for _ in range(2))
    assert one["id"] != other["id"]
    assert namespace.contains(one["id"])
    assert one["contactEmail"] != other["contactEmail"]
    assert namespace.contains(one["contactEmail"])
    assert (one["restriction"], one["preferredSite"]) == ("DE", "main")
    assert "shoeSize" not in one


def test_the_choice_of_a_request_selects_among_supported_values(api: TenantApi) -> None:
    bodies = [adapt(api, replace(create({"type": "OTHER"}), choice=choice)).body for choice in range(3)]
    assert [body["type"] for body in bodies] == ["CUSTOMER", "CONTACT", "CUSTOMER"]


def test_adapted_requests_cause_no_notification_and_name_a_page_size(api: TenantApi) -> None:
    assert adapt(api, create({})).query == {"sendPasswordResetNotifications": ("false",)}
    assert adapt(api, listing(pageNumber="3")).query == {"pageNumber": ("1",), "pageSize": ("20",)}
