"""The scenes by name: between them they touch every promise, so that no planted lie goes unheard."""

from collections.abc import Awaitable, Callable

from meta_tests.unit.mock_tenant import scenes_of_reads, scenes_of_rejections, scenes_of_writes
from meta_tests.unit.mock_tenant.scenes import Stage

Scene = Callable[[Stage], Awaitable[None]]

SCENES: dict[str, Scene] = {
    name: getattr(module, name)
    for module, names in (
        (scenes_of_writes, "creating conflicts defaults upserting patching deleting"),
        (scenes_of_reads, "listing querying reading wondering"),
        (scenes_of_rejections, "refusing entering methods tokens neighbours together"),
    )
    for name in names.split()
}
FIRST = {
    "create": "creating",
    "upsert": "upserting",
    "patch": "patching",
    "delete": "deleting",
    "token": "tokens",
    "http": "methods",
    "errors": "refusing",
    "isolation": "neighbours",
    "concurrency": "together",
}
ASPECTS = {
    "auth|tenant|expiry": "entering",
    "q|deleted|body": "querying",
    "sort|page|pageSize|pageNumber": "listing",
    "default": "defaults",
    "email|deleted-id|duplicate|unique": "conflicts",
    "type|min-length|max-length|empty|characters|iso-4217|unsupported": "refusing",
    "restriction|malformed|object|refused|no-5xx": "refusing",
}


def order(clause: str) -> list[str]:
    """The scenes, the likeliest to show a breach of this clause first."""
    operation, *aspects = clause.split(".")
    by_aspect = [scene for words, scene in ASPECTS.items() if set(words.split("|")) & set(aspects)]
    return list(dict.fromkeys([*by_aspect, FIRST.get(operation, "reading"), *SCENES]))
