"""What of a question breaks the contract, found by our own reading whatever the generator calls the case."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import jsonschema_rs

from client import ABSENT
from client.exchange import parsed
from harness.schemathesis.document import validator
from harness.schemathesis.request_spec import Question
from spec import clauses
from strategies.namespace import LONGEST_ID

REFUSED = (400,)
ANY_REFUSAL = (400, 401, 403, 404)
"""The contract does not say which comes first, the token or the tenant's name."""

WRITES = ("create", "upsert", "patch")
ITEMS = ("get", "upsert", "patch", "delete")
PUBLISHED_METHODS = {
    "list": "GET",
    "create": "POST",
    "search": "POST",
    "get": "GET",
    "upsert": "PUT",
    "patch": "PATCH",
    "delete": "DELETE",
}

_WHOLE = re.compile(r"[1-9][0-9]{0,5}")
_TOO_SMALL = re.compile(r"0|-[1-9][0-9]{0,8}")
_NO_WHOLE_NUMBER = re.compile(r"[a-zA-Z][\x20-\x7e]*|-?[0-9]{1,9}\.[0-9]{0,9}[1-9]")
_NO_FLAG = re.compile(r"[a-zA-Z]{3,40}|-?[2-9](\.[0-9]{1,9})?")
_FLAGS = frozenset({"true", "false", "yes", "no", "on", "off", "t", "f", "y", "n", "enabled", "disabled"})
_ID_CHARACTERS = re.compile(r"[a-zA-Z0-9_-]+")
_ASPECTS = {"type": "type", "minLength": "min-length", "maxLength": "max-length", "pattern": "characters"}


@dataclass(frozen=True, slots=True)
class Breach:
    """One promise of refusal that the question calls on; not `certain` where the contract leaves it open.

    `part` is the property of the body that the breach is in.
    """

    clause: str
    about: str
    statuses: tuple[int, ...] = REFUSED
    certain: bool = True
    part: str = ""


def breaches(question: Question) -> tuple[Breach, ...]:
    """Everything that the question breaks; a method that the resource lacks comes before all else."""
    if question.method != PUBLISHED_METHODS[question.operation]:
        kind = "item" if question.operation in ITEMS else "collection"
        return (Breach(f"http.method.{kind}", question.method, (405,)),)
    found = [*_of_tenant(question), *_of_query(question), *_of_content_type(question), *_of_body(question)]
    return tuple(dict.fromkeys(found))


def certain(found: Iterable[Breach]) -> tuple[Breach, ...]:
    """Those that the contract settles."""
    return tuple(each for each in found if each.certain)


def _of_tenant(question: Question) -> Iterator[Breach]:
    name, operation = question.tenant, question.operation
    if name is None:
        return
    aspect = "min-length" if len(name) < 3 else "max-length" if len(name) > 16 else "pattern"
    own = f"{operation}.tenant.{aspect}"
    yield Breach(own if own in clauses() else f"{operation}.tenant.invalid", name, ANY_REFUSAL)


def _of_query(question: Question) -> Iterator[Breach]:
    for name, values in question.query.items():
        if name in ("pageNumber", "pageSize"):
            yield from _of_page(f"{question.operation}.{name}", values)
        elif name == "sendPasswordResetNotifications":
            yield from _of_flag(f"{question.operation}.{name}", values)


def _of_page(clause: str, values: tuple[str, ...]) -> Iterator[Breach]:
    about = ",".join(values)
    if all(_TOO_SMALL.fullmatch(value) for value in values):
        yield Breach(f"{clause}.min", about)
    elif all(_NO_WHOLE_NUMBER.fullmatch(value) for value in values):
        yield Breach(f"{clause}.type", about)
    elif len(values) != 1 or not _WHOLE.fullmatch(values[0]):
        yield Breach(f"{clause}.type", about, certain=False)


def _of_flag(clause: str, values: tuple[str, ...]) -> Iterator[Breach]:
    if values in (("true",), ("false",)):
        return
    no_flags = all(_NO_FLAG.fullmatch(value) and value.lower() not in _FLAGS for value in values)
    yield Breach(f"{clause}.type", ",".join(values), certain=no_flags)


def _of_content_type(question: Question) -> Iterator[Breach]:
    if question.content_type is not None and "json" not in question.content_type:
        no_json = question.operation in WRITES and question.body is not ABSENT
        yield Breach("http.media-type.unsupported", question.content_type, (400, 415), certain=no_json)


def _of_body(question: Question) -> Iterator[Breach]:
    operation, body = question.operation, question.body
    reader = validator(operation, question.media_type)
    if body is ABSENT:
        return
    if reader is None:
        if not isinstance(body, dict):
            yield Breach(f"{operation}.body.optional", "no object", certain=False)
        return
    if isinstance(body, bytes):
        read = parsed(body)
        if read is ABSENT:
            yield Breach(f"{operation}.body.malformed", "bytes", certain=not _lenient_object(body))
            return
        body = read
    if not isinstance(body, dict):
        yield Breach(f"{operation}.body.object", json.dumps(body)[:40], certain=body is not None)
        return
    for error in reader.iter_errors(body):
        yield _of_property(operation, error)


def _of_property(operation: str, error: jsonschema_rs.ValidationError) -> Breach:
    path = [str(step) for step in error.instance_path]
    keyword = str(error.schema_path[-1])
    aspect = _ASPECTS.get(keyword, keyword) if len(path) == 1 else "type"
    if path == ["id"] and isinstance(error.instance, str):
        aspect = _of_id(error.instance)
    clause = f"{operation}.{path[0]}.{aspect}"
    # What a tenant does with null is open, and of the members of an object only those of b2b are promised.
    settled = clause in clauses() and error.instance is not None and (len(path) == 1 or path[0] == "b2b")
    return Breach(clause, f"{'.'.join(path)}: {keyword}", certain=settled, part=path[0])


def _of_id(value: str) -> str:
    if not value:
        return "empty"
    return "max-length" if len(value) > LONGEST_ID and _ID_CHARACTERS.fullmatch(value) else "characters"


def _lenient_object(body: bytes) -> bool:
    """Whether a reader that replaces what is not UTF-8 would see an object."""
    try:
        return isinstance(json.loads(body.decode("utf-8", "replace")), dict)
    except (ValueError, RecursionError):
        return False
