"""The token endpoint over HTTP, and what its tokens open."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from meta_tests.support import mock_server

READ, MANAGE = "customer.customer_read", "customer.customer_manage"


@pytest.fixture(scope="module")
def ready() -> Iterator[dict[str, Any]]:
    """A mock tenant for the module."""
    with mock_server.running() as said:
        yield said


def test_a_form_without_a_scope_gets_every_scope_of_the_client(ready: dict[str, Any]) -> None:
    answer = mock_server.token(ready)
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("access_token")
    assert told == {
        "token_type": "Bearer",
        "expires_in": 14399,
        "session_idle_time": 14399,
        "refresh_token": "",
        "refresh_token_expires_in": 0,
        "scope": f"tenant=mockstore {READ} {MANAGE}",
    }


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        (f"tenant=mockstore {READ}", f"tenant=mockstore {READ}"),
        (f"{MANAGE} order.order_read", f"tenant=mockstore {MANAGE}"),
        ("tenant=mockstore", f"tenant=mockstore {READ} {MANAGE}"),
    ],
)
def test_a_scope_narrows_what_a_token_opens(ready: dict[str, Any], scope: str, granted: str) -> None:
    assert mock_server.token(ready, scope=scope).json()["scope"] == granted


def test_a_restricted_client_gets_the_limited_form_of_a_scope(ready: dict[str, Any]) -> None:
    told = mock_server.token(ready, "RESTRICTED_", scope=f"tenant=mockstore {READ}").json()
    assert told["scope"] == f"tenant=mockstore {READ}--DE"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": "\u00e4\ud83d".encode("utf-16", "surrogatepass").hex()}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"scope": "order.order_read"}, 400, "invalid_scope"),
        ({"scope": f"tenant=otherstore {READ}"}, 400, "invalid_scope"),
    ],
)
def test_a_bad_token_request_is_refused(
    ready: dict[str, Any], fields: dict[str, str], status: int, error: str
) -> None:
    refused = mock_server.token(ready, **fields)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert "access_token" not in refused.json()


def test_a_token_request_in_json_is_refused(ready: dict[str, Any]) -> None:
    refused = httpx.post(f"{ready['api_url']}/oauth/token", json={"grant_type": "client_credentials"})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer a b", "Basic {}", "{}", "Bearer nonsense"])
def test_without_a_good_token_everything_is_answered_401(ready: dict[str, Any], authorization: str) -> None:
    header = {"Authorization": authorization.format(mock_server.token(ready).json()["access_token"])}
    base = f"{ready['api_url']}/customer/mockstore/customers"
    for method, path in (
        ("GET", ""),
        ("POST", ""),
        ("POST", "/search"),
        *((m, "/x") for m in ("GET", "PUT", "PATCH", "DELETE")),
    ):
        refused = httpx.request(method, base + path, headers=header if authorization else {})
        assert refused.status_code == 401
        assert refused.json()["fault"]["detail"]["errorcode"] == "oauth.v2.InvalidAccessToken"


@pytest.mark.parametrize(
    ("scope", "reads", "writes"), [(READ, 200, 403), (MANAGE, 403, 201), (f"{READ} {MANAGE}", 200, 201)]
)
def test_scopes_open_reading_and_writing_apart(
    ready: dict[str, Any], scope: str, reads: int, writes: int
) -> None:
    with mock_server.customers(ready, scope=scope) as tenant:
        assert (
            tenant.get("/customers").status_code
            == tenant.post("/customers/search", json={}).status_code
            == reads
        )
        assert tenant.post("/customers", json={}).status_code == writes


def test_the_second_tenants_tokens_end_after_seconds(ready: dict[str, Any]) -> None:
    assert mock_server.token(ready, "OTHER_").json()["expires_in"] == 4
