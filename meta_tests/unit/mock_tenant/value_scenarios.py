"""Scenarios of values: rich bodies, nulls, merge patches, unique values, and unusual requests."""

from typing import Any

from meta_tests.unit.mock_tenant.recorder import (
    MERGE_PATCH,
    TenantRecorder,
    create_body,
    get,
    list_and_search,
    update_body,
)
from mock_tenant.clients import OTHER_TENANT, TENANT
from mock_tenant.constants import OPERATIONS, PROPERTIES, STRINGS

HOSTILE = " \u201d a\u0301\ufb01\u00a0\u200b\u20ac\U0001f600 z <b>&amp;</b> O'Hara \\ %41 + {{y}} \tb\r\nc\n"
TEXTS = ("title", "firstName", "middleName", "lastName", "company")
STRUCTURE = {
    "empty": {"list": [], "object": {}, "text": "", "flag": False},
    "order": ["b", "a", "b", ["c", ["d"]], None, True],
    "only": ["one"],
    "many": [*range(12, 0, -1)],
    "levels": {"2": {"3": {"4": {"5": {"6": {"7": 1}}}}}},
    "numbers": [1234.56789, -0.5, 2**40],
    "texts": [" x ", "007", "x" * 300, "2024-02-29T10:00:00+01:00"],
    "id": "01",
    "Straße und-Nr": 1,
    "a.b": 1,
    "/a/b": 2,
}
FIXED = {
    "hostile": {"preferredLanguage": "pt_BR", "type": "CONTACT", "restriction": "CH", "active": False},
    "long": {"preferredLanguage": "de_DE", "type": "CUSTOMER", "restriction": "AT", "active": True},
    "empty": {"preferredLanguage": "fr_FR", "type": "CONTACT", "restriction": "DE", "active": False},
    "words": {"preferredLanguage": "it_IT", "type": "CUSTOMER", "restriction": "CH", "active": True},
}


def rich_body(name: str, operation: str) -> dict[str, Any]:
    """A body full of unusual values for a write."""
    text = {"hostile": HOSTILE, "long": "Xy " * 400, "empty": ""}.get(name, "null")
    body: dict[str, Any] = {
        field: f"{field}{text}" if name in ("hostile", "long") else text for field in TEXTS
    }
    if name == "words":
        body["firstName"] = "007"
    body |= FIXED[name] | {
        "contactEmail": f"{operation}.{name}.{'x' * 50}+Tag@example.com",
        "contactPhone": "+49 (0)30 901-820",
        "photoUrl": "https://Example.com/a%20b?x=1" + "&m=1" * 300 + "#top",
        "b2b": {"companyRegistrationId": f"R {name}"},
        "mixins": {f"m{name}": STRUCTURE},
        "metadata": {"mixins": {f"m{name}": f"https://example.com/{name}"}},
    }
    if operation == "create":
        del body["active"]
        return body | {"id": f"created-{name}"}
    return body | {"onHold": not body["active"]}


async def rich_bodies(tenant: TenantRecorder) -> None:
    """Creates, upserts and patches of every kind of value, each read back."""
    await tenant.request("POST", "", {"id": "put", "lastName": "plain"})
    await tenant.request("POST", "", {"id": "patched", "lastName": "plain"})
    for name in FIXED:
        await tenant.request("POST", "", rich_body(name, "create"))
        await tenant.request("PUT", f"/new-{name}", rich_body(name, "new"))
        await tenant.request("PUT", "/put", rich_body(name, "put"))
        await tenant.request("PATCH", "/patched", rich_body(name, "patch"))
        await get(tenant, f"created-{name}", f"new-{name}", "put", "patched")
    await tenant.request("GET", "/patched")
    await tenant.request("DELETE", "/created-empty")
    await list_and_search(tenant)


