"""Scenes that list, search and get."""

from typing import Any

from meta_tests.unit.mock_tenant.scenes import MERGE, Stage, body, look, see

WAYS: tuple[tuple[tuple[str, str], tuple[Any, ...]], ...] = ((("GET", ""), ()), (("POST", "/search"), ({},)))


async def listing(stage: Stage) -> None:
    """Pages and orders, in list and in search."""
    for number in range(7):
        await stage.ask(
            "POST", "", {"id": f"c{number * 3 % 7}", "lastName": "abcdefg"[number * 5 % 7] * (number + 1)}
        )
    await stage.ask("POST", "", {"id": "none", "lastName": "b" * 30})
    await stage.ask("PATCH", "/c1", {"firstName": "f"})
    for way, content in WAYS:
        for sort in ("lastName", "lastName:asc", "lastName:desc", "firstName:asc", "id:desc"):
            await stage.ask(*way, *content, sort=sort)
            await stage.ask(*way, *content, sort=sort, pageSize=3)
        for number in (1, 2, 3, 4, 9):
            await stage.ask(*way, *content, pageSize=3, pageNumber=number)
        await stage.ask(*way, *content, pageSize=1)
        for wrong in ("0", "-1", "x", "1.5", "", "9" * 20):
            await stage.ask(*way, *content, pageSize=wrong)
            await stage.ask(*way, *content, pageNumber=wrong, pageSize=2)
    for number in range(110):
        await stage.ask("POST", "", {"id": f"d{number}"})
    for way, content in WAYS:
        await stage.ask(*way, *content)
        for size in (25, 100):
            await stage.ask(*way, *content, pageSize=size)


CONDITIONS = (
    "lastName:Berg",
    "lastName:berg",
    "lastName:Ber",
    "active:true",
    "active:false",
    'metadataCreatedAt:>"2026-03-04T05:06:07.003Z"',
    'metadataCreatedAt:<="2026-03-04T05:06:07.003Z"',
    'metadataCreatedAt:(>="2026-03-04T05:06:07.002Z" AND <="2026-03-04T05:06:07.004Z")',
    "firstName:null",
    "firstName:exists",
    "firstName:missing",
    "lastName:(Berg,Tal)",
    "lastName:Berg firstName:Anna",
    "firstName:Anna lastName:Berg",
    "lastName:~^B.*g$",
    "company:(~two words)",
    "mixins.a.n:7",
    'lastName:"Berg',
    "lastName:(Berg",
    "metadata.version:>1",
)


async def querying(stage: Stage) -> None:
    """Every form of q, in list and in search."""
    people: tuple[dict[str, Any], ...] = (
        {"firstName": "Anna", "lastName": "Berg", "company": "two words", "mixins": {"a": {"n": 7}}},
        {"firstName": "Anna", "lastName": "Berger", "company": "two others"},
        {"firstName": "", "lastName": "Tal", "type": "CONTACT"},
        {"lastName": "Berg", "contactEmail": "d@example.com", "restriction": "AT"},
        {"firstName": "Otto", "lastName": "Bergundtal"},
    )
    for number, person in enumerate(people):
        await stage.ask("POST", "", {"id": f"p{number}", **person})
    await stage.ask("PATCH", "/p3", {"onHold": True})
    await stage.ask("PUT", "/p5", {"lastName": "Berg", "active": False})
    for q in CONDITIONS:
        await stage.ask("GET", q=q)
        await stage.ask("POST", "/search", {"q": q})
    await stage.ask("PATCH", "/p4", {"lastName": "Berg"})
    await stage.ask("GET", q="lastName:Berg")
    await stage.ask("POST", "/search", {"q": "lastName:Berg"})
    await stage.ask("POST", "/search", {"q": "active:false"})
    for content in (b"{", b"[]", b"[" * 100, b'{"q": 7}', b'{"q": null}', b"{}"):
        await stage.ask("POST", "/search", content)
    await stage.ask("POST", "/search")
    for number in range(5):
        await stage.ask("GET", pageSize=number + 1)


async def reading(stage: Stage) -> None:
    """The same customers seen by get, list and search, expanded in every order, by clients of every limit."""
    await stage.ask("POST", "", body("one", password="hush"))
    await stage.ask("POST", "", {"id": "two"})
    await stage.ask(
        "PUT", "/three", {"active": False, "onHold": True, "type": "CONTACT", "restriction": "AT"}
    )
    for expand in ("", "mixin:*", "accounts,mixin:*", "mixin:*,accounts", "addresses", "mixin:a"):
        await stage.ask("GET", "/one", expand=expand)
        await stage.ask("GET", "", expand=expand)
        await stage.ask("POST", "/search", {}, expand=expand)
    for name in ("ONE", "nobody", "a%", "x" * 70, "one"):
        await stage.ask("GET", f"/{name}")
    for path in ("/one", "/two", "/three", ""):
        await stage.ask("GET", path, who="restricted")
    await stage.ask("POST", "/search", {}, who="restricted")
    for _ in range(12):
        await see(stage, "one")
    await stage.ask("PATCH", "/two", {"title": "changed"})
    await see(stage, "two", "two", "two")
    await stage.ask("DELETE", "/two")
    await see(stage, "two", "two", "two")
    for path, method, content in (("", "GET", ()), ("/search", "POST", ({},))):
        for _ in range(3):
            await stage.ask(method, path, *content)


async def wondering(stage: Stage) -> None:
    """What the contract leaves open."""
    for number, name in enumerate(("b", "B", "\u00e4", "a", "Z")):
        await stage.ask("POST", "", {"id": f"n{number}", "lastName": name, "firstName": f"{number % 2}"})
    await stage.ask("POST", "", body("flags", active=False, onHold=True))
    await stage.ask("POST", "", body("null", firstName=""))
    for path, media in (("/flags", MERGE), ("/null", "application/json")):
        await stage.ask("PATCH", path, {"title": None}, media=media)
    await stage.ask("POST", "", {"title": None, "restriction": ""})
    await stage.ask("POST", "", {"restriction": ""})
    await look(stage)
    for sort in ("lastName", "firstName,lastName:desc", "firstName:lastName", "nothing", "lastName.en:asc"):
        await stage.ask("GET", sort=sort)
    await stage.ask("GET", pageNumber=1)
    await stage.ask("GET", expand="nothing")
    await stage.ask("GET", "/flags", expand="nothing")
