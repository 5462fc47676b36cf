"""The shapes of answers."""

from typing import Any

import pytest

import oracle

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
        (..., "$", "get.schema.customer"),
    ],
)
def test_a_customer_has_the_published_shape(seen: Any, path: str | None, clause: str | None) -> None:
    found = oracle.customer_difference(seen, expand={"accounts"})
    assert (found and found.path, found and found.clause) == (path, clause)


def test_accounts_are_looked_into_only_where_they_were_asked_for() -> None:
    assert oracle.customer_difference({"id": "1", "accounts": [{}]}) is None


def test_a_request_body_can_be_checked_too() -> None:
    found = oracle.schema_difference({"preferredCurrency": "EURO"}, "CustomerCreate")
    assert found is not None
    assert found.path == "$.preferredCurrency"
    assert oracle.schema_difference({"title": "x"}, "CustomerPatch") is None


@pytest.mark.parametrize(
    ("status", "body", "clause"),
    [
        (400, {"status": 400, "message": "no"}, None),
        (404, {"details": {"field": "id"}}, None),
        (400, {"status": "400"}, "errors.400.shape"),
        (403, [], "errors.403.shape"),
        (409, ..., "errors.409.shape"),
        (401, FAULT, None),
        (401, {"message": "no"}, "errors.401.shape"),
        (405, ..., None),
    ],
)
def test_a_refusal_has_the_published_shape(status: int, body: Any, clause: str | None) -> None:
    found = oracle.error_shape(status, body)
    assert (found.clause if found else None) == clause


def test_what_a_refusal_should_say_is_advice() -> None:
    assert [advice.clause for advice in oracle.error_advice(404, {"status": 400})] == [
        "errors.status.equals",
        "errors.404.details",
    ]
    assert [advice.clause for advice in oracle.error_advice(409, {})] == ["errors.409.type"]
    assert oracle.error_advice(403, {"type": "Forbidden", "status": 403}) == ()
