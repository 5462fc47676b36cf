"""Scenes of bad input, of those who may not enter, and of requests that arrive together."""

import asyncio
from typing import Any

from meta_tests.unit.mock_tenant.scenes import JSON, OTHER, HeardError, Stage, body, for_update, look, see
from mock_tenant.constants import PROPERTIES

OPERATIONS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "", None),
    ("POST", "", {}),
    ("POST", "/search", {}),
    ("GET", "/one", None),
    ("PUT", "/one", {}),
    ("PATCH", "/one", {}),
    ("DELETE", "/one", None),
)
WRONG: dict[str, tuple[Any, ...]] = {"b2b": (7, {"companyRegistrationId": 7})}
WRITES = (("POST", "", "create"), ("PUT", "/one", "upsert"), ("PATCH", "/one", "patch"))
JUDGED: dict[str, tuple[Any, ...]] = {
    "preferredCurrency": ("US", "EURO", "QQQ"),
    "type": ("ROBOT", "CUSTOMER", "CONTACT"),
    "restriction": ("FR", "de", "CH", None),
}


async def refusing(stage: Stage) -> None:
    """Bodies that break one rule each, and what they left behind."""
    await stage.ask("POST", "", body("one"))
    for method, path, operation in WRITES:
        for name in PROPERTIES[operation]:
            for wrong in WRONG.get(name, (7,)):
                await stage.ask(method, path, {name: wrong, "password": "hush", "company": f"c {name}"})
                await stage.ask(method, path, {name: wrong})
        for name, values in JUDGED.items():
            for value in values:
                await stage.ask(method, path, {name: value})
        for content in (b"{", b"[]", b"null", b'{"title": "a",}', b'{"title": "\xff"}', b"[" * 300):
            await stage.ask(method, path, content)
        await stage.ask(method, path, b"<a/>", media="text/xml")
        await stage.ask(method, path, b'{"title": "x"}', media="text/plain")
        await stage.ask(method, path, {"title": "x"}, media=f"{JSON}; charset=utf-8")
        await stage.ask(method, path, {"title": "\U0001f600"})
        await stage.ask(method, path, {"title": "\0"})
    await stage.ask("GET", "", q="x" * 2000)
    for method, path, content in (
        ("PUT", "/one", for_update("one")),
        ("PATCH", "/one", {}),
        ("DELETE", "/one", None),
    ):
        await stage.ask("PATCH", "/one", {"restriction": "AT"})
        await stage.ask(method, path, *(() if content is None else (content,)), who="restricted")
    await stage.ask("PATCH", "/one", {"title": 7, "lastName": "written"})
    await see(stage, "one")
    await stage.ask("POST", "", body("bad", title=7))
    await stage.ask("POST", "", body("good", contactEmail="bad@Example.com"))
    for name in ("", "x" * 67, "a.b", "a b", "a\n", "a/b%", "\u00e4"):
        await stage.ask("POST", "", {"id": name})
    for path in ("", "/one"):
        await stage.ask("PUT" if path else "POST", path, {}, sendPasswordResetNotifications="maybe")
    await look(stage)


async def entering(stage: Stage) -> None:
    """Every operation by everybody, under every tenant name."""
    await stage.ask("POST", "", body("one", restriction="AT"))
    names = ("ab", "a" * 17, "Mockstore", "MOCKSTORE", "mock_store", "nobody")
    for method, path, content in OPERATIONS:
        sent = () if content is None else (content,)
        for who in (None, "forged", "expired", "reader", "writer", "other"):
            await stage.ask(method, path, *sent, who=who)
        for scheme in ("bearer", "Basic", "", "Bearer x"):
            await stage.ask(method, path, *sent, scheme=scheme)
        for tenant in names:
            await stage.ask(method, path, *sent, tenant=tenant)


async def methods(stage: Stage) -> None:
    """Methods that resources lack."""
    for path in ("", "/search", "/one"):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"):
            await stage.ask(method, path)


async def tokens(stage: Stage) -> None:
    """Token requests of every kind."""
    token = await stage.token()
    await stage.ask("GET", who=str(token.get("access_token")))
    for fields in (
        {"scope": "tenant=mockstore customer.customer_read"},
        {"scope": "customer.customer_manage tenant=otherstore"},
        {"scope": "order.order_read"},
        {"client_secret": "wrong"},
        {"client_secret": stage.behaviour.clients["mock-client"].secret + "x"},
        {"grant_type": "password"},
        {"client_id": "mock-restricted-client"},
        {"media": JSON},
    ):
        token = await stage.token(**fields)
        for method in ("GET", "POST"):
            await stage.ask(
                method, "", *([{}] if method == "POST" else []), who=str(token.get("access_token"))
            )


async def neighbours(stage: Stage) -> None:
    """Two tenants that know nothing of each other."""
    for who, tenant in (("client", "mockstore"), ("other", OTHER)):
        await stage.ask("POST", "", body("one", lastName=tenant), who=who, tenant=tenant)
        await stage.ask("POST", "", body(f"of-{tenant}"), who=who, tenant=tenant)
    await stage.ask("PATCH", "/one", {"title": "patched"})
    for who, tenant in (("client", "mockstore"), ("other", OTHER)):
        for path in ("", "/one", "/of-mockstore", f"/of-{OTHER}"):
            await stage.ask("GET", path, who=who, tenant=tenant)
    await stage.ask("DELETE", "/one")
    await stage.ask("GET", "/one", who="other", tenant=OTHER)


async def together(stage: Stage) -> None:
    """Requests that arrive together; what they leave must not depend on which came first."""

    async def later(delay: float, *request: Any) -> None:
        await asyncio.sleep(delay)
        await stage.ask(*request)

    expected, stage.against = stage.against, ()

    async def at_once(*requests: tuple[Any, ...]) -> None:
        before = len(stage.transcript)
        await asyncio.gather(*(later(0.004 * place, *request) for place, request in enumerate(requests)))
        stage.transcript[before:] = sorted(stage.transcript[before:], key=repr)

    await at_once(("POST", "", body("one")), ("POST", "", body("one")))
    await at_once(
        ("PUT", "/two", for_update("two", title="1")), ("PUT", "/two", for_update("two", title="1"))
    )
    await look(stage)
    same = for_update("three", title="1", lastName="1")
    other = for_update("three", title="2", lastName="2")
    await at_once(("PUT", "/three", same), ("PUT", "/three", other))
    shown = await stage.ask("GET", "/three")
    stage.transcript[-1] = ("mixed", shown.get("title") != shown.get("lastName"))
    await at_once(("PATCH", "/one", {"title": "t"}), ("PATCH", "/one", {"lastName": "l"}))
    await see(stage, "one")
    await at_once(("PATCH", "/one", {"title": "u", "lastName": "u"}), ("GET", "/one"), ("GET", "/one"))
    await at_once(("PATCH", "/one", {"title": "w"}), ("DELETE", "/one"))
    await see(stage, "one")
    if expected and list(expected) != stage.transcript:
        raise HeardError
