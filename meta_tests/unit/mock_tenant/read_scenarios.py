"""Scenarios of list, search and get."""

from typing import Any

from meta_tests.unit.mock_tenant.recorder import (
    MERGE_PATCH,
    TenantRecorder,
    create_body,
    get,
    list_and_search,
)

LIST_REQUESTS: tuple[tuple[Any, ...], ...] = (("GET", ""), ("POST", "/search", {}))
"""The arguments of a list and of a search."""


async def paging_and_sorting(tenant: TenantRecorder) -> None:
    """Pages and sort orders, in list and in search."""
    for number in range(7):
        await tenant.request(
            "POST", "", {"id": f"c{number * 3 % 7}", "lastName": "abcdefg"[number * 5 % 7] * (number + 1)}
        )
    await tenant.request("POST", "", {"id": "none", "lastName": "b" * 30})
    await tenant.request("PATCH", "/c1", {"firstName": "f"})
    for operation in LIST_REQUESTS:
        for sort in ("lastName", "lastName:asc", "lastName:desc", "firstName:asc", "id:desc"):
            await tenant.request(*operation, sort=sort)
            await tenant.request(*operation, sort=sort, pageSize=3)
        for number in (1, 2, 3, 4, 9):
            await tenant.request(*operation, pageSize=3, pageNumber=number)
        await tenant.request(*operation, pageSize=1)
        for invalid in ("0", "-1", "x", "1.5", "", "9" * 20):
            await tenant.request(*operation, pageSize=invalid)
            await tenant.request(*operation, pageNumber=invalid, pageSize=2)
    for number in range(110):
        await tenant.request("POST", "", {"id": f"d{number}"})
    for operation in LIST_REQUESTS:
        await tenant.request(*operation)
        for size in (25, 100):
            await tenant.request(*operation, pageSize=size)


CONDITIONS = (
    "lastName:Berg",
    "lastName:berg",
    "lastName:Ber",
    "active:true",
    "active:false",
    'metadataCreatedAt:>"2026-03-04T05:06:07.003Z"',
    'metadataCreatedAt:<="2026-03-04T05:06:07.003Z"',
    'metadataCreatedAt:(>="2026-03-04T05:06:07.002Z" AND <="2026-03-04T05:06:07.004Z")',
    'metadataCreatedAt:(>="2026-03-04T05:06:07.002Z" AND <"2026-03-04T05:06:07.004Z")',
    "firstName:null",
    "firstName:exists",
    "firstName:missing",
    "lastName:(Berg,Tal)",
    "lastName:Berg firstName:Anna",
    "firstName:Anna lastName:Berg",
    "lastName:~^B.*g$",
    "company:(~two words)",
    "company:~(two words)",
    "lastName:(Berg,Tal) company:(two words,Tal)",
    "mixins.a.n:7",
    'lastName:"Berg',
    "lastName:(Berg",
    "metadata.version:>1",
)


async def queries(tenant: TenantRecorder) -> None:
    """Every form of q, in list and in search."""
    people: tuple[dict[str, Any], ...] = (
        {"firstName": "Anna", "lastName": "Berg", "company": "two words", "mixins": {"a": {"n": 7}}},
        {"firstName": "Anna", "lastName": "Berger", "company": "two others"},
        {"firstName": "", "lastName": "Tal", "type": "CONTACT"},
        {"lastName": "Berg", "contactEmail": "d@example.com", "restriction": "AT"},
        {"firstName": "Otto", "lastName": "Bergundtal"},
    )
    for number, person in enumerate(people):
        await tenant.request("POST", "", {"id": f"p{number}", **person})
    await tenant.request("PATCH", "/p3", {"onHold": True})
    await tenant.request("PUT", "/p5", {"lastName": "Berg", "active": False})
    for q in CONDITIONS:
        await tenant.request("GET", q=q)
        await tenant.request("POST", "/search", {"q": q})
    await tenant.request("PATCH", "/p4", {"lastName": "Berg"})
    await tenant.request("GET", q="lastName:Berg")
    await tenant.request("POST", "/search", {"q": "lastName:Berg"})
    await tenant.request("POST", "/search", {"q": "active:false"})
    for content in (b"{", b"[]", b"[" * 100, b'{"q": 7}', b'{"q": null}', b"{}", b'{"q": "lastName:Berg",}'):
        await tenant.request("POST", "/search", content)
    await tenant.request("POST", "/search")
    for number in range(5):
        await tenant.request("GET", pageSize=number + 1)


async def representations(tenant: TenantRecorder) -> None:
    """The same customers in get, list and search, with every expansion, to restricted and unrestricted clients."""
    await tenant.request("POST", "", create_body("one", password="hush"))
    await tenant.request("POST", "", {"id": "two"})
    await tenant.request(
        "PUT", "/three", {"active": False, "onHold": True, "type": "CONTACT", "restriction": "AT"}
    )
    for expand in ("", "mixin:*", "accounts,mixin:*", "mixin:*,accounts", "addresses", "mixin:a"):
        await tenant.request("GET", "/one", expand=expand)
        await tenant.request("GET", "", expand=expand)
        await tenant.request("POST", "/search", {}, expand=expand)
    for name in ("ONE", "unknown", "a%", "x" * 70, "one"):
        await tenant.request("GET", f"/{name}")
    for path in ("/one", "/two", "/three", ""):
        await tenant.request("GET", path, grant="restricted")
    await tenant.request("POST", "/search", {}, grant="restricted")
    for _ in range(12):
        await get(tenant, "one")
    await tenant.request("PATCH", "/two", {"title": "changed"})
    await get(tenant, "two", "two", "two")
    await tenant.request("DELETE", "/two")
    await get(tenant, "two", "two", "two")
    for operation in LIST_REQUESTS:
        for _ in range(3):
            await tenant.request(*operation)


async def unspecified_behaviour(tenant: TenantRecorder) -> None:
    """Input for which the contract has no rule."""
    for number, name in enumerate(("b", "B", "\u00e4", "a", "Z")):
        await tenant.request("POST", "", {"id": f"n{number}", "lastName": name, "firstName": f"{number % 2}"})
    await tenant.request("POST", "", create_body("flags", active=False, onHold=True))
    await tenant.request("POST", "", create_body("null", firstName=""))
    for path, media in (("/flags", MERGE_PATCH), ("/null", "application/json")):
        await tenant.request("PATCH", path, {"title": None}, media_type=media)
    await tenant.request("POST", "", {"title": None, "restriction": ""})
    await tenant.request("POST", "", {"restriction": ""})
    await list_and_search(tenant)
    await tenant.request("GET", header=("x-total-count", "true"))
    for sort in ("lastName", "firstName,lastName:desc", "firstName:lastName", "nothing", "lastName.en:asc"):
        await tenant.request("GET", sort=sort)
    await tenant.request("GET", pageNumber=1)
    await tenant.request("GET", expand="nothing")
    await tenant.request("GET", "/flags", expand="nothing")
    await tenant.request("GET", q="~")
    await tenant.request("POST", "", {"id": "unknown", "shoeSize": 42})
    await tenant.request("GET", "/unknown")