async def single_changes(tenant: TenantRecorder) -> None:
    """Patches of one property each, of a full and of an empty customer, read in every representation."""
    await tenant.request("POST", "", create_body("full", preferredSite="DE"))
    await tenant.request("POST", "", {"id": "bare"})
    await tenant.request("GET", "/full", expand="mixin:*")
    changes: list[dict[str, Any]] = [{"onHold": True}, {"active": False}]
    changes += [
        {name: f"new {name}"} for name in STRINGS if name not in ("restriction", "type", "preferredCurrency")
    ]
    changes += [{"restriction": "CH"}, {"type": "CONTACT"}, {"preferredCurrency": "JPY"}]
    changes += [{"b2b": {"companyRegistrationId": "R9"}}, {"mixins": {"z": {"n": 1}}}, {"active": True}]
    changes += [{"metadata": {"mixins": {"z": "https://example.com/z"}}}, {"onHold": False}]
    for position, change in enumerate(changes):
        await tenant.request("PATCH", "/full", change)
        if "contactEmail" not in change:
            await tenant.request("PATCH", "/bare", change)
        await get(tenant, "full", "bare")
        await tenant.request("GET", "/full", expand=("mixin:*", "accounts")[position % 2])
        await tenant.request("GET", "/full")
        await list_and_search(tenant)


