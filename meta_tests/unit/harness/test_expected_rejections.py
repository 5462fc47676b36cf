"""Our own reading of what a question breaks, and the fitting of questions to a tenant."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

import oracle
from client import ABSENT
from harness.schemathesis.adapter import Fitting
from harness.schemathesis.coverage_rows import coverage, examples_of_document
from harness.schemathesis.expected_rejections import breaches, certain
from harness.schemathesis.request_spec import Question
from harness.tenant_under_test import TenantUnderTest
from strategies import namespace

JSON = "application/json"


def create(body: Any, **how: Any) -> Question:
    return Question("create", "POST", body=body, media_type=JSON, **how)


def listing(**query: str) -> Question:
    return Question("list", "GET", query={name: (value,) for name, value in query.items()})


SETTLED = {
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
    "no media type of JSON": (create({}, content_type="text/plain"), "http.media-type.unsupported"),
    "a tenant of two letters": (Question("list", "GET", tenant="a0"), "list.tenant.min-length"),
    "a tenant in capitals": (Question("get", "GET", tenant="ACME"), "get.tenant.invalid"),
    "page size 0": (listing(pageSize="0"), "list.pageSize.min"),
    "page size -7": (listing(pageSize="-7"), "list.pageSize.min"),
    "a fraction": (listing(pageNumber="0.5"), "list.pageNumber.type"),
    "a word": (listing(pageNumber="true"), "list.pageNumber.type"),
    "no flag": (
        create({}, query={"sendPasswordResetNotifications": ("null",)}),
        "create.sendPasswordResetNotifications.type",
    ),
    "a method of the item alone": (Question("list", "PUT"), "http.method.collection"),
}
OPEN = {
    "null": create({"title": None}),
    "null as body": create(None),
    "a version": Question("patch", "PATCH", body={"metadata": {"version": "1"}}, media_type=JSON),
    "1.0": listing(pageSize="1.0"),
    "digits of another script": listing(pageSize="١"),
    "nothing": listing(pageSize=""),
    "more than 32 bits": listing(pageSize="9999999999"),
    "a flag in other words": create({}, query={"sendPasswordResetNotifications": ("on",)}),
    "a body that is no object in a delete": Question("delete", "DELETE", body=[1], media_type=JSON),
    "bytes that a lenient reader takes for an object": create(b'{"title": "\xcc"}'),
    "a media type without a body": Question("get", "GET", content_type="text/plain"),
}
VALID = {
    "nothing": create({}),
    "no body": create(ABSENT),
    "a restriction of null": create({"restriction": None}),
    "an unknown property": create({"shoeSize": 42}),
    "a whole number as text": listing(pageSize="20", pageNumber="1"),
    "a flag": create({}, query={"sendPasswordResetNotifications": ("true",)}),
}


@pytest.mark.parametrize(("question", "clause"), SETTLED.values(), ids=SETTLED)
def test_what_the_contract_refuses(question: Question, clause: str) -> None:
    assert clause in [each.clause for each in certain(breaches(question))]


@pytest.mark.parametrize("question", OPEN.values(), ids=OPEN)
def test_what_the_contract_leaves_open(question: Question) -> None:
    assert breaches(question)
    assert not certain(breaches(question))


@pytest.mark.parametrize("question", VALID.values(), ids=VALID)
def test_what_the_contract_allows(question: Question) -> None:
    assert not breaches(question)


@pytest.fixture
def fitting() -> Fitting:
    namespace.use("cct-meta0-")
    rules = oracle.Rules(restrictions=("DE",), sites=("main",))
    tenant = SimpleNamespace(rules=rules, custom_ids=True)
    return Fitting(cast(TenantUnderTest, tenant), "cct-meta0-1@example.com")


def test_fitting_keeps_what_a_row_breaks_and_breaks_nothing_else(fitting: Fitting) -> None:
    for row in (*coverage(), *examples_of_document()):
        fitted = breaches(fitting.fitted(row.question))
        assert {each.clause for each in fitted} == {each.clause for each in breaches(row.question)}, row.name


def test_fitted_bodies_hold_fresh_addresses_and_ids_of_the_run(fitting: Fitting) -> None:
    body = {
        "contactEmail": "ada@example.com",
        "id": "abc",
        "restriction": "FR",
        "preferredSite": "",
        "shoeSize": 1,
    }
    one, other = (fitting.fitted(create(body)).body for _ in range(2))
    assert one["id"] != other["id"]
    assert namespace.is_ours(one["id"])
    assert one["contactEmail"] != other["contactEmail"]
    assert namespace.is_ours(one["contactEmail"])
    assert (one["restriction"], one["preferredSite"]) == ("DE", "main")
    assert "shoeSize" not in one


def test_no_mail_is_provoked_and_no_page_number_stands_alone(fitting: Fitting) -> None:
    assert fitting.fitted(create({})).query == {"sendPasswordResetNotifications": ("false",)}
    assert fitting.fitted(listing(pageNumber="3")).query == {"pageNumber": ("3",), "pageSize": ("20",)}
