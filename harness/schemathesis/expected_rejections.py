"""The rejections that the contract promises for a request, decided by the request alone.

Schemathesis' own verdict, that a case is negative, is not used: some of its negative cases are valid as they are sent.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import jsonschema_rs

from client import ABSENT
from client.json_values import parsed
from harness.params import WRITES
from harness.schemathesis.document import body_validator
from harness.schemathesis.request_spec import ITEM_OPERATIONS, RequestSpec
from spec import clauses
from strategies.namespace import LONGEST_ID

TENANT_STATUSES = (400, 401, 403, 404)
"""The contract does not say whether the token or the name of the tenant is checked first."""

_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_TOO_SMALL = re.compile(r"0|-[1-9][0-9]{0,8}")
_NOT_A_WHOLE_NUMBER = re.compile(r"[a-zA-Z][\x20-\x7e]*|-?[0-9]{1,9}\.[0-9]{0,9}[1-9]")
_NOT_A_FLAG = re.compile(r"[a-zA-Z]{3,40}|-?[2-9](\.[0-9]{1,9})?")
_FLAGS = frozenset({"true", "false", "yes", "no", "on", "off", "t", "f", "y", "n", "enabled", "disabled"})
_ID_CHARACTERS = re.compile(r"[a-zA-Z0-9_-]+")
_ASPECTS = {"type": "type", "minLength": "min-length", "maxLength": "max-length", "pattern": "characters"}


@dataclass(frozen=True, slots=True)
class ExpectedRejection:
    """A constraint that the request violates, and the statuses with which it is rejected.

    about: the class of input; definite: False where the contract leaves open whether the request is rejected;
    part: the property of the body that is invalid.
    """

    clause: str
    about: str
    statuses: tuple[int, ...] = (400,)
    definite: bool = True
    part: str = ""


def expected_rejections(request: RequestSpec) -> tuple[ExpectedRejection, ...]:
    """The rejections that the request calls for; an unsupported method is the only one of its request."""
    if not request.is_published:
        kind = "item" if request.operation in ITEM_OPERATIONS else "collection"
        return (ExpectedRejection(f"http.method.{kind}", request.method, (405,)),)
    found = [*_of_tenant(request), *_of_query(request), *_of_content_type(request), *_of_body(request)]
    return tuple(dict.fromkeys(found))


def definite(found: Iterable[ExpectedRejection]) -> tuple[ExpectedRejection, ...]:
    """The rejections that the contract does not leave open."""
    return tuple(each for each in found if each.definite)


def _of_tenant(request: RequestSpec) -> Iterator[ExpectedRejection]:
    name = request.tenant
    if name is None:
        return
    aspect = "min-length" if len(name) < 3 else "max-length" if len(name) > 16 else "pattern"
    finer = f"{request.operation}.tenant.{aspect}"
    clause = finer if finer in clauses() else f"{request.operation}.tenant.invalid"
    yield ExpectedRejection(clause, name, TENANT_STATUSES)


def _of_query(request: RequestSpec) -> Iterator[ExpectedRejection]:
    for name, values in request.query.items():
        clause, about = f"{request.operation}.{name}", ",".join(values)
        if name in ("pageNumber", "pageSize"):
            if all(_TOO_SMALL.fullmatch(value) for value in values):
                yield ExpectedRejection(f"{clause}.min", about)
            elif len(values) != 1 or not _WHOLE_NUMBER.fullmatch(values[0]):
                invalid = all(_NOT_A_WHOLE_NUMBER.fullmatch(value) for value in values)
                yield ExpectedRejection(f"{clause}.type", about, definite=invalid)
        elif name == "sendPasswordResetNotifications" and values not in (("true",), ("false",)):
            invalid = all(_NOT_A_FLAG.fullmatch(value) and value.lower() not in _FLAGS for value in values)
            yield ExpectedRejection(f"{clause}.type", about, definite=invalid)


def _of_content_type(request: RequestSpec) -> Iterator[ExpectedRejection]:
    if request.content_type is not None and "json" not in request.content_type:
        has_body = request.operation in WRITES and request.body is not ABSENT
        clause = "http.media-type.unsupported"
        yield ExpectedRejection(clause, request.content_type, (400, 415), definite=has_body)


def _of_body(request: RequestSpec) -> Iterator[ExpectedRejection]:
    operation, body = request.operation, request.body
    validator = body_validator(operation, request.media_type)
    if body is ABSENT:
        return
    if validator is None:
        if not isinstance(body, dict):
            yield ExpectedRejection(f"{operation}.body.optional", "no object", definite=False)
        return
    if isinstance(body, bytes):
        decoded = parsed(body)
        if decoded is ABSENT:
            # RFC 8259 §9: a parser with extensions may read what has an opening brace. White space may be no body.
            malformed = bool(body.strip()) and b"{" not in body
            yield ExpectedRejection(f"{operation}.body.malformed", "bytes", definite=malformed)
            return
        body = decoded
    if not isinstance(body, dict):
        about = json.dumps(body)[:40]
        yield ExpectedRejection(f"{operation}.body.object", about, definite=body is not None)
        return
    for error in validator.iter_errors(body):
        yield _of_property(operation, error)


def _of_property(operation: str, error: jsonschema_rs.ValidationError) -> ExpectedRejection:
    path = [str(step) for step in error.instance_path]
    keyword = str(error.schema_path[-1])
    aspect = _ASPECTS.get(keyword, keyword) if len(path) == 1 else "type"
    if path == ["id"] and isinstance(error.instance, str):
        aspect = _aspect_of_id(error.instance)
    clause = f"{operation}.{path[0]}.{aspect}"
    # The contract leaves null open, and of the members of an object it describes those of b2b alone.
    described = len(path) == 1 or path[0] == "b2b"
    is_definite = clause in clauses() and error.instance is not None and described
    return ExpectedRejection(clause, f"{'.'.join(path)}: {keyword}", definite=is_definite, part=path[0])


def _aspect_of_id(value: str) -> str:
    if not value:
        return "empty"
    return "max-length" if len(value) > LONGEST_ID and _ID_CHARACTERS.fullmatch(value) else "characters"
