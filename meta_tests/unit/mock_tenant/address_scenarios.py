"""The scenario of addresses."""

from typing import Any

from meta_tests.unit.mock_tenant.recorder import TenantRecorder, create_body, update_body
from mock_tenant.clients import OTHER_TENANT

ADDRESS: dict[str, Any] = {
    "contactName": "Ada",
    "street": "Münsterplatz",
    "zipCode": "01099",
    "country": "DE",
    "tags": ["SHIPPING", "BILLING"],
}

REJECTED: tuple[Any, ...] = (
    {**ADDRESS, "id": "one-1"},
    {},
    {"contactName": 1},
    {**ADDRESS, "country": "DEU"},
    {**ADDRESS, "isDefault": "yes"},
    {**ADDRESS, "tags": "BILLING"},
    {**ADDRESS, "tags": [1]},
    [],
)


async def addresses(tenant: TenantRecorder) -> None:
    """Two customers with addresses: additions, reads, rejected additions, writes of the customer and deletions."""
    for name in ("one", "two"):
        await tenant.request("POST", "", create_body(name))
        await tenant.request("POST", f"/{name}/addresses", {**ADDRESS, "id": f"{name}-1"})
        await show(tenant, name)
        await tenant.request(
            "POST", f"/{name}/addresses", {**ADDRESS, "contactName": name, "isDefault": True}
        )
        await show(tenant, name)
    for body in REJECTED:
        await tenant.request("POST", "/one/addresses", body)
    await tenant.request("POST", "/one/addresses", {**ADDRESS, "isDefault": True})
    theirs: dict[str, Any] = {"grant": "other", "tenant": OTHER_TENANT}
    await tenant.request("POST", "", create_body("one"), **theirs)
    await tenant.request("POST", "/one/addresses", {**ADDRESS, "contactName": "theirs"}, **theirs)
    await tenant.request("POST", "/unknown/addresses", ADDRESS)
    await tenant.request("POST", "/one/addresses", ADDRESS, grant="reader")
    await tenant.request("GET", "/one/addresses", grant="writer")
    await tenant.request("PUT", "/one/addresses", ADDRESS)
    await show(tenant, "one")
    await tenant.request("PATCH", "/one", {"title": "changed"})
    await show(tenant, "one")
    await tenant.request("PUT", "/two", update_body("two", title="changed"))
    await show(tenant, "two")
    for address in ("two-1", "two-1", "unknown"):
        await tenant.request("DELETE", f"/two/addresses/{address}")
        await tenant.request("GET", f"/two/addresses/{address}")
    await show(tenant, "two")
    await tenant.request("DELETE", "/one")
    await show(tenant, "one")


async def show(tenant: TenantRecorder, name: str) -> None:
    """Requests the addresses of a customer in every way."""
    await tenant.request("GET", f"/{name}/addresses")
    await tenant.request("GET", f"/{name}/addresses/{name}-1")
    for expand in ("", "addresses"):
        await tenant.request("GET", f"/{name}", expand=expand)
        await tenant.request("GET", "", expand=expand)
        await tenant.request("POST", "/search", {}, expand=expand)