async def nulls(tenant: TenantRecorder) -> None:
    """Null and empty values in each property of each write, and in nested objects; parameters given twice."""
    await tenant.request("POST", "", {"id": "one"})
    nested: tuple[dict[str, Any], ...] = (
        {"b2b": {"companyRegistrationId": None}},
        {"metadata": {"mixins": None}},
        {"metadata": {"version": None}},
        {"mixins": {"a": None}},
        {"mixins": {"a": {"b": None}}},
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


async def merge_patches(tenant: TenantRecorder) -> None:
    """Merge patches of nested objects and of the restriction."""
    box = {
        "kept": 1,
        "list": [1, 2, 3],
        "flag": True,
        "object": {"a": 1, "b": {"c": {"d": 1, "e": 2}}},
        "none": [1],
    }
    metadata = {"mixins": {"m": "https://example.com/m", "o": "https://example.com/o"}}
    await tenant.request(
        "POST", "", create_body("one", mixins={"m": box, "o": {"kept": 1}}, metadata=metadata)
    )
    for change in (
        {"list": [4], "flag": False, "object": {"b": {"c": {"d": 2}}}, "none": []},
        {"kept": None, "object": "text"},
    ):
        body = {"mixins": {"m": change}, "metadata": {"mixins": {"m": "https://example.com/new"}}}
        await tenant.request("PATCH", "/one", body, media_type=MERGE_PATCH)
        await get(tenant, "one")
    await tenant.request("PATCH", "/one", {"restriction": "AT"}, media_type=MERGE_PATCH)
    await get(tenant, "one")


async def unique_values(tenant: TenantRecorder) -> None:
    """Addresses and ids that are given up, kept, or named by rejected writes."""
    await tenant.request("POST", "", create_body("one", contactEmail="first@example.com"))
    await tenant.request("PATCH", "/one", {"contactEmail": "second@example.com"})
    await tenant.request("PATCH", "/one", {"contactEmail": "second@example.com", "active": False})
    await tenant.request("POST", "", create_body("freed", contactEmail="first@example.com"))
    await tenant.request("POST", "", create_body("similar", contactEmail="_hird@example.com"))
    await tenant.request("POST", "", create_body("other", contactEmail="_irst@example.com"))
    await tenant.request("POST", "", create_body("held", contactEmail="second@example.com"))
    await tenant.request("PUT", "/one", update_body("one", contactEmail="third@example.com"))
    await tenant.request("POST", "", create_body("held-2", contactEmail="third@example.com"))
    await tenant.request("PUT", "/one", update_body("one", contactEmail="third@example.com"))
    await tenant.request("POST", "", create_body("freed-2", contactEmail="second@example.com"))
    await tenant.request("PATCH", "/one", {"active": False, "contactEmail": "Third@example.com"})
    await tenant.request("POST", "", create_body("held-3", contactEmail="Third@example.com"))
    await tenant.request("POST", "", create_body("held-3", contactEmail="Third@example.com"))
    await tenant.request("POST", "", create_body("new", contactEmail="fourth@example.com", title=7))
    await tenant.request("PUT", "/new", update_body("new", contactEmail="fourth@example.com", title=7))
    await tenant.request("PATCH", "/one", {"contactEmail": "fourth@example.com", "title": 7})
    await tenant.request("POST", "", create_body("new", contactEmail="fourth@example.com"))
    await tenant.request("PUT", "/new-2", update_body("new-2", title=7))
    await tenant.request("PUT", "/new-2", update_body("new-2"))
    await tenant.request("DELETE", "/one")
    await tenant.request("POST", "", create_body("freed-3", contactEmail="Third@example.com"))
    await tenant.request("GET", "/later")
    await tenant.request("PUT", "/later", update_body("later"))
    await get(tenant, "later")


async def refused_writes(tenant: TenantRecorder) -> None:
    """Writes without authorization, invalid ones, and near misses of the Authorization header."""
    await tenant.request("POST", "", create_body("one", restriction="AT"))
    written = {"title": "written", "lastName": "written"}
    for grant in (None, "reader", "restricted"):
        await tenant.request("POST", "", create_body(f"by-{grant}", restriction="AT"), grant=grant)
        await tenant.request("PUT", "/one", update_body("one", restriction="AT", **written), grant=grant)
        await tenant.request("PUT", f"/put-by-{grant}", {"restriction": "AT"}, grant=grant)
        await tenant.request("PUT", "/one", {"restriction": "DE"}, grant=grant)
        await tenant.request("PATCH", "/one", written, grant=grant)
        await get(tenant, "one", f"by-{grant}", f"put-by-{grant}")
    await tenant.request("PUT", "/one", {"title": 7})
    await tenant.request("PATCH", "/one", {"title": 7})
    await get(tenant, "one")
    headers = (
        "client",
        "Bearerclient",
        "Bearer: client",
        "BearerX client",
        "Basic client",
        "Bearer token=client",
    )
    for operation in OPERATIONS:
        method, path, body = {
            "list": ("GET", "", b""),
            "create": ("POST", "", {"id": "intruder"}),
            "search": ("POST", "/search", {}),
            "get": ("GET", "/one", b""),
            "upsert": ("PUT", "/one", {}),
            "patch": ("PATCH", "/one", {}),
            "delete": ("DELETE", "/none", b""),
        }[operation]
        for header in (*headers, 'Bearer "client"', "Bearer client x"):
            scheme, _, token = header.rpartition(" ")
            await tenant.request(method, path, body, grant=token, scheme=scheme)
        for token in ("client-and-more", "restricte", "CLIENT", "expired"):
            await tenant.request(method, path, body, grant=token)


async def unusual_requests(tenant: TenantRecorder) -> None:
    """A large body, unusual headers, conditional gets, an empty expand, and a token for another tenant."""
    await tenant.request("POST", "", create_body("one", mixins={"m": {"text": "x" * 70_000}}))
    await get(tenant, "one")
    collection = f"/customer/{TENANT}/customers"
    for target, headers in (
        (collection, {"accept": "text/csv"}),
        (f"{collection}/one", {"accept": "application/;q=2, x"}),
        (f"{collection}/one", {"if-none-match": '"one"'}),
    ):
        await tenant.send("GET", target, {"authorization": "Bearer client", **headers}, b"")
    headers = {"authorization": "Bearer client", "accept-language": "x_?;q=a"}
    await tenant.send("POST", f"{collection}/search", headers, b"{}")
    for method, path in (("GET", ""), ("POST", "/search"), ("GET", "/one")):
        await tenant.request(method, path, *([{}] if path == "/search" else []), expand="")
    body = await tenant.request_token(scope=f"tenant={OTHER_TENANT} customer.customer_read")
    await tenant.request("GET", tenant=OTHER_TENANT, grant=str(body.get("access_token")))
