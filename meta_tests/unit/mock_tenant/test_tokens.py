"""The token endpoint over HTTP, and the scopes of its tokens."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from meta_tests.support import mock_server

READ, MANAGE = "customer.customer_read", "customer.customer_manage"
VIEW = "configuration.configuration_view"


@pytest.fixture(scope="module")
def ready() -> Iterator[dict[str, Any]]:
    """A mock tenant for the module."""
    with mock_server.running() as ready_line:
        yield ready_line


def test_a_form_without_a_scope_gets_every_scope_of_the_client(ready: dict[str, Any]) -> None:
    response = mock_server.token(ready)
    assert response.status_code == 200
    body = response.json()
    assert body.pop("access_token")
    assert body == {
        "token_type": "Bearer",
        "expires_in": 14399,
        "session_idle_time": 14399,
        "refresh_token": "",
        "refresh_token_expires_in": 0,
        "scope": f"tenant=mockstore {READ} {MANAGE} {VIEW}",
    }


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        (f"tenant=mockstore {READ}", f"tenant=mockstore {READ}"),
        (f"{MANAGE} order.order_read", f"tenant=mockstore {MANAGE}"),
        ("tenant=mockstore", f"tenant=mockstore {READ} {MANAGE} {VIEW}"),
    ],
)
def test_a_token_has_only_the_requested_scopes(ready: dict[str, Any], scope: str, granted: str) -> None:
    assert mock_server.token(ready, scope=scope).json()["scope"] == granted


def test_a_restricted_client_gets_the_limited_form_of_a_scope(ready: dict[str, Any]) -> None:
    body = mock_server.token(ready, "RESTRICTED_", scope=f"tenant=mockstore {READ}").json()
    assert body["scope"] == f"tenant=mockstore {READ}--DE"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": "\u00e4\ud83d".encode("utf-16", "surrogatepass").hex()}, 401, "invalid_client"),
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"scope": "order.order_read"}, 400, "invalid_scope"),
        ({"scope": f"tenant=otherstore {READ}"}, 400, "invalid_scope"),
    ],
)
def test_an_invalid_token_request_is_rejected(
    ready: dict[str, Any], fields: dict[str, str], status: int, error: str
) -> None:
    response = mock_server.token(ready, **fields)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert "access_token" not in response.json()


def test_a_token_request_in_json_is_rejected(ready: dict[str, Any]) -> None:
    response = httpx.post(f"{ready['api_url']}/oauth/token", json={"grant_type": "client_credentials"})
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer a b", "Basic {}", "{}", "Bearer nonsense"])
def test_every_operation_returns_401_without_a_valid_token(ready: dict[str, Any], authorization: str) -> None:
    header = {"Authorization": authorization.format(mock_server.token(ready).json()["access_token"])}
    base = f"{ready['api_url']}/customer/mockstore/customers"
    for method, path in (
        ("GET", ""),
        ("POST", ""),
        ("POST", "/search"),
        *((m, "/x") for m in ("GET", "PUT", "PATCH", "DELETE")),
    ):
        response = httpx.request(method, base + path, headers=header if authorization else {})
        assert response.status_code == 401
        assert response.json()["fault"]["detail"]["errorcode"] == "oauth.v2.InvalidAccessToken"


@pytest.mark.parametrize(
    ("scope", "reads", "writes"), [(READ, 200, 403), (MANAGE, 403, 201), (f"{READ} {MANAGE}", 200, 201)]
)
def test_reading_and_writing_need_different_scopes(
    ready: dict[str, Any], scope: str, reads: int, writes: int
) -> None:
    with mock_server.customers(ready, scope=scope) as tenant:
        assert (
            tenant.get("/customers").status_code
            == tenant.post("/customers/search", json={}).status_code
            == reads
        )
        assert tenant.post("/customers", json={}).status_code == writes


def test_the_tokens_of_the_second_tenant_expire_after_seconds(ready: dict[str, Any]) -> None:
    assert mock_server.token(ready, "OTHER_").json()["expires_in"] == 4
