"""Scenarios of invalid input, null, authorization and token requests."""

from typing import Any

from meta_tests.unit.mock_tenant.recorder import (
    JSON,
    MERGE_PATCH,
    TenantRecorder,
    create_body,
    get,
    list_and_search,
    update_body,
)
from mock_tenant.constants import PROPERTIES

OPERATIONS: tuple[tuple[Any, ...], ...] = (
    ("GET", ""),
    ("POST", "", {}),
    ("POST", "/search", {}),
    ("GET", "/one"),
    ("PUT", "/one", {}),
    ("PATCH", "/one", {}),
    ("DELETE", "/one"),
)
WRONG_TYPES: dict[str, tuple[Any, ...]] = {
    "b2b": (7, {"companyRegistrationId": 7}),
    "active": (7, 1),
    "onHold": (7, 1),
    "mixins": (7, [{"a": 1}]),
}
WRITES = (("POST", "", "create"), ("PUT", "/one", "upsert"), ("PATCH", "/one", "patch"))
VALUES: dict[str, tuple[Any, ...]] = {
    "preferredCurrency": ("US", "EURO", "QQQ"),
    "type": ("ROBOT", "CUSTOMER", "CONTACT"),
    "restriction": ("FR", "de", "CH", None),
}


async def invalid_input(tenant: TenantRecorder) -> None:
    """Bodies that violate one rule each, and their effects."""
    await tenant.request("POST", "", create_body("one"))
    for method, path, operation in WRITES:
        for name in PROPERTIES[operation]:
            for wrong in WRONG_TYPES.get(name, (7,)):
                await tenant.request(method, path, {name: wrong, "password": "hush", "company": f"c {name}"})
                await tenant.request(method, path, {name: wrong})
        for name, values in VALUES.items():
            for value in values:
                await tenant.request(method, path, {name: value})
        for content in (b"{", b"[]", b"null", b'{"title": "a",}', b'{"title": "\xff"}', b"[" * 300):
            await tenant.request(method, path, content)
        await tenant.request(method, path, b"<a/>", media_type="text/xml")
        await tenant.request(method, path, b'{"title": "x"}', media_type="text/plain")
        await tenant.request(method, path, {"title": "x"}, media_type=f"{JSON}; charset=utf-8")
        await tenant.request(method, path, {"title": "\U0001f600"})
        await tenant.request(method, path, {"title": "\0"})
    await tenant.request("GET", "", q="x" * 2000)
    write: tuple[Any, ...]
    for write in (("PUT", "/one", update_body("one")), ("PATCH", "/one", {}), ("DELETE", "/one")):
        await tenant.request("PATCH", "/one", {"restriction": "AT"})
        await tenant.request(*write, grant="restricted")
    await tenant.request("PATCH", "/one", {"title": 7, "lastName": "written"})
    await get(tenant, "one")
    await tenant.request("POST", "", create_body("bad", title=7))
    await tenant.request("POST", "", create_body("good", contactEmail="bad@Example.com"))
    for name in ("", "x" * 67, "a.b", "a b", "a\n", "a/b%", "\u00e4"):
        await tenant.request("POST", "", {"id": name})
    for path in ("", "/one"):
        await tenant.request("PUT" if path else "POST", path, {}, sendPasswordResetNotifications="maybe")
    await list_and_search(tenant)


async def authorization(tenant: TenantRecorder) -> None:
    """Every operation with every kind of token, scheme and tenant name."""
    await tenant.request("POST", "", create_body("one", restriction="AT"))
    tenant_names = ("ab", "a" * 17, "Mockstore", "MOCKSTORE", "mock_store", "unknown")
    for operation in OPERATIONS:
        for grant in (None, "forged", "expired", "reader", "writer", "other"):
            await tenant.request(*operation, grant=grant)
        for scheme in ("bearer", "Basic", "", "Bearer x"):
            await tenant.request(*operation, scheme=scheme)
        for name in tenant_names:
            await tenant.request(*operation, tenant=name)
    await tenant.request("DELETE", "/unknown", grant="reader")


async def tokens(tenant: TenantRecorder) -> None:
    """Valid and invalid token requests, and the use of the tokens."""
    body = await tenant.request_token()
    await tenant.request("GET", grant=str(body.get("access_token")))
    secret = tenant.behaviour.clients["mock-client"].secret
    for fields in (
        {"scope": "tenant=mockstore customer.customer_read"},
        {"scope": "customer.customer_manage tenant=otherstore"},
        {"scope": "order.order_read"},
        {"scope": "customer.customer_update"},
        {"client_secret": "wrong"},
        {"client_secret": secret + "x"},
        {"client_secret": secret.swapcase()},
        {"grant_type": "password"},
        {"client_id": "mock-restricted-client"},
        {"media_type": JSON},
    ):
        body = await tenant.request_token(**fields)
        for method in ("GET", "POST"):
            await tenant.request(
                method, "", *([{}] if method == "POST" else []), grant=str(body.get("access_token"))
            )


async def nulls(tenant: TenantRecorder) -> None:
    """Null and empty values in each property of each write, and in nested objects; odd names; repeated parameters."""
    await tenant.request("POST", "", {"id": "one"})
    nested: tuple[dict[str, Any], ...] = (
        {"b2b": {"companyRegistrationId": None}},
        {"metadata": {"mixins": None}},
        {"metadata": {"version": None}},
        {"mixins": {"a": None}},
        {"mixins": {"a": {"b": None}}},
        {"mixins": {"a": {"b.c": 1}}},
        {"b2b": {}},
        {"mixins": {}},
        {"metadata": {}},
    )
    for method, path, operation in (
        ("POST", "", "create"),
        ("PUT", "/one", "upsert"),
        ("PATCH", "/one", "patch"),
    ):
        for name in PROPERTIES[operation]:
            for value in (None, ""):
                await tenant.request(method, path, {name: value})
        for body in nested:
            await tenant.request(method, path, body)
        twice = "?sendPasswordResetNotifications=true&sendPasswordResetNotifications=true"
        await tenant.request(method, path + twice, {})
    for name in PROPERTIES["patch"]:
        await tenant.request("PATCH", "/one", {name: None}, media_type=MERGE_PATCH)
    await tenant.request("POST", "/search", {"q": None})
    for parameter in ("q=lastName:x", "sort=id", "pageSize=3", "pageNumber=1", "expand=accounts"):
        for method, path in (("GET", ""), ("POST", "/search"), ("GET", "/one")):
            await tenant.request(
                method, f"{path}?{parameter}&{parameter}", *([{}] if path == "/search" else [])
            )
