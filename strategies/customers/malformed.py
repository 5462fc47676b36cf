"""Request bodies as bytes: JSON that is no object, bytes that are no JSON, and JSON hard to swallow."""

import json
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st

from strategies import namespace, text
from strategies.cases import Case, drawn
from strategies.customers.bodies import plain

_NOT_OBJECTS: tuple[Case[Any], ...] = (
    Case("an empty array", []),
    Case("an array of an object", [{"firstName": "Ada"}]),
    Case("a string", "Ada"),
    Case("a number", 1),
    Case("true", True),
    Case("false", False),
    Case("an object in a string", '{"firstName": "Ada"}'),
)
NULL_BODY: Case[None] = Case("null", None)

_Write = Callable[[bytes], bytes]
_Named = tuple[str, _Write]


def not_object_cases() -> tuple[Case[Any], ...]:
    """JSON values that are no object, null apart, which is NULL_BODY. Source: every request body."""
    return _NOT_OBJECTS


def not_objects() -> st.SearchStrategy[Case[Any]]:
    """One of the JSON values that are no object."""
    return drawn(_NOT_OBJECTS)


# A body begins with a fresh address, so that one which a tenant takes all the same can be found and removed.
_MALFORMED: tuple[_Named, ...] = (
    ("no closing brace", lambda head: b"{" + head),
    ("cut off inside a string", lambda head: b"{" + head + b', "firstName": "Ad'),
    ("cut off behind a colon", lambda head: b"{" + head + b', "firstName":'),
    ("a comma at the end", lambda head: b"{" + head + b",}"),
    ("no comma between members", lambda head: b"{" + head + b' "firstName": "Ada"}'),
    ("no colon", lambda head: b"{" + head + b', "firstName" "Ada"}'),
    ("single quotes", lambda head: b"{" + head.replace(b'"', b"'") + b"}"),
    ("a name without quotes", lambda head: b"{" + head + b', firstName: "Ada"}'),
    ("a bare word", lambda head: b"{" + head + b', "firstName": Ada}'),
    ("Python's True", lambda head: b"{" + head + b', "mixins": {"a": True}}'),
    ("NaN", lambda head: b"{" + head + b', "mixins": {"a": NaN}}'),
    ("Infinity", lambda head: b"{" + head + b', "mixins": {"a": Infinity}}'),
    ("a number with a leading zero", lambda head: b"{" + head + b', "mixins": {"a": 01}}'),
    ("a hexadecimal number", lambda head: b"{" + head + b', "mixins": {"a": 0x1F}}'),
    ("a comment", lambda head: b"{" + head + b"/* Ada */}"),
    ("a newline inside a string", lambda head: b"{" + head + b', "firstName": "Ada\nLovelace"}'),
    ("an unknown escape", lambda head: b"{" + head + b', "firstName": "Ada\\x41"}'),
    ("two braces", lambda head: b"{{" + head + b"}}"),
    ("a brace too many", lambda head: b"{" + head + b"}}"),
    ("a bracket for a brace", lambda head: b"{" + head + b"]"),
    ("two documents", lambda head: b"{" + head + b"} {}"),
    ("a form", lambda head: head.replace(b'"', b"").replace(b": ", b"=")),
    ("markup", lambda head: b"<customer>" + head + b"</customer>"),
    ("a byte that is no UTF-8", lambda head: b"{" + head + b', "firstName": "Ad\xff"}'),
    ("UTF-8 cut off inside a character", lambda head: b"{" + head + b', "firstName": "\xc3"}'),
    ("Latin-1", lambda head: b"{" + head + b', "firstName": "J\xfcrgen"}'),
    ("a surrogate as UTF-8", lambda head: b"{" + head + b', "firstName": "\xed\xa0\xbd"}'),
)


def _nested(levels: int) -> _Write:
    return lambda head: b"{" + head + b', "firstName": ' + b"[" * levels + b"]" * levels + b"}"


def _nested_objects(levels: int) -> _Write:
    return lambda head: b"{" + head + b', "firstName": ' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"


