"""The configuration service and the site service of the mock tenant, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from meta_tests.support import mock_server

READ, VIEW = "customer.customer_read", "configuration.configuration_view"
CONFIGURATIONS, SITES = "/configuration/mockstore/configurations", "/site/mockstore/sites"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A mock tenant without a list of restrictions."""
    file: Path = tmp_path_factory.mktemp("mock") / "tenant.toml"
    file.write_text('[tenant]\nsites = ["main", "FR"]\nrecreate_deleted = true\n', encoding="utf-8")
    with mock_server.running("--tenant-config", str(file)) as ready_line:
        yield ready_line


def get(ready: dict[str, Any], path: str, scope: str, client: str = "", **params: str) -> httpx.Response:
    token = mock_server.token(ready, client, scope=scope).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(ready["api_url"] + path, headers=headers, params=params)


def test_the_configuration_has_the_requested_keys(ready: dict[str, Any]) -> None:
    keys = "enableRecreationOfDeletedCustomer,restrictions,customerOnHoldOnCreation,unknown"
    response = get(ready, CONFIGURATIONS, VIEW, keys=keys)
    assert response.status_code == 200
    assert response.json() == [
        {"key": "enableRecreationOfDeletedCustomer", "value": True, "secured": False, "version": 1},
        {"key": "customerOnHoldOnCreation", "value": False, "secured": False, "version": 1},
    ]


def test_the_configuration_has_every_key_by_default(ready: dict[str, Any]) -> None:
    assert len(get(ready, CONFIGURATIONS, VIEW).json()) == 4


def test_the_sites_need_no_special_scope(ready: dict[str, Any]) -> None:
    response = get(ready, SITES, READ)
    assert response.json() == [{"code": "main", "active": True}, {"code": "FR", "active": True}]


@pytest.mark.parametrize(
    ("path", "scope", "client"),
    [(CONFIGURATIONS, READ, ""), (CONFIGURATIONS, READ, "OTHER_"), (SITES, READ, "OTHER_")],
)
def test_a_token_of_another_scope_or_tenant_is_forbidden(
    ready: dict[str, Any], path: str, scope: str, client: str
) -> None:
    assert get(ready, path, scope, client).status_code == 403


def test_a_token_is_required_and_only_get_is_served(ready: dict[str, Any]) -> None:
    assert httpx.get(ready["api_url"] + SITES).status_code == 401
    posted = httpx.post(ready["api_url"] + CONFIGURATIONS)
    assert (posted.status_code, posted.headers["Allow"]) == (405, "GET")
