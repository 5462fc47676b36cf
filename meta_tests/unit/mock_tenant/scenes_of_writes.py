"""Scenes that create, upsert, patch and delete, and look what became of it."""

from typing import Any

from meta_tests.unit.mock_tenant.scenes import MERGE, Stage, body, for_update, look, see
from mock_tenant.constants import TEXTS

LIMITED = {"preferredCurrency": "JPY", "type": "CONTACT", "restriction": "CH"}
GENERATED = {"customerNumber": "n", "businessModel": "B2B", "metadataCreatedAt": "2020-01-01T00:00:00Z"}


async def creating(stage: Stage) -> None:
    """Creates of every kind, and what became of them."""
    await stage.ask("POST", "", body("one", password="hush"))
    await stage.ask("POST", "", body("One", password="hush"))
    await stage.ask("POST", "", {"password": "hush", "lastName": "generated"})
    for _ in range(11):
        await stage.ask("POST", "", {"lastName": "x"})
    await stage.ask("POST")
    await stage.ask("POST", "", body("two", type="CONTACT", restriction=None))
    await stage.ask("POST", "", body("three", restriction="CH", customerNumber="n", businessModel="B2B"))
    await stage.ask("POST", "", body("four", metadataCreatedAt="2020-01-01T00:00:00Z"))
    await stage.ask("POST", "", {**body("five"), "restriction": None})
    for name in ("A_b-9", "x", "x" * 66, "9z"):
        await stage.ask("POST", "", {"id": name})
    await see(stage, "one", "One", "two", "three", "four", "five", "9z", "x" * 66, "ONE")
    await look(stage)


async def conflicts(stage: Stage) -> None:
    """Ids and addresses that are taken, given up, or belonged to the deleted."""
    for name in ("one", "two", "three"):
        await stage.ask("POST", "", body(name))
    await stage.ask(
        "POST", "", body("one", contactEmail="new@example.com", lastName="other", password="hush")
    )
    await stage.ask("POST", "", body("four", contactEmail="two@Example.com"))
    await stage.ask("PUT", "/five", for_update("two"))
    await stage.ask("PUT", "/one", for_update("two", lastName="six"))
    await stage.ask("PATCH", "/one", {"contactEmail": "two@Example.com"})
    await stage.ask("PATCH", "/one", {"contactEmail": "moved@example.com"})
    await stage.ask("POST", "", body("six", contactEmail="one@Example.com"))
    await stage.ask("POST", "", body("seven", contactEmail="moved@example.com"))
    await look(stage)
    await stage.ask("DELETE", "/two")
    await stage.ask("POST", "", body("two"))
    await stage.ask("DELETE", "/three")
    await stage.ask("PUT", "/three", {"lastName": "again"})
    await stage.ask("POST", "", body("eight", contactEmail="two@Example.com"))
    await see(stage, "two", "three", "eight")
    await look(stage)


async def defaults(stage: Stage) -> None:
    """What creations give that leave everything out."""
    await stage.ask("POST", "", {"id": "one"})
    await stage.ask("PUT", "/two", {})
    await stage.ask("PUT", "/three", {"active": False, "onHold": True})
    await see(stage, "one", "two", "three")


async def upserting(stage: Stage) -> None:
    """Upserts that create and that update, once and again."""
    await stage.ask("POST", "", body("before", lastName="b"))
    await stage.ask("PUT", "/One", for_update("one", active=False, onHold=True, password="hush"))
    await stage.ask("POST", "", body("after", lastName="a"))
    await see(stage, "One", "one")
    changed = for_update("one", lastName="new", company="c", contactPhone="0049", active=True)
    for _ in range(2):
        await stage.ask("PUT", "/One", {**changed, **GENERATED, "id": "moved"})
        await see(stage, "One", "moved")
    await stage.ask("PUT", "/One", {"lastName": "merge"}, media=MERGE)
    await stage.ask("PUT", "/One")
    for _ in range(2):
        await stage.ask("PUT", "/One", for_update("one", type="CONTACT", restriction="CH", title="t"))
        await see(stage, "One")
    await stage.ask("PUT", "/One", {"restriction": None})
    await stage.ask("PUT", "/Two", {"lastName": "l"})
    await see(stage, "One", "Two", "two")
    await look(stage)


async def patching(stage: Stage) -> None:
    """Patches of one property, of several, of none, again, and of the deleted."""
    await stage.ask("POST", "", body("before", lastName="same"))
    await stage.ask("POST", "", body("one", lastName="same", password="hush"))
    await stage.ask("POST", "", body("after", lastName="same"))
    await stage.ask("PATCH", "/one", {})
    await stage.ask("PATCH", "/one")
    await see(stage, "one")
    changes: tuple[dict[str, Any], ...] = (
        {"active": False},
        {"preferredSite": "main"},
        {"company": "Big", "title": "t", "middleName": "m"},
        {"company": "Big", "title": "t", "middleName": "m"},
        {"firstName": "f", "lastName": "l"},
        {"active": False},
        {"mixins": {"z": {"n": 1}}},
        {
            **dict.fromkeys(TEXTS, f" N\U0001f600 {'w' * 300} "),
            **LIMITED,
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
        await stage.ask("PATCH", "/one", change)
        await see(stage, "one", "moved")
        await look(stage)
    await stage.ask("PATCH", "/one", {"title": "merged", "mixins": {"z": {"m": 2}}}, media=MERGE)
    for emptied in ("", None):
        await stage.ask("PATCH", "/one", {"contactEmail": emptied})
        await see(stage, "one")
    await stage.ask("PATCH", "/ONE", {"title": "x"})
    await stage.ask("PUT", "/one", {"lastName": "put"})
    await stage.ask("PATCH", "/one", {"title": "after put"})
    await see(stage, "one")
    await stage.ask("PATCH", "/nobody", {"title": "x"})
    await see(stage, "nobody")
    await stage.ask("DELETE", "/one")
    await stage.ask("PATCH", "/one", {"title": "risen"})
    await see(stage, "one")
    await look(stage)


async def deleting(stage: Stage) -> None:
    """Deletes of those who are there, were there, and never were."""
    for name in ("one", "one-more", "two", "three", "four", "five", "six", "seven"):
        await stage.ask("POST", "", body(name, password="hush"))
    await stage.ask("DELETE", "/THREE")
    await stage.ask("DELETE", "/nobody")
    await stage.ask("PATCH", "/six", {"title": "x"})
    await stage.ask("DELETE", "/one", {})
    await stage.ask("DELETE", "/one")
    await see(stage, "one", "one-more", "two", "six")
    await look(stage)
    for name in ("two", "three", "four", "five"):
        await stage.ask("DELETE", f"/{name}")
    await see(stage, "two", "three", "four", "five")
    await look(stage)
    await stage.ask("POST", "", body("new", contactEmail="one@Example.com"))
    for content in (b"[]", b"1", b"{"):
        await stage.ask("DELETE", "/seven", content)
        await see(stage, "seven")
    await stage.ask("DELETE", "/seven", who="reader")
    await see(stage, "seven")
    await stage.ask("DELETE", "/seven", who=None)
    await see(stage, "seven")
    await stage.ask("DELETE", "/\u00e4")