def _mixin(value: bytes) -> _Write:
    return lambda head: (
        b"{" + head + b', "mixins": {"' + namespace.fresh_name().encode() + b'": {"n": ' + value + b"}}}"
    )


def _first_name(value: bytes) -> _Write:
    return lambda head: b"{" + head + b', "firstName": "' + value + b'"}'


# Deep nesting stands where a string belongs: a tenant refuses it, and keeps nothing that breaks its readers.
_ODD: tuple[_Named, ...] = (
    ("2,000 nested arrays", _nested(2_000)),
    ("20,000 nested arrays", _nested(20_000)),
    ("20,000 nested objects", _nested_objects(20_000)),
    ("20,000 open brackets", lambda head: b"{" + head + b', "firstName": ' + b"[" * 20_000),
    ("a string of 100,000 characters", _first_name(b"a" * 100_000)),
    ("a name of 100,000 characters", lambda head: b"{" + head + b', "' + b"a" * 100_000 + b'": 1}'),
    ("10,000 members", lambda head: b"{" + head + b"".join(b', "k%d": 1' % n for n in range(10_000)) + b"}"),
    ("1e999", _mixin(b"1e999")),
    ("-1e999", _mixin(b"-1e999")),
    ("1e-999", _mixin(b"1e-999")),
    ("-0", _mixin(b"-0")),
    ("an integer of 20 digits", _mixin(b"9" * 20)),
    ("an integer of 5,000 digits", _mixin(b"9" * 5_000)),
    ("a member twice", lambda head: b"{" + head + b', "firstName": "Ada", "firstName": "Grace"}'),
    ("a lone high surrogate", _first_name(b"Ada\\ud83d")),
    ("a lone low surrogate", _first_name(b"\\ude00Ada")),
    ("NUL", _first_name(b"Ada\\u0000")),
    ("a control character", _first_name(b"Ada\\u001b")),
    ("a byte order mark", lambda head: b"\xef\xbb\xbf{" + head + b"}"),
    ("UTF-16", lambda head: ("{" + head.decode() + "}").encode("utf-16")),
    ("100,000 spaces", lambda head: b"{" + head + b" " * 100_000 + b"}"),
    ("an empty name", lambda head: b"{" + head + b', "": "Ada"}'),
    ("a name with a dot", lambda head: b"{" + head + b', "b2b.companyRegistrationId": "HRB 1"}'),
    ("a name with a dollar sign", lambda head: b"{" + head + b', "$where": "1"}'),
    ("a query operator for a value", lambda head: b"{" + head + b', "b2b": {"$gt": ""}}'),
    ("__proto__", lambda head: b"{" + head + b', "__proto__": {"active": false}}'),
    ("a constructor", lambda head: b"{" + head + b', "constructor": {"prototype": {"active": false}}}'),
    ("a class name", lambda head: b"{" + head + b', "@class": "java.lang.Object", "class": 1}'),
)


def malformed_json_cases() -> tuple[Case[bytes], ...]:
    """Bytes that are no JSON text (RFC 8259), each wrong in one way; the addresses in them are fresh."""
    return tuple(_written(named) for named in _MALFORMED)


def malformed_json() -> st.SearchStrategy[Case[bytes]]:
    """One of the malformed bodies."""
    return st.sampled_from(_MALFORMED).map(_written)


def odd_body_cases() -> tuple[Case[bytes], ...]:
    """Bodies that a tenant may take or refuse, but must not answer with 5xx; up to 180 KB each."""
    return tuple(_written(named) for named in _ODD)


def odd_bodies() -> st.SearchStrategy[Case[bytes]]:
    """One of the odd bodies."""
    return st.sampled_from(_ODD).map(_written)


def odd_text_cases(property_name: str = "firstName") -> tuple[Case[bytes], ...]:
    """Small bodies with one of the odd texts in a property, written in JSON's ASCII escapes."""
    return tuple(
        Case(case.name, json.dumps({**plain(), property_name: case.value}).encode("ascii"))
        for case in text.odd_cases()
    )


def _written(named: _Named) -> Case[bytes]:
    name, write = named
    return Case(name, write(b'"contactEmail": "' + namespace.fresh_email().encode("ascii") + b'"'))
