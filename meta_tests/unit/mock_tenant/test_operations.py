"""A conforming tenant over HTTP: every operation and its error responses."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from meta_tests.support import mock_server

MERGE = {"Content-Type": "application/merge-patch+json"}
OBJECT = {"Content-Type": "application/json"}
UNUSUAL_BODIES = {
    "no UTF-8": b"\xff\xfe",
    "lone surrogate": b'{"firstName": "\\ud800"}',
    "too deep": b'{"firstName": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "float overflow": b'{"mixins": {"n": 1e999}}',
    "integer overflow": b'{"mixins": {"n": ' + b"9" * 5000 + b"}}",
    "not a number": b'{"mixins": {"n": NaN}}',
    "byte order mark": b"\xef\xbb\xbf{}",
}
UNUSUAL_TARGETS = [
    "/%ff",
    "/%00",
    "/a%0Ab",
    "/%2e%2e%2f",
    "/%",
    "?pageSize=%ff",
    "?pageNumber=" + "9" * 5000,
    "?q=%22",
    "?q=a:~(",
    "?q=a:~*",
    "?q=:",
    "?sort=:::,,",
    "?expand=,,mixin:",
    "/" + "x" * 9000,
]


@pytest.fixture(scope="module")
def ready() -> Iterator[dict[str, Any]]:
    """A mock tenant for the module."""
    with mock_server.running() as ready_line:
        yield ready_line


@pytest.fixture(scope="module")
def tenant(ready: dict[str, Any]) -> Iterator[httpx.Client]:
    """The main client."""
    with mock_server.customers(ready) as opened:
        yield opened


@pytest.fixture(scope="module")
def other(ready: dict[str, Any]) -> Iterator[httpx.Client]:
    """The client of the second tenant."""
    with mock_server.customers(ready, "OTHER_") as opened:
        yield opened


@pytest.fixture(scope="module")
def restricted(ready: dict[str, Any]) -> Iterator[httpx.Client]:
    """The client that is limited to the restriction DE."""
    with mock_server.customers(ready, "RESTRICTED_") as opened:
        yield opened


def test_create_and_get(tenant: httpx.Client) -> None:
    created = tenant.post(
        "/customers", json={"id": "Anna_1", "firstName": "Anna", "contactEmail": "anna@example.com"}
    )
    assert (created.status_code, created.json()) == (201, {"id": "Anna_1"})
    shown = tenant.get("/customers/Anna_1").json()
    assert (
        shown.items()
        >= {
            "id": "Anna_1",
            "customerNumber": "Anna_1",
            "firstName": "Anna",
            "contactEmail": "anna@example.com",
            "preferredLanguage": "en_US",
            "preferredCurrency": "USD",
            "preferredSite": "main",
            "active": True,
            "onHold": False,
            "businessModel": "B2C",
        }.items()
    )
    assert shown["metadata"]["version"] == 1
    assert shown["metadataCreatedAt"].endswith("Z")
    assert not {"restriction", "mixins", "accounts", "addresses", "password"} & shown.keys()


def test_generated_ids_are_lower_case_and_bodies_are_optional(tenant: httpx.Client) -> None:
    first, second = (tenant.post("/customers").json()["id"] for _ in range(2))
    assert first == first.lower() != second


def test_ids_are_case_sensitive(tenant: httpx.Client) -> None:
    assert [tenant.post("/customers", json={"id": name}).status_code for name in ("Kim", "kim")] == [201, 201]
    assert tenant.get("/customers/KIM").status_code == 404


def test_duplicates_are_conflicts_and_change_nothing(tenant: httpx.Client) -> None:
    tenant.post("/customers", json={"id": "dora", "contactEmail": "dora@example.com", "lastName": "D"})
    response = tenant.post("/customers", json={"id": "dora", "lastName": "E"})
    assert (response.status_code, response.json()["type"]) == (409, "conflict_resource")
    assert tenant.post("/customers", json={"contactEmail": "dora@example.com"}).status_code == 409
    assert tenant.put("/customers/dorothea", json={"contactEmail": "dora@example.com"}).status_code == 409
    assert tenant.get("/customers/dora").json()["lastName"] == "D"


def test_an_error_response_names_every_invalid_property(tenant: httpx.Client) -> None:
    invalid = {"title": 1, "preferredCurrency": "EURO", "restriction": "de", "id": "a b"}
    response = tenant.post("/customers", json=invalid)
    assert response.status_code == 400
    assert {detail["field"] for detail in response.json()["details"]} == invalid.keys()


def test_upsert_creates_with_201_and_updates_with_204_and_no_body(tenant: httpx.Client) -> None:
    created = tenant.put("/customers/Uwe", json={"lastName": "U", "active": False, "title": "Herr"})
    assert (created.status_code, created.json()) == (201, {"id": "Uwe"})
    updated = tenant.put("/customers/Uwe", json={"lastName": "V"}, headers=MERGE)
    assert (updated.status_code, updated.content) == (204, b"")
    assert "content-length" not in updated.headers
    shown = tenant.get("/customers/Uwe").json()
    assert (shown["lastName"], shown["active"], shown.get("title")) == ("V", False, None)


def test_patch_changes_only_the_properties_in_the_body(tenant: httpx.Client) -> None:
    pia = {"id": "pia", "contactEmail": "pia@example.com", "firstName": "Pia", "lastName": "P"}
    tenant.post("/customers", json=pia)
    before = tenant.get("/customers/pia").json()
    patched = tenant.patch("/customers/pia", json={"lastName": "Q", "onHold": True}, headers=MERGE)
    assert (patched.status_code, patched.content) == (200, b"")
    after = tenant.get("/customers/pia").json()
    assert {name for name in after if after[name] != before.get(name)} == {"lastName", "onHold", "metadata"}
    for emptied in (None, ""):
        response = tenant.patch("/customers/pia", json={"contactEmail": emptied}, headers=MERGE)
        assert response.status_code == 400


def test_a_deleted_customer_disappears_and_its_email_is_free(tenant: httpx.Client) -> None:
    tenant.post("/customers", json={"id": "dieter", "contactEmail": "dieter@example.com"})
    assert tenant.delete("/customers/dieter").status_code == 202
    for method in ("GET", "PATCH", "DELETE"):
        assert tenant.request(method, "/customers/dieter").status_code == 404
    assert tenant.get("/customers", params={"q": "id:dieter"}).json() == []
    assert tenant.post("/customers", json={"id": "dieter"}).status_code == 409
    assert tenant.put("/customers/dieter", json={}).status_code == 409
    assert tenant.post("/customers", json={"contactEmail": "dieter@example.com"}).status_code == 201


def test_list_and_search_return_and_count_the_same_customers(tenant: httpx.Client) -> None:
    for name in ("lea", "leo"):
        tenant.post("/customers", json={"id": name, "company": "Lions", "mixins": {"cat": {"size": 3}}})
    q = "company:Lions mixins.cat.size:(>=3 AND <=4)"
    order = {"sort": "id:desc", "expand": "mixin:*"}
    listed = tenant.get("/customers", params={"q": q, **order})
    searched = tenant.post("/customers/search", json={"q": q}, params=order)
    assert [shown["id"] for shown in listed.json()] == ["leo", "lea"]
    assert listed.json() == searched.json()
    assert listed.headers["Count"] == searched.headers["Count"] == "2"
    assert listed.json()[0]["mixins"] == {"cat": {"size": 3}}


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "", "1e3", "٣", str(10**15)])
def test_paging_parameters_are_integers_from_1(tenant: httpx.Client, text: str) -> None:
    for name in ("pageSize", "pageNumber"):
        assert tenant.get("/customers", params={name: text}).status_code == 400
        assert tenant.post("/customers/search", params={name: text}, json={}).status_code == 400


def test_a_page_far_beyond_the_end_is_empty(tenant: httpx.Client) -> None:
    beyond = tenant.get("/customers", params={"pageNumber": 99999, "pageSize": 10})
    assert (beyond.status_code, beyond.json(), beyond.headers["Count"]) == (200, [], "0")


@pytest.mark.parametrize(
    "q", ["nothing", "~", "name:", "name:~", "name:~[a]", 'name:"a', "name:(a", "a:(>1 OR <2)"]
)
def test_an_invalid_q_is_rejected(tenant: httpx.Client, q: str) -> None:
    assert tenant.get("/customers", params={"q": q}).status_code == 400
    assert tenant.post("/customers/search", json={"q": q}).status_code == 400


@pytest.mark.parametrize("content", UNUSUAL_BODIES.values(), ids=UNUSUAL_BODIES)
def test_an_unusual_body_is_rejected_with_400(tenant: httpx.Client, content: bytes) -> None:
    for method, path in (
        ("POST", ""),
        ("POST", "/search"),
        ("PUT", "/odd"),
        ("PATCH", "/odd"),
        ("DELETE", "/odd"),
    ):
        assert tenant.request(method, f"/customers{path}", content=content, headers=OBJECT).status_code == 400


@pytest.mark.parametrize("target", UNUSUAL_TARGETS, ids=lambda target: target[:20])
def test_an_unusual_target_gets_a_json_response_without_5xx(tenant: httpx.Client, target: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        response = tenant.request(method, f"/customers{target}")
        assert response.status_code in {200, 201, 204, 400, 404, 405}
        assert not response.content or response.headers["Content-Type"] == "application/json"


def test_every_character_makes_the_round_trip(tenant: httpx.Client) -> None:
    text = " A\u0301\u00c1 \U0001f600 \u202eabc\u202c <b>&amp;</b> \"'\\ \0 \t\n "
    created = tenant.post("/customers", json={"firstName": text, "mixins": {text: text}}).json()["id"]
    shown = tenant.get(f"/customers/{created}", params={"expand": "mixin:*"}).json()
    assert (shown["firstName"], shown["mixins"]) == (text, {text: text})


def test_the_last_of_duplicate_keys_is_stored(tenant: httpx.Client) -> None:
    created = tenant.post("/customers", content=b'{"title": "a", "title": "b"}', headers=OBJECT).json()["id"]
    assert tenant.get(f"/customers/{created}").json()["title"] == "b"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "", {"GET", "POST"}),
        ("DELETE", "", {"GET", "POST"}),
        ("POST", "/x", {"GET", "PUT", "PATCH", "DELETE"}),
        ("TRACE", "/x", {"GET", "PUT", "PATCH", "DELETE"}),
        ("GET", "/search", {"POST"}),
    ],
)
def test_an_unsupported_method_returns_405(
    tenant: httpx.Client, method: str, path: str, allowed: set[str]
) -> None:
    response = tenant.request(method, f"/customers{path}")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == allowed


def test_a_body_of_an_unsupported_media_type_is_rejected(tenant: httpx.Client) -> None:
    assert (
        tenant.post("/customers", content=b"title=a", headers={"Content-Type": "text/plain"}).status_code
        == 415
    )


def test_a_restricted_client_sees_and_changes_only_its_restriction(
    tenant: httpx.Client, restricted: httpx.Client
) -> None:
    for name, restriction in (("rd", "DE"), ("ra", "AT"), ("rn", None)):
        tenant.post("/customers", json={"id": name, "restriction": restriction, "company": "Walls"})
    listed = restricted.get("/customers", params={"q": "company:Walls"})
    searched = restricted.post("/customers/search", json={"q": "company:Walls"})
    assert [shown["id"] for shown in listed.json()] == [shown["id"] for shown in searched.json()] == ["rd"]
    assert [restricted.get(f"/customers/{name}").status_code for name in ("rd", "ra", "rn")] == [
        200,
        404,
        404,
    ]
    assert [restricted.delete(f"/customers/{name}").status_code for name in ("ra", "rn")] == [404, 404]
    assert restricted.patch("/customers/rd", json={"restriction": "AT"}).status_code == 403
    assert restricted.put("/customers/ra", json={}).status_code == 403
    assert restricted.post("/customers", json={"restriction": "AT"}).status_code == 403


def test_tenants_share_nothing(tenant: httpx.Client, other: httpx.Client) -> None:
    person = {"id": "shared", "contactEmail": "shared@example.com"}
    assert [client.post("/customers", json=person).status_code for client in (tenant, other)] == [201, 201]
    assert tenant.delete("/customers/shared").status_code == 202
    assert other.get("/customers/shared").status_code == 200
    foreign = other.get(f"{tenant.base_url}customers/shared")
    assert (foreign.status_code, foreign.json()["type"]) == (403, "Forbidden")


@pytest.mark.parametrize("name", ["ab", "a" * 17, "Mockstore", "mock-store", "1store", "mock%20store", ""])
def test_an_invalid_tenant_name_is_rejected_with_400(
    tenant: httpx.Client, ready: dict[str, Any], name: str
) -> None:
    for method, rest in (("GET", ""), ("POST", ""), ("POST", "/search"), ("GET", "/x"), ("DELETE", "/x")):
        target = f"{ready['api_url']}/customer/{name}/customers{rest}"
        assert tenant.request(method, target).status_code == 400


def test_the_name_of_an_unknown_tenant_is_rejected_with_403(
    tenant: httpx.Client, ready: dict[str, Any]
) -> None:
    assert tenant.get(f"{ready['api_url']}/customer/unknown/customers").status_code == 403
