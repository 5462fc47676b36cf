"""Scenarios of create, upsert, patch and delete, and of their effects."""

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
from mock_tenant.constants import STRINGS

VALID_STRINGS = {"preferredCurrency": "JPY", "type": "CONTACT", "restriction": "CH"}
GENERATED = {"customerNumber": "n", "businessModel": "B2B", "metadataCreatedAt": "2020-01-01T00:00:00Z"}


async def conflicts(tenant: TenantRecorder) -> None:
    """Ids and contactEmails that are in use, freed, or of deleted customers."""
    for name in ("one", "two", "three"):
        await tenant.request("POST", "", create_body(name))
    await tenant.request(
        "POST", "", create_body("one", contactEmail="new@example.com", lastName="other", password="hush")
    )
    await tenant.request("POST", "", create_body("four", contactEmail="two@Example.com"))
    await tenant.request("PUT", "/five", update_body("two"))
    await tenant.request("PUT", "/one", update_body("two", lastName="six"))
    await tenant.request("PATCH", "/one", {"contactEmail": "two@Example.com", "title": "x"})
    await tenant.request("PATCH", "/one", {"contactEmail": "moved@example.com"})
    await tenant.request("POST", "", create_body("six", contactEmail="one@Example.com"))
    await tenant.request("POST", "", create_body("seven", contactEmail="moved@example.com"))
    await list_and_search(tenant)
    await tenant.request("DELETE", "/two")
    await tenant.request("POST", "", create_body("two"))
    await tenant.request("DELETE", "/three")
    await tenant.request("PUT", "/three", {"lastName": "again"})
    await tenant.request("POST", "", create_body("eight", contactEmail="two@Example.com"))
    await get(tenant, "two", "three", "eight")
    await list_and_search(tenant)


async def default_values(tenant: TenantRecorder) -> None:
    """Creates and upserts with empty bodies."""
    await tenant.request("POST", "", {"id": "one"})
    await tenant.request("PUT", "/two", {})
    await tenant.request("PUT", "/three", {"active": False, "onHold": True})
    await get(tenant, "one", "two", "three")


async def upserts(tenant: TenantRecorder) -> None:
    """Upserts that create and that update, repeated."""
    await tenant.request("POST", "", create_body("before", lastName="b"))
    await tenant.request("PUT", "/One", update_body("one", active=False, onHold=True, password="hush"))
    await tenant.request("POST", "", create_body("after", lastName="a"))
    await get(tenant, "One", "one")
    changed = update_body("one", lastName="new", company="c", contactPhone="0049", active=True)
    for _ in range(2):
        await tenant.request("PUT", "/One", {**changed, **GENERATED, "id": "moved"})
        await get(tenant, "One", "moved")
    await tenant.request("PUT", "/One", {"lastName": "merge"}, media_type=MERGE_PATCH)
    await tenant.request("PUT", "/One")
    for _ in range(2):
        await tenant.request("PUT", "/One", update_body("one", type="CONTACT", restriction="CH", title="t"))
        await get(tenant, "One")
    await tenant.request("PUT", "/One", {"restriction": None})
    await tenant.request("PUT", "/Two", {"lastName": "l"})
    await get(tenant, "One", "Two", "two")
    await list_and_search(tenant)


async def patches(tenant: TenantRecorder) -> None:
    """Patches of one, several and no properties, repeated, and of deleted customers."""
    await tenant.request("POST", "", create_body("before", lastName="same"))
    await tenant.request("POST", "", create_body("one", lastName="same", password="hush"))
    await tenant.request("POST", "", create_body("after", lastName="same"))
    await tenant.request("PATCH", "/one", {})
    await tenant.request("PATCH", "/one")
    await get(tenant, "one")
    changes: tuple[dict[str, Any], ...] = (
        {"active": False},
        {"preferredSite": "main"},
        {"company": "Big", "title": "t", "middleName": "m"},
        {"company": "Big", "title": "t", "middleName": "m"},
        {"firstName": "f", "lastName": "l"},
        {"active": False},
        {"mixins": {"z": {"n": 1}}},
        {
            **dict.fromkeys(STRINGS, f" N\U0001f600 {'w' * 300} "),
            **VALID_STRINGS,
        },
        {
            "onHold": True,
            "b2b": {"companyRegistrationId": "R2"},
            "metadata": {"mixins": {"b": "https://example.com"}},
        },
        {"restriction": None},
        {"id": "moved", **GENERATED},
    )
    for change in changes:
        await tenant.request("PATCH", "/one", change)
        await get(tenant, "one", "moved")
        await list_and_search(tenant)
    await tenant.request(
        "PATCH", "/one", {"title": "merged", "mixins": {"z": {"m": 2}}}, media_type=MERGE_PATCH
    )
    for emptied in ("", None):
        await tenant.request("PATCH", "/one", {"contactEmail": emptied})
        await get(tenant, "one")
    await tenant.request("PATCH", "/ONE", {"title": "x"})
    await tenant.request("PUT", "/one", {"lastName": "put"})
    await tenant.request("PATCH", "/one", {"title": "after put"})
    await get(tenant, "one")
    await tenant.request("PATCH", "/unknown", {"title": "x"})
    await get(tenant, "unknown")
    await tenant.request("DELETE", "/one")
    await tenant.request("PATCH", "/one", {"title": "risen"})
    await get(tenant, "one")
    await list_and_search(tenant)


async def versions(tenant: TenantRecorder) -> None:
    """Upserts and patches with no version, the current one and stale ones, in both media types."""
    for method, name in (("PUT", "one"), ("PATCH", "two")):
        company = {"b2b": {"companyRegistrationId": "r", "legalEntities": [{"id": "e", "name": "n"}]}}
        await tenant.request("POST", "", create_body(name, **company))
        await get(tenant, name)
        for number, (metadata, media_type) in enumerate(
            (
                ({}, JSON),
                ({"mixins": {}}, JSON),
                ({"version": 3}, JSON),
                ({"version": 4}, MERGE_PATCH),
                ({"version": 4}, JSON),
                ({"version": 2}, MERGE_PATCH),
            )
        ):
            body = update_body(name, lastName=f"v{number}", **company)
            body |= {"metadata": metadata} if metadata else {}
            await tenant.request(method, f"/{name}", body, media_type=media_type)
            await get(tenant, name)
