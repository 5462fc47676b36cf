"""Responses compared with the published schemas."""

from typing import Any

import pytest

import oracle
from spec import ABSENT, Kind, Rule

FAULT = {"fault": {"faultstring": "Invalid access token", "detail": {"errorcode": "x"}}}


@pytest.mark.parametrize(
    ("seen", "path", "clause"),
    [
        ({"id": "1"}, None, None),
        ({"id": "1", "shoeSize": 9, "title": None}, None, None),
        ({"id": "1", "title": 5}, "$.title", "get.schema.customer"),
        ({"id": "1", "businessModel": "B2X"}, "$.businessModel", "get.businessModel.enum"),
        ({"id": "1", "accounts": [{"id": 4}]}, "$.accounts[0].id", "get.accounts.shape"),
        ({"id": "1", "accounts": [{}]}, "$.accounts[0].id", "get.accounts.shape"),
        (
            {"id": "1", "metadataCreatedAt": "yesterday"},
            "$.metadataCreatedAt",
            "get.metadataCreatedAt.format",
        ),
        (
            {"id": "1", "metadataCreatedAt": "2026-01-01T00:00:00+02:00"},
            "$.metadataCreatedAt",
            "get.metadataCreatedAt.format",
        ),
        ({"id": "1", "metadataCreatedAt": "2026-01-01T00:00:00.000+0000"}, None, None),
        ({"title": "x"}, "$.id", "get.id.present"),
        ([], "$", "get.schema.customer"),
        (ABSENT, "$", "get.schema.customer"),
    ],
)
def test_a_customer_has_the_published_shape(seen: Any, path: str | None, clause: str | None) -> None:
    found = oracle.customer_mismatch(seen, expand={"accounts"})
    assert found is None or found.kind is Kind.SCHEMA
    assert seen is not ABSENT or (found and found.expected == Rule("a JSON value (Customer)"))
    assert (found and found.path, found and found.clause) == (path, clause)


def test_accounts_are_checked_only_where_the_request_expands_them() -> None:
    assert oracle.customer_mismatch({"id": "1", "accounts": [{}]}) is None


@pytest.mark.parametrize(
    ("status", "body", "clause"),
    [
        (400, {"status": 400, "message": "no"}, None),
        (404, {"details": {"field": "id"}}, None),
        (400, {"status": "400"}, "errors.400.shape"),
        (403, [], "errors.403.shape"),
        (409, ABSENT, "errors.409.shape"),
        (401, FAULT, None),
        (401, {"message": "no"}, None),
        (401, ABSENT, None),
        (401, {"fault": {"detail": "no"}}, "errors.401.shape"),
        (405, ABSENT, None),
    ],
)
def test_an_error_has_the_published_shape(status: int, body: Any, clause: str | None) -> None:
    found = oracle.error_shape_mismatch(status, body)
    assert (found.clause if found else None) == clause


def test_mismatches_of_should_clauses_are_advice() -> None:
    assert [advice.clause for advice in oracle.error_advice(404, {"status": 400})] == [
        "errors.status.equals",
        "errors.404.details",
    ]
    assert oracle.error_advice(401, FAULT) == []
    for body in (ABSENT, {"message": "no"}, {"fault": {"faultstring": "no", "detail": {}}}):
        assert [advice.clause for advice in oracle.error_advice(401, body)] == ["errors.401.fault"]
    assert [advice.clause for advice in oracle.error_advice(409, {})] == ["errors.409.type"]
    assert oracle.error_advice(403, {"type": "Forbidden", "status": 403}) == []
