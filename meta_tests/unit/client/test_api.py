"""CustomerApi: one request for each method, sent as one identity."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client import Client, CustomerApi, Run, load_settings
from meta_tests.support.loopback_tenant import LoopbackTenant, loopback_tenant

ID = "cct-abcde-1"
COLLECTION = "/customer/acme/customers"
OTHER = {
    "EMPORIX_OTHER_TENANT": "other",
    "EMPORIX_OTHER_CLIENT_ID": "id-3",
    "EMPORIX_OTHER_CLIENT_SECRET": "secret-three",
}


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


@pytest.fixture
def api(server: LoopbackTenant, tmp_path: Path) -> Iterator[CustomerApi]:
    client = Client(load_settings(None, server.environ(**OTHER)), Run("abcde", tmp_path))
    yield client.as_("client")
    client.close()


def test_each_method_sends_one_request(server: LoopbackTenant, api: CustomerApi) -> None:
    api.list()
    before = len(server.seen)
    exchanges = [
        api.create({"id": ID}),
        api.get(ID, expand="mixin:*"),
        api.list("id:1", sort="id", page_number=2, page_size=3),
        api.search({"q": "id:1"}, page_size=3),
        api.query("list", "id:1"),
        api.query("search", "id:1"),
        api.upsert(ID, {}),
        api.patch(ID, {"title": "Dr"}),
        api.write("create", ID, {"id": f"{ID}2"}),
        api.write("upsert", ID, {}),
        api.write("patch", ID, {}),
        api.send("OPTIONS", COLLECTION, operation="other"),
        api.delete(ID),
    ]
    sent = [(seen.method, seen.target.removeprefix(COLLECTION)) for seen in server.seen[before:]]
    silent = "?sendPasswordResetNotifications=false"
    assert sent == [
        ("POST", silent),
        ("GET", f"/{ID}?expand=mixin%3A%2A"),
        ("GET", "?q=id%3A1&sort=id&pageNumber=2&pageSize=3"),
        ("POST", "/search?pageSize=3"),
        ("GET", "?q=id%3A1"),
        ("POST", "/search"),
        ("PUT", f"/{ID}{silent}"),
        ("PATCH", f"/{ID}"),
        ("POST", silent),
        ("PUT", f"/{ID}{silent}"),
        ("PATCH", f"/{ID}"),
        ("OPTIONS", ""),
        ("DELETE", f"/{ID}"),
    ]
    names = "create get list search list search upsert patch create upsert patch other delete"
    assert [exchange.operation for exchange in exchanges] == names.split()


def test_an_identity_has_its_own_token_and_tenant(server: LoopbackTenant, api: CustomerApi) -> None:
    other = api.as_("other")
    assert (api.identity, other.identity) == ("client", "other")
    assert other.list().identity == "other"
    assert server.seen[-1].path == "/customer/other/customers"
    assert server.seen[-1].headers["emporix-tenant"] == "other"
    assert [seen.form["client_id"] for seen in server.seen if seen.is_token] == ["id-3"]
    other.get("x", tenant="acme")
    assert server.seen[-1].path == f"{COLLECTION}/x"


def test_an_explicit_authorization_is_sent_without_renewal(server: LoopbackTenant, api: CustomerApi) -> None:
    assert api.list(authorization="Bearer expired").status == 401
    assert api.as_("anonymous").list().status == 401
    assert server.tokens == 0
