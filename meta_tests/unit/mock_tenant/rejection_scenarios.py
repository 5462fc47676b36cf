"""Scenarios of invalid input, authorization, tenant isolation and concurrent requests."""

import asyncio
from typing import Any

from meta_tests.unit.mock_tenant.recorder import (
    JSON,
    TenantRecorder,
    TranscriptMismatch,
    create_body,
    get,
    list_and_search,
    update_body,
)
from mock_tenant.clients import OTHER_TENANT
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


async def unsupported_methods(tenant: TenantRecorder) -> None:
    """Supported and unsupported methods of each resource."""
    for path in ("", "/search", "/one"):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"):
            await tenant.request(method, path)


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


async def tenant_isolation(tenant: TenantRecorder) -> None:
    """The same ids and contactEmails in two tenants."""
    for grant, name in (("client", "mockstore"), ("other", OTHER_TENANT)):
        await tenant.request("POST", "", create_body("one", lastName=name), grant=grant, tenant=name)
        await tenant.request("POST", "", create_body(f"of-{name}"), grant=grant, tenant=name)
    await tenant.request("PATCH", "/one", {"title": "patched"})
    for grant, name in (("client", "mockstore"), ("other", OTHER_TENANT)):
        for path in ("", "/one", "/of-mockstore", f"/of-{OTHER_TENANT}"):
            await tenant.request("GET", path, grant=grant, tenant=name)
    await tenant.request("DELETE", "/one")
    await tenant.request("GET", "/one", grant="other", tenant=OTHER_TENANT)


async def concurrent_requests(tenant: TenantRecorder) -> None:
    """Concurrent requests, whose effects do not depend on their order in a conforming tenant."""

    async def delayed(delay: float, *request: Any) -> None:
        await asyncio.sleep(delay)
        await tenant.request(*request)

    reference, tenant.reference = tenant.reference, ()

    async def concurrently(*requests: tuple[Any, ...]) -> None:
        before = len(tenant.transcript)
        await asyncio.gather(*(delayed(0.004 * index, *request) for index, request in enumerate(requests)))
        tenant.transcript[before:] = sorted(tenant.transcript[before:], key=repr)

    await concurrently(("POST", "", create_body("one")), ("POST", "", create_body("one")))
    await concurrently(
        ("PUT", "/two", update_body("two", title="1")), ("PUT", "/two", update_body("two", title="1"))
    )
    await list_and_search(tenant)
    same = update_body("three", title="1", lastName="1")
    other = update_body("three", title="2", lastName="2")
    await concurrently(("PUT", "/three", same), ("PUT", "/three", other))
    body = await tenant.request("GET", "/three")
    tenant.transcript[-1] = ("mixed", body.get("title") != body.get("lastName"))
    await concurrently(("PATCH", "/one", {"title": "t"}), ("PATCH", "/one", {"lastName": "l"}))
    await get(tenant, "one")
    await concurrently(("PATCH", "/one", {"title": "u", "lastName": "u"}), ("GET", "/one"), ("GET", "/one"))
    for method, name in (("PUT", "four"), ("PATCH", "five")):
        await tenant.request("POST", "", create_body(name))
        body = update_body(name, title="same", metadata={"version": 1})
        await concurrently((method, f"/{name}", body), (method, f"/{name}", body))
    await concurrently(("PATCH", "/one", {"title": "w"}), ("DELETE", "/one"))
    await get(tenant, "one")
    if reference and list(reference) != tenant.transcript:
        raise TranscriptMismatch
