"""The checks of a response to a generated request, and the clauses that they are evidence for."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from client import Client, Exchange
from harness.api import KnownCustomers, TenantApi
from harness.checks.evidence import CURRENT, Record
from harness.schemathesis.expected_rejections import ExpectedRejection
from harness.schemathesis.request_spec import RequestSpec, case_of
from harness.schemathesis.response_checks import documentation_checks, rejection_checks, run_checks
from harness.schemathesis.sending import Result
from spec import Mismatch

OURS, FOREIGN = "ours", "foreign"
JSON = ("Content-Type", "application/json")
LIST = RequestSpec("list", "GET")


@pytest.fixture(autouse=True)
def record() -> Iterator[Record]:
    """The record of a running test."""
    record = Record("a test", {})
    token = CURRENT.set(record)
    yield record
    CURRENT.reset(token)


@pytest.fixture
def api() -> TenantApi:
    """A tenant with a customer of this run; nothing can be sent to it."""
    return TenantApi(cast(Client, None), known=KnownCustomers(ids={OURS}))


def result(request: RequestSpec, status: int, body: Any, *headers: tuple[str, str]) -> Result:
    """A request with its response."""
    path, content = "/customer/acme/customers", json.dumps(body).encode()
    url = f"http://127.0.0.1{path}"
    response = Exchange(
        1,
        request.operation,
        "client",
        request.method,
        url,
        path,
        (),
        None,
        status,
        headers,
        content,
        0.0,
        0.0,
    )
    return Result(request, case_of(request, "acme", ""), "", response)


def listed(*customers: dict[str, Any]) -> Result:
    """A result of list."""
    return result(LIST, 200, [*customers], JSON, ("Count", str(len(customers))))


def test_a_documented_response_is_evidence(record: Record, api: TenantApi) -> None:
    assert run_checks(documentation_checks(api, listed({"id": OURS})))
    assert {"list.status.ok", "list.schema.customer", "list.count.header"} <= record.total.passed.keys()


def test_an_empty_result_is_no_evidence_for_its_schema(record: Record, api: TenantApi) -> None:
    assert run_checks(documentation_checks(api, listed()))
    assert "list.schema.customer" not in record.total.passed


def test_customers_of_others_are_not_validated(api: TenantApi) -> None:
    assert run_checks(documentation_checks(api, listed({"id": FOREIGN, "title": 7})))
    with pytest.raises(Mismatch, match=r"list\.schema\.customer: .*as documented"):
        run_checks(documentation_checks(api, listed({"id": OURS, "title": 7})))


def test_a_failure_belongs_to_the_clause_of_its_property(api: TenantApi) -> None:
    with pytest.raises(Mismatch, match=r"list\.accounts\.shape"):
        run_checks(documentation_checks(api, listed({"id": OURS, "accounts": [7]})))


def test_the_first_failed_check_is_the_last(record: Record, api: TenantApi) -> None:
    assert not run_checks(documentation_checks(api, result(LIST, 299, [])), record_only=True)
    assert [*record.failed] == ["list.status.ok"]
    assert not record.total.passed


def test_a_rejection_for_one_of_two_reasons_is_evidence_for_none(record: Record) -> None:
    rejections = [ExpectedRejection(f"list.{name}.min", "0") for name in ("pageSize", "pageNumber")]
    rejected = result(LIST, 400, {"status": 400}, JSON)
    assert run_checks(rejection_checks(rejected, rejections))
    assert not record.total.passed
    assert run_checks(rejection_checks(rejected, rejections[:1]))
    assert [*record.total.passed] == ["list.pageSize.min"]
    with pytest.raises(Mismatch, match=r"list\.pageSize\.min: expected 400, actual 200"):
        run_checks(rejection_checks(result(LIST, 200, [], JSON), rejections))


def test_a_rejected_method_names_those_that_are_allowed() -> None:
    request = RequestSpec("list", "PATCH")
    rejections = [ExpectedRejection("http.method.collection", "PATCH", (405,))]
    assert run_checks(rejection_checks(result(request, 405, {}, JSON, ("Allow", "GET, POST")), rejections))
    with pytest.raises(
        Mismatch, match=r"http\.method\.allow: expected the methods GET, POST, actual \"GET\""
    ):
        run_checks(rejection_checks(result(request, 405, {}, JSON, ("Allow", "GET")), rejections))


def test_an_unexpected_415_belongs_to_the_media_type() -> None:
    merge_patch = "application/merge-patch+json"
    request = RequestSpec("patch", "PATCH", body={"title": 7}, media_type=merge_patch)
    rejections = [ExpectedRejection("patch.title.type", "title: type")]
    with pytest.raises(Mismatch, match=r"patch\.merge-patch: expected 400, actual 415"):
        run_checks(rejection_checks(result(request, 415, {}), rejections))
