"""Scenarios of combined queries: every query with sort, pages and expand, by two clients, over time."""

from typing import Any

from meta_tests.unit.mock_tenant.recorder import TenantRecorder, create_body
from mock_tenant.clients import OTHER_TENANT

QUERIES = (
    *(
        "contactEmail:a+tag@example.com",
        "contactEmail:a@example.com",
        "contactEmail:(a@example.com,b@example.com)",
    ),
    *("title:" + "t" * 40 + "x", "middleName:Zoe", "middleName:Zoé", "contactPhone:a_", "contactPhone:a%"),
    *("contactPhone:901", "photoUrl:https://example.com", "lastName:L", "lastName:exists", "title:null"),
    *(
        "firstName:(a,b,c)",
        "onHold:false",
        "onHold:exists",
        "company:C lastName:L",
        "restriction:AT",
        "company:C",
    ),
    *("metadataCreatedAt:<=2026-03-04T05:06:07.003Z", 'metadataCreatedAt:<"2026-03-04T05:06:07.003Z"'),
    *(
        'metadataCreatedAt:<"2026-03-04T06:06:07.003Z"',
        "mixins.m.n:<5",
        "mixins.m.s:x",
        "id:a",
        "customerNumber:a",
    ),
    *(
        "preferredLanguage:de_DE",
        "preferredCurrency:CHF",
        "preferredSite:main",
        "type:CONTACT",
        "id:a lastName:L",
    ),
    *(
        "contactEmail:b@example.com",
        "contactEmail:Old@example.com",
        "firstName:a",
        "firstName:z",
        "lastName:old",
    ),
    *("company:old", "onHold:true", "restriction:DE", "title:T", "contactPhone:a", "middleName:m:1"),
    *("preferredLanguage:sv_SE", "title:new", "middleName:new", "type:CONTACT"),
    *("contactEmail:a+tag@example.org", "lastName:null", "firstName:a company:C"),
)


async def combined_queries(tenant: TenantRecorder) -> None:
    """Every query alone, and with sort, pages and expand, by two clients, before and after a change and a delete."""
    for position, name in enumerate("abcd"):
        body = create_body(
            name,
            firstName=name,
            lastName="L" if position % 2 else "",
            company="C",
            title="T" if position == 3 else "t" * (40 + position),
            middleName="Zoé" if position else "m:1",
            contactPhone=("a_", "ab", "+49 30 901", "a%")[position],
            contactEmail=f"{name}+tag@example.com" if position == 0 else f"{name}@example.com",
            restriction=("AT", "DE", "CH", None)[position],
            type=("CONTACT", "CUSTOMER")[position % 2],
            preferredLanguage=("de_DE", "fr_FR")[position % 2],
            preferredSite="main",
            mixins={"m": {"n": (3, 10, 200, 45)[position], "s": "x"}},
        )
        await tenant.request("POST", "", body)
    await tenant.request("POST", "", create_body("theirs", company="C"), grant="other", tenant=OTHER_TENANT)
    await ask_everything(tenant)
    await tenant.request(
        "PATCH", "/b", {"lastName": "old", "contactEmail": "Old@example.com", "restriction": "CH"}
    )
    await tenant.request(
        "PATCH",
        "/b",
        {"preferredLanguage": "sv_SE", "title": "new", "middleName": "new", "type": "CONTACT"},
    )
    await tenant.request(
        "PATCH", "/b", {"company": "old", "onHold": True, "mixins": {"m": {"s": "y"}}, "firstName": "z"}
    )
    await ask_everything(tenant)
    await tenant.request("DELETE", "/a")
    await ask_everything(tenant)
    await tenant.request("GET", "/theirs", expand="accounts")
    for method, path, body in (
        ("PATCH", "/theirs", {"title": "x"}),
        ("DELETE", "/theirs", {}),
        ("PUT", "/theirs", {}),
    ):
        await tenant.request(method, path, body)
        await tenant.request("GET", "/theirs", grant="other", tenant=OTHER_TENANT)


async def ask_everything(tenant: TenantRecorder) -> None:
    """Lists and searches by every query and combination of parameters."""
    for method, path in (("GET", ""), ("POST", "/search")):
        for q in ("", *QUERIES):
            parameters: dict[str, Any] = {"q": q} if method == "GET" and q else {}
            body = ({"q": q} if q else {},) if method == "POST" else ()
            for grant in ("client", "restricted"):
                await tenant.request(method, path, *body, grant=grant, **parameters)
        for sort in (
            "metadataCreatedAt:desc",
            "firstName:asc",
            "title:desc",
            "contactEmail:desc",
            "lastName",
        ):
            for number in (1, 2, 3, 4):
                for grant in ("client", "restricted"):
                    chosen: dict[str, Any] = {"q": "company:C"} if method == "GET" else {}
                    chosen |= {"pageSize": (3, 3, 1, 2)[number - 1], "pageNumber": number, "sort": sort}
                    body = ({"q": "company:C"},) if method == "POST" else ()
                    await tenant.request(method, path, *body, grant=grant, expand="mixin:*", **chosen)
        await tenant.request(
            method, path, *(({},) if method == "POST" else ()), sort="title", expand="mixin:*"
        )
    for customer_id in "abcd":
        await tenant.request("GET", f"/{customer_id}", grant="restricted")
        await tenant.request("GET", f"/{customer_id}", grant="restricted", expand="accounts")
