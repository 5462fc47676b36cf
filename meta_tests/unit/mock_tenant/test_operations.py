"""A faithful tenant over HTTP: every operation, its refusals, and the habits of client libraries."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from meta_tests.support import mock_server

MERGE = {"Content-Type": "application/merge-patch+json"}
OBJECT = {"Content-Type": "application/json"}
ODD_BODIES = {
    "no UTF-8": b"\xff\xfe",
    "half a surrogate pair": b'{"firstName": "\\ud800"}',
    "too deep": b'{"firstName": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "beyond floats": b'{"mixins": {"n": 1e999}}',
    "beyond integers": b'{"mixins": {"n": ' + b"9" * 5000 + b"}}",
    "not a number": b'{"mixins": {"n": NaN}}',
    "byte order mark": b"\xef\xbb\xbf{}",
}
ODD_TARGETS = [
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
    with mock_server.running() as said:
        yield said


@pytest.fixture(scope="module")
def tenant(ready: dict[str, Any]) -> Iterator[httpx.Client]:
    """Its main client."""
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
    made = tenant.post(
        "/customers", json={"id": "Anna_1", "firstName": "Anna", "contactEmail": "anna@example.com"}
    )
    assert (made.status_code, made.json()) == (201, {"id": "Anna_1"})
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
    refused = tenant.post("/customers", json={"id": "dora", "lastName": "E"})
    assert (refused.status_code, refused.json()["type"]) == (409, "conflict_resource")
    assert tenant.post("/customers", json={"contactEmail": "dora@example.com"}).status_code == 409
    assert tenant.put("/customers/dorothea", json={"contactEmail": "dora@example.com"}).status_code == 409
    assert tenant.get("/customers/dora").json()["lastName"] == "D"


def test_a_refused_body_names_every_property_that_is_wrong(tenant: httpx.Client) -> None:
    wrong = {"title": 1, "preferredCurrency": "EURO", "restriction": "de", "id": "a b"}
    refused = tenant.post("/customers", json=wrong)
    assert refused.status_code == 400
    assert {detail["field"] for detail in refused.json()["details"]} == wrong.keys()


def test_upsert_creates_with_201_and_updates_with_204_and_no_body(tenant: httpx.Client) -> None:
    made = tenant.put("/customers/Uwe", json={"lastName": "U", "active": False, "title": "Herr"})
    assert (made.status_code, made.json()) == (201, {"id": "Uwe"})
    updated = tenant.put("/customers/Uwe", json={"lastName": "V"}, headers=MERGE)
    assert (updated.status_code, updated.content) == (204, b"")
    assert "content-length" not in updated.headers
    shown = tenant.get("/customers/Uwe").json()
    assert (shown["lastName"], shown["active"], shown.get("title")) == ("V", False, None)


def test_patch_changes_what_it_names(tenant: httpx.Client) -> None:
    pia = {"id": "pia", "contactEmail": "pia@example.com", "firstName": "Pia", "lastName": "P"}
    tenant.post("/customers", json=pia)
    before = tenant.get("/customers/pia").json()
    patched = tenant.patch("/customers/pia", json={"lastName": "Q", "onHold": True}, headers=MERGE)
    assert (patched.status_code, patched.content) == (200, b"")
    after = tenant.get("/customers/pia").json()
    assert {name for name in after if after[name] != before.get(name)} == {"lastName", "onHold", "metadata"}
    for emptied in (None, ""):
        refused = tenant.patch("/customers/pia", json={"contactEmail": emptied}, headers=MERGE)
        assert refused.status_code == 400


def test_delete_takes_a_customer_away_everywhere_and_frees_the_address(tenant: httpx.Client) -> None:
    tenant.post("/customers", json={"id": "dieter", "contactEmail": "dieter@example.com"})
    assert tenant.delete("/customers/dieter").status_code == 202
    for method in ("GET", "PATCH", "DELETE"):
        assert tenant.request(method, "/customers/dieter").status_code == 404
    assert tenant.get("/customers", params={"q": "id:dieter"}).json() == []
    assert tenant.post("/customers", json={"id": "dieter"}).status_code == 409
    assert tenant.put("/customers/dieter", json={}).status_code == 409
    assert tenant.post("/customers", json={"contactEmail": "dieter@example.com"}).status_code == 201


def test_list_and_search_find_the_same_and_count_it(tenant: httpx.Client) -> None:
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
def test_paging_takes_whole_numbers_from_1(tenant: httpx.Client, text: str) -> None:
    for name in ("pageSize", "pageNumber"):
        assert tenant.get("/customers", params={name: text}).status_code == 400
        assert tenant.post("/customers/search", params={name: text}, json={}).status_code == 400


def test_a_page_far_beyond_the_end_is_empty(tenant: httpx.Client) -> None:
    beyond = tenant.get("/customers", params={"pageNumber": 99999, "pageSize": 10})
    assert (beyond.status_code, beyond.json(), beyond.headers["Count"]) == (200, [], "0")


@pytest.mark.parametrize(
    "q", ["nothing", "~", "name:", "name:~", "name:~[a]", 'name:"a', "name:(a", "a:(>1 OR <2)"]
)
def test_a_q_that_cannot_be_read_is_refused(tenant: httpx.Client, q: str) -> None:
    assert tenant.get("/customers", params={"q": q}).status_code == 400
    assert tenant.post("/customers/search", json={"q": q}).status_code == 400


@pytest.mark.parametrize("content", ODD_BODIES.values(), ids=ODD_BODIES)
def test_no_odd_body_is_answered_with_5xx(tenant: httpx.Client, content: bytes) -> None:
    for method, path in (
        ("POST", ""),
        ("POST", "/search"),
        ("PUT", "/odd"),
        ("PATCH", "/odd"),
        ("DELETE", "/odd"),
    ):
        assert tenant.request(method, f"/customers{path}", content=content, headers=OBJECT).status_code == 400


@pytest.mark.parametrize("target", ODD_TARGETS, ids=lambda target: target[:20])
def test_every_odd_target_is_answered_in_json_without_5xx(tenant: httpx.Client, target: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = tenant.request(method, f"/customers{target}")
        assert answer.status_code in {200, 201, 204, 400, 404, 405}
        assert not answer.content or answer.headers["Content-Type"] == "application/json"


def test_every_character_is_read_back(tenant: httpx.Client) -> None:
    text = " A\u0301\u00c1 \U0001f600 \u202eabc\u202c <b>&amp;</b> \"'\\ \0 \t\n "
    made = tenant.post("/customers", json={"firstName": text, "mixins": {text: text}}).json()["id"]
    shown = tenant.get(f"/customers/{made}", params={"expand": "mixin:*"}).json()
    assert (shown["firstName"], shown["mixins"]) == (text, {text: text})


def test_the_last_of_several_equal_keys_counts(tenant: httpx.Client) -> None:
    made = tenant.post("/customers", content=b'{"title": "a", "title": "b"}', headers=OBJECT).json()["id"]
    assert tenant.get(f"/customers/{made}").json()["title"] == "b"


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
def test_a_method_that_a_resource_lacks_is_answered_405(
    tenant: httpx.Client, method: str, path: str, allowed: set[str]
) -> None:
    refused = tenant.request(method, f"/customers{path}")
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == allowed


def test_a_body_that_is_not_json_is_refused_by_its_media_type(tenant: httpx.Client) -> None:
    assert (
        tenant.post("/customers", content=b"title=a", headers={"Content-Type": "text/plain"}).status_code
        == 415
    )


def test_a_restricted_client_sees_and_changes_its_own_only(
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
    person = {"id": "twin", "contactEmail": "twin@example.com"}
    assert [client.post("/customers", json=person).status_code for client in (tenant, other)] == [201, 201]
    assert tenant.delete("/customers/twin").status_code == 202
    assert other.get("/customers/twin").status_code == 200
    crossed = other.get(f"{tenant.base_url}customers/twin")
    assert (crossed.status_code, crossed.json()["type"]) == (403, "Forbidden")


@pytest.mark.parametrize("name", ["ab", "a" * 17, "Mockstore", "mock-store", "1store", "mock%20store", ""])
def test_an_invalid_tenant_name_is_answered_400(
    tenant: httpx.Client, ready: dict[str, Any], name: str
) -> None:
    for method, rest in (("GET", ""), ("POST", ""), ("POST", "/search"), ("GET", "/x"), ("DELETE", "/x")):
        target = f"{ready['api_url']}/customer/{name}/customers{rest}"
        assert tenant.request(method, target).status_code == 400


def test_a_well_formed_name_of_another_tenant_is_forbidden(
    tenant: httpx.Client, ready: dict[str, Any]
) -> None:
    assert tenant.get(f"{ready['api_url']}/customer/nobody/customers").status_code == 403
