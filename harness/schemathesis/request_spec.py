"""A question: what a generated case asks, free of everything that only one tenant could answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from schemathesis.core import NOT_SET
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation

from client import ABSENT
from harness.schemathesis.document import parameters

Generated = Case[APIOperation[Any, Any, Any, Any]]
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,-")
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One request: `tenant` None is the tenant under test, query values are text as it is sent.

    `body` is a JSON value, bytes, or ABSENT; `content_type` is a media type declared in its place.
    """

    operation: str
    method: str
    tenant: str | None = None
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    body: Any = ABSENT
    media_type: str | None = None
    content_type: str | None = None


def question_of(operation: str, case: Generated) -> Question:
    """What the case asks; parameters and headers that the operation does not have are left out."""
    query = {
        str(name): _texts(value)
        for name, value in (case.query or {}).items()
        if name in parameters(operation)
    }
    body = case.body
    return Question(
        operation=operation,
        method=str(case.method).upper(),
        tenant=_broken_name(str((case.path_parameters or {}).get("tenant", ""))),
        query={name: values for name, values in query.items() if values},
        body=ABSENT if body is NOT_SET or body == b"" else body,
        media_type=case.media_type if body is not NOT_SET else None,
        content_type=dict(case.headers or {}).get("Content-Type"),
    )


def _broken_name(encoded: str) -> str | None:
    """A name that no tenant has, where its characters leave it one segment of the path for every reader."""
    name = unquote(encoded)
    if not name or len(name) > LONGEST_NAME or not NAME_CHARACTERS.issuperset(name) or not name.strip("."):
        return None
    valid = name.isalnum() and name.islower() and name[0].isalpha() and 3 <= len(name) <= 16
    return None if valid else name


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(text for each in value for text in _texts(each)[:1])
    if isinstance(value, dict):
        return ()
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return (str(value),)
